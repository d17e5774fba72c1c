from __future__ import annotations

import pytest

from assistant.knowledge import Knowledge
from tests.conftest import Client


async def test_a_search_returns_what_the_contract_names(client: Client) -> None:
    found = (await client.get("/api/v1/search", params={"q": "手机丢了 mfa", "limit": 3})).json()
    assert found["query"] == "手机丢了 mfa"
    assert found["lang"] == "zh"
    first = found["results"][0]
    assert first["id"] == "mfa/lost-phone"
    assert set(first) >= {"id", "lang", "question", "snippet", "confidence", "matched", "section", "flow", "updated"}
    assert len(found["results"]) <= 3


async def test_results_come_in_the_querys_language_unless_another_is_asked_for(client: Client) -> None:
    english = (await client.get("/api/v1/search", params={"q": "cooling-off period"})).json()
    assert {result["lang"] for result in english["results"]} == {"en"}
    chinese = (await client.get("/api/v1/search", params={"q": "cooling-off period", "lang": "zh"})).json()
    assert chinese["results"][0]["id"] == english["results"][0]["id"]
    assert {result["lang"] for result in chinese["results"]} == {"zh"}


async def test_a_section_narrows_the_search(client: Client) -> None:
    found = (await client.get("/api/v1/search", params={"q": "收不到验证码", "section": "cancellation"})).json()
    assert found["results"]
    assert {result["section"] for result in found["results"]} == {"cancellation"}


@pytest.mark.parametrize("q", ["", "   ", "\u0000"])
async def test_an_empty_query_is_refused(client: Client, q: str) -> None:
    assert (await client.get("/api/v1/search", params={"q": q})).status_code == 422


async def test_nothing_found_is_an_empty_list(client: Client) -> None:
    answer = await client.get("/api/v1/search", params={"q": "🙃🙃🙃"})
    assert (answer.status_code, answer.json()["results"]) == (200, [])


async def test_an_entry_is_the_same_thing_in_both_languages(client: Client) -> None:
    pages = [(await client.get("/api/v1/entries/mfa/lost-phone", params={"lang": lang})).json() for lang in ("zh", "en")]
    assert pages[0]["id"] == pages[1]["id"]
    assert pages[0]["flow"] == pages[1]["flow"] == "mfa-loss-ticket"
    assert pages[0]["markdown"] != pages[1]["markdown"]
    assert set(pages[0]) >= {"question", "markdown", "html", "sources", "related", "flow", "updated", "version"}


async def test_the_catalogue_lists_every_entry(client: Client) -> None:
    assert len((await client.get("/api/v1/entries")).json()["entries"]) == 210
    wecom = (await client.get("/api/v1/entries", params={"section": "wecom", "lang": "en"})).json()["entries"]
    assert {entry["section"] for entry in wecom} == {"wecom"}


async def test_flows_are_listed_by_title(client: Client) -> None:
    flows = (await client.get("/api/v1/flows", params={"lang": "en"})).json()["flows"]
    assert len(flows) == 16
    one = (await client.get(f"/api/v1/flows/{flows[0]['id']}", params={"lang": "zh"})).json()
    assert one["title"] != flows[0]["title"]


@pytest.mark.parametrize("path", ["/api/v1/entries/no/such", "/api/v1/flows/none", "/nowhere"])
async def test_what_is_not_there_is_said_in_the_readers_language(client: Client, path: str) -> None:
    chinese = await client.get(path, headers={"Accept-Language": "zh-CN"})
    english = await client.get(path, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert chinese.status_code == english.status_code == 404
    assert chinese.json()["title"] == "没有找到"
    assert english.json()["title"] == "Not found"


async def test_a_flow_names_its_steps_and_draws_itself(client: Client, knowledge: Knowledge) -> None:
    flow = knowledge.flows["bind-mfa"]
    answer = (await client.get("/api/v1/flows/bind-mfa?lang=en")).json()
    assert [step["id"] for step in answer["steps"]] == list(flow.steps)
    targets = {way["target"] for step in answer["steps"] for way in step["ways"]}
    assert targets <= set(flow.steps)
    assert all(step["ways"] == [] for step in answer["steps"] if step["kind"] == "end")
    assert answer["mermaid"].startswith("flowchart TD\n")

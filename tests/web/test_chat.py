from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.handover import Handover
from assistant.message import Message, Text, now
from assistant.store import Database
from assistant.store.agents import AgentStore
from tests.conftest import Client, OpenClient, Server, converse, store_on


async def test_a_question_gets_its_answer_with_source_and_date(client: Client) -> None:
    conversation = await converse(client)
    reply: dict[str, Any] = await conversation.say("绑定了 MFA 但手机丢了，怎么登录？")
    blocks = {block["type"]: block for block in reply["messages"][0]["blocks"]}
    assert reply["turn"] == 1
    assert reply["decision"]["kind"] == "answer"
    assert reply["decision"]["entry_id"] == "mfa/lost-phone"
    assert len(reply["decision"]["entry_version"]) == 12
    assert blocks["sources"]["items"][0]["updated"] >= "2023"
    assert "<strong>" in blocks["text"]["html"]
    assert reply["state"] == {"lang": "zh", "flow": None, "step": None, "handed_off": False}


async def test_the_same_message_id_returns_the_same_body(client: Client) -> None:
    conversation = await converse(client)
    first = await conversation.post("same", text="怎么注销账号")
    second = await conversation.post("same", text="something else")
    assert first.json() == second.json()


async def test_a_wrong_token_and_an_unknown_conversation_look_the_same(client: Client) -> None:
    conversation = await converse(client)
    body = {"message_id": "m", "text": "hi"}
    headers = [{"Authorization": "Bearer wrong"}, {}, {"Authorization": conversation.token}]
    answers = [await client.post(f"{conversation.path}/messages", json=body, headers=header) for header in headers]
    answers.append(await client.post("/api/v1/conversations/nope/messages", json=body, headers=conversation.headers))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), ("   \n ", 422), ("\u0000\u0001", 422), ("长" * 2001, 413), ("长" * 2000, 200), ("🙃🙃", 200)]
)
async def test_odd_texts_get_one_clear_sentence(client: Client, text: str, status: int) -> None:
    conversation = await converse(client)
    answer = await conversation.post(text=text)
    assert answer.status_code == status
    if status != 200:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["status"] == status
        assert problem["detail"].endswith(("。", "."))


async def test_lone_surrogates_and_markup_are_only_text(client: Client) -> None:
    conversation = await converse(client)
    raw = '{"message_id": "m", "text": "\\ud800 <img src=x onerror=alert(1)> 怎么注销账号"}'
    headers = {**conversation.headers, "Content-Type": "application/json"}
    answer = await client.post(f"{conversation.path}/messages", content=raw, headers=headers)
    assert answer.status_code == 200
    transcript = json.loads(await conversation.transcript())
    shown = transcript["messages"][1]["message"]["blocks"][0]["html"]
    assert "<img" not in shown
    assert "&lt;img" in shown


async def test_what_no_text_holds_does_not_spoil_the_conversation_with_a_person(client: Client, tmp_path: Path) -> None:
    conversation = await converse(client)
    await conversation.say("转人工")
    database = Database(f"sqlite:///{tmp_path / 'assistant.db'}")
    agent = await AgentStore(database).add("lin", "agent")
    await Handover(store_on(database)).take(conversation.id, agent)
    await database.close()
    raw = '{"message_id": "m", "text": "\\u0000 \\ud800 有人吗"}'
    headers = {**conversation.headers, "Content-Type": "application/json"}
    answer = await client.post(f"{conversation.path}/messages", content=raw, headers=headers)
    assert answer.status_code == 200
    last = json.loads(await conversation.transcript())["messages"][-1]["message"]
    assert last["blocks"][0]["markdown"] == "有人吗"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{not json", 400),
        ("[]", 422),
        ('{"message_id": "m"}', 422),
        ('{"message_id": "m", "text": "a", "choice": "b"}', 422),
        ('{"message_id": "", "text": "a"}', 422),
        ('{"text": 5, "message_id": "m"}', 422),
        ("\udcff", 400),
    ],
)
async def test_bad_bodies_are_explained(client: Client, body: str, status: int) -> None:
    conversation = await converse(client)
    headers = {**conversation.headers, "Content-Type": "application/json", "Accept-Language": "en"}
    content = body.encode("utf-8", "surrogateescape")
    answer = await client.post(f"{conversation.path}/messages", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text


async def test_a_body_beyond_the_limit_is_refused(client: Client) -> None:
    conversation = await converse(client)
    answer = await conversation.post(text="x" * 100_000)
    assert answer.status_code == 413


async def test_the_transcript_is_what_was_said_without_secrets(client: Client) -> None:
    conversation = await converse(client)
    await conversation.say("我的手机 13800138000 收不到验证码 482913")
    transcript = await conversation.transcript()
    assert "13800138000" not in transcript
    assert "482913" not in transcript
    assert [item["message"]["role"] for item in json.loads(transcript)["messages"]] == ["assistant", "user", "assistant"]


async def test_a_tapped_choice_is_kept_by_its_label(client: Client) -> None:
    conversation = await converse(client)
    await conversation.post(choice="entry:cancellation/cooling-off")
    said = json.loads(await conversation.transcript())["messages"][1]["message"]["blocks"][0]["markdown"]
    assert "cancellation/" not in said


async def test_a_tapped_answer_of_a_flow_is_kept_as_it_was_read(client: Client) -> None:
    conversation = await converse(client)
    asked = (await conversation.post(choice="flow:cancel-account")).json()
    option = next(block for block in asked["messages"][0]["blocks"] if block["type"] == "choices")["options"][0]
    await conversation.post(choice=option["id"])
    await conversation.post(choice="step:13800138000")
    kept = json.loads(await conversation.transcript())["messages"]
    said = [one["message"]["blocks"][0]["markdown"] for one in kept if one["message"]["role"] == "user"]
    assert said[1] == option["label"]
    assert "13800138000" not in said[2]


async def test_feedback_is_taken_once_per_turn_and_only_for_turns(client: Client) -> None:
    conversation = await converse(client)
    await conversation.say("怎么注销账号")
    for turn, status in ((1, 204), (1, 204), (2, 404), (0, 422)):
        body = {"turn": turn, "helpful": False, "comment": "没说清楚"}
        answer = await client.post(f"{conversation.path}/feedback", json=body, headers=conversation.headers)
        assert answer.status_code == status


async def test_too_many_messages_are_told_when_to_come_back(open_client: OpenClient) -> None:
    async with open_client(rate_limit="on", rate_messages="2/minute") as client:
        conversation = await converse(client)
        answers = [await conversation.post(text="你好") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[2].headers["retry-after"]) <= 60
        assert "秒" in answers[2].json()["detail"]


async def test_other_origins_are_allowed_by_the_settings_only(open_client: OpenClient) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    async with open_client(cors_origins="https://shop.example") as client:
        answer = await client.options("/api/v1/conversations", headers=asked)
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        refused = await client.options("/api/v1/conversations", headers={**asked, "Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in refused.headers
        assert "https://shop.example" in (await client.get("/frame")).headers["content-security-policy"]
    async with open_client() as client:
        answer = await client.options("/api/v1/conversations", headers=asked)
        assert "access-control-allow-origin" not in answer.headers


async def test_an_agents_message_arrives_as_an_event(server: Server) -> None:
    import httpx

    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        conversation = await converse(client)
        async with client.stream("GET", f"{conversation.path}/events", headers=conversation.headers) as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == ": connected"
            database = Database(f"sqlite:///{server.data / 'assistant.db'}")
            message = Message(role="agent", lang="zh", blocks=(Text(markdown="我是 **小王**"),), at=now())
            await store_on(database).add_live(conversation.id, message)
            await database.close()
            async with asyncio.timeout(20):
                event = [line async for line in _until_data(lines)]
    assert json.loads(event[-1].removeprefix("data: "))["blocks"][0]["html"] == "<p>我是 <strong>小王</strong></p>"


async def _until_data(lines: Any) -> Any:
    async for line in lines:
        yield line
        if line.startswith("data: "):
            return

"""Insights: charts, the tables behind them, and their files."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from assistant.store import Database
from tests.conftest import OpenClient, converse
from tests.web.console.conftest import NARROW, Console, OpenConsole
from tests.web.console.desk import enrol
from web.console.invitations import invite_first
from web.keys import cipher_from
from web.settings import Settings

pytestmark = pytest.mark.browser

FIGURES = ("conversations", "messages", "kinds", "verdicts", "handoffs", "topics", "funnels")


@pytest.fixture(scope="module")
async def visited(console: Console) -> Console:
    """The server after a few visitors."""
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        for lang, said in (("zh", "我叫王小明，怎么绑定 MFA 设备"), ("en", "how do I bind an MFA device"), ("zh", "转人工")):
            conversation = await converse(client, lang)
            reply = await conversation.say(said)
            verdict = {"turn": reply["turn"], "helpful": lang == "zh", "comment": "王小明 13800138000"}
            assert (await client.post(f"{conversation.path}/feedback", json=verdict, headers=conversation.headers)).status_code == 204
        conversation = await converse(client, "en")
        assert (await conversation.post(choice="flow:bind-mfa")).status_code == 200
        await conversation.say("1")
    return console


async def fetch(console: Console, path: str) -> httpx.Response:
    cookies = {"console_session": console.admin.session, "console_lang": "en"}
    async with httpx.AsyncClient(base_url=console.url, cookies=cookies, timeout=30) as client:
        return await client.get(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_figure_has_a_chart_a_table_and_a_file(open_console: OpenConsole, visited: Console, lang: str) -> None:
    desk = await open_console("/console/insights", lang)
    for name in FIGURES:
        figure = desk.page.locator(f'[data-figure="{name}"]')
        if name != "funnels":
            await expect(figure.locator("svg").first).to_be_visible()
            await figure.locator("summary").click()
        assert await figure.locator("tbody tr").count() > 0
        async with desk.page.expect_download() as download:
            await figure.get_by_role("link", name="CSV").click()
        assert (await download.value).suggested_filename == f"{name}.csv"


@pytest.mark.parametrize("name", FIGURES)
async def test_a_file_holds_what_the_table_shows_and_nothing_personal(visited: Console, name: str) -> None:
    text = (await fetch(visited, f"/console/insights/{name}.csv?days=7")).text
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(lines) > 1
    assert {len(line) for line in lines} == {len(lines[0])}
    assert not re.search(r"王小明|138|hunter|[0-9a-f]{32}", text)


async def test_the_channel_and_the_days_choose_what_is_counted(visited: Console) -> None:
    everything = (await fetch(visited, "/console/insights/conversations.csv")).text
    assert "web" in everything
    for nothing in ("channel=nowhere", "from=2001-01-01&to=2001-01-09"):
        assert (await fetch(visited, f"/console/insights/conversations.csv?{nothing}")).text.strip("\ufeff\r\n") == "day,series,count"
    page = await fetch(visited, "/console/insights?from=2001-01-09&to=2001-01-01&channel=web")
    assert 'value="2001-01-01"' in page.text
    assert "Nothing in this period yet." in page.text


async def test_answers_are_counted_against_questions_and_not_steps_of_flows(open_client: OpenClient, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    async with open_client() as client:
        database = Database(settings.database)
        await enrol(client, await invite_first(database, cipher_from(settings)) or "")
        await database.close()
        client.headers["accept-language"] = "en"
        shown = []
        for turns in (
            ({"choice": "flow:bind-mfa"}, {"text": "1"}),
            ({"text": "zzxq bcdf ghjk"},),
            ({"text": "how do I bind an MFA device"},),
        ):
            conversation = await converse(client, "en")
            for turn in turns:
                assert (await conversation.post(**turn)).status_code == 200
            found = re.search(r"Questions answered</dt><dd>(?:<span[^>]*>)?([^<]+)", (await client.get("/console/insights")).text)
            assert found
            shown.append(found[1])
    assert shown == ["n/a", "0%", "50%"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_flow_shows_how_many_came_to_each_step(open_console: OpenConsole, visited: Console, lang: str) -> None:
    desk = await open_console("/console/insights", lang)
    await desk.page.locator('[data-figure="funnels"] a[href*="/flows/bind-mfa"]').click()
    await expect(desk.page.locator("svg.diagram .visits").first).not_to_have_text("0")
    row = desk.page.locator("tr", has=desk.page.locator('[title="user_type"]'))
    await expect(row).to_contain_text("100%")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["", "/flows/bind-mfa"])
async def test_the_pages_are_accessible_and_fit_a_phone(open_console: OpenConsole, visited: Console, path: str, lang: str) -> None:
    desk = await open_console(f"/console/insights{path}", lang, **NARROW)
    await desk.page.locator("main details").evaluate_all("all => all.forEach(details => { details.open = true })")
    assert await desk.too_wide() == 0
    assert await desk.accessibility_problems() == []


@pytest.mark.parametrize("path", ["/flows/no-such", "/no-such.csv", "/conversations.csv?from=yesterday", "?days=0"])
async def test_what_does_not_exist_is_said_so(visited: Console, path: str) -> None:
    assert (await fetch(visited, f"/console/insights{path}")).status_code in (404, 422)

"""Tickets and checklists: from the visitor's flow to the agent's decision, and back into the conversation."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from tests.assistant.talking import blocks
from tests.conftest import Client
from tests.web.conftest import OpenWidget
from tests.web.console.conftest import NARROW, Console, OpenConsole
from tests.web.console.desk import enrol, post
from tests.web.console.visitor import MFA_TICKET, OWN_CHECKLIST, PHONE_TICKET, Visitor, key_in, visitor

pytestmark = pytest.mark.browser


@pytest.fixture
async def admin(console: Console) -> AsyncIterator[Client]:
    """The administrator without a browser."""
    cookies = {"console_session": console.admin.session, "console_lang": "en"}
    async with httpx.AsyncClient(base_url=console.url, cookies=cookies, timeout=30) as client:
        yield client


@pytest.fixture
async def door(console: Console) -> AsyncIterator[Client]:
    """Where visitors come in; the demo company is as new."""
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        assert (await client.post("/api/v1/demo/reset")).status_code == 204
        yield client


def fresh_phone() -> str:
    return f"1380000{uuid.uuid4().int % 10_000:04}"


@pytest.fixture
async def opener(door: Client) -> Visitor:
    """Somebody who has opened a ticket with a phone."""
    someone = await visitor(door)
    await someone.walk(PHONE_TICKET, phone=fresh_phone())
    return someone


def checklist_in(someone: Visitor) -> dict[str, Any]:
    """The list that the last reply shows."""
    shown = (block for block in blocks(someone.reply) if block["type"] == "checklist")
    return next(shown)


async def decide(admin: Client, number: str, state: str, text: str = "", **fields: str) -> httpx.Response:
    """Fill in the form that finishes a ticket."""
    key = fields.pop("key", None) or key_in((await admin.get(f"/console/tickets/{number}")).text)
    return await post(admin, f"/console/tickets/{number}/state", state=state, key=key, text=text, confirmed="yes", **fields)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_agent_resolves_a_ticket_and_its_opener_reads_so(open_console: OpenConsole, opener: Visitor, lang: str) -> None:
    desk = await open_console("/console/tickets", lang)
    await desk.page.locator(f'[data-ticket="{opener.ticket}"] a').click()
    number = opener.ticket
    await desk.page.get_by_role("button", name="开始处理" if lang == "zh" else "Start work").click()
    await expect(desk.page.locator(".notice[role=status]")).to_be_visible()
    assert f"{number} 已开始处理" in await opener.last_words()
    await desk.page.get_by_label("通过并解决" if lang == "zh" else "Resolve", exact=True).check()
    await desk.page.locator("#words").fill("已修复，请刷新页面")
    await desk.page.locator("[name=confirmed]").check()
    await desk.page.get_by_role("button", name="确认" if lang == "zh" else "Finish", exact=True).click()
    await expect(desk.page.locator("h1 .badge")).to_have_text("已解决" if lang == "zh" else "Resolved")
    last = (await opener.heard())[-1]
    assert [block["type"] for block in last["blocks"]] == ["text", "ticket"]
    assert (last["role"], last["blocks"][1]["id"], last["blocks"][1]["status"]) == ("agent", number, "resolved")
    assert last["author"] == "Robin"
    assert "已修复，请刷新页面" in last["blocks"][0]["markdown"]


async def test_resolving_a_lost_device_unbinds_it_once(admin: Client, door: Client) -> None:
    someone = await visitor(door)
    await someone.walk(MFA_TICKET, phone=fresh_phone())
    number = someone.ticket
    page = (await admin.get(f"/console/tickets/{number}")).text
    assert "unbinds the MFA device of account 1*****4" in page
    assert "only from another account of the same holder" in page
    key = key_in(page)
    answers = await asyncio.gather(*(decide(admin, number, "resolved", key=key) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    told = [message for message in await someone.heard() if "已处理完成" in str(message)]
    assert len(told) == 1
    notices = (await door.get("/api/v1/demo/inbox")).json()["messages"]
    # The account hears of it only because something of it has changed.
    addressees = [message["to"] for message in notices if "a ticket was decided" in message["text"]]
    assert len(addressees) == len(set(addressees)) > 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "resolved", "text": "all done"}, "Tick the confirmation"),
        ({"state": "refused", "confirmed": "yes"}, "Say why you turn it down"),
    ],
)
async def test_solving_needs_the_check_and_turning_down_needs_words(
    admin: Client, opener: Visitor, fields: dict[str, str], said: str
) -> None:
    key = key_in((await admin.get(f"/console/tickets/{opener.ticket}")).text)
    answer = await post(admin, f"/console/tickets/{opener.ticket}/state", key=key, **fields)
    assert (answer.status_code, said in answer.text, fields.get("text", "") in answer.text) == (422, True, True)
    assert len(await opener.heard()) == len(PHONE_TICKET) + 1


async def test_turning_down_takes_no_check_of_the_material(admin: Client, opener: Visitor) -> None:
    key = key_in((await admin.get(f"/console/tickets/{opener.ticket}")).text)
    answer = await post(admin, f"/console/tickets/{opener.ticket}/state", key=key, state="refused", text="Call 13900001100")
    assert answer.status_code == 303
    assert "Call 13900001100" in await opener.last_words()


async def test_a_colleagues_ticket_is_finished_knowingly_and_the_history_says_by_whom(
    console: Console, admin: Client, opener: Visitor
) -> None:
    number, name = opener.ticket, f"agent-{uuid.uuid4().hex[:6]}"
    path = f"/console/tickets/{number}"
    link = re.search(r"/console/setup/[\w-]+", (await post(admin, "/console/agents", name=name, role="agent")).text)
    assert link
    assert f"<option>{name}" not in (await admin.get(path)).text
    assert (await post(admin, f"{path}/assign", agent=name)).status_code == 422
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        await enrol(client, link[0], name)
    await post(admin, f"{path}/assign", agent=name)
    page = (await admin.get(path)).text
    assert f"This ticket is with {name}" in page
    refused = await decide(admin, number, "resolved")
    assert (refused.status_code, f"This ticket is with {name}" in refused.text) == (422, True)
    assert (await decide(admin, number, "resolved", instead_of="somebody-else")).status_code == 422
    assert (await decide(admin, number, "in_progress", instead_of=name)).status_code == 303
    assert (await decide(admin, number, "resolved", "mended", instead_of=name)).status_code == 303
    told = re.sub(r"<[^>]+>|\s+", " ", (await admin.get(path)).text)
    events = [told.index(words) for words in ("Ticket submitted", f"Assigned to {name}", "State: In progress", "State: Resolved")]
    assert events == sorted(events)
    assert re.search(r"State: Resolved\W+ada", told)


async def test_a_ticket_of_the_account_service_is_closed_by_its_opener_only(admin: Client, opener: Visitor) -> None:
    assert (await decide(admin, opener.ticket, "closed")).status_code == 409


async def test_a_ticket_that_the_account_service_lost_can_still_be_closed(admin: Client, door: Client, opener: Visitor) -> None:
    await door.post("/api/v1/demo/reset")
    page = (await admin.get(f"/console/tickets/{opener.ticket}")).text
    assert "does not know this ticket" in page
    assert (await decide(admin, opener.ticket, "closed", "we could not find it")).status_code == 303
    assert "we could not find it" in await opener.last_words()


async def test_public_comments_reach_the_visitor_and_internal_ones_do_not(admin: Client, opener: Visitor) -> None:
    path = f"/console/tickets/{opener.ticket}/comment"
    await post(admin, path, text="ask billing first", public="no")
    await post(admin, path, text="我们在查，号码 13800138000 对吗？", public="yes")
    assert await opener.last_words() == "我们在查，号码 13800138000 对吗？"
    assert "ask billing first" not in await opener.conversation.transcript()
    page = (await admin.get(f"/console/tickets/{opener.ticket}")).text
    assert "ask billing first" in page
    assert "13800138000" in page
    for public, masked in (("yes", "110*************2X"), ("no", "139******00")):
        await post(admin, path, text="11010519491231002X 13900001100", public=public)
        assert masked in (await admin.get(f"/console/tickets/{opener.ticket}")).text


async def test_what_the_visitor_gave_is_masked_until_revealed_and_that_is_noted(admin: Client, door: Client) -> None:
    someone, phone = await visitor(door), fresh_phone()
    await someone.walk(PHONE_TICKET, phone=phone)
    page = (await admin.get(f"/console/tickets/{someone.ticket}")).text
    assert f"138****{phone[-4:]}" in page
    assert phone not in page
    assert "13800003334" not in page
    revealed = (await post(admin, f"/console/tickets/{someone.ticket}/reveal", field="phone")).text
    assert phone in revealed
    assert "13800003334" in (await post(admin, f"/console/tickets/{someone.ticket}/reveal", field="history-0")).text
    assert (await post(admin, f"/console/tickets/{someone.ticket}/reveal", field="password")).status_code == 404
    trail = (await admin.get("/console/audit?action=ticket.reveal")).text
    assert someone.ticket in trail
    assert phone not in trail


async def test_the_list_is_filtered_and_downloaded(admin: Client, opener: Visitor) -> None:
    number = opener.ticket
    await post(admin, f"/console/tickets/{number}/assign", agent="ada")
    for query, listed in {
        "": True,
        "assigned=mine": True,
        "assigned=unassigned": False,
        "flow=contact-support": True,
        "flow=mfa-loss-ticket": False,
        "state=resolved": False,
        "state=": True,
        f"number={number[-6:]}": True,
        "number=TK%25": False,
    }.items():
        assert (f'data-ticket="{number}"' in (await admin.get(f"/console/tickets?{query}")).text) is listed, query
        text = (await admin.get(f"/console/tickets/tickets.csv?{query}")).text.removeprefix("\ufeff")
        assert (number in [row["number"] for row in csv.DictReader(io.StringIO(text))]) is listed, query
    assert (await post(admin, f"/console/tickets/{number}/assign", agent="nobody-here")).status_code == 422


async def test_every_change_is_in_the_audit_trail(admin: Client, opener: Visitor) -> None:
    await post(admin, f"/console/tickets/{opener.ticket}/assign", agent="ada")
    await decide(admin, opener.ticket, "refused", "no such account")
    trail = (await admin.get("/console/audit/audit.csv")).text
    lines = [line for line in trail.splitlines() if opener.ticket in line]
    assert [line.split(",")[2] for line in lines] == ["ticket.state", "ticket.assign"]
    assert "no such account" not in trail


async def test_an_unknown_ticket_or_list_is_said_so(admin: Client) -> None:
    for path in ("/console/tickets/TK0000000000", "/console/tickets/checklists/nothing"):
        assert (await admin.get(path)).status_code == 404
    assert (await post(admin, "/console/tickets/TK0000000000/comment", text="x", public="no")).status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_agent_says_what_blocks_an_item_and_the_visitor_reads_it(open_console: OpenConsole, door: Client, lang: str) -> None:
    someone = await visitor(door)
    await someone.walk(OWN_CHECKLIST)
    desk = await open_console("/console/tickets/checklists", lang)
    conversation = desk.page.locator("tr", has=desk.page.locator(f'a[href$="{someone.conversation.id}"]'))
    await conversation.locator("th a").click()
    item = desk.page.locator("[data-item]", has=desk.page.locator(".badge:not(.good)"))
    await item.locator("summary").click()
    await item.locator("select").select_option("blocked")
    await item.locator("[name=zh]").fill("等企业微信管理员确认")
    await item.get_by_role("button", name="保存" if lang == "zh" else "Save").click()
    await expect(item).to_contain_text("等企业微信管理员确认")
    await expect(item).to_contain_text("ada")  # colleagues know each other by the name to sign in with
    await someone.walk((("choose", "act:restart"), "重新开始", ("choose", "flow:offboarding-checklist"), "想打开、继续或导出以前的清单"))
    assert "等企业微信管理员确认" in str(someone.reply)
    async with desk.page.expect_download() as download:
        await desk.page.get_by_role("link", name="CSV").click()
    table = (await (await download.value).path()).read_text(encoding="utf-8")
    assert "等企业微信管理员确认" in table
    assert ("Robin" in table, ",ada," in table) == (True, False)


@pytest.mark.parametrize(
    ("wish", "said"),
    [("请用中文", "客服 Robin 把“{item}”改为“受阻”。"), ("please use English", 'Agent Robin set "{item}" to "blocked".')],
)
async def test_what_an_agent_makes_of_an_item_is_told_at_once_and_once(admin: Client, door: Client, wish: str, said: str) -> None:
    someone = await visitor(door)
    await someone.walk(OWN_CHECKLIST)
    checklist = checklist_in(someone)
    first, second = (item["id"] for item in checklist["items"][:2])
    await someone.send("text", wish)
    path = f"/console/tickets/checklists/{checklist['id']}"
    conversation = someone.conversation
    async with door.stream("GET", f"{conversation.path}/events", headers=conversation.headers) as stream, asyncio.timeout(30):
        told = (json.loads(line.removeprefix("data: ")) async for line in stream.aiter_lines() if line.startswith("data: "))
        for _ in range(2):  # the form is sent twice
            assert (await post(admin, f"{path}/{first}", status="blocked", zh="等确认", en="waits")).status_code == 303
        message = await anext(told)
        await post(admin, f"{path}/{second}", status="done")
        later = await anext(told)
    words, card = message["blocks"]
    label, _, reason = card["items"][0]["label"].replace("（", " (").partition(" (")
    assert (message["role"], message["author"], words["markdown"]) == ("agent", "Robin", said.format(item=label))
    assert (card["id"], card["items"][0]["status"], reason[:-1]) == (checklist["id"], "blocked", "等确认" if "客服" in said else "waits")
    assert [item["status"] for item in later["blocks"][1]["items"][:2]] == ["blocked", "done"]


async def test_a_checklist_in_the_open_widget_changes_with_the_agents(console: Console, admin: Client, open_widget: OpenWidget) -> None:
    widget = await open_widget(console.url)
    await widget.open()
    await widget.ask("员工要离职了，给我一份交接清单")
    for label in OWN_CHECKLIST[1:]:
        await widget.reply_to(widget.replies.last.get_by_role("button", name=str(label), exact=True).click)
    card = widget.part("checklist").first
    await expect(card.locator('[data-status="done"]')).to_have_count(1)
    await card.locator("[data-role=checklist-csv]").focus()
    page = (await admin.get(f"/console/tickets/checklists/{await card.get_attribute('data-id')}")).text
    forms = re.findall(r'action="(/console/tickets/checklists/[^"]+)"', page)
    await post(admin, forms[-1], status="done")
    await expect(widget.replies.last).to_contain_text("客服 Robin 把")
    await expect(widget.replies.last.locator(".author")).to_have_text("Robin")
    for shown in await widget.part("checklist").all():
        await expect(shown.locator('[data-status="done"]')).to_have_count(2)
        await expect(shown.locator("progress")).to_have_attribute("value", "2")
    assert await widget.focused() == "checklist-csv"


async def test_a_blocked_item_needs_a_reason(admin: Client, door: Client) -> None:
    someone = await visitor(door)
    await someone.walk(OWN_CHECKLIST)
    checklist = checklist_in(someone)
    path = f"/console/tickets/checklists/{checklist['id']}"
    refused = await post(admin, f"{path}/{checklist['items'][0]['id']}", status="blocked")
    assert (refused.status_code, "what stands in the way" in refused.text) == (422, True)
    assert (await post(admin, f"{path}/no-such-item", status="done")).status_code == 404
    for form, kind in (("md", "text/markdown"), ("csv", "text/csv"), ("html", "text/html")):
        assert (await admin.get(f"{path}/export?format={form}")).headers["content-type"].startswith(kind)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_pages_are_accessible_and_fit_a_phone(open_console: OpenConsole, door: Client, opener: Visitor, lang: str) -> None:
    someone = await visitor(door)
    await someone.walk(OWN_CHECKLIST)
    checklist = checklist_in(someone)
    desk = await open_console("/console/tickets", lang, **NARROW)
    for path in ("", f"/{opener.ticket}", "/checklists", f"/checklists/{checklist['id']}", "?state=closed&number=none"):
        await desk.goto(f"/console/tickets{path}")
        await desk.page.locator("main details").evaluate_all("all => all.forEach(details => { details.open = true })")
        assert await desk.too_wide() == 0
        assert await desk.accessibility_problems() == []

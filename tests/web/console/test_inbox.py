"""The inbox in two browsers: a visitor asks for a person, an agent takes over, both talk, the assistant comes back."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, expect

from assistant.knowledge import Knowledge
from tests.assistant.talking import options
from tests.web.conftest import OpenWidget
from tests.web.console.conftest import NARROW, Console, OpenConsole
from tests.web.console.desk import Client, Person, enrol, open_desk, post
from tests.web.console.visitor import PHONE_TICKET, Visitor, visitor

pytestmark = pytest.mark.browser

LINES = {
    "zh": {"take": "接入对话", "joined": "客服 Robin 已接入", "send": "发送", "back": "交回账号助手", "left": "客服 Robin 已离开"},
    "en": {"take": "Take over", "joined": "Agent Robin has joined", "send": "Send", "back": "Give back", "left": "Agent Robin has left"},
}
ASKS = {"zh": ("转人工", "怎么注销账号"), "en": ("human", "how do I cancel my account")}


@pytest.fixture
async def admin(console: Console) -> AsyncIterator[Client]:
    """The administrator without a browser."""
    cookies = {"console_session": console.admin.session, "console_lang": "en"}
    async with httpx.AsyncClient(base_url=console.url, cookies=cookies, timeout=30) as client:
        yield client


@pytest.fixture
async def door(console: Console) -> AsyncIterator[Client]:
    """Where visitors come in."""
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        yield client


async def hire(console: Console, admin: Client) -> Person:
    """One more agent, signed in, without a display name."""
    name = f"agent-{uuid.uuid4().hex[:6]}"
    link = re.search(r"/console/setup/[\w-]+", (await post(admin, "/console/agents", name=name, role="agent")).text)
    assert link
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        return await enrol(client, link[0], name, display_name="")


async def waiting(door: Client, lang: str = "en") -> Visitor:
    """Somebody who asked something and then for a person."""
    someone = await visitor(door, lang)
    await someone.walk((ASKS[lang][1], ASKS[lang][0]))
    return someone


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_visitor_and_an_agent_talk_until_the_assistant_comes_back(
    open_console: OpenConsole, open_widget: OpenWidget, console: Console, lang: str
) -> None:
    said = LINES[lang]
    widget = await open_widget(console.url, locale="zh-CN" if lang == "zh" else "en-GB")
    await widget.open()
    await widget.ask(ASKS[lang][1])
    desk = await open_console("/console/inbox", lang)
    await widget.ask(ASKS[lang][0])
    conversation = (await widget.remembered())["id"]
    line = desk.page.locator(f'[data-group="waiting"] a[href$="{conversation}"]')
    await expect(line).to_be_visible()
    await line.click()
    await desk.page.get_by_role("button", name=said["take"]).click()
    await expect(widget.replies.last).to_contain_text(said["joined"])
    await desk.page.locator("#reply").fill("How can I help? 有什么可以帮你？")
    await desk.page.locator("#reply").press("Control+Enter")
    await expect(widget.replies.last).to_contain_text("How can I help?")
    await expect(widget.replies.last).to_have_attribute("data-author", "agent")
    await expect(widget.replies.last.locator(".author")).to_have_text("Robin")
    await desk.page.locator("#reply").fill("half a sentence")
    await widget.say("the page says 500")
    await expect(desk.page.locator(".said-by.user").last).to_contain_text("the page says 500")
    await expect(desk.page.locator("#reply")).to_have_value("half a sentence")
    await expect(desk.page.locator("#reply")).to_be_focused()
    await desk.page.get_by_role("button", name=said["back"]).click()
    await expect(widget.replies.last).to_contain_text(said["left"])
    reply = await widget.ask(ASKS[lang][1])
    assert reply["decision"]["kind"] == "answer"


async def test_a_suggested_answer_is_sent_with_its_sources(open_console: OpenConsole, door: Client) -> None:
    someone = await waiting(door)
    desk = await open_console(f"/console/inbox/{someone.conversation.id}", "en")
    await desk.page.get_by_role("button", name="Take over").click()
    await desk.page.get_by_role("link", name="Use this").first.click()
    await expect(desk.page.locator("#reply")).not_to_have_value("")
    written = await desk.page.locator("#reply").input_value()
    await expect(desk.page.get_by_label("Add the sources")).to_be_checked()
    await desk.page.get_by_role("button", name="Send", exact=True).click()
    await expect(desk.page.locator(".said-by.agent")).to_have_count(1)
    last = (await someone.heard())[-1]
    assert (last["role"], [block["type"] for block in last["blocks"]]) == ("agent", ["text", "sources"])
    assert last["blocks"][0]["markdown"] == written.strip()


async def test_an_answer_looked_up_comes_into_the_composer(open_console: OpenConsole, door: Client) -> None:
    someone = await waiting(door)
    desk = await open_console(f"/console/inbox/{someone.conversation.id}", "en")
    await desk.page.get_by_role("button", name="Take over").click()
    await desk.page.get_by_role("link", name="Look up an answer").click()
    await desk.page.locator("#q").fill("bind mfa")
    insert = desk.page.get_by_role("link", name="Insert into conversation").last
    await insert.click()
    await expect(desk.page.locator("#reply")).not_to_have_value("")


async def test_the_second_agent_is_told_who_was_first(
    open_console: OpenConsole, console: Console, admin: Client, browser: Browser, door: Client
) -> None:
    someone, ben = await waiting(door), await hire(console, admin)
    mine = await open_console(f"/console/inbox/{someone.conversation.id}", "en")
    theirs = await open_desk(browser, console.url, ben.session, "en")
    await theirs.goto(f"/console/inbox/{someone.conversation.id}")
    await mine.page.evaluate("document.getElementById('live').remove()")
    await theirs.page.get_by_role("button", name="Take over").click()
    await mine.page.get_by_role("button", name="Take over").click()
    await expect(mine.page.get_by_role("alert").first).to_contain_text(ben.name)
    mine.complaints.clear()  # Chromium notes the refusal, 409
    await expect(mine.page.locator("#reply")).to_have_count(0)
    await mine.page.get_by_role("button", name=f"Take over from {ben.name}").click()
    await expect(mine.page.locator("#reply")).to_be_visible()
    await expect(theirs.page.locator("#reply")).to_have_count(0)
    await theirs.page.context.close()


async def test_what_a_flow_collected_is_masked_until_it_is_revealed_and_that_is_noted(
    open_console: OpenConsole, admin: Client, door: Client
) -> None:
    someone, phone = await visitor(door), f"1380000{uuid.uuid4().int % 10_000:04}"
    await someone.walk(PHONE_TICKET[:-1], phone=phone)
    desk = await open_console(f"/console/inbox/{someone.conversation.id}", "en")
    hints = desk.page.locator("#hints")
    await expect(hints).to_contain_text(f"138****{phone[-4:]}")
    assert phone not in await desk.page.content()
    await expect(hints.get_by_role("button")).to_have_count(0)
    await desk.page.get_by_role("button", name="Take over").click()
    await hints.get_by_role("button", name="Reveal").last.click()
    await expect(hints.locator(".revealed")).to_have_text(phone)
    await desk.goto(f"/console/inbox/{someone.conversation.id}")
    await expect(hints).not_to_contain_text(phone)
    trail = (await admin.get("/console/audit?action=inbox.reveal")).text
    assert someone.conversation.id in trail
    assert phone not in trail


async def test_notes_and_the_reason_of_a_close_never_reach_the_visitor(admin: Client, door: Client) -> None:
    someone = await waiting(door)
    path = f"/console/inbox/{someone.conversation.id}"
    await post(admin, f"{path}/note", text="caller on 13800138000, be kind")
    await post(admin, f"{path}/take")
    await post(admin, f"{path}/close", reason="other", text="was rude")
    page = (await admin.get(path)).text
    assert "caller on 138******00, be kind" in page
    assert "Other: was rude" in page
    transcript = await someone.conversation.transcript()
    assert "be kind" not in transcript
    assert "rude" not in transcript
    assert "Agent Robin has closed" in await someone.last_words()


@pytest.mark.parametrize(("lang", "called"), [("zh", "客服"), ("en", "Support ")])
async def test_a_name_to_sign_in_with_never_reaches_the_visitor(
    console: Console, admin: Client, door: Client, lang: str, called: str
) -> None:
    someone, ben = await waiting(door, lang), await hire(console, admin)
    path = f"/console/inbox/{someone.conversation.id}"
    async with httpx.AsyncClient(base_url=console.url, cookies={"console_session": ben.session}, timeout=30) as client:
        await post(client, f"{path}/take")
        await post(client, f"{path}/reply", text="one moment")
        await post(client, f"{path}/return")
        await post(client, f"{path}/take")
        await post(client, f"{path}/close", reason="solved")
    told = [message for message in await someone.heard() if message["blocks"][0]["markdown"].startswith(called)]
    assert len(told) == 4
    assert ben.name not in await someone.conversation.transcript()
    assert ben.name in (await admin.get("/console/inbox")).text


async def test_what_an_agent_writes_is_kept_without_secrets_and_with_a_phone_to_call(admin: Client, door: Client) -> None:
    someone = await waiting(door)
    path = f"/console/inbox/{someone.conversation.id}"
    await post(admin, f"{path}/take")
    await post(
        admin, f"{path}/reply", text="Call 13900001100 or 95716, write to help@example.com. Is 11010519491231002X with code 123456 yours?"
    )
    said = "Call 13900001100 or 95716, write to help@example.com. Is 110*************2X with code ****** yours?"
    assert await someone.last_words() == said
    assert (await post(admin, f"{path}/reply", text="  ")).status_code == 422
    too_long = await post(admin, f"{path}/reply", text="a" * 4001)
    assert (too_long.status_code, "a" * 4001 in too_long.text) == (422, True)


async def test_the_sources_go_with_an_entry_as_it_stands_only(admin: Client, door: Client, knowledge: Knowledge) -> None:
    someone = await waiting(door)
    path, entry = f"/console/inbox/{someone.conversation.id}", knowledge.entry("mfa/bind", "en")
    assert entry
    body = entry.body.strip()
    await post(admin, f"{path}/take")
    for text, blocks in {
        body: [body, "sources"],
        f"Good morning.\n\n{body}\n\nAnything else?": ["Good morning.", body, "sources", "Anything else?"],
        "Just wait until tomorrow.": ["Just wait until tomorrow."],
        body.replace(body[:20], "My own beginning"): [body.replace(body[:20], "My own beginning")],
    }.items():
        await post(admin, f"{path}/reply", text=text.replace("\n", "\r\n"), entry="entry:mfa/bind:en")
        last = (await someone.heard())[-1]["blocks"]
        assert [block.get("markdown", block["type"]) for block in last] == blocks


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_draft_outlives_looking_up_and_answers_come_in_at_the_cursor(open_console: OpenConsole, door: Client, lang: str) -> None:
    someone = await waiting(door)
    address = f"/console/inbox/{someone.conversation.id}"
    desk = await open_console(address, lang)
    page, reply = desk.page, desk.page.locator("#reply")
    await page.get_by_role("button", name=LINES[lang]["take"]).click()
    await reply.fill("Before.After.")
    await reply.evaluate("area => area.setSelectionRange(7, 7)")
    use = page.get_by_role("link", name="填入回复" if lang == "zh" else "Use this").first
    answer = await use.get_attribute("data-body")
    await use.click()
    await expect(reply).to_have_value(f"Before.\n\n{answer}\n\nAfter.")
    await page.get_by_role("link", name="查询答案" if lang == "zh" else "Look up an answer").click()
    await page.get_by_role("link", name="回到对话" if lang == "zh" else "Back to the conversation").click()
    await expect(reply).to_have_value(f"Before.\n\n{answer}\n\nAfter.")
    await expect(page.locator("#cited input")).to_have_count(1)
    await reply.fill("")
    for times in (1, 2):
        await use.click()
        await expect(reply).to_have_value("\n\n".join([str(answer)] * times))
    await page.get_by_role("link", name="查询答案" if lang == "zh" else "Look up an answer").click()
    await page.locator("#q").fill("bind mfa")
    await page.get_by_role("link", name="插入对话" if lang == "zh" else "Insert into conversation").last.click()
    await expect(reply).to_have_value(re.compile(f"^{re.escape(str(answer))}.+", re.DOTALL))
    await expect(page).to_have_url(desk.url + address)
    await reply.fill("That is all.")
    await page.get_by_role("button", name=LINES[lang]["send"], exact=True).click()
    await expect(page.locator(".said-by.agent").last).to_contain_text("That is all.")
    await expect(reply).to_have_value("")
    await page.reload()
    await expect(reply).to_have_value("")


@pytest.mark.parametrize("gone", ["console_session", "at the server"])
async def test_a_session_that_ends_leads_to_the_sign_in_and_back_to_the_draft(
    open_console: OpenConsole, console: Console, admin: Client, browser: Browser, door: Client, gone: str
) -> None:
    someone, ben = await waiting(door), await hire(console, admin)
    address = f"{console.url}/console/inbox/{someone.conversation.id}"
    theirs = await open_desk(browser, console.url, None, "en")
    cookie = {"name": "console_session", "value": ben.session, "domain": "127.0.0.1", "path": "/console"}
    await theirs.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict is one
    await theirs.goto(f"/console/inbox/{someone.conversation.id}")
    await theirs.page.get_by_role("button", name="Take over").click()
    await expect(theirs.page.locator("#reply")).to_be_visible()
    await theirs.page.evaluate("document.getElementById('live').remove()")
    await theirs.page.locator("#reply").fill("half an hour of work")
    if gone == "console_session":
        await theirs.page.context.clear_cookies()
    else:
        async with httpx.AsyncClient(base_url=console.url, cookies={"console_session": ben.session}) as client:
            await post(client, "/console/account/sign-out-everywhere")
    await theirs.page.get_by_role("button", name="Send", exact=True).click()
    await expect(theirs.page.get_by_role("status").first).to_contain_text(re.compile("sign in again|请重新登录"))
    await theirs.page.locator("#name").fill(ben.name)
    await theirs.page.locator("#password").fill(ben.password)
    await theirs.page.locator("#code").fill(ben.codes[0])
    await theirs.page.locator("main button").click()
    await expect(theirs.page).to_have_url(address)
    await expect(theirs.page.locator("#reply")).to_have_value("half an hour of work")
    assert "half an hour" not in await someone.conversation.transcript()
    await theirs.page.context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_says_how_many_wait(open_console: OpenConsole, admin: Client, door: Client, lang: str) -> None:
    desk = await open_console("/console/flows", lang)
    badge = desk.page.locator("#waiting")
    before = int(await badge.get_attribute("data-count") or 0)
    someone = await waiting(door)
    await expect(badge).to_have_attribute("data-count", str(before + 1), timeout=15_000)
    await expect(desk.page).to_have_title(re.compile(rf"^\({before + 1}\) "))
    await post(admin, f"/console/inbox/{someone.conversation.id}/take")
    await expect(badge).to_have_attribute("data-count", str(before), timeout=15_000)


async def test_counting_who_waits_keeps_nobody_signed_in(console: Console, admin: Client) -> None:
    unattended = {"x-unattended": "yes", "hx-request": "true"}
    assert (await admin.get("/console/inbox/waiting", headers=unattended)).status_code == 200
    async with httpx.AsyncClient(base_url=console.url) as nobody:
        answer = await nobody.get("/console/inbox/waiting", headers=unattended)
    assert (answer.status_code, answer.headers.get("hx-redirect")) == (401, None)


async def test_who_waits_is_listed_with_the_proof_and_the_open_ticket(admin: Client, door: Client) -> None:
    someone = await visitor(door)
    await someone.walk(PHONE_TICKET, phone=f"1380000{uuid.uuid4().int % 10_000:04}")
    ticket = someone.ticket
    await someone.prove("100000000001")
    await someone.walk(("转人工",))
    page = (await admin.get("/console/inbox")).text
    line = page[page.index(someone.conversation.id) :].split("</li>")[0]
    assert "account proven" in line
    assert f"ticket {ticket} open" in line


async def test_the_transcript_reads_as_the_visitor_saw_it(admin: Client, door: Client) -> None:
    someone = await visitor(door, "en")
    await someone.walk((("choose", "flow:mfa-loss-ticket"),))
    chosen = options(someone.reply)[0]
    assert chosen["id"].startswith("step:")
    await someone.send("choose", chosen["id"])
    page = (await admin.get(f"/console/inbox/{someone.conversation.id}")).text
    assert chosen["id"] not in page
    assert f'<p class="lines-kept">{html.escape(chosen["label"])}</p>' in page
    await someone.send("text", "human")
    assert "step:" not in (await admin.get("/console/inbox")).text


async def test_a_field_is_named_and_not_shown_by_an_example(admin: Client, door: Client) -> None:
    someone = await visitor(door)
    await someone.walk(PHONE_TICKET[:5], phone="13800003335")
    page = (await admin.get(f"/console/inbox/{someone.conversation.id}")).text
    assert "[Asked for] phone" in page
    assert "13800138000" not in page


async def test_suggestions_say_which_words_they_are_for(admin: Client, door: Client) -> None:
    someone = await waiting(door)
    await post(admin, f"/console/inbox/{someone.conversation.id}/take")
    page = (await admin.get(f"/console/inbox/{someone.conversation.id}")).text
    assert f"<q>{ASKS['en'][1]}</q>" in page


async def test_a_close_needs_its_reason(admin: Client, door: Client) -> None:
    someone = await waiting(door)
    path = f"/console/inbox/{someone.conversation.id}"
    await post(admin, f"{path}/take")
    answer = await post(admin, f"{path}/close", text="done")
    assert (answer.status_code, "Choose an outcome first" in answer.text) == (422, True)
    assert "You have taken over" in answer.text


async def test_a_conversation_handed_over_again_is_listed_once(admin: Client, door: Client) -> None:
    someone = await waiting(door)
    path = f"/console/inbox/{someone.conversation.id}"
    await post(admin, f"{path}/take")
    await post(admin, f"{path}/return")
    assert (await admin.get("/console/inbox")).text.count(path) == 1
    await someone.walk(("human",))
    page = (await admin.get("/console/inbox")).text
    assert page.count(path) == 1
    assert page.index(path) < page.index('data-group="mine"')


async def test_only_who_has_the_conversation_reveals_replies_and_closes(admin: Client, door: Client) -> None:
    someone = await waiting(door)
    path = f"/console/inbox/{someone.conversation.id}"
    for action, fields in (("reply", {"text": "hello"}), ("return", {}), ("close", {"reason": "solved"}), ("reveal", {"key": "a.b"})):
        answer = await post(admin, f"{path}/{action}", **fields)
        assert (answer.status_code, "Take it over first" in answer.text) == (409, True)
    assert "hello" not in await someone.conversation.transcript()


async def test_a_conversation_that_is_gone_is_said_so(admin: Client) -> None:
    for answer in (await admin.get(f"/console/inbox/{'0' * 32}"), await post(admin, f"/console/inbox/{'0' * 32}/note", text="x")):
        assert (answer.status_code, "no such conversation" in answer.text) == (404, True)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_pages_are_accessible_and_fit_a_phone(open_console: OpenConsole, admin: Client, door: Client, lang: str) -> None:
    someone = await visitor(door, "zh")
    await someone.walk((*PHONE_TICKET[:-2], "转人工"))
    await waiting(door)
    path = f"/console/inbox/{someone.conversation.id}"
    desk = await open_console("/console/inbox", lang, **NARROW)
    for address in ("/console/inbox", path):
        await desk.goto(address)
        assert await desk.too_wide() == 0
        assert await desk.accessibility_problems() == []
    await post(admin, f"{path}/take")
    await desk.goto(f"{path}?draft=entry:mfa/bind:zh")
    await desk.page.locator("main details").evaluate_all("all => all.forEach(details => { details.open = true })")
    assert await desk.too_wide() == 0
    assert await desk.accessibility_problems() == []
    await post(admin, f"{path}/close", reason="left")

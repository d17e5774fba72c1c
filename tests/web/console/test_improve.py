"""Improve: from a question without an answer to an answer, in both languages."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import expect

from tests.conftest import converse
from tests.web.console.conftest import NARROW, Console, OpenConsole
from tests.web.console.desk import Client, enrol, post

pytestmark = pytest.mark.browser

PAGES = ("", "/phrasings", "/drafts", "/drafts/new", "/reviews", "/drift", "/unused")


@pytest.fixture
async def editor(console: Console) -> AsyncIterator[Client]:
    """The administrator without a browser."""
    cookies = {"console_session": console.admin.session, "console_lang": "en"}
    async with httpx.AsyncClient(base_url=console.url, cookies=cookies, timeout=30) as client:
        yield client


def unheard() -> str:
    """A question that no entry answers and nobody asked before."""
    # Made-up words without vowels resemble no small talk.
    return "zzxq" + uuid.uuid4().hex.translate(str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst"))


async def asked(console: Console, *questions: str) -> dict[str, object]:
    """The last reply of a visitor's conversation."""
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        conversation = await converse(client, "zh")
        return [await conversation.say(question) for question in questions][-1]


def decision(reply: dict[str, object]) -> tuple[str, str | None]:
    made = reply["decision"]
    assert isinstance(made, dict)
    return made["kind"], made["entry_id"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_editor_attaches_a_question_and_it_is_answered_at_once(open_console: OpenConsole, console: Console, lang: str) -> None:
    question = unheard()
    assert decision(await asked(console, question))[0] == "fallback"
    desk = await open_console("/console/improve", lang)
    card = desk.page.locator(f'[data-question="{question}"]')
    await card.locator("summary").click()
    await card.locator("input[list]").fill("mfa/bind")
    await card.locator("form[action$=attach] button").click()
    await expect(desk.page.locator(".notice")).to_have_text(re.compile("现在就生效" if lang == "zh" else "in force now"))
    await expect(card).to_have_count(0)
    assert decision(await asked(console, question)) == ("answer", "mfa/bind")
    async with httpx.AsyncClient(base_url=console.url) as client:
        found = (await client.get("/api/v1/search", params={"q": question})).json()["results"][0]
    assert (found["id"], found["matched"]) == ("mfa/bind", question)
    await desk.goto("/console/improve?progress=done")
    await expect(card).to_have_count(1)
    await expect(card).to_contain_text("ada")
    await desk.goto("/console/improve/phrasings")
    await desk.page.locator("tr", has_text=question).locator("button").click()
    assert decision(await asked(console, question))[0] == "fallback"


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_entry_is_found_by_words_while_typing(open_console: OpenConsole, editor: Client, console: Console, lang: str) -> None:
    question = unheard()
    await asked(console, question)
    desk = await open_console("/console/improve", lang)
    card = desk.page.locator(f'[data-question="{question}"]')
    await card.locator("summary").click()
    await card.locator("input[list]").press_sequentially("怎么绑定 MFA" if lang == "zh" else "how do I bind mfa")
    await card.locator('[data-value="mfa/bind"]').click()
    await expect(card.locator("input[list]")).to_have_value("mfa/bind")
    assert await desk.accessibility_problems() == []
    refused = await post(editor, "/console/improve/attach", entry="how do I bind mfa", lang="en", text=question)
    assert (refused.status_code, "The nearest ones are mfa/bind" in refused.text) == (422, True)


async def test_likely_questions_are_one_card_that_can_be_taken_on_and_ignored(open_console: OpenConsole, console: Console) -> None:
    question = unheard()
    for wording in (question, f"{question} please", question):
        await asked(console, wording)
    desk = await open_console("/console/improve", "en")
    card = desk.page.locator(f'[data-question="{question}"]')
    await expect(card).to_contain_text("Asked 3×")
    await expect(card).to_contain_text("2 wordings")
    await card.get_by_role("button", name="Take on").click()
    await expect(desk.page.locator('[aria-current="page"]', has_text="In work")).to_be_visible()
    await expect(card).to_contain_text("Marked by ada")
    await card.get_by_role("button", name="Back to new").click()
    await card.get_by_role("button", name="Ignore").click()
    await expect(card).to_contain_text("Marked by ada")
    await desk.goto("/console/improve")
    await expect(card).to_have_count(0)


async def test_a_thumb_down_comes_with_its_comment_masked(open_console: OpenConsole, console: Console) -> None:
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        conversation = await converse(client, "zh")
        reply = await conversation.say("怎么注销账号")
        verdict = {"turn": reply["turn"], "helpful": False, "comment": "打 13800138000 也没人接"}
        assert (await client.post(f"{conversation.path}/feedback", json=verdict, headers=conversation.headers)).status_code == 204
    desk = await open_console("/console/improve")
    card = desk.page.locator('[data-question="怎么注销账号"]')
    await expect(card).to_contain_text("也没人接")
    await expect(card).not_to_contain_text("13800138000")


async def test_a_phrasing_that_another_entry_has_is_refused_by_name(editor: Client, console: Console) -> None:
    refused = await post(editor, "/console/improve/attach", entry="mfa/bind", lang="zh", text="怎么注销账号")
    assert refused.status_code == 422
    assert "cancellation/how-to" in refused.text
    assert decision(await asked(console, "怎么注销账号")) == ("answer", "cancellation/how-to")


@pytest.mark.parametrize(
    "fields", [{"entry": "no/such", "text": "随便问问紫云"}, {"entry": "mfa/bind", "text": " ？ "}, {"entry": "mfa/bind"}]
)
async def test_nothing_is_attached_without_an_entry_and_words(editor: Client, fields: dict[str, str]) -> None:
    refused = await post(editor, "/console/improve/attach", lang="zh", **fields)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text


async def test_a_draft_is_written_in_both_languages_and_downloaded(open_console: OpenConsole, editor: Client) -> None:
    desk = await open_console("/console/improve/drafts/new?question_zh=%E5%8F%91%E7%A5%A8%E6%80%8E%E4%B9%88%E5%BC%80", "en")
    page, entry_id = desk.page, f"billing/{uuid.uuid4().hex[:8]}"
    await expect(page.locator("#question_zh")).to_have_value("发票怎么开")
    await page.locator("#entry_id").fill("mfa/bind")
    await page.locator("#body_zh").fill("在费用中心申请。")
    await page.locator("#question_en").fill("How do I get an invoice?")
    await page.locator("#body_en").fill("Request it in the Billing Center.")
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.locator("#entry_id-mistake")).to_be_visible()
    assert len(desk.complaints) == 1, "Chromium notes the refusal, 422"
    desk.complaints.clear()
    await expect(page.locator("#body_zh")).to_have_value("在费用中心申请。")
    await page.locator("#entry_id").fill(entry_id)
    await page.get_by_role("button", name="Save draft").click()
    draft = page.locator(f'[data-draft="{entry_id}"]')
    await expect(draft).to_contain_text("Billing Center")
    address = await draft.locator("a", has_text="Download").first.get_attribute("href")
    assert address
    file = await editor.get(address)
    assert "attachment" in file.headers["content-disposition"]
    assert file.text.startswith("---\nquestion: 发票怎么开\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
async def test_the_pages_are_accessible_and_fit_a_phone(open_console: OpenConsole, console: Console, path: str, lang: str) -> None:
    await asked(console, unheard())
    desk = await open_console(f"/console/improve{path}", lang, **NARROW)
    await desk.page.locator("main details").evaluate_all("all => all.forEach(details => { details.open = true })")
    assert await desk.too_wide() == 0
    assert await desk.accessibility_problems() == []


async def test_only_editors_improve(editor: Client, console: Console) -> None:
    name = f"agent-{uuid.uuid4().hex[:6]}"
    link = re.search(r"/console/setup/[\w-]+", (await post(editor, "/console/agents", name=name, role="agent")).text)
    assert link
    async with httpx.AsyncClient(base_url=console.url, timeout=30) as client:
        await enrol(client, link[0], name)
        for path in PAGES:
            assert (await client.get(f"/console/improve{path}")).status_code == 403
        assert (await post(client, "/console/improve/attach", entry="mfa/bind", lang="zh", text="紫云")).status_code == 403
        assert (await client.get("/console/insights")).status_code == 200


async def test_every_change_is_in_the_audit_trail(editor: Client) -> None:
    question = unheard()
    await post(editor, "/console/improve/attach", entry="mfa/bind", lang="zh", text=question)
    trail = (await editor.get("/console/audit")).text
    assert "phrasing.attach" in trail
    assert question not in trail

"""The console's pages in a browser: both languages, keyboard, phone, accessibility."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from assistant.knowledge import Knowledge
from tests.web.console.conftest import NARROW, Console, OpenConsole
from tests.web.console.desk import Desk

pytestmark = pytest.mark.browser

PAGES = (
    "/console",
    "/console/knowledge?section=mfa",
    "/console/knowledge/mfa/lost-phone",
    "/console/flows",
    "/console/flows/cancel-account",
    "/console/agents",
    "/console/audit",
    "/console/account",
)
BOTH = pytest.mark.parametrize("lang", ["zh", "en"])


@BOTH
@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_accessible_and_in_its_language(open_console: OpenConsole, path: str, lang: str) -> None:
    desk = await open_console(path, lang)
    assert await desk.accessibility_problems() == []
    assert await desk.page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    label = {"zh": "查询", "en": "Look-up"}[lang]
    await expect(desk.page.get_by_role("navigation").get_by_role("link", name=label)).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_fits_a_phone_and_the_dark(open_console: OpenConsole, path: str) -> None:
    desk = await open_console(path, "en", color_scheme="dark", **NARROW)
    assert await desk.too_wide() == 0
    assert await desk.accessibility_problems() == []


@BOTH
async def test_signing_in_and_out(open_console: OpenConsole, console: Console, lang: str) -> None:
    desk = await open_console("/console/flows", lang, signed_in=False)
    page = desk.page
    await page.locator("#name").fill(console.admin.name)
    await page.locator("#password").fill(console.admin.password)
    await page.locator("#code").fill(console.admin.codes.pop())
    assert await desk.accessibility_problems() == []
    await page.locator("main button").click()
    await expect(page).to_have_url(f"{console.url}/console/flows")
    await page.get_by_role("button", name={"zh": "退出", "en": "Sign out"}[lang]).click()
    await expect(page.get_by_role("status").first).to_have_text({"zh": "已退出。", "en": "You have signed out."}[lang])


@BOTH
async def test_a_new_agent_sets_up_the_sign_in(open_console: OpenConsole, browser: Browser, lang: str) -> None:
    desk = await open_console("/console/agents", lang)
    await desk.page.locator("#name").fill(f"new-{lang}")
    await desk.page.get_by_role("button", name={"zh": "添加坐席", "en": "Add an agent"}[lang]).click()
    link = await desk.page.locator("#link").input_value()
    newcomer = await open_console(link.removeprefix(desk.url), lang, signed_in=False)
    await expect(newcomer.page.locator(".qr")).to_be_visible()
    assert await newcomer.accessibility_problems() == []
    assert await newcomer.too_wide() == 0


async def test_the_language_switch_is_kept(open_console: OpenConsole) -> None:
    desk = await open_console("/console/flows/bind-mfa", "zh")
    await desk.page.get_by_role("link", name="English").click()
    await expect(desk.page).to_have_url(f"{desk.url}/console/flows/bind-mfa")
    await expect(desk.page.locator("h1")).to_have_text("Bind MFA")
    await desk.goto("/console")
    await expect(desk.page.locator("html")).to_have_attribute("lang", "en")


async def type_query(desk: Desk, text: str) -> None:
    await desk.page.locator("#q").press_sequentially(text)


@BOTH
async def test_results_appear_while_typing_in_both_languages(open_console: OpenConsole, knowledge: Knowledge, lang: str) -> None:
    desk = await open_console("/console", lang)
    await type_query(desk, {"zh": "手机丢了MFA怎么办", "en": "lost my mfa phone"}[lang])
    panel = desk.page.get_by_role("tabpanel")
    for side in ("zh", "en"):
        entry = knowledge.entry("mfa/lost-phone", "zh" if side == "zh" else "en")
        assert entry
        await expect(panel.get_by_role("heading", name=entry.question)).to_be_visible()
        await expect(panel.get_by_text(str(entry.sources[0].updated)).first).to_be_visible()
    await expect(panel.locator(".why q")).not_to_be_empty()
    await expect(panel.locator(".why .confidence")).to_have_text(re.compile(r"\d+%"))


@BOTH
async def test_what_is_looked_up_stays_out_of_every_address(open_console: OpenConsole, lang: str) -> None:
    desk = await open_console("/console", lang, **NARROW)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    await type_query(desk, "mfa 11010519491231002X")
    await expect(desk.page.get_by_role("tabpanel")).to_be_visible()
    assert await desk.accessibility_problems() == []
    assert await desk.too_wide() == 0
    await desk.page.get_by_role("tabpanel").get_by_role("link").first.click()
    await desk.page.go_back()
    await expect(desk.page.locator("#q")).to_have_value("mfa 11010519491231002X")
    await expect(desk.page.get_by_role("tabpanel")).to_be_visible()
    assert not [address for address in asked if "11010519491231002X" in address]
    assert desk.page.url == f"{desk.url}/console"


@BOTH
async def test_the_percentage_is_explained_and_the_faintest_hits_are_left_out(open_console: OpenConsole, lang: str) -> None:
    desk = await open_console("/console", lang)
    await type_query(desk, "mfa")
    hits = desk.page.get_by_role("tab")
    await expect(hits.first).to_be_visible()
    assert all(int(text.rstrip("%")) >= 3 for text in await hits.locator(".confidence").all_inner_texts())
    await expect(hits.first.locator(".confidence")).to_have_attribute("title", re.compile("3%"))


@BOTH
async def test_on_a_phone_an_agent_is_a_card_with_all_there_is_to_do(open_console: OpenConsole, lang: str) -> None:
    desk = await open_console("/console/agents", lang, **NARROW)
    row = desk.page.locator("tbody tr").first
    for label in {"zh": ("添加时间", "操作"), "en": ("Added", "Actions")}[lang]:
        cell = row.locator(f'[data-label="{label}"]')
        box = await cell.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 360


async def test_the_keyboard_does_everything(open_console: OpenConsole, knowledge: Knowledge) -> None:
    desk = await open_console("/console", "en")
    page = desk.page
    await type_query(desk, "mfa")
    await expect(page.get_by_role("tabpanel")).to_be_visible()
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tabs = page.get_by_role("tab")
    await page.locator("h1").click(force=True)
    await page.keyboard.press("/")
    await expect(page.locator("#q")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(tabs.nth(1)).to_be_focused()
    await expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = await tabs.nth(1).get_attribute("data-entry")
    entry, chinese = (knowledge.entry(chosen or "", lang) for lang in ("en", "zh"))
    assert entry
    assert chinese
    await page.keyboard.press("m")
    await expect(page.locator("#copy-status")).to_have_text("Copied.")
    assert (await page.evaluate("navigator.clipboard.readText()")).startswith(entry.body[:40])
    await page.keyboard.press("c")
    assert "**" not in await page.evaluate("navigator.clipboard.readText()")
    await page.keyboard.press("Shift+M")
    assert (await page.evaluate("navigator.clipboard.readText()")).startswith(chinese.body[:20])
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#q")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    first = await tabs.first.get_attribute("data-entry")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{desk.url}/console/knowledge/{first}")


async def test_an_answer_goes_into_the_conversation_it_was_looked_up_for(open_console: OpenConsole) -> None:
    desk = await open_console("/console?conversation=0a1b2c", "en")
    await type_query(desk, "unbind mfa")
    link = desk.page.get_by_role("tabpanel").get_by_role("link", name="Insert into conversation")
    await expect(link).to_have_count(2)
    await expect(link.first).to_have_attribute("href", re.compile(r"^/console/inbox/0a1b2c\?draft=entry:mfa/[\w-]+:zh$"))


async def test_a_session_that_ends_while_typing_leads_to_the_sign_in(open_console: OpenConsole, console: Console) -> None:
    desk = await open_console("/console", "en")
    await desk.page.context.clear_cookies()
    await desk.page.locator("#q").press("m")
    await expect(desk.page).to_have_url(f"{console.url}/console/sign-in?next=%2Fconsole&notice=sign_in.again")
    desk.complaints.clear()  # the browser reports the 401


async def test_an_entry_shows_how_wecom_cuts_it(open_console: OpenConsole) -> None:
    desk = await open_console("/console/knowledge/mfa/lost-phone", "en")
    await expect(desk.page.locator(".wecom")).not_to_have_count(0)
    for hint in await desk.page.get_by_text(re.compile(r"^Message \d")).all_inner_texts():
        assert int(hint.split(",")[1].split("/")[0]) <= 2048


async def test_every_flow_is_drawn_with_all_its_steps(open_console: OpenConsole, knowledge: Knowledge) -> None:
    desk = await open_console("/console/flows", "zh")
    for flow in knowledge.flows.values():
        await desk.goto(f"/console/flows/{flow.id}")
        await expect(desk.page.locator("svg.diagram .step")).to_have_count(len(flow.steps))
        await expect(desk.page.locator("tbody tr")).to_have_count(len(flow.steps))

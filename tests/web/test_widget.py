"""The widget in a real browser, against a real server: what would hurt a visitor must not happen."""

from __future__ import annotations

import gzip
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from assistant.knowledge import Knowledge
from kb.entry import Entry, Lang
from tests.conftest import ROOT, Server
from tests.web.conftest import OpenWidget
from tests.web.widget import PHONE, Widget

pytestmark = pytest.mark.browser

LOST_PHONE = "绑定了 MFA 但手机丢了，怎么登录？"
CANCEL = "怎么注销账号，要准备什么？"
NO_CODE = "I don't receive the verification code"


def entry_of(knowledge: Knowledge, entry_id: str, lang: Lang) -> Entry:
    entry = knowledge.entry(entry_id, lang)
    assert entry is not None
    return entry


def test_the_widget_stays_small() -> None:
    """What a visitor's browser loads: script, modules and styles, compressed."""
    folder = ROOT / "web" / "static"
    parts = [folder / "widget.js", *(folder / "widget").iterdir()]
    assert sum(len(gzip.compress(part.read_bytes(), 9)) for part in parts) <= 35_000


async def expect_answer(message: Locator, entry: Entry) -> None:
    """The message shows the entry: its first words, and each source with its date."""
    await expect(message).to_contain_text(re.split(r"[*\[`]", entry.summary)[0].strip())
    await message.locator('[data-role="sources"] summary').click()
    rows = await message.locator('[data-role="sources"] li').all_inner_texts()
    for source in entry.sources:
        assert any(source.heading in row and str(source.updated) in row for row in rows), (source, rows)


@pytest.mark.parametrize(
    ("lang", "question", "entry_id"),
    [("zh", LOST_PHONE, "mfa/lost-phone"), ("en", NO_CODE, "contact/code-not-received")],
    ids=["zh", "en"],
)
async def test_a_question_gets_its_entry_with_sources_and_dates(
    shared_server: Server, open_widget: OpenWidget, knowledge: Knowledge, lang: Lang, question: str, entry_id: str
) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    reply = await widget.ask(question)
    assert reply["decision"]["entry_id"] == entry_id
    await expect(widget.questions).to_contain_text([question])
    await expect_answer(widget.replies.last, entry_of(knowledge, entry_id, lang))


async def test_a_choice_is_answered_when_it_is_tapped(shared_server: Server, open_widget: OpenWidget, knowledge: Knowledge) -> None:
    widget = await open_widget(shared_server.url, **PHONE)
    await widget.open()
    await widget.ask(LOST_PHONE)
    option = widget.replies.last.locator('[data-id="entry:mfa/unbind"]')
    reply = await widget.reply_to(option.tap)
    assert reply["decision"]["entry_id"] == "mfa/unbind"
    entry = entry_of(knowledge, "mfa/unbind", "zh")
    await expect(widget.questions.last).to_contain_text(entry.question)
    await expect_answer(widget.replies.last, entry)


async def test_switching_the_language_repeats_the_answer_in_it(
    shared_server: Server, open_widget: OpenWidget, knowledge: Knowledge
) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    await widget.ask(LOST_PHONE)
    await widget.reply_to(widget.part("language").click)
    await expect(widget.part("title")).to_have_text("Account assistant")
    await expect_answer(widget.replies.last, entry_of(knowledge, "mfa/lost-phone", "en"))
    await widget.reply_to(widget.part("language").click)
    await expect(widget.part("title")).to_have_text("账号助手")
    await expect_answer(widget.replies.last, entry_of(knowledge, "mfa/lost-phone", "zh"))


async def test_the_widget_speaks_the_browsers_language_and_then_the_conversations(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url, locale="en-GB")
    await widget.open()
    await expect(widget.part("title")).to_have_text("Account assistant")
    await widget.ask(LOST_PHONE)
    await expect(widget.part("title")).to_have_text("账号助手")
    await widget.page.reload()
    await expect(widget.replies).to_have_count(2)
    await expect(widget.part("title")).to_have_text("账号助手")


async def test_what_an_earlier_reply_offered_cannot_be_pressed_any_more(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    await widget.ask(LOST_PHONE)
    earlier = widget.replies.nth(1).locator('[data-role="option"]')
    await expect(earlier.first).to_be_enabled()
    await earlier.first.focus()
    await widget.reply_to(lambda: widget.page.keyboard.press("Enter"))
    for option in await earlier.all():
        await expect(option).to_be_disabled()
    await expect(widget.replies.last.locator('[data-role="option"]').first).to_be_enabled()
    assert await widget.focused() == "input"
    await widget.page.reload()
    await expect(widget.replies).to_have_count(3)
    await expect(earlier.first).to_be_disabled()
    await expect(widget.replies.last.locator('[data-role="option"]').first).to_be_enabled()


async def test_feedback_is_sent_once(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    reply = await widget.ask(LOST_PHONE)
    async with widget.page.expect_response("**/feedback") as got:
        await widget.part("feedback-up").click()
    assert (await got.value).status == 204
    await expect(widget.part("feedback-note")).to_have_text("谢谢你的反馈。")
    await widget.page.reload()
    await expect(widget.part("feedback-up")).to_have_attribute("aria-pressed", "true")
    assert len(widget.posts("/feedback")) == 1
    assert await stored_feedback(widget, shared_server) == [(reply["turn"], 1, None)]


async def test_what_was_missing_reaches_the_server_with_the_verdict(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    reply = await widget.ask(LOST_PHONE)
    await widget.part("feedback-down").click()
    await widget.part("feedback-comment").fill("少了一步")
    await widget.part("feedback-send").click()
    await expect(widget.part("feedback-note")).to_have_text("谢谢你的反馈。")
    assert await stored_feedback(widget, shared_server) == [(reply["turn"], 0, "少了一步")]


async def stored_feedback(widget: Widget, server: Server) -> list[tuple[Any, ...]]:
    conversation = (await widget.remembered())["id"]
    with closing(sqlite3.connect(server.data / "assistant.db")) as database:
        return database.execute("SELECT turn, helpful, comment FROM feedback WHERE conversation_id = ?", [conversation]).fetchall()


async def test_a_conversation_survives_a_reload(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    await widget.ask(LOST_PHONE)
    await widget.ask(CANCEL)
    before, conversation = await widget.texts(), await widget.remembered()
    await widget.page.reload()
    await expect(widget.replies).to_have_count(3)
    assert await widget.texts() == before
    await expect(widget.part("panel")).to_be_visible()
    await widget.ask("员工离职前怎么交接账号？")
    assert (await widget.remembered())["id"] == conversation["id"]
    assert await widget.stored_questions(shared_server.url) == [LOST_PHONE, CANCEL, "员工离职前怎么交接账号？"]


async def test_messages_typed_offline_are_sent_once_when_the_network_returns(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    await widget.page.context.set_offline(True)
    await widget.say(LOST_PHONE)
    await widget.say(CANCEL)
    await expect(widget.part("delivery")).to_contain_text(["未发送", "未发送"])
    await expect(widget.part("notice")).to_contain_text("连接中断")
    await widget.page.context.set_offline(False)
    await expect(widget.replies).to_have_count(3)
    await expect(widget.questions).to_have_count(2)
    await expect(widget.part("delivery")).to_have_text(["", ""])
    await expect(widget.part("notice")).to_be_empty()
    assert len({message["message_id"] for message in widget.sent}) == 2
    assert await widget.stored_questions(shared_server.url) == [LOST_PHONE, CANCEL]


async def test_a_message_typed_offline_survives_a_reload(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    sending = re.compile(r"/messages$")
    await widget.page.route(sending, lambda route: route.abort())
    await widget.say(LOST_PHONE)
    await expect(widget.part("delivery")).to_contain_text("未发送")
    await widget.page.reload()
    await expect(widget.part("delivery")).to_contain_text("未发送")
    await widget.page.unroute(sending)
    await widget.part("retry").click()
    await expect(widget.replies).to_have_count(2)
    assert len({message["message_id"] for message in widget.sent}) == 1
    assert await widget.stored_questions(shared_server.url) == [LOST_PHONE]


async def test_a_reply_lost_on_the_way_is_fetched_without_asking_twice(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await widget.page.route(re.compile(r"/messages$"), lose, times=1)
    await widget.say(LOST_PHONE)
    await expect(widget.replies).to_have_count(2)
    await expect(widget.questions).to_have_count(1)
    first, second = widget.sent
    assert first == second
    assert await widget.stored_questions(shared_server.url) == [LOST_PHONE]


async def test_a_conversation_goes_on_after_the_server_was_killed(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url)
    await widget.open()
    await widget.ask(LOST_PHONE)
    conversation, address = await widget.remembered(), server.url

    async def lead_to_the_server(route: Route) -> None:
        """The restarted server has another port; a visitor's address stays."""
        await route.continue_(url=route.request.url.replace(address, server.url))

    await widget.page.route(f"{address}/**", lead_to_the_server)
    server.kill()
    await widget.say("English please")
    await expect(widget.part("delivery").last).to_contain_text("未发送")
    server.environment["ASSISTANT_CORS_ORIGINS"] = address
    server.start()
    await expect(widget.replies).to_have_count(3)
    await expect(widget.part("title")).to_have_text("Account assistant")
    assert (await widget.remembered())["id"] == conversation["id"]
    assert await widget.stored_questions(server.url) == [LOST_PHONE, "English please"]
    assert len({message["message_id"] for message in widget.sent}) == 2


async def test_markup_that_a_visitor_types_stays_text(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    await widget.open()
    markup = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    title = await widget.page.title()
    await widget.ask(markup)
    await expect(widget.questions.last).to_contain_text(markup)
    await widget.page.reload()
    await expect(widget.questions.last).to_contain_text(markup)
    await expect(widget.part("log").locator("img, script")).to_have_count(0)
    assert await widget.page.title() == title


async def test_the_page_works_under_a_policy_that_allows_nothing_inline(shared_server: Server, open_widget: OpenWidget) -> None:
    """The fixture asserts that the console stayed empty."""
    widget = await open_widget(shared_server.url)
    response = await widget.page.reload()
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    await widget.page.locator("[data-ask]").first.click()
    await expect(widget.replies).to_have_count(2)
    await widget.part("sources").locator("summary").click()
    await widget.part("feedback-down").click()
    await widget.part("start-over").click()
    await widget.part("confirm-yes").click()
    await expect(widget.questions).to_have_count(0)
    await expect(widget.part("launcher")).to_have_css("position", "fixed")


async def test_the_keyboard_alone_is_enough(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url)
    keyboard = widget.page.keyboard
    for _ in range(50):
        await keyboard.press("Tab")
        if await widget.focused() == "launcher":
            break
    await keyboard.press("Enter")
    await expect(widget.replies).to_have_count(1)
    assert await widget.focused() == "input"

    await keyboard.type(LOST_PHONE)
    reply = await widget.reply_to(lambda: keyboard.press("Enter"))
    assert reply["decision"]["entry_id"] == "mfa/lost-phone"

    await keyboard.type("怎么注销")
    suggestion = widget.part("suggestion").first
    await expect(suggestion).to_be_visible()
    await keyboard.press("ArrowDown")
    await expect(suggestion).to_have_attribute("aria-selected", "true")
    wanted = await suggestion.get_attribute("data-id")
    reply = await widget.reply_to(lambda: keyboard.press("Enter"))
    assert reply["decision"]["entry_id"] == wanted

    await keyboard.type("怎么注销")
    await expect(suggestion).to_be_visible()
    await keyboard.press("Escape")
    await expect(widget.part("suggestions")).to_be_hidden()
    await expect(widget.part("panel")).to_be_visible()
    await keyboard.press("Escape")
    await expect(widget.part("panel")).to_be_hidden()
    assert await widget.focused() == "launcher"


async def test_on_a_phone_the_panel_is_the_screen(shared_server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(shared_server.url, **PHONE)
    await widget.open()
    await widget.ask(LOST_PHONE)
    assert await widget.part("panel").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    await expect(widget.part("launcher")).to_be_hidden()
    await expect(widget.part("send")).to_be_in_viewport()
    assert await widget.page.evaluate("document.documentElement.scrollWidth") == 390
    await widget.part("close").tap()
    await expect(widget.part("panel")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("question", [LOST_PHONE, NO_CODE], ids=["zh", "en"])
async def test_axe_finds_no_violations(shared_server: Server, open_widget: OpenWidget, scheme: str, question: str) -> None:
    widget = await open_widget(shared_server.url, color_scheme=scheme, bypass_csp=True)
    await widget.open()
    await widget.ask(question)
    await widget.part("sources").last.locator("summary").click()
    assert await widget.violations() == []


class HostPage(ThreadingHTTPServer):
    """Somebody else's website: one page on an origin of its own."""

    html = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _HostPageHandler)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server_port}"


class _HostPageHandler(BaseHTTPRequestHandler):
    server: HostPage

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><html lang=en><title>Shop</title>{self.server.html}</html>".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@dataclass(frozen=True)
class Embedding:
    """A server that one other website may embed, and a website that may not."""

    server: Server
    listed: HostPage
    unlisted: HostPage

    def show(self, html: str) -> None:
        self.listed.html = self.unlisted.html = html

    @property
    def script(self) -> str:
        return f'<script type="module" src="{self.server.url}/static/widget.js"></script>'

    @property
    def iframe(self) -> str:
        return f'<iframe src="{self.server.url}/frame?lang=en" title="Help" width="400" height="600"></iframe>'


@pytest.fixture(scope="module")
def embedding(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Embedding]:
    """Two websites and a server that lists the first."""
    with HostPage() as listed, HostPage() as unlisted:
        threads = [threading.Thread(target=host.serve_forever, args=[0.05]) for host in (listed, unlisted)]
        for thread in threads:
            thread.start()
        server = Server(tmp_path_factory.mktemp("embedding"), {"ASSISTANT_CORS_ORIGINS": listed.origin})
        server.start()
        yield Embedding(server, listed, unlisted)
        server.stop()
        for host in (listed, unlisted):
            host.shutdown()
        for thread in threads:
            thread.join()


async def test_a_listed_website_can_embed_the_widget(embedding: Embedding, open_widget: OpenWidget) -> None:
    embedding.show(embedding.script)
    widget = await open_widget(embedding.listed.origin)
    await widget.open()
    reply = await widget.ask(NO_CODE)
    assert reply["decision"]["entry_id"] == "contact/code-not-received"
    await widget.page.reload()
    await expect(widget.replies).to_have_count(2)


async def test_another_website_cannot_embed_the_widget(embedding: Embedding, browser: Browser) -> None:
    embedding.show(embedding.script)
    async with await browser.new_context() as context:
        page = await context.new_page()
        async with page.expect_console_message(lambda message: "CORS policy" in message.text):
            await page.goto(embedding.unlisted.origin)
        assert await page.evaluate("typeof AccountAssistant") == "undefined"
        opening = f"fetch('{embedding.server.url}/api/v1/conversations', {{method: 'POST', body: '{{}}'}})"
        assert await page.evaluate(f"{opening}.then((response) => response.json(), (error) => error.name)") == "TypeError"


async def test_a_listed_website_can_frame_the_widget(embedding: Embedding, open_widget: OpenWidget, browser: Browser) -> None:
    embedding.show(embedding.iframe)
    async with await browser.new_context() as context:
        page = await context.new_page()
        await page.goto(embedding.listed.origin)
        frame = page.frame_locator("iframe")
        await frame.locator('[data-role="input"]').fill(NO_CODE)
        await frame.locator('[data-role="input"]').press("Enter")
        await expect(frame.locator('[data-role="sources"]')).to_be_visible()


async def test_another_website_cannot_frame_the_widget(embedding: Embedding, browser: Browser) -> None:
    embedding.show(embedding.iframe)
    async with await browser.new_context() as context:
        page = await context.new_page()
        async with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            await page.goto(embedding.unlisted.origin)
        await expect(page.frame_locator("iframe").locator("account-assistant")).to_have_count(0)

"""What a signed-in visitor does with the widget on the demo page: guided flows to their end, on one device or on two."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from assistant.handover import Handover
from assistant.message import Text
from assistant.store import Database
from assistant.store.agents import Agent, AgentStore
from tests.conftest import Server, store_on
from tests.web.conftest import OpenWidget
from tests.web.widget import Widget
from web.settings import Settings

pytestmark = pytest.mark.browser

COMPANY = "100000000001"
PERSON = "100000000003"
DOTS = "••••••"


async def sign_in(widget: Widget, account: str) -> None:
    await widget.page.locator(f'[data-account="{account}"]').click()
    await expect(widget.page.locator("[data-status]")).to_contain_text(f"Signed in as {account}")


async def tap(widget: Widget, option: str) -> None:
    await widget.reply_to(widget.replies.last.locator(f'[data-id="{option}"]').click)


async def enter(widget: Widget, value: str) -> None:
    await widget.part("field-input").last.fill(value)
    await widget.reply_to(widget.part("field-send").last.click)


async def device_code(widget: Widget) -> str:
    """What the demo authenticator shows."""
    return await widget.page.locator(f'[data-device="{PERSON}"] [data-code]').inner_text()


async def saved(widget: Widget, role: str) -> str:
    """The text of the file that a button saves."""
    async with widget.page.expect_download() as download:
        await widget.part(role).click()
    return text_of(await (await download.value).path())


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("lang", "wish", "field_error", "unbound"),
    [
        ("zh", "帮我解绑 MFA", "验证码是 6 位数字。", "MFA 设备已经解绑"),
        ("en", "help me unbind my authenticator", "A code has 6 digits.", "The MFA device is unbound"),
    ],
    ids=["zh", "en"],
)
async def test_mfa_is_unbound_with_the_code_of_the_demo_device(
    server: Server, open_widget: OpenWidget, lang: str, wish: str, field_error: str, unbound: str
) -> None:
    widget = await open_widget(server.url)
    await sign_in(widget, PERSON)
    if lang == "en":
        await widget.reply_to(widget.part("language").click)
    await widget.ask(wish)
    await tap(widget, "step:code:yes")
    await tap(widget, "step:goal:off")
    field = widget.part("field-input")
    await expect(field).to_have_attribute("inputmode", "numeric")
    await expect(field).to_have_attribute("type", "password")
    await field.fill("12")
    await field.press("Enter")
    await expect(widget.part("field-error")).to_have_text(field_error)
    code = await device_code(widget)
    await field.fill(code)
    await expect(widget.part("field-error")).to_be_empty()
    await enter(widget, code)
    await expect(widget.replies.last).to_contain_text(unbound)
    await expect(widget.questions.last).to_contain_text(DOTS)
    await expect(widget.page.locator(f'[data-device="{PERSON}"]')).to_have_count(0)
    await widget.page.reload()
    await expect(widget.questions.last).to_contain_text(DOTS)
    assert code not in " ".join(await widget.texts())
    assert code not in str(await widget.remembered())


@pytest.mark.parametrize(
    ("lang", "wish", "labels", "needed", "unequal", "changed"),
    [
        (
            "zh",
            "帮我改账号密码",
            ["旧密码", "新密码", "再输一遍新密码"],
            "还需要：大写字母、标点符号",
            "两次输入的密码不一样。",
            "密码改好了",
        ),
        (
            "en",
            "help me change my account password",
            ["Old password", "New password", "New password again"],
            "Still needed: an upper-case letter, punctuation",
            "The two passwords differ.",
            "The password is changed",
        ),
    ],
    ids=["zh", "en"],
)
async def test_a_password_is_changed_through_three_fields(
    server: Server, open_widget: OpenWidget, lang: str, wish: str, labels: list[str], needed: str, unequal: str, changed: str
) -> None:
    widget = await open_widget(server.url, bypass_csp=True)
    await sign_in(widget, PERSON)
    if lang == "en":
        await widget.reply_to(widget.part("language").click)
    await widget.ask(wish)
    await tap(widget, "step:task:change")
    await tap(widget, "step:change_check_method:phone_code")
    await enter(widget, await widget.page.locator("[data-inbox] [data-code]").first.inner_text())
    form = widget.part("field").last
    fields, errors = form.locator("input"), form.locator('[data-role="field-error"]')
    old, new, again = [fields.nth(at) for at in range(3)]
    assert await form.locator("label").all_inner_texts() == labels
    completed = await fields.evaluate_all("all => all.map((field) => [field.type, field.autocomplete])")
    assert completed == [["password", "current-password"], ["password", "new-password"], ["password", "new-password"]]
    await expect(form.locator('[data-role="field-reveal"]')).to_have_count(3)
    await old.fill("Demo-pass-2026")
    await new.press_sequentially("neupass2027")
    await expect(errors.nth(1)).to_have_text(needed)
    assert await widget.violations() == []
    await new.fill("Neu-pass-2027")
    await expect(errors.nth(1)).to_be_empty()
    await again.press_sequentially("Neu-pass")
    await expect(errors.nth(2)).to_be_empty()
    await again.press_sequentially("-2028")
    await expect(errors.nth(2)).to_have_text(unequal)
    sent = len(widget.sent)
    await again.press("Enter")
    await expect(again).to_be_focused()
    assert len(widget.sent) == sent
    await again.fill("Neu-pass-2027")
    await expect(errors.nth(2)).to_be_empty()
    await widget.reply_to(form.locator('[data-role="field-send"]').click)
    assert widget.sent[-1]["text"] == "Demo-pass-2026 Neu-pass-2027 Neu-pass-2027"
    await expect(widget.replies.last).to_contain_text(changed)
    await expect(widget.questions.last).to_contain_text(DOTS)
    assert await fields.evaluate_all("all => all.map((field) => field.value).join('')") == ""
    assert "Neu-pass" not in str(await widget.remembered())
    await widget.page.reload()
    await expect(widget.questions.last).to_contain_text(DOTS)
    assert "Neu-pass" not in " ".join(await widget.texts())


async def test_secrets_typed_below_their_fields_are_hidden_too(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url)
    await sign_in(widget, PERSON)
    await widget.ask("帮我改账号密码")
    await tap(widget, "step:task:change")
    await tap(widget, "step:change_check_method:phone_code")
    await enter(widget, await widget.page.locator("[data-inbox] [data-code]").first.inner_text())
    await widget.ask("Demo-pass-2026 Neu-pass-2027 Neu-pass-2027")
    await expect(widget.questions.last).to_contain_text(DOTS)
    await expect(widget.replies.last).to_contain_text("密码改好了")


async def test_a_new_devices_key_can_be_copied_and_is_shown_this_once(server: Server, open_widget: OpenWidget) -> None:
    permitted = ["clipboard-read", "clipboard-write"]
    widget = await open_widget(server.url, permissions=permitted, color_scheme="dark", bypass_csp=True)
    await sign_in(widget, PERSON)
    await widget.reply_to(widget.part("language").click)
    await widget.ask("help me bind MFA")
    await tap(widget, "step:user_type:root")
    await tap(widget, "step:bound_already:replace")
    await enter(widget, await device_code(widget))
    await expect(widget.page.locator(f'[data-device="{PERSON}"]')).to_have_count(0)
    await tap(widget, "step:device:mini_program")
    await tap(widget, "step:scope_here:login")
    await tap(widget, "step:account_check_method:phone_code")
    await enter(widget, await widget.page.locator("[data-inbox] [data-code]").first.inner_text())
    await expect(widget.part("image")).to_have_attribute("alt", "QR code to scan with the authenticator")
    key = await widget.part("image-text").inner_text()
    assert re.fullmatch(r"[A-Z2-7]{4}( [A-Z2-7]{4}){7}", key)
    assert await widget.violations() == []
    await widget.part("copy").click()
    await expect(widget.part("copy")).to_have_text("Copied")
    assert await widget.page.evaluate("navigator.clipboard.readText()") == key
    transcript = await saved(widget, "download")
    assert "QR code to scan" in transcript
    assert key not in transcript
    await enter(widget, await device_code(widget))
    await expect(widget.replies.last).to_contain_text("The MFA device is bound")
    await widget.page.reload()
    await expect(widget.replies.last).to_contain_text("The MFA device is bound")
    assert key not in " ".join(await widget.texts())


async def test_a_checklist_is_taken_away_as_file_table_and_paper(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url)
    await sign_in(widget, COMPANY)
    await widget.reply_to(lambda: widget.say("员工要离职了，给我一份交接清单"))
    await tap(widget, "step:moment:before")
    await tap(widget, "step:holds:root")
    await tap(widget, "step:not_theirs:all_theirs")
    item = "绑定接手人或公司的登录方式"
    await expect(widget.part("checklist")).to_contain_text(item)
    assert f"- [ ] {item}" in await saved(widget, "checklist-md")
    assert f"\n{item}," in await saved(widget, "checklist-csv")
    async with widget.page.expect_popup() as popup:
        await widget.part("checklist-html").click()
    paper = await popup.value
    await expect(paper.locator("li").filter(has_text=item)).to_be_visible()
    # The page is styled although it has no address of its own.
    await expect(paper.locator("ul")).to_have_css("list-style-type", "none")


async def test_two_devices_of_one_account_see_one_conversation(server: Server, open_widget: OpenWidget) -> None:
    at_home, at_work = await open_widget(server.url), await open_widget(server.url)
    await sign_in(at_home, PERSON)
    await at_home.ask("怎么注销账号，要准备什么？")
    await sign_in(at_work, PERSON)
    await expect(at_work.questions).to_have_count(1)
    assert await at_work.texts() == await at_home.texts()
    assert (await at_work.remembered())["id"] == (await at_home.remembered())["id"]
    assert (await at_work.remembered())["token"] != (await at_home.remembered())["token"]
    await at_work.ask("I don't receive the verification code")
    await at_home.page.reload()
    await expect(at_home.questions).to_have_count(2)
    assert await at_home.texts() == await at_work.texts()


async def test_whoever_is_signed_in_can_still_start_over(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url)
    await sign_in(widget, PERSON)
    await widget.ask("怎么注销账号，要准备什么？")
    before = (await widget.remembered())["id"]
    async with widget.page.expect_response("**/identity") as proven:
        await widget.part("start-over").click()
        await widget.part("confirm-yes").click()
    assert (await proven.value).status == 204
    await expect(widget.questions).to_have_count(0)
    await expect(widget.replies).to_have_count(1)
    assert (await widget.remembered())["id"] != before


async def test_an_identity_that_is_refused_keeps_nobody_from_asking(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url)
    async with widget.page.expect_console_message(lambda message: "401" in message.text):
        assert await widget.page.evaluate("AccountAssistant.identify('not.a.token')") is False
    widget.complaints.clear()
    await widget.open()
    reply = await widget.ask("怎么注销账号，要准备什么？")
    assert reply["decision"]["kind"] == "answer"


@asynccontextmanager
async def agent_of(server: Server) -> AsyncIterator[tuple[Handover, Agent]]:
    """A person with the console, in a process of their own."""
    database = Database(Settings(data=server.data).database)
    yield Handover(store_on(database)), await AgentStore(database).add("lin", "agent")
    await database.close()


async def test_what_is_said_to_a_person_is_delivered_and_their_answer_is_noticed(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url)
    await widget.open()
    conversation = (await widget.remembered())["id"]
    async with agent_of(server) as (handover, agent):
        await handover.take(conversation, agent)
        await expect(widget.part("title")).to_have_text("人工客服")
        await widget.say("有人在吗")
        await expect(widget.part("delivery")).to_have_text("已送达")
        await expect(widget.part("typing")).to_be_hidden()
        await widget.part("close").click()
        await expect(widget.part("badge")).to_be_hidden()
        await handover.reply(conversation, agent, (Text(markdown="我在，请讲。"),))
        await expect(widget.part("badge")).to_have_text("1")
        await widget.part("launcher").click()
        await expect(widget.page.locator('[data-author="agent"]')).to_contain_text("我在，请讲。")
        await expect(widget.part("badge")).to_be_hidden()
        await handover.give_back(conversation, agent)
        await expect(widget.part("title")).to_have_text("账号助手")

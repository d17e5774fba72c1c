"""The demo: codes arrive, anybody signs in as anybody, everything can be put back; and none of it where it is off."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.async_api import expect
from sqlalchemy import func, select

from assistant.cipher import new_key
from assistant.message import now
from assistant.store import Database, tables
from flows.accounts.account import Account
from flows.accounts.base import Refusal
from flows.accounts.commands.account_info import GetAccount, SetNickname
from flows.accounts.commands.base import Anonymous, Command, Proven
from flows.accounts.commands.ground import SendCode
from flows.accounts.demo import DEMO_PASSWORD, GOOD_FOR
from flows.accounts.demo_accounts import MFA_SECRET
from tests.conftest import Client, OpenClient, Server, converse
from tests.web.conftest import OpenWidget
from tests.web.test_server import run
from web.accounts import accounts_from, demo_from
from web.keys import cipher_from
from web.settings import Settings

VISITOR = Anonymous(conversation="c")
FIRST = "100000000001"
FIRST_PHONE = "13800138001"
TO_FIRST = SendCode(purpose="prove", account=FIRST, factor="phone_code")


async def perform(data: Path, command: Command[Any], actor: Anonymous | Proven = VISITOR, key: str = "key") -> Any:
    """What a flow does: an operation of the server's own account service, in one transaction."""
    settings = Settings(data=data)
    database = Database(settings.database)
    async with accounts_from(settings, cipher_from(settings)) as accounts_in, database.transaction() as connection:
        result = await accounts_in(connection).perform(actor, command, key)
    await database.close()
    assert not isinstance(result, Refusal), result
    return result


async def inbox(client: Client, after: int = 0) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = (await client.get("/api/v1/demo/inbox", params={"after": after})).json()["messages"]
    return messages


async def test_a_code_arrives_in_the_inbox(client: Client, tmp_path: Path) -> None:
    await perform(tmp_path, TO_FIRST)
    (message,) = await inbox(client)
    assert (message["to"], message["channel"], len(message["code"])) == (FIRST_PHONE, "sms", 6)
    assert message["code"] in message["text"]
    assert await inbox(client, after=message["id"]) == []


async def test_every_demo_account_can_be_signed_in_as(client: Client) -> None:
    accounts = (await client.get("/api/v1/demo/accounts")).json()["accounts"]
    assert [account["id"] for account in accounts] == list(GOOD_FOR)
    for account in accounts:
        assert account["title"]["zh"]
        assert account["title"]["en"]
    assert "13800138001" not in str(accounts)
    conversation = await converse(client)
    given = {"identity": accounts[0]["identity"]}
    proven = await client.post(f"{conversation.path}/identity", json=given, headers=conversation.headers)
    assert proven.status_code == 204


async def test_the_authenticator_shows_what_the_devices_at_hand_show(client: Client) -> None:
    answer = await client.get("/api/v1/demo/authenticator")
    (shown,) = answer.json()["codes"]
    assert shown["account"] == "100000000003"
    # It may have been the last moment of a code.
    device, at = pyotp.TOTP(MFA_SECRET.get_secret_value()), now()
    assert shown["code"] in (device.at(at), device.at(at - timedelta(seconds=30)))
    assert 1 <= shown["seconds_left"] <= 30
    assert MFA_SECRET.get_secret_value() not in answer.text


async def test_a_reset_puts_everything_back_but_never_repeats_a_message_id(client: Client, tmp_path: Path) -> None:
    await perform(tmp_path, TO_FIRST)
    before = await inbox(client)
    root = Proven(conversation="c", account=FIRST, at=now())
    await perform(tmp_path, SetNickname(nickname="changed"), root, "other-key")
    assert (await client.post("/api/v1/demo/reset")).status_code == 204
    assert (await perform(tmp_path, GetAccount(), root)).nickname != "changed"
    assert await inbox(client) == []
    await perform(tmp_path, TO_FIRST)
    assert len(await inbox(client, after=before[-1]["id"])) == 1


async def test_where_the_demo_is_off_there_is_nothing(open_client: OpenClient) -> None:
    async with open_client(demo=False) as client:
        for path in ("inbox", "accounts", "authenticator"):
            assert (await client.get(f"/api/v1/demo/{path}")).status_code == 404
        assert (await client.post("/api/v1/demo/reset")).status_code == 404
        assert "data-inbox" not in (await client.get("/")).text


PROXIED = [
    {"Host": "bot.example.com"},
    {"Host": "[::1"},
    {"Host": "127.0.0.1.example.com"},
    {"X-Forwarded-For": "8.8.8.8"},
    {"X-Forwarded-Proto": "https"},
    {"X-Real-IP": "8.8.8.8"},
    {"Forwarded": "for=8.8.8.8"},
    {"Via": "1.1 proxy"},
]


@pytest.mark.parametrize("headers", PROXIED, ids=str)
async def test_nobody_gets_to_the_demo_through_a_proxy(open_client: OpenClient, headers: dict[str, str]) -> None:
    async with open_client(demo=True) as client:
        for path in ("inbox", "accounts", "authenticator"):
            assert (await client.get(f"/api/v1/demo/{path}", headers=headers)).status_code == 404, path
        assert (await client.post("/api/v1/demo/reset", headers=headers)).status_code == 404
        assert "data-inbox" not in (await client.get("/", headers=headers)).text
    async with open_client(demo=True, demo_beyond_loopback=True) as client:
        assert (await client.get("/api/v1/demo/accounts", headers=headers)).status_code == 200
        assert "data-inbox" in (await client.get("/", headers=headers)).text


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:8000"])
async def test_this_machine_gets_to_the_demo_by_all_its_names(client: Client, host: str) -> None:
    assert (await client.get("/api/v1/demo/accounts", headers={"Host": host})).status_code == 200


async def test_several_workers_found_one_company(database: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    demos = [demo_from(settings, database, cipher_from(settings)) for _ in range(4)]
    await asyncio.gather(*(demo.found() for demo in demos if demo))
    async with database.engine.connect() as connection:
        query = select(func.count()).where(tables.account_documents.c.kind == Account.__name__)
        assert (await connection.execute(query)).scalar_one() == len(GOOD_FOR)


def test_only_the_owner_reads_the_keys(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    token = cipher_from(settings).encrypt("text")
    assert cipher_from(settings).decrypt(token) == "text"
    assert (tmp_path / "keys" / "encryption.key").stat().st_mode & 0o077 == 0


def test_the_demo_leaves_this_machine_only_when_told_twice(tmp_path: Path) -> None:
    done = run("serve", "--host", "0.0.0.0", "--port", "0", "--data", str(tmp_path), env={"ASSISTANT_DEMO": "1"})
    assert done.returncode != 0
    assert "ASSISTANT_DEMO_BEYOND_LOOPBACK=1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("keys", ["not-a-key", new_key()], ids=["no key", "another key"])
def test_wrong_keys_are_one_sentence(server: Server, keys: str) -> None:
    done = run("serve", "--port", "0", "--data", str(server.data), env={"ASSISTANT_ENCRYPTION_KEYS": keys})
    assert done.returncode != 0
    assert "ASSISTANT_ENCRYPTION_KEYS" in done.stderr
    assert keys not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.browser
async def test_the_page_shows_the_code_that_was_sent(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url, bypass_csp=True)
    page = widget.page
    await expect(page.locator("[data-inbox-empty]")).to_be_visible()
    await perform(server.data, TO_FIRST)
    (sent,) = (await (await page.request.get(f"{server.url}/api/v1/demo/inbox")).json())["messages"]
    code = page.locator("[data-inbox] [data-code]")
    await expect(code).to_have_text(sent["code"])
    await expect(page.locator("[data-inbox]")).to_contain_text(FIRST_PHONE)
    await page.locator(f'[data-account="{FIRST}"]').click()
    await expect(page.locator("[data-status]")).to_contain_text(f"Signed in as {FIRST}")
    await expect(page.locator(f'[data-account="{FIRST}"]')).to_have_attribute("aria-pressed", "true")
    assert await widget.violations() == []
    await page.locator("[data-reset]").click()
    await expect(page.locator("[data-inbox-empty]")).to_be_visible()
    await expect(code).to_have_count(0)


@pytest.mark.browser
async def test_the_open_panel_stands_beside_the_demo_company(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url)
    await widget.open()
    panel = await widget.part("panel").bounding_box()
    assert panel is not None
    for place in ("inbox", "authenticator", "accounts", "password"):
        box = await widget.page.locator(f"[data-{place}]").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] < panel["x"], place
    await expect(widget.page.locator("[data-password]")).to_have_text(DEMO_PASSWORD.get_secret_value())


@pytest.mark.browser
async def test_who_is_signed_in_is_shown_until_they_sign_out(server: Server, open_widget: OpenWidget) -> None:
    widget = await open_widget(server.url, locale="en-GB", viewport={"width": 375, "height": 667})
    page, subtitle = widget.page, widget.part("subtitle")
    await page.locator(f'[data-account="{FIRST}"]').click()
    await expect(subtitle).to_have_text(f"Signed in: {FIRST}")
    for line in (widget.part("title"), subtitle):
        assert await line.evaluate("(line) => line.scrollWidth <= line.clientWidth")
    await widget.ask("How do I unbind an MFA device?")
    await page.reload()
    await expect(page.locator("[data-holder]")).to_have_text(FIRST)
    await expect(subtitle).to_have_text(f"Signed in: {FIRST}")
    proven = await widget.remembered()
    await page.locator("[data-sign-out]").click()
    await expect(page.locator("[data-signed-in]")).to_be_hidden()
    await expect(page.locator(f'[data-account="{FIRST}"]')).to_have_attribute("aria-pressed", "false")
    await widget.open()
    await expect(widget.questions).to_have_count(0)
    await expect(subtitle).to_have_text("Reviewed answers only")
    assert (await widget.remembered())["id"] != proven["id"]
    await page.reload()
    await expect(page.locator("[data-signed-in]")).to_be_hidden()


async def test_without_an_account_service_flows_only_guide(open_client: OpenClient) -> None:
    async with open_client(demo=False) as client:
        conversation = await converse(client, "en")
        await conversation.post(choice="flow:unbind-mfa")
        await conversation.say("device is with me")
        guided = await conversation.say("get rid of it")
        assert "How to unbind" in str(guided)
        assert "Shall I do it here" not in str(guided)
        assert guided["state"] == {"lang": "en", "flow": None, "step": None, "handed_off": False}

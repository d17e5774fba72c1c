"""What leaves through the outbox: in order, once, in spite of errors, by any number of workers, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from assistant.cipher import Cipher, new_key
from assistant.knowledge import Knowledge
from assistant.message import Message, Text, now
from assistant.store import Database
from assistant.store.outbox import ATTEMPTS, Outbox, announce, cancel, put
from assistant.store.wecom import Tokens
from tests.web.channels.conftest import wecom_settings
from tests.web.channels.fake_wecom import AGENT, CORP, SECRET, FakeWecom, fake_app, listening
from tests.web.channels.peer import QUESTION, AppPeer
from web.app import create_app
from web.channels.wecom_client import AppClient, WecomError, WecomHttp
from web.settings import Settings

AT_ONCE = timedelta()


@pytest.fixture
async def wecom() -> AsyncIterator[FakeWecom]:
    """A WeCom for one test alone."""
    fake = FakeWecom()
    async with listening(fake_app(fake)) as url:
        fake.url = url
        yield fake


@pytest.fixture
def outbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setattr("assistant.store.outbox.backoff", lambda _: AT_ONCE)
    return Outbox(database)


async def fill(database: Database, *keys: str, lane: str = "lane", kind: Any = "wecom_app") -> None:
    async with database.transaction() as connection:
        for key in keys:
            await put(connection, key=key, kind=kind, lane=lane, body=key)


async def state(database: Database, key: str) -> tuple[str, str | None]:
    async with database.engine.connect() as connection:
        row = (await connection.exec_driver_sql(f"SELECT state, body FROM outbox WHERE key = '{key}'")).one()
    return row.state, row.body


async def test_a_lane_keeps_its_order_and_other_lanes_do_not_wait(database: Database, outbox: Outbox) -> None:
    await fill(database, "a1", "a2", lane="a")
    await fill(database, "b1", lane="b")
    first = {item.key: item for item in await outbox.claim(8)}
    assert set(first) == {"a1", "b1"}
    assert await outbox.claim(8) == []
    await outbox.failed(first["a1"], 45009, "busy")
    (again,) = await outbox.claim(8)
    assert (again.key, again.attempts) == ("a1", 2)
    await outbox.sent(again)
    assert [item.key for item in await outbox.claim(8)] == ["a2"]


async def test_the_same_key_is_kept_once_and_what_is_done_is_forgotten(database: Database, outbox: Outbox) -> None:
    await fill(database, "a")
    await fill(database, "a")
    (item,) = await outbox.claim(8)
    await outbox.sent(item)
    assert await state(database, "a") == ("sent", None)
    await fill(database, "a")
    assert await outbox.claim(8) == []
    assert await outbox.purge(now() + timedelta(days=1)) == 1


async def test_workers_never_claim_the_same(database: Database, outbox: Outbox) -> None:
    for number in range(20):
        await fill(database, f"k{number}", lane=f"l{number}")
    claimed = [item.key for items in await asyncio.gather(*(outbox.claim(5) for _ in range(8))) for item in items]
    assert len(claimed) == len(set(claimed))


async def test_what_fails_too_often_is_given_up_with_its_log(database: Database, outbox: Outbox) -> None:
    await fill(database, "a")
    for attempt in range(1, ATTEMPTS + 1):
        (item,) = await outbox.claim(1)
        assert await outbox.failed(item, -1, "busy") is (attempt == ATTEMPTS)
    assert await state(database, "a") == ("dead", None)
    async with database.engine.connect() as connection:
        logged = (await connection.exec_driver_sql("SELECT outcome, code FROM outbox_log ORDER BY id")).all()
    assert [row.outcome for row in logged] == ["retry"] * (ATTEMPTS - 1) + ["dead"]
    assert {row.code for row in logged} == {-1}


async def test_only_what_nobody_has_touched_can_be_taken_back(database: Database, outbox: Outbox) -> None:
    await fill(database, "a", lane="a")
    await fill(database, "b", lane="b")
    await outbox.claim(1)
    async with database.transaction() as connection:
        taken = [await cancel(connection, key) for key in ("a", "b", "c")]
    assert sorted(taken) == [False, False, True]


async def test_announcements_stay_within_the_robots_rate(database: Database, outbox: Outbox) -> None:
    async with database.transaction() as connection:
        for number in range(25):
            await announce(connection, f"ticket-{number}", zh=f"新工单 T-{number}", en=f"New ticket T-{number}")
        await announce(connection, "ticket-1", zh="又来了", en="again")
    sent = []
    while items := await outbox.claim(8):
        for item in items:
            sent.append(item.body)
            await outbox.sent(item)
    assert sent == [f"新工单 T-{number}\nNew ticket T-{number}" for number in range(20)]


async def test_a_rolled_back_turn_announces_nothing(database: Database, outbox: Outbox) -> None:
    async def failing_turn() -> None:
        async with database.transaction() as connection:
            await announce(connection, "a", zh="甲", en="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing_turn()
    assert await outbox.claim(1) == []


@pytest.fixture
async def client(database: Database, wecom: FakeWecom) -> AsyncIterator[AppClient]:
    api = WecomHttp(wecom.url)
    yield AppClient(api, Tokens(database, Cipher([SecretStr(new_key())])), CORP, AGENT, SECRET)
    await api.close()


def words(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


async def test_many_senders_fetch_one_token(client: AppClient, wecom: FakeWecom) -> None:
    await asyncio.gather(*(client.send(f"user{number}", words("hi"), once=number) for number in range(12)))
    assert len(wecom.tokens) == 1
    assert len(wecom.messages) == 12


@pytest.mark.parametrize("forgotten", [True, False])
async def test_a_rejected_token_is_replaced_once(client: AppClient, wecom: FakeWecom, forgotten: bool) -> None:
    await client.send("user", words("one"), once=1)
    wecom.valid.clear()
    if forgotten:
        wecom.tokens[:] = ["another"]
    await asyncio.gather(*(client.send("user", words(f"{number}"), once=number) for number in range(6)))
    assert len(wecom.messages) == 7
    assert len(wecom.tokens) == 2


async def test_the_token_is_not_readable_in_the_database(client: AppClient, database: Database) -> None:
    token = await client.token()
    async with database.engine.connect() as connection:
        stored = (await connection.exec_driver_sql("SELECT token FROM wecom_tokens")).scalar_one()
    assert token not in stored


async def test_a_lost_answer_does_not_double_a_message(client: AppClient, wecom: FakeWecom) -> None:
    wecom.answers_lost = 1
    with pytest.raises(WecomError):
        await client.send("user", words("hi"), once=5)
    await client.send("user", words("hi"), once=5)
    assert len(wecom.messages) == 1
    await client.send("user", words("hi"), once=6)
    assert len(wecom.messages) == 2


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        ({"trusted": False}, 60020),
        ({"down": True}, None),
    ],
)
async def test_errors_carry_wecoms_code_and_nothing_secret(
    client: AppClient, wecom: FakeWecom, prepare: dict[str, Any], code: int | None
) -> None:
    for name, value in prepare.items():
        setattr(wecom, name, value)
    with pytest.raises(WecomError) as caught:
        await client.send("user", words("hi"), once=1)
    assert caught.value.code == code
    assert "token" not in caught.value.detail
    assert SECRET not in caught.value.detail


async def test_pictures_are_uploaded(client: AppClient, wecom: FakeWecom) -> None:
    media = await client.upload(b"\x89PNG picture")
    await client.send("user", {"msgtype": "image", "image": {"media_id": media}}, once=1)
    assert wecom.uploads == [b"\x89PNG picture"]


async def test_two_workers_deliver_everything_once_and_in_order(
    knowledge: Knowledge, tmp_path: Path, database_url: str, wecom: FakeWecom, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers and an agent's messages, while WeCom is down for a while and loses answers."""
    monkeypatch.setattr("assistant.store.outbox.backoff", lambda _: timedelta(seconds=1))
    settings = Settings.model_validate(
        {"data": tmp_path / "data", "database_url": database_url, "rate_limit": "off", **wecom_settings(wecom.url)}
    )
    wecom.down = True
    async with AsyncExitStack() as stack:
        apps = [create_app(settings, knowledge) for _ in range(2)]
        peers = [AppPeer(http, await stack.enter_async_context(listening(app))) for app in apps]
        users = [f"user{number}" for number in range(4)]
        await asyncio.gather(*(peers[number % 2].say(user, QUESTION, msg_id=f"m-{user}") for number, user in enumerate(users)))
        await asyncio.gather(*(peers[number % 2 - 1].say(user, QUESTION, msg_id=f"m-{user}") for number, user in enumerate(users)))
        context = apps[0].state.context
        async with context.database.engine.connect() as connection:
            conversation = (
                await connection.exec_driver_sql("SELECT conversation_id FROM wecom_members WHERE user_id = 'user0'")
            ).scalar_one()
        for number in range(5):
            message = Message(role="agent", lang="zh", blocks=(Text(markdown=f"消息 {number}"),), at=now())
            await context.store.add_live(conversation, message)
        wecom.answers_lost, wecom.down = 3, False
        await wecom.until(lambda: len([text for text in wecom.texts_to("user0") if "消息" in text]) == 5)
        await wecom.until(lambda: all(wecom.cards_to(user) for user in users))
    assert [text.split()[-1] for text in wecom.texts_to("user0") if "消息" in text] == [str(number) for number in range(5)]
    for user in users:
        assert len(wecom.cards_to(user)) == 1
        assert len(set(wecom.texts_to(user))) == len(wecom.texts_to(user))
    assert wecom.refused == []

"""A WeCom user is recognised once they have proven an account, until the binding is undone; what is not set up is not there."""

from __future__ import annotations

import pytest

from assistant.cipher import Cipher
from assistant.message import Message, Text, now
from assistant.store.wecom import Member, Members
from flows.accounts.commands.base import Proven
from tests.conftest import OpenClient
from tests.web.channels.conftest import Running
from tests.web.channels.fake_wecom import CORP, FakeWecom
from tests.web.channels.peer import QUESTION, AppPeer, BotPeer
from web.keys import cipher_from


@pytest.fixture
def cipher(running: Running) -> Cipher:
    return cipher_from(running.context.settings)


@pytest.fixture
def members(running: Running, cipher: Cipher) -> Members:
    return Members(running.context.database, cipher)


async def prove_by_code(running: Running, member: Member, account: str) -> None:
    """As a flow does when the right code was typed."""
    assert member.conversation_id
    async with running.context.store.locked(member.conversation_id) as conversation:
        await conversation.prove(Proven(conversation=conversation.id, account=account, at=now(), how="code"))


async def forget(running: Running, member: Member) -> None:
    """The conversation is over its retention."""
    async with running.context.database.transaction() as connection:
        await connection.exec_driver_sql(f"DELETE FROM conversations WHERE id = '{member.conversation_id}'")


async def test_a_proof_binds_the_member_and_later_conversations_are_proven_by_it(
    app: AppPeer, running: Running, members: Members, user: str
) -> None:
    await app.say(user, "谢谢")
    await prove_by_code(running, await members.recognise("wecom_app", CORP, user), "100001")
    await app.say(user, "谢谢")
    bound = await members.recognise("wecom_app", CORP, user)
    assert bound.account == "100001"
    await forget(running, bound)
    await app.say(user, "谢谢")
    again = await members.recognise("wecom_app", CORP, user)
    assert again.conversation_id not in {None, bound.conversation_id}
    identity = (await members.session(again.conversation_id or "")).identity
    assert identity
    assert (identity.account, identity.how) == ("100001", "wecom_user")


async def test_an_undone_binding_stays_undone(app: AppPeer, running: Running, members: Members, user: str) -> None:
    await app.say(user, "谢谢")
    await prove_by_code(running, await members.recognise("wecom_app", CORP, user), "100001")
    await app.say(user, "谢谢")
    assert await members.unbind(user) == 1
    assert await members.unbind(user) == 0
    await app.say(user, "谢谢")
    member = await members.recognise("wecom_app", CORP, user)
    assert member.account is None
    assert (await members.session(member.conversation_id or "")).identity is None
    await prove_by_code(running, member, "100002")
    await app.say(user, "谢谢")
    assert (await members.recognise("wecom_app", CORP, user)).account == "100002"


async def test_a_group_neither_binds_nor_is_proven(bot: BotPeer, running: Running, members: Members, user: str) -> None:
    await bot.say(user, "谢谢", chat="GROUP")
    member = await members.recognise("wecom_bot", CORP, user, "GROUP")
    await prove_by_code(running, member, "100001")
    await bot.say(user, "谢谢", chat="GROUP")
    assert (await members.recognise("wecom_bot", CORP, user, "GROUP")).account is None


async def test_an_agents_message_reaches_the_application(
    app: AppPeer, running: Running, members: Members, wecom: FakeWecom, user: str
) -> None:
    await app.say(user, "谢谢")
    member = await members.recognise("wecom_app", CORP, user)
    message = Message(role="agent", lang="zh", blocks=(Text(markdown="我是 **小王**"),), at=now())
    await running.context.store.add_live(member.conversation_id or "", message)
    await wecom.until(lambda: wecom.texts_to(user))
    assert wecom.texts_to(user) == ["人工客服：\n\n我是 小王"]


async def test_what_people_write_is_not_readable_in_the_database(app: AppPeer, running: Running, wecom: FakeWecom, user: str) -> None:
    await app.say(user, QUESTION)
    await wecom.until(lambda: wecom.cards_to(user))
    async with running.context.database.engine.connect() as connection:
        for table in ("wecom_deliveries", "wecom_cards", "outbox", "wecom_members", "outbox_log"):
            stored = str((await connection.exec_driver_sql(f"SELECT * FROM {table}")).all())
            assert "手机丢了" not in stored
            assert "自助" not in stored


async def test_doors_that_are_not_configured_do_not_exist(open_client: OpenClient) -> None:
    async with open_client() as client:
        for door in ("app", "bot"):
            assert (await client.get(f"/wecom/{door}")).status_code == 404
            assert (await client.post(f"/wecom/{door}", content=b"x")).status_code == 404
    async with open_client(wecom_bot_token="t", wecom_bot_aes_key="A" * 43) as client:
        assert (await client.get("/wecom/app")).status_code == 404
        assert (await client.get("/wecom/bot")).status_code == 403

"""Storage on both databases, through the doors the dialogue uses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.message import Incoming, Message, Text, now
from assistant.store import ConversationStore, Database, DatabaseUnavailable, Unknown, tables
from assistant.store.retention import purge
from tests.conftest import store_on


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return store_on(database)


@pytest.fixture
def dialogue(store: ConversationStore, knowledge: Knowledge) -> Dialogue:
    return Dialogue(knowledge, store)


async def test_the_same_message_gets_the_same_reply_and_is_kept_once(dialogue: Dialogue, store: ConversationStore) -> None:
    conversation, _ = await dialogue.open("web", None)
    message = Incoming(message_id="m1", text="怎么注销账号")
    first, second = await dialogue.handle(conversation.id, message), await dialogue.handle(conversation.id, message)
    assert first == second
    assert [row.message.role for row in await store.transcript(conversation.id, after=0)] == ["user", "assistant"]


async def test_the_same_message_sent_ten_times_at_once_is_handled_once(dialogue: Dialogue, store: ConversationStore) -> None:
    conversation, _ = await dialogue.open("web", None)
    message = Incoming(message_id="m1", text="怎么注销账号")
    replies = await asyncio.gather(*(dialogue.handle(conversation.id, message) for _ in range(10)))
    assert all(reply == replies[0] for reply in replies)
    assert len(await store.transcript(conversation.id, after=0)) == 2


async def test_messages_of_one_conversation_get_turns_of_their_own(dialogue: Dialogue) -> None:
    conversation, _ = await dialogue.open("web", None)
    texts = ["怎么注销账号", "thanks", "手机丢了", "转人工", "how do I bind MFA"]
    replies = await asyncio.gather(*(dialogue.handle(conversation.id, Incoming(message_id=text, text=text)) for text in texts))
    assert sorted(reply.turn for reply in replies) == [1, 2, 3, 4, 5]


async def test_a_crash_in_the_middle_of_a_turn_leaves_nothing_behind(
    dialogue: Dialogue, store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, _ = await dialogue.open("web", None)
    message = Incoming(message_id="m1", text="怎么注销账号")
    with monkeypatch.context() as patch:
        patch.setattr("assistant.store.unlocked.now", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await dialogue.handle(conversation.id, message)
    assert await store.transcript(conversation.id, after=0) == []
    assert (await dialogue.handle(conversation.id, message)).turn == 1


async def test_the_token_is_the_only_key(dialogue: Dialogue, store: ConversationStore, database: Database) -> None:
    conversation, _ = await dialogue.open("web", None)
    await store.authenticate(conversation.id, conversation.token)
    for wrong_id, wrong_token in ((conversation.id, "x"), ("x" * 32, conversation.token), ("", ""), (conversation.id, "\ud800")):
        with pytest.raises(Unknown):
            await store.authenticate(wrong_id, wrong_token)
    async with database.engine.connect() as connection:
        kept = (await connection.execute(select(tables.conversations.c.token_hash))).scalar_one()
    assert conversation.token not in kept


async def test_secrets_never_reach_the_database(dialogue: Dialogue, database: Database) -> None:
    conversation, _ = await dialogue.open("web", None)
    secrets = ["11010519491231002X", "13800138000", "482913", "Abc!2345x", "zhang.san@example.com"]
    said = f"我的身份证 {secrets[0]} 手机 {secrets[1]} 验证码 {secrets[2]} 密码是{secrets[3]} 邮箱 {secrets[4]} xyzzy"
    await dialogue.handle(conversation.id, Incoming(message_id="m", text=said))
    await dialogue.handle(conversation.id, Incoming(message_id="n", text=f"qwzx {said}"))
    async with database.engine.connect() as connection:
        everything = [str(row) for table in tables.metadata.tables.values() for row in await connection.execute(select(table))]
    assert [secret for secret in secrets if any(secret in row for row in everything)] == []


async def test_questions_without_an_answer_are_recorded_masked(dialogue: Dialogue, database: Database) -> None:
    conversation, _ = await dialogue.open("web", None)
    await dialogue.handle(conversation.id, Incoming(message_id="m", text="明天 13800138000 那边会下雪吗"))
    async with database.engine.connect() as connection:
        row = (await connection.execute(select(tables.unanswered))).one()
    assert "下雪" in row.question
    assert "13800138000" not in row.question


async def test_live_messages_arrive_in_order_after_what_was_seen(dialogue: Dialogue, store: ConversationStore) -> None:
    conversation, _ = await dialogue.open("web", None)
    seen = await store.last_row(conversation.id)
    for text in ("one", "two"):
        await store.add_live(conversation.id, Message(role="agent", lang="en", blocks=(Text(markdown=text),), at=now()))
    live = await store.live_after(conversation.id, seen)
    assert [block.markdown for item in live for block in item.message.blocks if isinstance(block, Text)] == ["one", "two"]
    assert await store.live_after(conversation.id, live[-1].id) == []


async def test_feedback_belongs_to_a_turn_and_the_last_counts(dialogue: Dialogue, store: ConversationStore, database: Database) -> None:
    conversation, _ = await dialogue.open("web", None)
    await dialogue.handle(conversation.id, Incoming(message_id="m", text="怎么注销账号"))
    assert await store.record_feedback(conversation.id, 1, helpful=True, comment=None)
    assert await store.record_feedback(conversation.id, 1, helpful=False, comment="no")
    assert not await store.record_feedback(conversation.id, 7, helpful=True, comment=None)
    async with database.engine.connect() as connection:
        assert [row.helpful for row in await connection.execute(select(tables.feedback))] == [False]


async def test_purging_deletes_what_is_old_and_nothing_else(dialogue: Dialogue, store: ConversationStore, database: Database) -> None:
    conversation, _ = await dialogue.open("web", None)
    assert await purge(database, now() - timedelta(days=1)) == 0
    assert await store.transcript(conversation.id)
    assert await purge(database, now() + timedelta(seconds=1)) == 1
    assert await store.transcript(conversation.id) == []


async def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), tables.metadata))

    async with database.engine.connect() as connection:
        found = await connection.run_sync(differences)
    assert [difference for difference in found if "alembic_version" not in str(difference)] == []


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await database.migrate()
    await database.ping()


@pytest.mark.parametrize(
    "url", ["postgresql://nobody:hunter2@127.0.0.1:1/none", "sqlite:////proc/nowhere/assistant.db", "mysql+nonsense://x"]
)
async def test_an_unreachable_database_is_one_sentence_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        await Database(url).migrate()
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)

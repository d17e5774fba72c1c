"""The figures of Insights: the same on both databases, by the days of Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.message import Incoming, now
from assistant.store import ConversationStore, Database, tables
from assistant.store.insights import Daily, InsightStore, Period, Topic
from flows.accounts.calendar import day_of
from tests.conftest import store_on

Said = str | tuple[str, str]

# Just before and after midnight in Shanghai, on one day of UTC.
LATE, EARLY = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC)
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
BOTH = Period(FIRST, SECOND)


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return store_on(database)


@pytest.fixture
def dialogue(store: ConversationStore, knowledge: Knowledge) -> Dialogue:
    return Dialogue(knowledge, store)


async def talk(dialogue: Dialogue, *said: Said, channel: str = "web") -> str:
    conversation, _ = await dialogue.open(channel, "en")
    for number, one in enumerate(said):
        text, choice = (one, None) if isinstance(one, str) else (None, one[1])
        await dialogue.handle(conversation.id, Incoming(message_id=f"m{number}", text=text, choice=choice))
    return conversation.id


async def move(database: Database, conversation: str, at: datetime) -> None:
    """Let a conversation have happened at this time."""
    async with database.transaction() as connection:
        for table, column in (("conversations", "created_at"), ("turns", "at"), ("flow_steps", "at"), ("handoffs", "requested_at")):
            found = tables.metadata.tables[table]
            key = found.c.id if table == "conversations" else found.c.conversation_id
            await connection.execute(update(found).where(key == conversation).values({column: at}))


@pytest.fixture
async def history(dialogue: Dialogue, store: ConversationStore, database: Database) -> Database:
    """Two days with three conversations."""
    first = await talk(dialogue, "will it snow tomorrow", "how do I bind an MFA device")
    second = await talk(dialogue, "how do I bind an MFA device", "let me talk to a person", channel="wecom")
    third = await talk(dialogue, "how do I cancel my account")
    await store.record_feedback(first, 2, helpful=True, comment=None)
    await store.record_feedback(second, 1, helpful=False, comment=None)
    for conversation, at in ((first, LATE), (second, EARLY), (third, EARLY)):
        await move(database, conversation, at)
    return database


async def test_conversations_and_messages_are_counted_by_day_and_channel(history: Database) -> None:
    insights = InsightStore(history)
    assert await insights.channels() == ["web", "wecom"]
    assert await insights.conversations(BOTH) == [Daily(FIRST, "web", 1), Daily(SECOND, "web", 1), Daily(SECOND, "wecom", 1)]
    assert await insights.messages(BOTH) == [Daily(FIRST, "web", 2), Daily(SECOND, "web", 1), Daily(SECOND, "wecom", 2)]
    assert await insights.messages(Period(SECOND, SECOND, "wecom")) == [Daily(SECOND, "wecom", 2)]
    assert await insights.messages(Period(SECOND + timedelta(days=1), SECOND + timedelta(days=9))) == []


async def test_replies_verdicts_and_handoffs_are_counted(history: Database) -> None:
    insights = InsightStore(history)
    kinds = [Daily(FIRST, "answer", 1), Daily(FIRST, "fallback", 1), Daily(SECOND, "answer", 2), Daily(SECOND, "handoff", 1)]
    assert await insights.kinds(BOTH) == kinds
    assert await insights.verdicts(BOTH) == [Daily(FIRST, "helpful", 1), Daily(SECOND, "unhelpful", 1)]
    assert await insights.handoffs(BOTH) == [Daily(SECOND, "wecom", 1)]
    assert await insights.handoffs(Period(FIRST, SECOND, "web")) == []


async def test_the_median_wait_is_that_of_those_who_were_taken_over(history: Database) -> None:
    assert await InsightStore(history).median_wait(BOTH) is None
    async with history.transaction() as connection:
        await connection.execute(update(tables.handoffs).values(taken_at=EARLY + timedelta(seconds=90)))
    assert await InsightStore(history).median_wait(BOTH) == timedelta(seconds=90)


async def test_topics_come_with_their_verdicts(history: Database) -> None:
    first, *others = await InsightStore(history).topics(BOTH)
    assert first == Topic("entry", "mfa/bind", 2, 1, 1)
    assert "cancellation/how-to" in {topic.id for topic in others}
    assert (await InsightStore(history).entries_hit(BOTH))["mfa/bind"] == 2
    assert await InsightStore(history).entries_hit(Period(FIRST, FIRST)) == {"mfa/bind": 1}


async def test_a_flow_is_followed_step_by_step_to_its_end(dialogue: Dialogue, database: Database, knowledge: Knowledge) -> None:
    await talk(dialogue, ("choose", "flow:projects"), "cancel")
    await talk(dialogue, ("choose", "flow:projects"), "will it snow tomorrow")
    today = day_of(now())
    (funnel,) = await InsightStore(database).funnels(Period(today, today))
    start = knowledge.flows["projects"].start
    assert start is not None
    assert (funnel.flow, funnel.runs, funnel.steps[start]) == ("projects", 2, 2)
    assert (funnel.cancelled, funnel.done, funnel.open) == (1, 0, 1)
    assert set(funnel.steps) <= set(knowledge.flows["projects"].steps)


async def test_a_step_entered_twice_in_one_run_counts_once(dialogue: Dialogue, database: Database) -> None:
    await talk(dialogue, ("choose", "flow:bind-mfa"), "1", "back", "1")
    today = day_of(now())
    (funnel,) = await InsightStore(database).funnels(Period(today, today))
    assert set(funnel.steps.values()) == {1}


async def test_what_is_recorded_of_a_flow_holds_no_words(dialogue: Dialogue, database: Database) -> None:
    await talk(dialogue, ("choose", "flow:bind-mfa"), "my password is hunter2!x", "1")
    async with database.engine.connect() as connection:
        rows = [str(row) for row in await connection.execute(tables.flow_steps.select())]
    assert rows
    assert not any("hunter2" in row for row in rows)

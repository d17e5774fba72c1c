"""The inbox on both databases: one agent at a time, in order, and the assistant silent meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from assistant.dialogue import Dialogue
from assistant.handover import Handover, NotYours
from assistant.knowledge import Knowledge
from assistant.message import Incoming, Text, now
from assistant.roles import Role
from assistant.store import ConversationStore, Database, Unknown
from assistant.store.agents import Agent, AgentStore
from assistant.store.inbox import InboxStore
from tests.conftest import store_on


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return store_on(database)


@pytest.fixture
def dialogue(store: ConversationStore, knowledge: Knowledge) -> Dialogue:
    return Dialogue(knowledge, store)


@pytest.fixture
def handover(store: ConversationStore) -> Handover:
    return Handover(store)


@pytest.fixture
def inbox(database: Database) -> InboxStore:
    return InboxStore(database)


async def hire(database: Database, name: str, role: Role = "agent", display_name: str = "") -> Agent:
    return await AgentStore(database).add(name, role, display_name)


async def say(dialogue: Dialogue, conversation: str, text: str) -> int:
    """How many messages came back."""
    reply = await dialogue.handle(conversation, Incoming(message_id=f"{text}-{now().isoformat()}", text=text))
    return len(reply.messages)


async def waiting(dialogue: Dialogue) -> str:
    """A conversation whose visitor has asked for a person."""
    conversation, _ = await dialogue.open("web", "en")
    await say(dialogue, conversation.id, "let me talk to a person")
    return conversation.id


async def words(store: ConversationStore, conversation: str) -> list[tuple[str, str]]:
    rows = await store.transcript(conversation)
    return [(row.message.role, block.markdown) for row in rows for block in row.message.blocks if isinstance(block, Text)]


async def test_who_asked_first_is_on_top_and_closed_ones_are_below(
    dialogue: Dialogue, handover: Handover, inbox: InboxStore, database: Database
) -> None:
    first, second, third = [await waiting(dialogue) for _ in range(3)]
    ann = await hire(database, "ann")
    await handover.take(first, ann)
    await handover.close(first, ann, "solved", "")
    assert [one.handoff.conversation_id for one in await inbox.open()] == [second, third]
    (closed,) = await inbox.closed(now() - timedelta(hours=1))
    assert (closed.handoff.conversation_id, closed.handoff.agent, closed.handoff.outcome) == (first, "ann", "solved")
    assert await inbox.closed(now() + timedelta(hours=1)) == []


async def test_a_line_shows_the_matter_and_not_the_request_for_a_person(dialogue: Dialogue, inbox: InboxStore) -> None:
    conversation, _ = await dialogue.open("web", "en")
    for text in ("how do I cancel my account", "let me talk to a person"):
        await say(dialogue, conversation.id, text)
    await waiting(dialogue)
    assert [one.said for one in await inbox.open()] == ["how do I cancel my account", ""]


async def test_of_many_agents_at_once_exactly_one_takes_over(
    dialogue: Dialogue, handover: Handover, store: ConversationStore, database: Database
) -> None:
    conversation = await waiting(dialogue)
    agents = [await hire(database, f"agent-{number}", display_name=f"Number {number}") for number in range(6)]
    results = await asyncio.gather(*(handover.take(conversation, agent) for agent in agents), return_exceptions=True)
    assert [type(result) for result in results].count(NotYours) == 5
    (winner,) = [agent for agent, result in zip(agents, results, strict=True) if result is None]
    assert {result.agent for result in results if isinstance(result, NotYours)} == {winner.name}
    assert [said for role, said in await words(store, conversation) if "has joined" in said] == [
        f"Agent {winner.display_name} has joined and answers you from here on. Please send no passwords or codes."
    ]


async def test_the_assistant_is_silent_until_the_conversation_is_given_back(
    dialogue: Dialogue, handover: Handover, store: ConversationStore, inbox: InboxStore, database: Database
) -> None:
    conversation, ann = await waiting(dialogue), await hire(database, "ann")
    await handover.take(conversation, ann)
    assert await say(dialogue, conversation, "how do I cancel my account") == 0
    assert await say(dialogue, conversation, "my number is 13800138000") == 0
    (listed,) = await inbox.open()
    assert (listed.unread, listed.said) == (2, "my number is 138******00")
    await dialogue.handle(conversation, Incoming(message_id="tapped", choice="entry:mfa/bind"))
    assert (await words(store, conversation))[-1] == ("user", "How do I bind an MFA device?")
    await handover.reply(conversation, ann, [Text(markdown="one moment")])
    (listed,) = await inbox.open()
    assert listed.unread == 0
    assert (await words(store, conversation))[-1] == ("agent", "one moment")
    await handover.give_back(conversation, ann)
    assert await say(dialogue, conversation, "how do I cancel my account") == 1
    latest = await inbox.latest(conversation)
    assert latest
    assert (latest.state, latest.outcome) == ("closed", "returned")


async def test_only_the_agent_who_has_it_writes_gives_back_or_closes(dialogue: Dialogue, handover: Handover, database: Database) -> None:
    conversation, ann, ben = await waiting(dialogue), await hire(database, "ann"), await hire(database, "ben")
    with pytest.raises(NotYours):
        await handover.reply(conversation, ann, [Text(markdown="hello")])
    await handover.take(conversation, ann)
    for attempt in (
        handover.reply(conversation, ben, [Text(markdown="hello")]),
        handover.give_back(conversation, ben),
        handover.close(conversation, ben, "solved", ""),
        handover.take(conversation, ben),
        handover.take(conversation, ben, taken_from="ann"),
    ):
        with pytest.raises(NotYours, match="ann"):
            await attempt


async def test_an_administrator_takes_over_from_the_agent_named(dialogue: Dialogue, handover: Handover, database: Database) -> None:
    conversation, ann, eve = await waiting(dialogue), await hire(database, "ann"), await hire(database, "eve", "admin")
    await handover.take(conversation, ann)
    with pytest.raises(NotYours):
        await handover.take(conversation, eve)
    await handover.take(conversation, eve, taken_from="ann")
    with pytest.raises(NotYours, match="eve"):
        await handover.reply(conversation, ann, [Text(markdown="hello")])


async def test_a_visitor_comes_back_to_the_queue_after_a_close(
    dialogue: Dialogue, handover: Handover, inbox: InboxStore, database: Database
) -> None:
    conversation, ann = await waiting(dialogue), await hire(database, "ann")
    await handover.take(conversation, ann)
    await handover.close(conversation, ann, "other", "asked to call back")
    await say(dialogue, conversation, "let me talk to a person")
    (listed,) = await inbox.open()
    assert (listed.handoff.state, listed.handoff.agent) == ("waiting", None)


async def test_a_conversation_can_be_taken_over_unasked(
    dialogue: Dialogue, handover: Handover, inbox: InboxStore, database: Database
) -> None:
    conversation, _ = await dialogue.open("web", "zh")
    ann = await hire(database, "ann")
    await handover.take(conversation.id, ann)
    (listed,) = await inbox.open()
    assert (listed.handoff.state, listed.handoff.agent, listed.said) == ("taken", "ann", "")


async def test_notes_are_for_agents(dialogue: Dialogue, inbox: InboxStore, store: ConversationStore, database: Database) -> None:
    conversation, ann = await waiting(dialogue), await hire(database, "ann")
    await inbox.note(conversation, ann.id, "called twice")
    assert [(note.agent, note.body) for note in await inbox.notes(conversation)] == [("ann", "called twice")]
    assert "called twice" not in str(await store.transcript(conversation))


async def test_an_unknown_conversation_cannot_be_taken(handover: Handover, database: Database) -> None:
    with pytest.raises(Unknown):
        await handover.take("0" * 32, await hire(database, "ann"))

"""Tickets on both databases: found, worked on one at a time, and told to whoever opened them."""

from __future__ import annotations

import asyncio

import pytest

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.message import Message, now
from assistant.store import ConversationStore, Database
from assistant.store.agents import Agent, AgentStore
from assistant.store.checklists import ChecklistStore
from assistant.store.tickets import Filter, TicketStore
from assistant.ticketing import NoTicket, Ticketing, WrongStep
from flows.blocks import Ticket
from flows.desk import SharedChecklist
from flows.model import Bilingual
from tests.conftest import store_on


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return store_on(database)


@pytest.fixture
def ticketing(database: Database, store: ConversationStore) -> Ticketing:
    return Ticketing(database, store)


@pytest.fixture
async def ann(database: Database) -> Agent:
    return await AgentStore(database).add("ann", "agent")


@pytest.fixture
async def conversation(store: ConversationStore, knowledge: Knowledge) -> str:
    """A conversation in which two tickets were opened, which the account service does not know."""
    opened, _ = await Dialogue(knowledge, store).open("web", "en")
    tickets = tuple(Ticket(id=number, status="open", url="") for number in ("TK0000000001", "TK0000000002"))
    async with store.locked(opened.id) as unlocked:
        shown = Message(role="assistant", lang="en", blocks=tickets, at=now())
        await unlocked.desk.record_tickets("contact-support", unlocked.session, (shown,))
    return opened.id


async def numbers(database: Database, **chosen: object) -> list[str]:
    return [ticket.number for ticket in await TicketStore(database).find(Filter(**chosen))]  # type: ignore[arg-type]  # as typed by each test


async def test_unfinished_tickets_are_found_by_state_agent_and_number(
    ticketing: Ticketing, database: Database, conversation: str, ann: Agent
) -> None:
    await TicketStore(database).assign("TK0000000001", ann.id)
    await ticketing.move("TK0000000002", ann, "closed", "", "key-00001")
    assert await numbers(database) == ["TK0000000001"]
    assert await numbers(database, state="") == ["TK0000000001", "TK0000000002"]
    assert await numbers(database, state="closed") == ["TK0000000002"]
    assert await numbers(database, state="", assigned="mine", agent=ann.id) == ["TK0000000001"]
    assert await numbers(database, state="", assigned="unassigned") == ["TK0000000002"]
    assert await numbers(database, state="", number="0002") == ["TK0000000002"]
    assert await numbers(database, state="", number="%") == []
    assert await numbers(database, state="", flow="mfa-loss-ticket") == []


async def test_of_several_decisions_at_once_one_counts_and_is_told_once(
    ticketing: Ticketing, store: ConversationStore, conversation: str, ann: Agent
) -> None:
    moves = (ticketing.move("TK0000000001", ann, state, "done", f"key-{state}") for state in ("resolved", "refused", "closed"))
    assert sorted(await asyncio.gather(*moves)) == ["moved", "settled", "settled"]
    told = [row.message for row in await store.transcript(conversation) if row.message.role == "agent"]
    assert len(told) == 1
    assert [block.type for block in told[0].blocks] == ["text", "ticket"]


async def test_a_ticket_goes_no_way_back(ticketing: Ticketing, conversation: str, ann: Agent) -> None:
    await ticketing.move("TK0000000001", ann, "in_progress", "", "key-00001")
    with pytest.raises(WrongStep):
        await ticketing.move("TK0000000001", ann, "open", "", "key-00002")
    with pytest.raises(NoTicket):
        await ticketing.comment("TK9", ann, "hello", public=False)


async def test_comments_are_kept_in_order_and_only_public_ones_are_told(
    ticketing: Ticketing, database: Database, store: ConversationStore, conversation: str, ann: Agent
) -> None:
    await ticketing.comment("TK0000000001", ann, "for us", public=False)
    await ticketing.comment("TK0000000001", ann, "for you", public=True)
    kept = await TicketStore(database).comments("TK0000000001")
    assert [(comment.agent, comment.public, comment.body) for comment in kept] == [("ann", False, "for us"), ("ann", True, "for you")]
    said = str(await store.transcript(conversation))
    assert "for you" in said
    assert "for us" not in said


async def test_lists_still_open_come_first(database: Database, store: ConversationStore, conversation: str) -> None:
    title = Bilingual(zh="清单", en="List")
    async with store.locked(conversation) as unlocked:
        for name, closed in (("open", False), ("closed", True)):
            await unlocked.desk.keep(
                SharedChecklist(id=name, conversation=conversation, flow="offboarding-checklist", title=title, items=(), closed=closed)
            )
    assert [kept.checklist.id for kept in await ChecklistStore(database).all()] == ["open", "closed"]
    found = await ChecklistStore(database).get("open")
    assert found
    assert (found.conversation_id, found.channel) == (conversation, "web")
    assert await ChecklistStore(database).get("none") is None

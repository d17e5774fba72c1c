"""What agents do with tickets; whoever opened one hears of it in the conversation that it came from, in the same transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from assistant.handover import tell_of_ticket
from assistant.phrases import phrase
from assistant.store import ConversationStore, Database, Unlocked
from assistant.store.agents import Agent
from assistant.store.tickets import OPEN, Ticket, TicketDesk, TicketStore
from flows import blocks
from flows.accounts.base import Refusal
from flows.accounts.commands.base import Staff
from flows.accounts.commands.tickets import DecideTicket, InspectTicket, TicketInspected
from flows.accounts.protocol import AccountService
from flows.accounts.records.tickets import TicketState

Moved = Literal["moved", "settled"]
"""``settled``: the ticket was over already, in the account service or by another agent; the desk shows how it ended."""


class NoTicket(Exception):
    """There is no ticket of this number on the desk."""


class WrongStep(Exception):
    """A ticket cannot go to this state from where it is."""


def next_states(state: TicketState, *, known: bool) -> tuple[TicketState, ...]:
    """Where a ticket may go; one that the account service knows is decided, and closed by its opener only."""
    if state not in OPEN:
        return ()
    started: tuple[TicketState, ...] = ("in_progress",) if state == "open" else ()
    return (*started, "resolved", "refused") if known else (*started, "resolved", "refused", "closed")


@dataclass(frozen=True, slots=True)
class _Work:
    """A ticket under its lock, with the account service and, if it still exists, its conversation in one transaction."""

    ticket: Ticket
    desk: TicketDesk
    accounts: AccountService
    conversation: Unlocked | None

    async def tell(self, agent: Agent, state: TicketState, words: str) -> None:
        """Write into the ticket's conversation."""
        if self.conversation:
            await tell_of_ticket(self.conversation, agent, blocks.Ticket(id=self.ticket.number, status=state, url=""), words)

    async def inspect(self, agent: Agent) -> TicketInspected | None:
        found = await self.accounts.inspect_ticket(Staff(name=agent.name), InspectTicket(number=self.ticket.number))
        return None if isinstance(found, Refusal) else found


class Ticketing:
    """All methods raise ``NoTicket``, and ``ServiceUnavailable`` when the account service does not answer."""

    def __init__(self, database: Database, store: ConversationStore) -> None:
        self._tickets = TicketStore(database)
        self._store = store

    async def inspect(self, number: str, agent: Agent) -> TicketInspected | None:
        """What the account service knows of a ticket; None when it is not one of its own."""
        async with self._store.accounts() as accounts:
            found = await accounts.inspect_ticket(Staff(name=agent.name), InspectTicket(number=number))
        return None if isinstance(found, Refusal) else found

    async def comment(self, number: str, agent: Agent, body: str, *, public: bool) -> None:
        """Say something about a ticket, to its opener or to colleagues only; masked by the caller."""
        async with self._opened(number) as work:
            await work.desk.comment(agent.id, body, public=public)
            if public:
                await work.tell(agent, work.ticket.state, body)

    async def move(self, number: str, agent: Agent, state: TicketState, words: str, key: str) -> Moved:
        """Bring a ticket to another state and tell its opener, with words of one's own if there are any.

        A decision on a ticket of the account service is carried out there, once per ``key``. Raises ``WrongStep``.
        """
        async with self._opened(number) as work:
            if work.ticket.state not in OPEN:
                return "settled"
            inspected = await work.inspect(agent)
            if inspected and inspected.state not in OPEN:
                await work.desk.set_state(inspected.state)
                return "settled"
            if state not in next_states(work.ticket.state, known=inspected is not None):
                raise WrongStep
            if inspected and state not in OPEN:
                await self._decide(work, agent, state, words, key)
            await work.desk.set_state(state)
            if words:
                await work.desk.comment(agent.id, words, public=True)
            told = phrase(f"ticket-{state}", (work.conversation.session if work.conversation else work.ticket).lang, number=number)
            await work.tell(agent, state, f"{told}\n\n{words}".strip())
            return "moved"

    async def _decide(self, work: _Work, agent: Agent, state: TicketState, words: str, key: str) -> None:
        decision = DecideTicket(number=work.ticket.number, resolve=state == "resolved", text=words)
        decided = await work.accounts.decide_ticket(Staff(name=agent.name), decision, f"ticket:{work.ticket.number}:{key}")
        if isinstance(decided, Refusal):
            raise WrongStep(decided.reason)

    @asynccontextmanager
    async def _opened(self, number: str) -> AsyncIterator[_Work]:
        found = await self._tickets.get(number)
        if found is None:
            raise NoTicket
        if found.conversation_id is None:
            async with self._store.outside() as (connection, accounts):
                yield await _work(TicketDesk(connection, number), accounts, None)
        else:
            async with self._store.locked(found.conversation_id) as conversation:
                yield await _work(TicketDesk(conversation.connection, number), conversation.accounts, conversation)


async def _work(desk: TicketDesk, accounts: AccountService, conversation: Unlocked | None) -> _Work:
    ticket = await desk.read()
    if ticket is None:
        raise NoTicket
    return _Work(ticket, desk, accounts, conversation)

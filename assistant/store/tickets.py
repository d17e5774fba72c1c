"""Tickets as support agents see them: a list to work through, who has each, and what was said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Row, Select, case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.message import now
from assistant.store import tables
from assistant.store.database import Database
from flows.accounts.records.tickets import TicketState
from kb.entry import Lang

_tickets, _agents, _comments = tables.tickets, tables.agents, tables.ticket_comments

STATES: tuple[TicketState, ...] = get_args(TicketState)
OPEN: tuple[TicketState, ...] = ("open", "in_progress")
MOST = 500
"""Tickets on one page; a filter finds the others."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket on the desk; ``agent`` is the name of whoever works on it, and the conversation may be gone."""

    number: str
    conversation_id: str | None
    flow: str
    lang: Lang
    channel: str
    state: TicketState
    agent_id: int | None
    agent: str | None
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said about a ticket; only a public one reaches its opener."""

    agent: str | None
    public: bool
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets to list; an empty field means any. ``state`` may also be ``unfinished``; ``agent`` is for ``mine``."""

    state: str = "unfinished"
    assigned: Literal["", "mine", "unassigned"] = ""
    flow: str = ""
    number: str = ""
    agent: int | None = None


class TicketStore:
    """All tickets of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, chosen: Filter, most: int = MOST) -> list[Ticket]:
        """Unfinished ones first, the oldest on top, then the latest of the others."""
        done = case((_tickets.c.state.in_(OPEN), 0), else_=1)
        query = _chosen(chosen).order_by(done, case((done == 0, _tickets.c.opened_at)), _tickets.c.updated_at.desc()).limit(most)
        async with self._database.engine.connect() as connection:
            return [_ticket(row) for row in await connection.execute(query)]

    async def get(self, number: str) -> Ticket | None:
        """The ticket of this number."""
        async with self._database.engine.connect() as connection:
            return await _get(connection, number)

    async def flows(self) -> list[str]:
        """The flows that tickets came from."""
        async with self._database.engine.connect() as connection:
            return sorted((await connection.execute(select(_tickets.c.flow).distinct())).scalars())

    async def comments(self, number: str) -> list[Comment]:
        """Everything said about a ticket, the oldest first."""
        query = select(_agents.c.name, _comments.c.public, _comments.c.body, _comments.c.at).select_from(_comments.outerjoin(_agents))
        async with self._database.engine.connect() as connection:
            rows = await connection.execute(query.where(_comments.c.number == number).order_by(_comments.c.id))
            return [Comment(row.name, row.public, row.body, row.at) for row in rows]

    async def assign(self, number: str, agent_id: int | None) -> None:
        """Give a ticket to an agent, or to nobody."""
        async with self._database.transaction() as connection:
            await connection.execute(update(_tickets).where(_tickets.c.number == number).values(agent_id=agent_id, updated_at=now()))


class TicketDesk:
    """One ticket in the transaction of whoever changes it."""

    def __init__(self, connection: AsyncConnection, number: str) -> None:
        self._connection = connection
        self._number = number

    async def read(self) -> Ticket | None:
        """As it stands in this transaction, which has it for itself."""
        locked = select(_tickets.c.number).where(_tickets.c.number == self._number).with_for_update()
        await self._connection.execute(locked)
        return await _get(self._connection, self._number)

    async def set_state(self, state: TicketState) -> None:
        """How far it is now."""
        changed = update(_tickets).where(_tickets.c.number == self._number)
        await self._connection.execute(changed.values(state=state, updated_at=now()))

    async def comment(self, agent_id: int, body: str, *, public: bool) -> None:
        """Keep what an agent says about it, masked by the caller."""
        values = {"number": self._number, "agent_id": agent_id, "public": public, "body": body, "at": now()}
        await self._connection.execute(insert(_comments).values(values))


def _with_agent() -> Select[Any]:
    return select(_tickets, _agents.c.name.label("agent")).select_from(_tickets.outerjoin(_agents))


def _chosen(chosen: Filter) -> Select[Any]:
    query = _with_agent()
    if chosen.state:
        query = query.where(_tickets.c.state.in_(OPEN if chosen.state == "unfinished" else (chosen.state,)))
    if chosen.assigned:
        query = query.where(_tickets.c.agent_id == (chosen.agent if chosen.assigned == "mine" else None))
    if chosen.flow:
        query = query.where(_tickets.c.flow == chosen.flow)
    if chosen.number:
        query = query.where(_tickets.c.number.icontains(chosen.number, autoescape=True))
    return query


async def _get(connection: AsyncConnection, number: str) -> Ticket | None:
    row = (await connection.execute(_with_agent().where(_tickets.c.number == number))).one_or_none()
    return _ticket(row) if row else None


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(
        row.number, row.conversation_id, row.flow, row.lang, row.channel, row.state, row.agent_id, row.agent, row.opened_at, row.updated_at
    )

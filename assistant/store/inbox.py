"""The inbox: conversations that wait for a person, are with an agent, or were closed; and agents' notes on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.message import Message, Text, now
from assistant.privacy import HIDDEN
from assistant.store import tables
from assistant.store.database import Database
from assistant.store.tickets import OPEN
from assistant.store.unlocked import Unlocked
from kb.entry import Lang

_handoffs, _agents, _messages, _turns = tables.handoffs, tables.agents, tables.messages, tables.turns
_conversations, _tickets = tables.conversations, tables.tickets

SHOWN = 200
"""Open handoffs on the page: more than any team works through."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """One time that a conversation was handed to a person; ``agent`` is the name of whoever has it."""

    id: int
    conversation_id: str
    state: Literal["waiting", "taken", "closed"]
    lang: Lang
    channel: str
    flow: str | None
    agent_id: int | None
    agent: str | None
    outcome: str | None
    requested_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the inbox: the visitor's last words about the matter, and how many messages came since support wrote last.

    ``proven`` says whether an account's holder has proven to be there, ``ticket`` which ticket of the conversation is open.
    """

    handoff: Handoff
    said: str
    unread: int
    proven: bool
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """What agents tell each other about a conversation; visitors never see it."""

    agent: str | None
    body: str
    at: datetime


class InboxStore:
    """What the inbox of one database shows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> list[Listed]:
        """All that wait or are with an agent, the longest waiting first."""
        return await self._listed(_listed().where(_handoffs.c.state != "closed").order_by(_handoffs.c.id).limit(SHOWN))

    async def waiting(self) -> int:
        """How many wait."""
        async with self._database.engine.connect() as connection:
            return (await connection.execute(select(func.count()).where(_handoffs.c.state == "waiting"))).scalar_one()

    async def closed(self, since: datetime, most: int = 20) -> list[Listed]:
        """Conversations closed since then and not handed to a person again, the latest first."""
        again = _handoffs.alias()
        handed_again = exists().where(again.c.conversation_id == _handoffs.c.conversation_id, again.c.id > _handoffs.c.id)
        lately = (_handoffs.c.state == "closed", _handoffs.c.closed_at >= since, ~handed_again)
        return await self._listed(_listed().where(*lately).order_by(_handoffs.c.closed_at.desc()).limit(most))

    async def latest(self, conversation_id: str) -> Handoff | None:
        """The open handoff of a conversation, else its last one."""
        async with self._database.engine.connect() as connection:
            return await _latest(connection, conversation_id)

    async def notes(self, conversation_id: str) -> list[Note]:
        """All notes on a conversation, the oldest first."""
        table = tables.notes
        query = select(_agents.c.name, table.c.body, table.c.at).select_from(table.outerjoin(_agents)).order_by(table.c.id)
        async with self._database.engine.connect() as connection:
            rows = await connection.execute(query.where(table.c.conversation_id == conversation_id))
            return [Note(row.name, row.body, row.at) for row in rows]

    async def note(self, conversation_id: str, agent_id: int, body: str) -> None:
        """Leave a note, masked by the caller."""
        values = {"conversation_id": conversation_id, "agent_id": agent_id, "body": body, "at": now()}
        async with self._database.transaction() as connection:
            await connection.execute(insert(tables.notes).values(values))

    async def _listed(self, query: Select[Any]) -> list[Listed]:
        async with self._database.engine.connect() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
        return [Listed(_handoff(row), _words(row.said), row.unread, row.account is not None, row.ticket) for row in rows]


class Handoffs:
    """One conversation's place in the inbox, in the transaction of whoever changes it."""

    def __init__(self, conversation: Unlocked) -> None:
        self._conversation = conversation

    async def current(self) -> Handoff | None:
        """The handoff that is open."""
        found = await _latest(self._conversation.connection, self._conversation.id)
        return found if found and found.state != "closed" else None

    async def take(self, agent_id: int) -> None:
        """Give the conversation to an agent, whether it was waiting or not."""
        at, session = now(), self._conversation.session
        # Whoever comes second does not change how long the visitor waited.
        taken = {"state": "taken", "agent_id": agent_id, "taken_at": func.coalesce(_handoffs.c.taken_at, at)}
        changed = await self._conversation.connection.execute(update(_handoffs).where(*self._open()).values(taken))
        if changed.rowcount:
            return
        unasked = {
            "conversation_id": self._conversation.id,
            "lang": session.lang,
            "channel": self._conversation.channel,
            "flow": session.flow.flow if session.flow else None,
            "requested_at": at,
        }
        await self._conversation.connection.execute(insert(_handoffs).values({**taken, **unasked, "taken_at": at}))

    async def end(self, outcome: str) -> None:
        """Close the open handoff."""
        closed = {"state": "closed", "outcome": outcome, "closed_at": now()}
        await self._conversation.connection.execute(update(_handoffs).where(*self._open()).values(closed))

    def _open(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return _handoffs.c.conversation_id == self._conversation.id, _handoffs.c.state != "closed"


def _with_agent() -> Select[Any]:
    return select(_handoffs, _agents.c.name.label("agent")).select_from(_handoffs.outerjoin(_agents))


def _listed() -> Select[Any]:
    mine, from_visitor = _messages.c.conversation_id == _handoffs.c.conversation_id, _messages.c.body["role"].as_string() == "user"
    support = _messages.alias()
    written = select(func.coalesce(func.max(support.c.id), 0)).where(
        support.c.conversation_id == _handoffs.c.conversation_id, support.c.live
    )
    unread = select(func.count()).where(mine, from_visitor, _messages.c.id > written.correlate(_handoffs).scalar_subquery())
    # "A person, please" and what was typed into a hidden field say nothing about the matter.
    asking = exists().where(
        _turns.c.conversation_id == _messages.c.conversation_id, _turns.c.turn == _messages.c.turn, _turns.c.act == "human"
    )
    telling = _messages.c.body[("blocks", 0, "markdown")].as_string() != HIDDEN
    said = select(_messages.c.body).where(mine, from_visitor, telling, ~asking).order_by(_messages.c.id.desc()).limit(1)
    session = select(_conversations.c.session[("identity", "account")].as_string())
    account = session.where(_conversations.c.id == _handoffs.c.conversation_id)
    unfinished = (_tickets.c.conversation_id == _handoffs.c.conversation_id, _tickets.c.state.in_(OPEN))
    ticket = select(func.max(_tickets.c.number)).where(*unfinished)
    found = {"unread": unread, "said": said, "account": account, "ticket": ticket}
    return _with_agent().add_columns(*(query.correlate(_handoffs).scalar_subquery().label(name) for name, query in found.items()))


async def _latest(connection: AsyncConnection, conversation_id: str) -> Handoff | None:
    query = _with_agent().where(_handoffs.c.conversation_id == conversation_id).order_by(_handoffs.c.id.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return _handoff(row) if row else None


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(
        row.id, row.conversation_id, row.state, row.lang, row.channel, row.flow, row.agent_id, row.agent, row.outcome,
        row.requested_at, row.taken_at, row.closed_at,
    )  # fmt: skip


def _words(body: object) -> str:
    if body is None:
        return ""
    return " ".join(block.markdown for block in Message.model_validate(body).blocks if isinstance(block, Text))

"""The support desk as a turn sees it: the queue for a person, tickets that were opened, checklists."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.guide import Place
from assistant.message import Message, now
from assistant.session import Session
from assistant.store import tables
from assistant.store.once import insert_once
from assistant.store.outbox import announce
from flows.blocks import Ticket
from flows.desk import SharedChecklist

ONLINE = timedelta(minutes=5)
"""An agent who has used the console within this time counts as there."""


class TurnDesk:
    """One conversation's desk, in the transaction of its turn; it is the ``Desk`` of flows and the ``Queue`` of the dialogue."""

    def __init__(self, connection: AsyncConnection, conversation_id: str, channel: str) -> None:
        self._connection = connection
        self._conversation = conversation_id
        self._channel = channel

    async def join(self, session: Session) -> Place:
        """Wait for a person, or go on waiting; a conversation has one place."""
        table = tables.handoffs
        place = {
            "conversation_id": self._conversation,
            "state": "waiting",
            "lang": session.lang,
            "channel": self._channel,
            "flow": session.flow.flow if session.flow else None,
            "requested_at": now(),
        }
        joined = await insert_once(self._connection, table, place)
        mine = select(table.c.id).where(table.c.conversation_id == self._conversation, table.c.state != "closed")
        handoff_id = (await self._connection.execute(mine)).scalar_one()
        if joined:
            await announce(
                self._connection,
                f"handoff:{handoff_id}",
                zh=f"新的人工会话在等待（{self._channel}），请在控制台的收件箱接入。",
                en=f"A conversation is waiting for a person ({self._channel}); please take it over in the console's inbox.",
            )
        before = select(func.count()).where(table.c.state == "waiting", table.c.id < handoff_id)
        online = select(func.count(tables.agent_sessions.c.agent_id.distinct())).where(tables.agent_sessions.c.seen_at > now() - ONLINE)
        return Place(
            before=(await self._connection.execute(before)).scalar_one(),
            agents=(await self._connection.execute(online)).scalar_one(),
        )

    async def record_tickets(self, flow: str | None, session: Session, messages: tuple[Message, ...]) -> None:
        """Put the tickets that were just shown on the desk; a known one only shows that something happened to it."""
        shown = {block.id: block for message in messages for block in message.blocks if isinstance(block, Ticket)}
        for number, ticket in shown.items():
            values = {
                "number": number,
                "conversation_id": self._conversation,
                "flow": flow or "",
                "lang": session.lang,
                "channel": self._channel,
                "state": ticket.status,
                "opened_at": now(),
                "updated_at": now(),
            }
            if await insert_once(self._connection, tables.tickets, values):
                await announce(self._connection, f"ticket:{number}", zh=f"新工单 {number}", en=f"New ticket {number}")

    async def checklist(self, checklist_id: str) -> SharedChecklist | None:
        """The list with this id."""
        query = select(tables.checklists.c.body).where(tables.checklists.c.id == checklist_id)
        body = (await self._connection.execute(query)).scalar_one_or_none()
        return None if body is None else SharedChecklist.model_validate(body)

    async def keep(self, checklist: SharedChecklist) -> None:
        """Write it."""
        table, at = tables.checklists, now()
        # It belongs to the conversation that worked on it last: its holder may have come back elsewhere.
        kept = {
            "conversation_id": self._conversation,
            "body": checklist.model_dump(mode="json"),
            "closed": checklist.closed,
            "updated_at": at,
        }
        changed = await self._connection.execute(update(table).where(table.c.id == checklist.id).values(kept))
        if not changed.rowcount:
            new = {"id": checklist.id, "flow": checklist.flow, "created_at": at}
            await self._connection.execute(insert(table).values({**new, **kept}))

"""Messages that came without a question, such as an agent's, on their way to WeCom members."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.message import Message
from assistant.store.database import Database
from assistant.store.tables import conversations, messages, wecom_members
from assistant.store.wecom.members import Member, member_from

_message = TypeAdapter(Message)

Queue = Callable[[AsyncConnection, Member, str, Message], Awaitable[None]]
"""Puts a message into the outbox, under a key."""


class LiveMessages:
    """Hands every live message on exactly once: the cursor moves in the transaction that fills the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forward(self, since: datetime, queue: Queue) -> int:
        """Hand on what conversations changed ``since`` have; how many messages."""
        new = (
            select(wecom_members.c.id)
            .join(conversations, conversations.c.id == wecom_members.c.conversation_id)
            .join(messages, messages.c.conversation_id == conversations.c.id)
            .where(conversations.c.updated_at >= since, messages.c.live, messages.c.id > wecom_members.c.live_cursor)
            .distinct()
        )
        async with self._database.engine.connect() as connection:
            waiting = (await connection.execute(new)).scalars().all()
        return sum([await self._forward_to(member_id, queue) for member_id in waiting])

    async def _forward_to(self, member_id: int, queue: Queue) -> int:
        async with self._database.transaction() as connection:
            query = select(wecom_members).where(wecom_members.c.id == member_id).with_for_update(skip_locked=True)
            row = (await connection.execute(query)).one_or_none()
            if row is None:  # another worker is at it
                return 0
            after = (messages.c.conversation_id == row.conversation_id, messages.c.live, messages.c.id > row.live_cursor)
            found = (await connection.execute(select(messages.c.id, messages.c.body).where(*after).order_by(messages.c.id))).all()
            for message in found:
                key = f"live:{row.conversation_id}:{message.id}"
                await queue(connection, member_from(row), key, _message.validate_python(message.body))
            if found:
                changes = {"live_cursor": found[-1].id}
                await connection.execute(update(wecom_members).where(wecom_members.c.id == member_id).values(changes))
        return len(found)

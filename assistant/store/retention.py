"""How long things are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from assistant.store import tables
from assistant.store.database import Database


async def purge(database: Database, before: datetime) -> int:
    """Delete conversations untouched since ``before`` with all that belongs to them; how many."""
    async with database.transaction() as connection:
        result = await connection.execute(delete(tables.conversations).where(tables.conversations.c.updated_at < before))
        await connection.execute(delete(tables.unanswered).where(tables.unanswered.c.at < before))
        await connection.execute(delete(tables.account_records).where(tables.account_records.c.at < before))
        await connection.execute(delete(tables.outbox).where(tables.outbox.c.created_at < before))
        # Of a WeCom user only a binding outlasts the conversation.
        members = tables.wecom_members.c
        await connection.execute(delete(tables.wecom_members).where(members.conversation_id.is_(None), members.account.is_(None)))
    return result.rowcount

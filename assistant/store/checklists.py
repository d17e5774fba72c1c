"""Shared checklists as support agents see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from assistant.store import tables
from assistant.store.database import Database
from flows.desk import SharedChecklist

_lists, _conversations = tables.checklists, tables.conversations

MOST = 200
"""Lists on one page."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A checklist, the conversation that worked on it last, and when anything changed."""

    checklist: SharedChecklist
    conversation_id: str
    channel: str
    updated_at: datetime


class ChecklistStore:
    """All checklists of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Kept]:
        """Those still open first, the latest changed on top."""
        return await self._kept(_with_channel().order_by(_lists.c.closed, _lists.c.updated_at.desc()).limit(MOST))

    async def get(self, checklist_id: str) -> Kept | None:
        """The list with this id."""
        return next(iter(await self._kept(_with_channel().where(_lists.c.id == checklist_id))), None)

    async def _kept(self, query: Select[Any]) -> list[Kept]:
        async with self._database.engine.connect() as connection:
            return [
                Kept(SharedChecklist.model_validate(row.body), row.conversation_id, row.channel, row.updated_at)
                for row in await connection.execute(query)
            ]


def _with_channel() -> Select[Any]:
    return select(_lists, _conversations.c.channel).select_from(_lists.join(_conversations))

"""The audit trail: who revealed or changed what, and when; never with the secret itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, insert, select

from assistant.message import now
from assistant.store import tables
from assistant.store.database import Database

SYSTEM = "system"
"""Stands for an agent where nobody was signed in: the command line, a failed sign-in."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the trail."""

    id: int
    at: datetime
    agent: str
    action: str
    object: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines to read; an empty field means any."""

    agent: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditTrail:
    """The trail of one database; lines are added and read, never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, agent: str, action: str, on: str = "", details: Mapping[str, str] | None = None) -> None:
        """Note that ``agent`` did ``action`` on something, such as ``ticket.reveal`` on ``T-1024``."""
        values = {"at": now(), "agent": agent, "action": action, "object": on[:200], "details": dict(details or {})}
        async with self._database.transaction() as connection:
            await connection.execute(insert(tables.audit).values(values))

    async def read(self, chosen: Filter, limit: int | None = None, before: int | None = None) -> list[Record]:
        """The newest lines first, those older than line ``before``."""
        query = _chosen(chosen).order_by(tables.audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(tables.audit.c.id < before)
        async with self._database.engine.connect() as connection:
            return [Record(row.id, row.at, row.agent, row.action, row.object, row.details) for row in await connection.execute(query)]

    async def actions(self) -> list[str]:
        """The actions that occur."""
        async with self._database.engine.connect() as connection:
            return sorted((await connection.execute(select(tables.audit.c.action).distinct())).scalars())


def _chosen(chosen: Filter) -> Select[tuple[int, datetime, str, str, str, dict[str, str]]]:
    table, query = tables.audit, select(tables.audit)
    if chosen.agent:
        query = query.where(table.c.agent == chosen.agent)
    if chosen.action:
        query = query.where(table.c.action == chosen.action)
    if chosen.object:
        query = query.where(table.c.object == chosen.object)
    if chosen.since:
        query = query.where(table.c.at >= chosen.since)
    if chosen.until:
        query = query.where(table.c.at < chosen.until)
    return query

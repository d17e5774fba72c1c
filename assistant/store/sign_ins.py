"""Agents' sessions, and the failed attempts that lock out whoever guesses."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.message import now
from assistant.store import tables
from assistant.store.agents import Agent, agent_from, digest
from assistant.store.database import Database

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=24)
_NOTED = timedelta(minutes=1)
"""Being seen is written down at most this often."""

FREE_TRIES = 5
FREE_TRIES_PER_ADDRESS = 30
"""For all names at one address, which may be a whole office's."""
FREE_TRIES_EVERYWHERE = 100
"""For one name over all addresses: the most that NIST SP 800-63B allows, for whoever wants an agent to wait has to work for it."""
_FIRST_LOCK, _LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=12)
_FORGOTTEN = timedelta(days=1)


class SessionStore:
    """Who is signed in; tokens are kept only as digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, agent_id: int) -> str:
        """Sign an agent in; the session's token."""
        token, at = secrets.token_urlsafe(32), now()
        async with self._database.transaction() as connection:
            await connection.execute(delete(tables.agent_sessions).where(tables.agent_sessions.c.created_at < at - ABSOLUTE))
            await connection.execute(
                insert(tables.agent_sessions).values(digest=digest(token), agent_id=agent_id, created_at=at, seen_at=at)
            )
        return token

    async def agent(self, token: str, *, seen: bool = True) -> Agent | None:
        """The agent whose session this is, and who is ``seen``; None when it has ended, is too old, or the agent is disabled."""
        sessions, at = tables.agent_sessions, now()
        query = (
            select(tables.agents, sessions.c.seen_at)
            .join(sessions, sessions.c.agent_id == tables.agents.c.id)
            .where(sessions.c.digest == digest(token), sessions.c.seen_at > at - IDLE, sessions.c.created_at > at - ABSOLUTE)
            .where(~tables.agents.c.disabled)
        )
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        if seen and at - row.seen_at > _NOTED:
            async with self._database.transaction() as connection:
                await connection.execute(update(sessions).where(sessions.c.digest == digest(token)).values(seen_at=at))
        return agent_from(row)

    async def close(self, token: str) -> None:
        """Sign out here."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(tables.agent_sessions).where(tables.agent_sessions.c.digest == digest(token)))

    async def close_all(self, agent_id: int) -> None:
        """Sign out everywhere."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(tables.agent_sessions).where(tables.agent_sessions.c.agent_id == agent_id))

    async def count(self, agent_id: int) -> int:
        """In how many places the agent is signed in."""
        sessions, at = tables.agent_sessions, now()
        query = select(func.count()).where(
            sessions.c.agent_id == agent_id, sessions.c.seen_at > at - IDLE, sessions.c.created_at > at - ABSOLUTE
        )
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).scalar_one()


class Lockouts:
    """Failed attempts per key: some are free, then each one doubles the wait.

    The keys are kept only as digests: a password typed into the name's field must not be stored.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def attempt(self, free: Mapping[str, int]) -> datetime | None:
        """Count an attempt, in advance, so that many at once get no further than one after the other.

        ``free`` says how many attempts each key has before it waits. When one has to, nothing is counted and the answer is
        until when.
        """
        table, at = tables.sign_in_failures, now()
        upsert = (sqlite if self._database.is_sqlite else postgresql).insert(table)
        tries = {digest(key): count for key, count in free.items()}
        fresh = [{"digest": key, "failures": 0, "at": at} for key in sorted(tries)]
        async with self._database.transaction() as connection:
            await connection.execute(delete(table).where(table.c.at < at - _FORGOTTEN))
            await connection.execute(upsert.values(fresh).on_conflict_do_nothing())
            mine = table.c.digest.in_(tries)
            rows = await connection.execute(select(table).where(mine).order_by(table.c.digest).with_for_update())
            locked = max((row.at + _wait(row.failures - tries[row.digest]) for row in rows), default=at)
            if locked > at:
                return locked
            await connection.execute(update(table).where(mine).values(failures=table.c.failures + 1, at=at))
        return None

    async def clear(self, keys: Iterable[str]) -> None:
        """Forget the failures of these keys: they have proven themselves."""
        table = tables.sign_in_failures
        async with self._database.transaction() as connection:
            await connection.execute(delete(table).where(table.c.digest.in_([digest(key) for key in keys])))


def _wait(beyond: int) -> timedelta:
    if beyond < 0:
        return timedelta()
    doubled: timedelta = _FIRST_LOCK * 2 ** min(beyond, 10)
    return min(doubled, _LONGEST_LOCK)

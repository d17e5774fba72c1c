"""What has to leave the house: written with the turn that caused it, delivered afterwards, in order, with retries and a log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Row, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.message import now
from assistant.store.database import Database
from assistant.store.once import insert_once
from assistant.store.tables import outbox, outbox_log

Kind = Literal["wecom_app", "wecom_update", "wecom_response", "wecom_robot"]

ATTEMPTS = 10
LEASE = timedelta(seconds=30)
"""For so long a claimed item is its worker's; after that the worker counts as dead."""
RATES: dict[str, tuple[tuple[int, timedelta], ...]] = {
    # WeCom drops what exceeds these without a word.
    "wecom_app": ((30, timedelta(minutes=1)), (1000, timedelta(hours=1))),
    "wecom_robot": ((20, timedelta(minutes=1)),),
}
"""How many items of a lane may leave within a time."""
ROBOT_LANE = "robot"


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failures: 2, 4, 8 seconds and so on, ten minutes at most."""
    return timedelta(seconds=min(2**attempts, 600))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to deliver; items of a lane leave one after the other."""

    id: int
    key: str
    kind: str
    lane: str
    body: str
    attempts: int
    created_at: datetime


async def put(connection: AsyncConnection, *, key: str, kind: Kind, lane: str, body: str, after: timedelta = timedelta()) -> bool:
    """Add an item inside the caller's transaction; the same ``key`` again does nothing."""
    at = now()
    what = {"key": key, "kind": kind, "lane": lane, "body": body}
    return await insert_once(connection, outbox, {**what, "state": "pending", "attempts": 0, "due_at": at + after, "created_at": at})


async def announce(connection: AsyncConnection, key: str, *, zh: str, en: str) -> None:
    """Tell the support group, once per ``key``; the text must hold nothing personal. Without a group robot it is dropped."""
    await put(connection, key=f"robot:{key}", kind="wecom_robot", lane=ROBOT_LANE, body=f"{zh}\n{en}")


async def cancel(connection: AsyncConnection, key: str) -> bool:
    """Take back an item that no worker has touched yet; whether that was still possible."""
    untouched = (outbox.c.key == key, outbox.c.state == "pending", outbox.c.attempts == 0)
    return (await connection.execute(delete(outbox).where(*untouched))).rowcount == 1


class Outbox:
    """The delivering side; several workers may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, limit: int) -> list[Item]:
        """Due items, the first of each lane, now this worker's for the time of the lease."""
        async with self._database.transaction() as connection:
            earlier = outbox.alias()
            waits = exists().where(earlier.c.lane == outbox.c.lane, earlier.c.state == "pending", earlier.c.id < outbox.c.id)
            due = and_(outbox.c.state == "pending", outbox.c.due_at <= now(), ~waits)
            query = select(outbox).where(due).order_by(outbox.c.due_at).limit(limit).with_for_update(skip_locked=True)
            rows = (await connection.execute(query)).all()
            return [item for row in rows if (item := await self._take(connection, row))]

    async def _take(self, connection: AsyncConnection, row: Row[tuple[object, ...]]) -> Item | None:
        full = await _full_until(connection, row.kind, row.lane)
        changes = {"due_at": full} if full else {"due_at": now() + LEASE, "attempts": row.attempts + 1}
        await connection.execute(update(outbox).where(outbox.c.id == row.id).values(changes))
        return None if full else Item(row.id, row.key, row.kind, row.lane, row.body or "", row.attempts + 1, row.created_at)

    async def sent(self, item: Item, detail: str = "") -> None:
        """It has arrived."""
        await self._settle(item, "sent", None, detail)

    async def failed(self, item: Item, code: int | None, detail: str, *, final: bool = False) -> bool:
        """It has not arrived: try later, or give it up after the last attempt or a ``final`` error; whether it is given up."""
        dead = final or item.attempts >= ATTEMPTS
        if dead:
            await self._settle(item, "dead", code, detail)
            return True
        async with self._database.transaction() as connection:
            due = now() + backoff(item.attempts)
            await connection.execute(update(outbox).where(outbox.c.id == item.id).values(due_at=due))
            await _log(connection, item, "retry", code, detail)
        return False

    async def postpone(self, item: Item, wait: timedelta) -> None:
        """It cannot leave yet; this was no attempt."""
        async with self._database.transaction() as connection:
            changes = {"due_at": now() + wait, "attempts": item.attempts - 1}
            await connection.execute(update(outbox).where(outbox.c.id == item.id).values(changes))

    async def undelivered(self) -> dict[Literal["waiting", "failed"], int]:
        """How many wait for delivery, and how many were given up."""
        query = select(outbox.c.state, func.count()).where(outbox.c.state != "sent").group_by(outbox.c.state)
        async with self._database.engine.connect() as connection:
            counts = {row[0]: row[1] for row in await connection.execute(query)}
        return {"waiting": counts.get("pending", 0), "failed": counts.get("dead", 0)}

    async def purge(self, before: datetime) -> int:
        """Delete what was settled before, with its log; how many."""
        async with self._database.transaction() as connection:
            result = await connection.execute(delete(outbox).where(outbox.c.state != "pending", outbox.c.done_at < before))
        return result.rowcount

    async def _settle(self, item: Item, state: str, code: int | None, detail: str) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(update(outbox).where(outbox.c.id == item.id).values(state=state, body=None, done_at=now()))
            await _log(connection, item, state, code, detail)


async def _full_until(connection: AsyncConnection, kind: str, lane: str) -> datetime | None:
    """When a lane may go on that has used up what one of its rates allows."""
    for count, window in RATES.get(kind, ()):
        recent = and_(outbox.c.lane == lane, outbox.c.kind == kind, outbox.c.state == "sent", outbox.c.done_at > now() - window)
        used, first = (await connection.execute(select(func.count(), func.min(outbox.c.done_at)).where(recent))).one()
        if used >= count:
            until: datetime = first + window
            return until
    return None


async def _log(connection: AsyncConnection, item: Item, outcome: str, code: int | None, detail: str) -> None:
    await connection.execute(insert(outbox_log).values(outbox_id=item.id, outcome=outcome, code=code, detail=detail[:500], at=now()))

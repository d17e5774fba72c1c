"""Deliveries in work: written down before they are acknowledged, closed together with what answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import Incoming, now
from assistant.store.database import Database
from assistant.store.once import insert_once
from assistant.store.tables import feedback, turns, wecom_deliveries, wecom_members

Mode = Literal["passive", "active", "silent"]
"""How a delivery was answered: in the response, through the outbox, or not at all."""


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivery that was acknowledged and not finished."""

    key: str
    member_id: int
    incoming: Incoming


class Deliveries:
    """All deliveries of one database."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def open(self, key: str, member_id: int, incoming: Incoming | None) -> None:
        """Note a delivery; ``incoming`` (encrypted) lets another worker finish it. The same again changes nothing."""
        body = self._cipher.encrypt(incoming.model_dump_json()) if incoming else None
        async with self._database.transaction() as connection:
            await insert_once(connection, wecom_deliveries, {"key": key, "member_id": member_id, "body": body, "at": now()})

    async def close(self, connection: AsyncConnection, key: str, mode: Mode) -> Mode:
        """Decide how a delivery is answered, inside the caller's transaction; the first decision stays."""
        place = wecom_deliveries.c.key == key
        first = update(wecom_deliveries).where(place, wecom_deliveries.c.mode.is_(None)).values(mode=mode, body=None)
        await connection.execute(first)
        decided: Mode | None = (await connection.execute(select(wecom_deliveries.c.mode).where(place))).scalar_one_or_none()
        return decided or mode

    async def answered_after_all(self, connection: AsyncConnection, key: str) -> None:
        """What was to be sent has been fetched instead."""
        await connection.execute(update(wecom_deliveries).where(wecom_deliveries.c.key == key).values(mode="passive"))

    async def mode(self, key: str) -> Mode | None:
        """How a delivery was answered; None while it is open or unknown."""
        async with self._database.engine.connect() as connection:
            query = select(wecom_deliveries.c.mode).where(wecom_deliveries.c.key == key)
            found: Mode | None = (await connection.execute(query)).scalar_one_or_none()
        return found

    async def unfinished(self, since: datetime, before: datetime) -> list[OpenDelivery]:
        """What came between these times and is still open: its worker has died."""
        table = wecom_deliveries
        still = (table.c.at > since, table.c.at < before, table.c.mode.is_(None), table.c.body.is_not(None))
        query = select(table).where(*still).order_by(table.c.at).limit(20)
        async with self._database.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [OpenDelivery(row.key, row.member_id, Incoming.model_validate_json(self._cipher.decrypt(row.body))) for row in rows]

    async def turn(self, key: str) -> tuple[str, int] | None:
        """The conversation and the turn that a delivery became."""
        joined = wecom_deliveries.join(wecom_members, wecom_members.c.id == wecom_deliveries.c.member_id).join(
            turns, (turns.c.conversation_id == wecom_members.c.conversation_id) & (turns.c.message_id == wecom_deliveries.c.key)
        )
        query = select(turns.c.conversation_id, turns.c.turn).select_from(joined).where(wecom_deliveries.c.key == key)
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return (row.conversation_id, row.turn) if row else None

    async def sender(self, key: str) -> tuple[int, datetime] | None:
        """Which member sent a delivery, and when."""
        async with self._database.engine.connect() as connection:
            query = select(wecom_deliveries.c.member_id, wecom_deliveries.c.at).where(wecom_deliveries.c.key == key)
            row = (await connection.execute(query)).one_or_none()
        return (row.member_id, row.at) if row else None

    async def withdraw_feedback(self, conversation_id: str, turn: int) -> None:
        """The verdict on a turn was taken back."""
        async with self._database.transaction() as connection:
            place = (feedback.c.conversation_id == conversation_id, feedback.c.turn == turn)
            await connection.execute(delete(feedback).where(*place))

    async def purge(self, before: datetime) -> int:
        """Delete what came before; how many."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(wecom_deliveries).where(wecom_deliveries.c.at < before))).rowcount

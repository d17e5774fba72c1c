"""The cards that were sent: a click counts only if it names an option of the card, and comes from whom the card went to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import now
from assistant.store.database import Database
from assistant.store.once import insert_once
from assistant.store.tables import wecom_cards
from flows.blocks import Option


@dataclass(frozen=True, slots=True)
class SentCard:
    """A card as sent, and what its keys stand for."""

    task_id: str
    options: Mapping[str, Option]
    card: Mapping[str, Any]


_sent = TypeAdapter(SentCard)


class Cards:
    """All cards of one database."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def keep(self, connection: AsyncConnection, member_id: int, sent: SentCard) -> None:
        """Remember a card inside the caller's transaction."""
        body = self._cipher.encrypt(_sent.dump_json(sent).decode())
        await insert_once(connection, wecom_cards, {"task_id": sent.task_id, "member_id": member_id, "body": body, "at": now()})

    async def find(self, task_id: str, member_id: int) -> SentCard | None:
        """The card, if it went to this member."""
        query = select(wecom_cards.c.body).where(wecom_cards.c.task_id == task_id, wecom_cards.c.member_id == member_id)
        async with self._database.engine.connect() as connection:
            body = (await connection.execute(query)).scalar_one_or_none()
        return _sent.validate_json(self._cipher.decrypt(body)) if body else None

    async def purge(self, before: datetime) -> int:
        """Delete cards sent before; how many."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(wecom_cards).where(wecom_cards.c.at < before))).rowcount

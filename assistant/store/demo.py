"""The demo company and its inbox, kept in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import now
from assistant.notices import notice
from assistant.store.accounts import SqlAccountStore
from assistant.store.database import Database
from assistant.store.tables import account_documents, account_lookups, account_records, conversations, demo_inbox
from flows.accounts.account import Account
from flows.accounts.base import Document
from flows.accounts.notifier import Message
from flows.accounts.store import Commit

KEPT = 500
"""Messages in the inbox; older ones go."""
_DEMO_LOCK = 7_210_312
"""PostgreSQL advisory lock, so that replicas starting together found the company once."""


class InboxMessage(BaseModel):
    """What a phone or mailbox would have got; ``code`` is what has to be typed somewhere."""

    to: str
    channel: Literal["sms", "email", "app"]
    text: str = Field(repr=False)
    code: str | None = Field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """A message as kept; ``id`` orders them."""

    id: int
    at: datetime
    message: InboxMessage


class SqlInbox:
    """A ``Notifier`` that keeps messages, in the transaction that made them, instead of sending them."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    async def deliver(self, message: Message) -> None:
        """Keep it, and forget the oldest."""
        code = message.values.get("code") or message.values.get("token")
        shown = InboxMessage(to=message.to, channel=message.channel, text=notice(message), code=code)
        added = insert(demo_inbox).values(body=self._cipher.encrypt(shown.model_dump_json()), at=now()).returning(demo_inbox.c.id)
        newest = (await self._connection.execute(added)).scalar_one()
        await self._connection.execute(delete(demo_inbox).where(demo_inbox.c.id <= newest - KEPT))


class Demo:
    """The company as the start page shows it: founded once, put back on request."""

    def __init__(self, database: Database, cipher: Cipher, documents: Callable[[], Sequence[Document]]) -> None:
        self._database = database
        self._cipher = cipher
        self._documents = documents

    async def found(self) -> None:
        """Make the company unless there is one.

        Raises ``Undecryptable`` when there is one that was kept with other keys.
        """
        async with self._database.transaction() as connection:
            await self._lock(connection)
            body = (await connection.execute(select(account_documents.c.body).limit(1))).scalar_one_or_none()
            if body is None:
                await self._write(connection)
            else:
                self._cipher.decrypt(body)

    async def reset(self) -> None:
        """Put the company back as it was, empty the inbox, and forget what its people left unfinished in conversations."""
        async with self._database.transaction() as connection:
            await self._lock(connection)
            for table in (account_lookups, account_records, account_documents, demo_inbox):
                await connection.execute(delete(table))
            await connection.execute(update(conversations).values(holder=None))
            await self._write(connection)

    async def account(self, account_id: str) -> Account | None:
        """An account as it is now."""
        async with self._database.engine.connect() as connection:
            stored = await SqlAccountStore(connection, self._cipher).load(Account, account_id)
        return stored.document if stored else None

    async def received(self, after: int) -> list[Received]:
        """The messages after this one, oldest first."""
        query = select(demo_inbox).where(demo_inbox.c.id > after).order_by(demo_inbox.c.id)
        async with self._database.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [Received(row.id, row.at, InboxMessage.model_validate_json(self._cipher.decrypt(row.body))) for row in rows]

    async def _lock(self, connection: AsyncConnection) -> None:
        if not self._database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _DEMO_LOCK})

    async def _write(self, connection: AsyncConnection) -> None:
        await SqlAccountStore(connection, self._cipher).commit(Commit(writes=tuple(self._documents())))

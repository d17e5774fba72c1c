"""Conversations in the database: opened, locked for a turn, read back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import Message, now
from assistant.session import Session
from assistant.store import tables
from assistant.store.accounts import AccountsIn
from assistant.store.database import Database
from assistant.store.unlocked import UNFINISHED, Unlocked, holder_digest, insert_messages
from flows.accounts.protocol import AccountService
from flows.desk import SharedChecklist

_message = TypeAdapter(Message)


class Unknown(Exception):
    """No such conversation, or not this token: callers must not tell the two apart."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as opened; the token is shown once and kept only as a hash."""

    id: str
    token: str
    session: Session


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One stored message and the turn it belongs to."""

    id: int
    turn: int
    message: Message


@dataclass(frozen=True, slots=True)
class Live:
    """A message that came without a question, for the event stream; ``id`` orders them."""

    id: int
    message: Message


class ConversationStore:
    """All conversations of one database."""

    def __init__(self, database: Database, cipher: Cipher, accounts: AccountsIn) -> None:
        self._database = database
        self._cipher = cipher
        self._accounts = accounts

    async def open(self, channel: str, session: Session, greeting: Sequence[Message]) -> Conversation:
        """A new conversation with its first messages."""
        conversation = Conversation(uuid.uuid4().hex, secrets.token_urlsafe(32), session)
        at = now()
        async with self._database.transaction() as connection:
            await connection.execute(
                insert(tables.conversations).values(
                    id=conversation.id,
                    token_hash=_hash(conversation.token),
                    channel=channel,
                    session=session.model_dump(mode="json"),
                    created_at=at,
                    updated_at=at,
                )
            )
            await insert_messages(connection, conversation.id, 0, greeting)
        return conversation

    async def authenticate(self, conversation_id: str, token: str) -> Session:
        """The session of a conversation; raises ``Unknown`` for a wrong id and for a wrong token alike."""
        async with self._database.engine.connect() as connection:
            columns = (tables.conversations.c.token_hash, tables.conversations.c.session)
            row = (await connection.execute(select(*columns).where(tables.conversations.c.id == conversation_id))).one_or_none()
            further = tables.conversation_tokens.c
            second = select(further.token_hash).where(further.conversation_id == conversation_id, further.token_hash == _hash(token))
            elsewhere = (await connection.execute(second)).one_or_none()
        # The comparison runs for unknown ids too, so that both cases take the same time.
        known = row.token_hash if row else _hash("")
        if not (hmac.compare_digest(known, _hash(token)) or elsewhere) or row is None:
            raise Unknown
        return Session.model_validate(row.session)

    async def reopen(self, channel: str, account: str) -> Conversation | None:
        """The latest conversation of this account's holder on a channel, with a token of its own for another device."""
        table = tables.conversations.c
        mine = (table.holder == holder_digest(self._cipher, account), table.channel == channel, table.updated_at > now() - UNFINISHED)
        async with self._database.transaction() as connection:
            query = select(table.id, table.session).where(*mine).order_by(table.updated_at.desc()).limit(1)
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            conversation = Conversation(row.id, secrets.token_urlsafe(32), Session.model_validate(row.session))
            await connection.execute(
                insert(tables.conversation_tokens).values(token_hash=_hash(conversation.token), conversation_id=row.id)
            )
        return conversation

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[tuple[AsyncConnection, AccountService]]:
        """A transaction outside any conversation, and the account service in it: for support staff."""
        async with self._database.transaction() as connection:
            yield connection, self._accounts(connection)

    @asynccontextmanager
    async def accounts(self) -> AsyncIterator[AccountService]:
        """The account service outside any conversation: for support staff."""
        async with self.outside() as (_, accounts):
            yield accounts

    async def session(self, conversation_id: str) -> Session:
        """A conversation's session as it stands, for support staff; raises ``Unknown``."""
        query = select(tables.conversations.c.session).where(tables.conversations.c.id == conversation_id)
        async with self._database.engine.connect() as connection:
            stored = (await connection.execute(query)).scalar_one_or_none()
        if stored is None:
            raise Unknown
        return Session.model_validate(stored).with_sensitive(self._cipher.decrypt)

    @asynccontextmanager
    async def locked(self, conversation_id: str) -> AsyncIterator[Unlocked]:
        """The conversation under its lock; leaving the block commits, an exception rolls everything back."""
        async with self._database.transaction() as connection:
            query = select(tables.conversations.c.session, tables.conversations.c.channel).where(
                tables.conversations.c.id == conversation_id
            )
            row = (await connection.execute(query.with_for_update())).one_or_none()
            if row is None:
                raise Unknown
            session = Session.model_validate(row.session).with_sensitive(self._cipher.decrypt)
            yield Unlocked(connection, conversation_id, session, row.channel, self._cipher, self._accounts)

    async def transcript(self, conversation_id: str, after: int = -1) -> list[TranscriptRow]:
        """The messages of the turns after ``after``, as stored."""
        table = tables.messages
        query = (
            select(table).where(and_(table.c.conversation_id == conversation_id, table.c.turn > after)).order_by(table.c.turn, table.c.id)
        )
        async with self._database.engine.connect() as connection:
            return [_row(row) for row in await connection.execute(query)]

    async def checklist(self, conversation_id: str, checklist_id: str) -> SharedChecklist | None:
        """A checklist of this conversation."""
        table = tables.checklists.c
        query = select(table.body).where(table.id == checklist_id, table.conversation_id == conversation_id)
        async with self._database.engine.connect() as connection:
            body = (await connection.execute(query)).scalar_one_or_none()
        return None if body is None else SharedChecklist.model_validate(body)

    async def live_after(self, conversation_id: str, after: int) -> list[Live]:
        """Messages that came without a question since row ``after``."""
        table = tables.messages
        query = select(table).where(table.c.conversation_id == conversation_id, table.c.live, table.c.id > after).order_by(table.c.id)
        async with self._database.engine.connect() as connection:
            return [Live(row.id, _message.validate_python(row.body)) for row in await connection.execute(query)]

    async def last_row(self, conversation_id: str) -> int:
        """The newest message's row id, from which an event stream starts."""
        query = select(func.max(tables.messages.c.id)).where(tables.messages.c.conversation_id == conversation_id)
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).scalar_one() or 0

    async def add_live(self, conversation_id: str, message: Message) -> None:
        """A message outside any turn, such as an agent's; it belongs to the turn after the last."""
        async with self.locked(conversation_id) as conversation:
            await conversation.add_live(message)

    async def record_feedback(self, conversation_id: str, turn: int, helpful: bool, comment: str | None) -> bool:
        """The verdict on one turn, the last one counts; False when there is no such turn."""
        key = (tables.feedback.c.conversation_id == conversation_id, tables.feedback.c.turn == turn)
        async with self._database.transaction() as connection:
            known = select(tables.turns.c.turn).where(tables.turns.c.conversation_id == conversation_id, tables.turns.c.turn == turn)
            if (await connection.execute(known)).one_or_none() is None:
                return False
            await connection.execute(delete(tables.feedback).where(*key))
            await connection.execute(
                insert(tables.feedback).values(conversation_id=conversation_id, turn=turn, helpful=helpful, comment=comment, at=now())
            )
        return True


def _row(row: Row[tuple[int, str, int, bool, object]]) -> TranscriptRow:
    return TranscriptRow(row.id, row.turn, _message.validate_python(row.body))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

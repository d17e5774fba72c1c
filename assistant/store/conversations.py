"""Conversations in the database: opened, locked for a turn, read back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.message import Message, Reply, now
from assistant.session import Session
from assistant.store import tables
from assistant.store.database import Database

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


class Unlocked:
    """A conversation under its lock, within one transaction."""

    def __init__(self, connection: AsyncConnection, conversation_id: str, session: Session, channel: str) -> None:
        self._connection = connection
        self.id = conversation_id
        self.session = session
        self.channel = channel

    async def stored_reply(self, message_id: str) -> Reply | None:
        """The reply that this message got before."""
        query = select(tables.turns.c.reply).where(tables.turns.c.conversation_id == self.id, tables.turns.c.message_id == message_id)
        stored = (await self._connection.execute(query)).scalar_one_or_none()
        return None if stored is None else Reply.model_validate(stored)

    async def save(self, message_id: str, asked: Message, reply: Reply, session: Session) -> None:
        """The question (masked by the caller), the reply and the new session, together."""
        at = now()
        await self._connection.execute(
            insert(tables.turns).values(
                conversation_id=self.id,
                turn=reply.turn,
                message_id=message_id,
                reply=reply.model_dump(mode="json"),
                kind=reply.decision.kind,
                entry_id=reply.decision.entry_id,
                at=at,
            )
        )
        await _insert_messages(self._connection, self.id, reply.turn, [asked, *reply.messages])
        await self._keep(session)

    async def add_live(self, message: Message) -> None:
        """A message outside any question and reply; it gets a turn of its own."""
        session = self.session.model_copy(update={"turn": self.session.turn + 1})
        await _insert_messages(self._connection, self.id, session.turn, [message], live=True)
        await self._keep(session)

    async def _keep(self, session: Session) -> None:
        await self._connection.execute(
            update(tables.conversations)
            .where(tables.conversations.c.id == self.id)
            .values(session=session.model_dump(mode="json"), updated_at=now())
        )

    async def prove(self, subject: str) -> None:
        """Keep whose identity this conversation has proven, and since when."""
        await self._keep(self.session.model_copy(update={"subject": subject, "proven_at": now()}))

    async def record_unanswered(self, turn: int, lang: str, question: str, nearest: str | None, confidence: float) -> None:
        """Remember a (masked) question that found no answer, for those who improve the knowledge base."""
        await self._connection.execute(
            insert(tables.unanswered).values(
                conversation_id=self.id, turn=turn, lang=lang, question=question, nearest=nearest, confidence=confidence, at=now()
            )
        )


class ConversationStore:
    """All conversations of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
            await _insert_messages(connection, conversation.id, 0, greeting)
        return conversation

    async def authenticate(self, conversation_id: str, token: str) -> Session:
        """The session of a conversation; raises ``Unknown`` for a wrong id and for a wrong token alike."""
        async with self._database.engine.connect() as connection:
            columns = (tables.conversations.c.token_hash, tables.conversations.c.session)
            row = (await connection.execute(select(*columns).where(tables.conversations.c.id == conversation_id))).one_or_none()
        # The comparison runs for unknown ids too, so that both cases take the same time.
        known = row.token_hash if row else _hash("")
        if not hmac.compare_digest(known, _hash(token)) or row is None:
            raise Unknown
        return Session.model_validate(row.session)

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
            yield Unlocked(connection, conversation_id, Session.model_validate(row.session), row.channel)

    async def transcript(self, conversation_id: str, after: int = -1) -> list[TranscriptRow]:
        """The messages of the turns after ``after``, as stored."""
        table = tables.messages
        query = (
            select(table).where(and_(table.c.conversation_id == conversation_id, table.c.turn > after)).order_by(table.c.turn, table.c.id)
        )
        async with self._database.engine.connect() as connection:
            return [_row(row) for row in await connection.execute(query)]

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

    async def purge(self, before: datetime) -> int:
        """Delete conversations untouched since ``before`` with all that belongs to them; how many."""
        async with self._database.transaction() as connection:
            result = await connection.execute(delete(tables.conversations).where(tables.conversations.c.updated_at < before))
            await connection.execute(delete(tables.unanswered).where(tables.unanswered.c.at < before))
        return result.rowcount


async def _insert_messages(
    connection: AsyncConnection, conversation_id: str, turn: int, items: Sequence[Message], live: bool = False
) -> None:
    if items:
        rows = [{"conversation_id": conversation_id, "turn": turn, "live": live, "body": item.model_dump(mode="json")} for item in items]
        await connection.execute(insert(tables.messages), rows)


def _row(row: Row[tuple[int, str, int, bool, object]]) -> TranscriptRow:
    return TranscriptRow(row.id, row.turn, _message.validate_python(row.body))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

"""Questions that the knowledge base serves badly, as people asked them (masked), and what has become of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, delete, insert, select

from assistant.message import Message, Text, now
from assistant.store import tables
from assistant.store.database import Database
from kb.entry import Lang

Reason = Literal["unanswered", "unsure", "unhelpful"]
"""No answer; an answer of low confidence; an answer with a thumbs-down."""
Progress = Literal["new", "in-work", "done", "ignored"]
PROGRESS: tuple[Progress, ...] = get_args(Progress)

MOST = 2_000
"""Questions of each reason looked at, the latest."""

_message = TypeAdapter(Message)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one turn; ``nearest`` is the entry or flow given or thought of."""

    conversation: str
    turn: int
    reason: Reason
    lang: Lang
    text: str
    nearest: str | None
    confidence: float | None
    at: datetime
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """How far someone has come with a question."""

    progress: Progress
    by: str
    at: datetime


class QuestionStore:
    """Badly served questions of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def asked(self, since: datetime, unsure_below: float) -> list[Asked]:
        """All of them since then, the latest first; a turn counts once, for its worst reason."""
        found = [*await self._unanswered(since), *await self._unhelpful(since), *await self._unsure(since, unsure_below)]
        first: dict[tuple[str, int], Asked] = {}
        for asked in found:
            first.setdefault((asked.conversation, asked.turn), asked)
        return sorted(first.values(), key=lambda asked: asked.at, reverse=True)

    async def marks(self) -> dict[str, Marked]:
        """What has been marked, by key."""
        table = tables.question_states
        async with self._database.engine.connect() as connection:
            return {row.key: Marked(row.state, row.set_by, row.set_at) for row in await connection.execute(select(table))}

    async def mark(self, keys: Sequence[str], progress: Progress, by: str) -> None:
        """Remember how far someone has come with these questions."""
        table = tables.question_states
        rows = [{"key": key, "state": progress, "set_by": by, "set_at": now()} for key in dict.fromkeys(keys)]
        if not rows:
            return
        async with self._database.transaction() as connection:
            await connection.execute(delete(table).where(table.c.key.in_([row["key"] for row in rows])))
            await connection.execute(insert(table), rows)

    async def _unanswered(self, since: datetime) -> list[Asked]:
        table = tables.unanswered
        query = select(table).where(table.c.at >= since).order_by(table.c.at.desc()).limit(MOST)
        async with self._database.engine.connect() as connection:
            return [
                Asked(row.conversation_id, row.turn, "unanswered", row.lang, row.question, row.nearest, row.confidence, row.at)
                for row in await connection.execute(query)
            ]

    async def _unsure(self, since: datetime, below: float) -> list[Asked]:
        turns = tables.turns
        query = select(turns).where(turns.c.at >= since, turns.c.kind.in_(("answer", "flow")), turns.c.confidence < below)
        return await self._with_text(query.order_by(turns.c.at.desc()).limit(MOST), "unsure")

    async def _unhelpful(self, since: datetime) -> list[Asked]:
        turns, feedback = tables.turns, tables.feedback
        joined = turns.join(feedback, and_(feedback.c.conversation_id == turns.c.conversation_id, feedback.c.turn == turns.c.turn))
        query = select(turns, feedback.c.comment).select_from(joined).where(turns.c.at >= since, feedback.c.helpful.is_(False))
        return await self._with_text(query.order_by(turns.c.at.desc()).limit(MOST), "unhelpful")

    async def _with_text(self, query: Select[tuple[object, ...]], reason: Reason) -> list[Asked]:
        """The turns of a query with what was said in them."""
        turns, messages = query.subquery(), tables.messages
        joined = turns.join(messages, and_(messages.c.conversation_id == turns.c.conversation_id, messages.c.turn == turns.c.turn))
        both = select(turns, messages.c.body).select_from(joined).where(messages.c.live.is_(False)).order_by(messages.c.id)
        found: dict[tuple[str, int], Asked] = {}
        async with self._database.engine.connect() as connection:
            for row in await connection.execute(both):
                said = _message.validate_python(row.body)
                key = (row.conversation_id, row.turn)
                if said.role == "user" and key not in found:
                    comment = row.comment if reason == "unhelpful" else None
                    nearest = row.entry_id or row.flow
                    found[key] = Asked(*key, reason, said.lang, _text(said), nearest, row.confidence, row.at, comment)
        return list(found.values())


def _text(said: Message) -> str:
    return " ".join(block.markdown for block in said.blocks if isinstance(block, Text))

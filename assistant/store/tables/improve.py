"""Improving the knowledge base: phrasings added at run time, drafts of entries, states of questions, steps of flows walked."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from assistant.store.tables.base import UtcDateTime, metadata

added_phrasings = Table(
    "added_phrasings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", String(128), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("text", Text, nullable=False),
    Column("added_by", String(128), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    # Rows are withdrawn, not deleted: the other processes notice by these times that something has changed.
    Column("withdrawn_at", UtcDateTime),
    Column("promoted_at", UtcDateTime),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", String(128), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("drafted_by", String(128), nullable=False),
    Column("drafted_at", UtcDateTime, nullable=False),
    Column("promoted_at", UtcDateTime),
)

question_states = Table(
    "question_states",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("set_by", String(128), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)

flow_steps = Table(
    "flow_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("flow", String(64), nullable=False),
    Column("run", String(64), nullable=False),
    Column("step", String(64), nullable=False),
    Column("ended", String(16)),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_flow_steps_at", "at"),
    Index("ix_flow_steps_conversation_id", "conversation_id"),
)

"""Conversations, their turns and messages, feedback, and questions without an answer."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from assistant.store.tables.base import UtcDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("session", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("holder", String(64)),
    Index("ix_conversations_updated_at", "updated_at"),
    Index("ix_conversations_holder_updated_at", "holder", "updated_at"),
)

conversation_tokens = Table(
    "conversation_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("message_id", String(128), nullable=False),
    Column("reply", JSON, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("entry_id", String(128)),
    Column("at", UtcDateTime, nullable=False),
    Column("confidence", Float),
    Column("flow", String(64)),
    Column("act", String(16)),
    UniqueConstraint("conversation_id", "message_id"),
    Index("ix_turns_at", "at"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("live", Boolean, nullable=False, default=False),
    Column("body", JSON, nullable=False),
    Index("ix_messages_conversation_id_turn", "conversation_id", "turn"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("comment", Text),
    Column("at", UtcDateTime, nullable=False),
)

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(32), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("lang", String(2), nullable=False),
    Column("question", Text, nullable=False),
    Column("nearest", String(128)),
    Column("confidence", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_unanswered_at", "at"),
)

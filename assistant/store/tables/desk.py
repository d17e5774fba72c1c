"""The support desk: handoffs, internal notes, tickets with their comments, shared checklists."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from assistant.store.tables.base import UtcDateTime, metadata

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(8), nullable=False),  # waiting, taken, closed
    Column("lang", String(2), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("flow", String(64)),
    Column("agent_id", ForeignKey("agents.id", ondelete="SET NULL")),
    Column("outcome", Text),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Index("ix_handoffs_state_id", "state", "id"),
    # A conversation waits, or is with an agent, once at a time.
    Index(
        "uq_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=text("state <> 'closed'"),
        postgresql_where=text("state <> 'closed'"),
    ),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("agent_id", ForeignKey("agents.id", ondelete="SET NULL")),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_notes_conversation_id", "conversation_id"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("flow", String(64), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("state", String(16), nullable=False),  # open, in_progress, resolved, refused, closed
    Column("agent_id", ForeignKey("agents.id", ondelete="SET NULL")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_tickets_state_updated_at", "state", "updated_at"),
)

ticket_comments = Table(
    "ticket_comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", ForeignKey("tickets.number", ondelete="CASCADE"), nullable=False),
    Column("agent_id", ForeignKey("agents.id", ondelete="SET NULL")),
    Column("public", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_ticket_comments_number", "number"),
)

checklists = Table(
    "checklists",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("flow", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Column("closed", Boolean, nullable=False, default=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_checklists_updated_at", "updated_at"),
)

"""The agent console: agents and what they sign in with, their sessions, the audit trail."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from assistant.store.tables.base import UtcDateTime, metadata

agents = Table(
    "agents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("display_name", String(64), nullable=False),
    Column("role", String(8), nullable=False),
    Column("password_hash", Text),
    Column("totp_secret", Text),
    Column("totp_step", Integer),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("name"),
)

agent_backup_codes = Table(
    "agent_backup_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    Index("ix_agent_backup_codes_agent_id", "agent_id"),
)

agent_invitations = Table(
    "agent_invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.id", ondelete="CASCADE")),
    Column("totp_secret", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

agent_sessions = Table(
    "agent_sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_agent_sessions_agent_id", "agent_id"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("agent", String(64), nullable=False),
    Column("action", String(48), nullable=False),
    Column("object", String(200), nullable=False),
    Column("details", JSON, nullable=False),
    Index("ix_audit_at", "at"),
)

"""WeCom: members and what they are bound to, deliveries in work, cards, tokens; and the outbox of all channels."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from assistant.store.tables.base import UtcDateTime, metadata

wecom_members = Table(
    "wecom_members",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("corp", String(64), nullable=False),
    Column("chat", String(128), nullable=False),  # empty in a chat of two
    Column("user_id", String(128), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("lang", String(2), nullable=False),
    Column("account", String(64)),
    Column("bound_at", UtcDateTime),
    Column("unbound_at", UtcDateTime),
    Column("greeted_at", UtcDateTime),
    Column("live_cursor", Integer, nullable=False),
    Column("response_url", Text),  # encrypted
    Column("response_url_at", UtcDateTime),
    UniqueConstraint("channel", "corp", "chat", "user_id"),
    Index("ix_wecom_members_conversation_id", "conversation_id"),
)

wecom_deliveries = Table(
    "wecom_deliveries",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("member_id", ForeignKey("wecom_members.id", ondelete="CASCADE"), nullable=False),
    Column("body", Text),  # encrypted, and gone when the delivery is closed
    Column("mode", String(16)),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_wecom_deliveries_at", "at"),
    Index("ix_wecom_deliveries_member_id", "member_id"),
)

wecom_cards = Table(
    "wecom_cards",
    metadata,
    Column("task_id", String(64), primary_key=True),
    Column("member_id", ForeignKey("wecom_members.id", ondelete="CASCADE"), nullable=False),
    Column("body", Text, nullable=False),  # encrypted
    Column("at", UtcDateTime, nullable=False),
    Index("ix_wecom_cards_at", "at"),
    Index("ix_wecom_cards_member_id", "member_id"),
)

wecom_tokens = Table(
    "wecom_tokens",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("token", Text),  # encrypted
    Column("expires_at", UtcDateTime),
    Column("refreshing_until", UtcDateTime),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("lane", String(200), nullable=False),
    Column("body", Text),  # gone when it is delivered or given up
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index("ix_outbox_state_due_at", "state", "due_at"),
    Index("ix_outbox_lane_state", "lane", "state"),
)

outbox_log = Table(
    "outbox_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("code", Integer),
    Column("detail", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_outbox_log_outbox_id", "outbox_id"),
)

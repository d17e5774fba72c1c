"""The account service's documents and what they are found by, what idempotency keys did, and the demo inbox."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from assistant.store.tables.base import UtcDateTime, metadata

account_documents = Table(
    "account_documents",
    metadata,
    Column("digest", String(64), primary_key=True),  # of type and id: some ids are phones
    Column("kind", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),  # encrypted
)

account_lookups = Table(
    "account_lookups",
    metadata,
    Column("digest", String(64), primary_key=True),  # of type, index and value
    Column("document", String(64), primary_key=True),
    Column("document_id", Text, nullable=False),  # encrypted
    Index("ix_account_lookups_document", "document"),
)

account_records = Table(
    "account_records",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the idempotency key
    Column("inputs", String(64), nullable=False),
    Column("result", Text, nullable=False),  # encrypted
    Column("at", UtcDateTime, nullable=False),
    Index("ix_account_records_at", "at"),
)

demo_inbox = Table(
    "demo_inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", Text, nullable=False),  # encrypted
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,  # pages ask for what came after an id, also after a reset
)

"""Keeps conversations: one transaction a turn, SQLite or PostgreSQL, the schema under Alembic.

``tables`` names the tables, ``database`` opens the engine and migrates, ``conversations`` is what the dialogue uses, and
``insights`` answers the questions that people who improve the knowledge base ask.
"""

from assistant.store.conversations import (
    Conversation,
    ConversationStore,
    Live,
    TranscriptRow,
    Unknown,
    Unlocked,
)
from assistant.store.database import Database, DatabaseUnavailable

__all__ = [
    "Conversation",
    "ConversationStore",
    "Database",
    "DatabaseUnavailable",
    "Live",
    "TranscriptRow",
    "Unknown",
    "Unlocked",
]

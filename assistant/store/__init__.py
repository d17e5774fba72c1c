"""Keeps conversations: one transaction a turn, SQLite or PostgreSQL, the schema under Alembic.

``tables`` names the tables, ``database`` opens the engine and migrates, ``conversations`` and ``unlocked`` are what the dialogue uses, and
``insights`` answers the questions that people who improve the knowledge base ask.
"""

from assistant.store.conversations import (
    Conversation,
    ConversationStore,
    Live,
    TranscriptRow,
    Unknown,
)
from assistant.store.database import Database, DatabaseUnavailable
from assistant.store.unlocked import Unlocked

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

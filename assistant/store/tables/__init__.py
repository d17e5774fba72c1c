"""The tables, as SQLAlchemy Core sees them, one module per matter; ``migrations`` must agree (a test compares the two)."""

from assistant.store.tables.accounts import account_documents, account_lookups, account_records, demo_inbox
from assistant.store.tables.base import UtcDateTime, metadata
from assistant.store.tables.console import agent_backup_codes, agent_invitations, agent_sessions, agents, audit, sign_in_failures
from assistant.store.tables.conversations import conversation_tokens, conversations, feedback, messages, turns, unanswered
from assistant.store.tables.desk import checklists, handoffs, notes, ticket_comments, tickets
from assistant.store.tables.improve import added_phrasings, drafts, flow_steps, question_states
from assistant.store.tables.wecom import outbox, outbox_log, wecom_cards, wecom_deliveries, wecom_members, wecom_tokens

__all__ = [
    "UtcDateTime",
    "account_documents",
    "account_lookups",
    "account_records",
    "added_phrasings",
    "agent_backup_codes",
    "agent_invitations",
    "agent_sessions",
    "agents",
    "audit",
    "checklists",
    "conversation_tokens",
    "conversations",
    "demo_inbox",
    "drafts",
    "feedback",
    "flow_steps",
    "handoffs",
    "messages",
    "metadata",
    "notes",
    "outbox",
    "outbox_log",
    "question_states",
    "sign_in_failures",
    "ticket_comments",
    "tickets",
    "turns",
    "unanswered",
    "wecom_cards",
    "wecom_deliveries",
    "wecom_members",
    "wecom_tokens",
]

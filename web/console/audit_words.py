"""The audit trail in words: what an action and its details are called."""

from __future__ import annotations

from assistant.store.audit import Record
from web.console.collected import called
from web.console.page import Page
from web.console.texts import TEXTS

VALUES = {
    "field": "tickets.field_",
    "lang": "frame.",
    "progress": "improve.progress_",
    "public": "tickets.public_",
    "reason": "inbox.reason_",
    "role": "frame.role_",
    "state": "tickets.state_",
    "status": "checklists.status_",
}
"""By the name of a detail: where its values have their texts."""


def action_in_words(page: Page, action: str) -> str:
    """What agents call an action; one without a text goes by its code."""
    return _text(page, "audit.action_", action)


def details_in_words(page: Page, record: Record) -> str:
    """All details of a line."""
    return "; ".join(
        page.t("audit.detail", name=_text(page, "audit.detail_", name), value=_value(page, record.action, name, value))
        for name, value in record.details.items()
    )


def _value(page: Page, action: str, name: str, value: str) -> str:
    if name == "slot":
        return called(value, page.shared.knowledge, page.lang) or page.t("inbox.identity")
    if name == "field" and value.startswith("history-"):
        return page.t("tickets.comment_text")
    if name in ("before", "after") and action != "agent.role":
        return value
    return _text(page, VALUES["role"] if name in ("before", "after") else VALUES.get(name, ""), value)


def _text(page: Page, prefix: str, name: str) -> str:
    return page.t(prefix + name) if prefix and prefix + name in TEXTS else name

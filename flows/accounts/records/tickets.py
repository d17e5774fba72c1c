"""A ticket."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import Field

from flows.accounts.base import Document, Model

TicketCategory: TypeAlias = Literal[
    "mfa",
    "recycled_number",
    "details_without_check",
    "short_enterprise_name",
    "authorization_template",
    "frozen_account",
    "general",
]
"""TCK-4, TCK-13."""

TicketState: TypeAlias = Literal["open", "in_progress", "resolved", "refused", "closed"]


class TicketEntry(Model):
    """One line of a ticket's history."""

    at: datetime
    who: Literal["opener", "staff"]
    what: Literal["opened", "added", "resolved", "refused", "closed"]
    text: str = Field(default="", repr=False)


class Ticket(Document):
    """A ticket, known by its number to its opener only. TCK-14."""

    category: TicketCategory
    state: TicketState = "open"
    about: str = ""
    opener_account: str | None = None
    opener_phone: str | None = None
    fields: dict[str, str] = Field(default_factory=dict, repr=False)
    attachments: tuple[str, ...] = ()
    history: tuple[TicketEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.state in {"open", "in_progress"}

    def lookups(self) -> Iterator[tuple[str, str]]:
        """By what it is about, and by who opened it."""
        if self.about:
            yield f"open_{self.category}" if self.is_open else f"past_{self.category}", self.about
        if self.opener_account:
            yield "opener", self.opener_account

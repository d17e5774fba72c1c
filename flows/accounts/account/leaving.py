"""Ending things: the cancellation request and the offboarding checklist."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import Field

from flows.accounts.account.access import Kind
from flows.accounts.base import Model

CancellationState: TypeAlias = Literal[
    "none",
    "confirmed",
    "checking",
    "must_handle",
    "may_give_up",
    "clear",
    "cooling_off",
    "identity",
    "in_review",
    "cancelled",
    "rejected",
    "withdrawn",
]
"""``cooled`` is ``cooling_off`` whose end has passed: nothing happens by itself. CAN-10."""


class Cancellation(Model):
    """The request to cancel the account. CAN."""

    state: CancellationState = "none"
    touched_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    text: str = ""
    check_ends: datetime | None = None
    checked_resources: tuple[str, ...] = ()
    cooling_until: datetime | None = None
    cooled_off: bool = False
    review_until: datetime | None = None
    papers: tuple[str, ...] = ()
    rejection: str = ""


class Leaver(Model):
    """Whoever leaves: identities, phones, e-mails, name on the papers, or a sub-user's id. OFF-1, OFF-6."""

    identities: dict[Kind, str] = Field(default_factory=dict)
    phone: str | None = None
    email: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    """Where they differ from phone and e-mail."""
    id_number: str | None = Field(default=None, repr=False)
    user: str | None = None
    wecom_member: str | None = None


class Checklist(Model):
    """An offboarding in progress. OFF."""

    kind: Literal["root", "sub_user", "handover"]
    leaver: Leaver
    opened_at: datetime
    set_aside: dict[str, str] = Field(default_factory=dict)
    mfa_at_start: datetime | None = None
    verified_at_start: bool = False

"""Offboarding checklists."""

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from flows.accounts.account import Kind, Leaver
from flows.accounts.base import Model, Outcome
from flows.accounts.commands.base import Change, Query, Who

Held: TypeAlias = Kind | Literal["security_phone", "security_email", "contact_phone", "contact_email", "verification"]
"""What an account may have of somebody who leaves."""

ItemStatus: TypeAlias = Literal["todo", "done", "blocked", "not_applicable"]


class Item(Model):
    """One thing to do, and what blocks it."""

    id: str
    status: ItemStatus
    blocked_by: str | None = None
    note: str = ""


class Items(Model):
    """In the order to do them, since when, and which sub-user goes. OFF-3."""

    kind: Literal["root", "sub_user", "handover"]
    opened_at: datetime
    user: str | None = None
    items: tuple[Item, ...]


class OffboardingStarted(Outcome[Literal["started"]]):
    """The items."""

    items: tuple[Item, ...]


class StartOffboarding(Change[OffboardingStarted]):
    """A checklist for somebody who leaves; what the account ``holds`` of them need not be spelt out. OFF-1, OFF-5, OFF-6."""

    kind: Literal["root", "sub_user", "handover"]
    leaver: Leaver = Leaver()
    holds: tuple[Held, ...] = ()


class GetOffboarding(Query[Items]):
    """The items, recomputed from the account's state."""


class SetItemNotApplicable(Change[Outcome[Literal["saved"]]]):
    """Set an item aside, with a reason. OFF-2."""

    item: str
    reason: str


class CloseOffboarding(Change[Outcome[Literal["closed"]]]):
    """Everything is done."""


class AfterLeavingAdvice(Model):
    """The ways, in order. OFF-8."""

    ways: tuple[str, ...]


class AdviseAfterLeaving(Query[AfterLeavingAdvice]):
    """What to do once the employee is gone. OFF-8."""

    who: ClassVar[Who] = "anyone"
    problem: Literal["account_unknown", "cannot_log_in", "check_cannot_be_passed"]
    holder: Literal["personal", "enterprise", "unknown"] = "unknown"
    reachable_email: bool = False
    somebody_still_in: bool = False

"""Tickets, above all the lost MFA device."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from flows.accounts.account import Kind
from flows.accounts.base import Model, Outcome, Secret
from flows.accounts.commands.base import Change, Formats, Query, Who
from flows.accounts.records.tickets import TicketCategory, TicketState


class MfaLossAdvice(Outcome[Literal["apply_for_login", "recovery", "ticket", "hotline"]]):
    """The fastest way, and the others in order; the hotlines where only they are left."""

    ways: tuple[Literal["apply_for_login", "recovery", "ticket", "hotline"], ...]
    numbers: tuple[str, ...]
    category: str


class AdviseMfaLoss(Query[MfaLossAdvice]):
    """What to do about a lost device, before any ticket. TCK-1, TCK-3, MFA-12."""

    who: ClassVar[Who] = "anyone"
    holder: Literal["personal", "company", "unverified"]
    has_other_account: bool


class MfaTicket(Outcome[Literal["opened", "duplicate", "hotline"]]):
    """The number, of the new ticket or of the one that is open already; the hotlines, where a ticket is impossible."""

    number: str | None = None
    numbers: tuple[str, ...] = ()


class OpenMfaTicket(Change[MfaTicket]):
    """Have a lost device unbound, asked for from another account of the same holder. TCK-2, TCK-5, TCK-7."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {
        "lost_account": ("account_id", "bad_input"),
        "id_number": ("id_card", "bad_input"),
        "company_code": ("organization_code", "bad_input"),
        "phone": ("mobile", "bad_input"),
        "code": ("code", "bad_input"),
    }
    lost_account: str
    holder: Literal["personal", "company"]
    login_kind: Kind | None = None
    login_name: str = ""
    name: str = ""
    id_number: str | None = Field(default=None, repr=False)
    company_name: str = ""
    company_code: str | None = None
    face: str | None = None
    photos: dict[str, str] = Field(default_factory=dict)
    phone: str | None = None
    code: Secret | None = None


class OpenedTicket(Outcome[Literal["opened", "duplicate"]]):
    """The number, of the new ticket or of the one that is open already."""

    number: str


class OpenTicket(Change[OpenedTicket]):
    """Any other ticket, by a proven identity or with a proven phone. TCK-13."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"phone": ("mobile", "bad_input"), "code": ("code", "bad_input")}
    category: TicketCategory
    text: str = Field(default="", repr=False)
    fields: dict[str, str] = Field(default_factory=dict, repr=False)
    photos: dict[str, str] = Field(default_factory=dict)
    phone: str | None = None
    code: Secret | None = None


class _OfTicket(Model):
    """A ticket, by its opener: the account, or the phone with a code. TCK-14."""

    number: str
    phone: str | None = None
    code: Secret | None = None


class EntryShown(Model):
    """One line of the history."""

    at: datetime
    who: Literal["opener", "staff"]
    what: str
    text: str


class TicketShown(Model):
    """State and history."""

    number: str
    category: TicketCategory
    state: TicketState
    history: tuple[EntryShown, ...]


class GetTicket(_OfTicket, Query[TicketShown]):
    """How a ticket stands. TCK-14."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"phone": ("mobile", "bad_input"), "code": ("code", "bad_input")}


class TicketInspected(TicketShown):
    """A ticket with what its opener gave; ``account`` is the one that a decision changes."""

    account: str | None
    phone: str | None
    fields: dict[str, str] = Field(repr=False)


class InspectTicket(Query[TicketInspected]):
    """What staff decide on. TCK-11."""

    who: ClassVar[Who] = "staff"
    number: str


class AddToTicket(_OfTicket, Change[Outcome[Literal["added"]]]):
    """Say or attach more."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"phone": ("mobile", "bad_input"), "code": ("code", "bad_input")}
    text: str = Field(default="", repr=False)
    photos: dict[str, str] = Field(default_factory=dict)


class CloseTicket(_OfTicket, Change[Outcome[Literal["closed"]]]):
    """Nothing more is needed."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"phone": ("mobile", "bad_input"), "code": ("code", "bad_input")}


class DecideTicket(Change[Outcome[Literal["resolved", "refused"]]]):
    """Staff's decision; resolving an MFA ticket unbinds the device. TCK-11."""

    who: ClassVar[Who] = "staff"
    tells: ClassVar[bool] = True
    number: str
    resolve: bool
    text: str = ""

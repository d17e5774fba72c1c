"""Contact and security details."""

from datetime import datetime
from typing import ClassVar, Literal

from flows.accounts.base import Model, Outcome, Secret
from flows.accounts.commands.base import Change, Formats, Query, Who


class PendingShown(Model):
    """A contact change whose link was not opened yet."""

    what: Literal["phone", "email"]
    target: str
    expires: datetime


class ContactsShown(Model):
    """The four values, masked, and what is pending."""

    security_phone: str | None
    security_email: str | None
    contact_phone: str | None
    contact_email: str | None
    pending: tuple[PendingShown, ...] = ()


class GetContactDetails(Query[ContactsShown]):
    """How the root user is reached."""


class DetailChanged(Outcome[Literal["changed"]]):
    """Changed; a hint if security and contact e-mail differ now. CT-8."""

    hint: Literal["keep_addresses_equal"] | None = None


class SetSecurityPhone(Change[DetailChanged]):
    """Change the security phone, or set the first one. CT-2, CT-12."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    in_review: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"number": ("phone", "bad_phone"), "code": ("code", "bad_code")}
    number: str
    code: Secret


class SetSecurityEmail(Change[DetailChanged]):
    """Change the security e-mail, or set the first one. CT-4, CT-12."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    in_review: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"address": ("email", "bad_email"), "code": ("code", "bad_code")}
    address: str
    code: Secret
    sync_contact: bool = False


class SetContactPhone(Change[Outcome[Literal["link_sent"]]]):
    """Ask for another contact phone. CT-5."""

    formats: ClassVar[Formats] = {"number": ("phone", "bad_phone")}
    number: str


class SetContactEmail(Change[Outcome[Literal["link_sent"]]]):
    """Ask for another contact e-mail. CT-5, CT-7."""

    formats: ClassVar[Formats] = {"address": ("email", "bad_email")}
    address: str
    sync_security: bool = False


class ConfirmContact(Change[Outcome[Literal["confirmed", "expired"]]]):
    """Open the link that was sent. CT-5, CT-6."""

    who: ClassVar[Who] = "anyone"
    token: Secret


class RecycledNumberTicket(Outcome[Literal["ticket_opened"]]):
    """The ticket's number."""

    ticket: str


class ReleaseRecycledNumber(Change[RecycledNumberTicket]):
    """Ask that a number's former owner's account lets go of it. CT-14."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"number": ("phone", "bad_phone"), "code": ("code", "bad_code")}
    number: str
    code: Secret

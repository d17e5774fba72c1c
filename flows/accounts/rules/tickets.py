"""Tickets. TCK.

The documents name no time, so none is promised (TCK-12).
"""

from datetime import datetime

from flows.accounts.account import Account, Company, Person
from flows.accounts.base import Refusal, refuse
from flows.accounts.commands.tickets import (
    AdviseMfaLoss,
    EntryShown,
    MfaLossAdvice,
    OpenMfaTicket,
    OpenTicket,
    TicketInspected,
    TicketShown,
)
from flows.accounts.records import Ticket, TicketEntry
from flows.accounts.records.tickets import TicketCategory
from flows.accounts.rules.ground import HOTLINES

MFA_CATEGORY = "Account Center > Account security settings (MFA)"
"""TCK-4, faq-zh:899."""
PERSONAL_PARTS = ("login_kind", "login_name", "name", "id_number", "face", "phone", "code")
PERSONAL_PHOTOS = ("applicant_id_front", "applicant_id_back")
"""TCK-5, faq-zh:903-908."""
COMPANY_PARTS = ("login_kind", "login_name", "company_name", "company_code", "name", "id_number", "phone", "code")
COMPANY_PHOTOS = (*PERSONAL_PHOTOS, "license", "representative_id_front", "representative_id_back")
"""TCK-7, faq-zh:914-920."""
DETAIL_PHOTOS_PERSONAL = ("holding_id_front", "holding_id_back")
DETAIL_PHOTOS_ENTERPRISE = (*COMPANY_PHOTOS, "change_form")
"""The papers of a change of details without any check method. CT-15, faq-zh:181-183, C86."""
NEEDS_TEXT: tuple[TicketCategory, ...] = ("general", "frozen_account")


def advise_mfa_loss(query: AdviseMfaLoss) -> MfaLossAdvice:
    """The faster ways come first; without another account, the hotlines. TCK-1, TCK-3, TCK-4, MFA-12, C39, C71."""
    ways: dict[str, tuple[str, ...]] = {"personal": ("apply_for_login",), "company": ("recovery",)}
    ordered = (*ways.get(query.holder, ()), "ticket" if query.has_other_account else "hotline")
    return MfaLossAdvice.model_validate({"outcome": ordered[0], "ways": ordered, "numbers": HOTLINES, "category": MFA_CATEGORY})


def missing_parts(command: OpenMfaTicket) -> tuple[str, ...]:
    """What TCK-5 or TCK-7 still needs. TCK-5, TCK-7, TCK-9."""
    personal = command.holder == "personal"
    parts = PERSONAL_PARTS if personal else COMPANY_PARTS
    photos = PERSONAL_PHOTOS if personal else COMPANY_PHOTOS
    return tuple(part for part in parts if not getattr(command, part)) + tuple(photo for photo in photos if photo not in command.photos)


def refuse_incomplete(missing: tuple[str, ...]) -> Refusal | None:
    """Missing parts are listed, nothing is opened. TCK-9."""
    return refuse(bool(missing), "TCK-9", "incomplete", missing=missing)


def same_identity(opener: Account, lost: Account | None) -> bool:
    """Another account under the same verified person or company. TCK-2, guide-zh:1226, C38."""
    if lost is None or lost.id == opener.id:
        return False
    mine, its = opener.verification, lost.verification
    same_person = mine.person is not None and its.person is not None and mine.person.id_number == its.person.id_number
    same_company = mine.company is not None and its.company is not None and mine.company.code == its.company.code
    return same_person or same_company


def is_holder(lost: Account, command: OpenMfaTicket, face: Person | None) -> bool:
    """The verified person with name, number and face; or the verified company, whoever asks. TCK-6, TCK-8, faq-zh:910-918."""
    entity = lost.verification.entity
    if isinstance(entity, Company):
        return command.holder == "company" and (entity.name, entity.code) == (command.company_name, command.company_code)
    if entity is None or command.holder != "personal" or face is None:
        return False
    claimed = (command.name, command.id_number)
    return claimed == (entity.name, entity.id_number) == (face.name, face.id_number)


def refuse_mfa_ticket(opener: Account, lost: Account | None, command: OpenMfaTicket, face: Person | None) -> Refusal | None:
    """The same holder, who really is the one, of an account that has a device. TCK-2, TCK-6, TCK-8."""
    if lost is None or not same_identity(opener, lost):
        return Refusal(rule="TCK-2", reason="other_identity")
    rule = "TCK-6" if command.holder == "personal" else "TCK-8"
    return refuse(not is_holder(lost, command, face), rule, "not_the_holder") or refuse(lost.mfa.device is None, "MFA-10", "not_bound")


def missing_for(command: OpenTicket, account: Account | None) -> tuple[str, ...]:
    """What a ticket of this category needs; without a proven identity a proven phone too. TCK-13, CT-15, RN-3."""
    missing = () if account else tuple(part for part in ("phone", "code") if not getattr(command, part))
    if command.category in NEEDS_TEXT and not command.text.strip():
        missing += ("text",)
    if command.category == "short_enterprise_name":
        missing += tuple(part for part in ("company_name",) if not command.fields.get(part))
    return missing + tuple(photo for photo in _photos_for(command) if photo not in command.photos)


def _photos_for(command: OpenTicket) -> tuple[str, ...]:
    if command.category == "short_enterprise_name":
        return ("license",)
    if command.category == "details_without_check":
        return DETAIL_PHOTOS_ENTERPRISE if command.fields.get("holder") == "company" else DETAIL_PHOTOS_PERSONAL
    return ()


def show(ticket: Ticket) -> TicketShown:
    """State and history. TCK-14."""
    history = tuple(EntryShown(at=entry.at, who=entry.who, what=entry.what, text=entry.text) for entry in ticket.history)
    return TicketShown(number=ticket.id, category=ticket.category, state=ticket.state, history=history)


def inspect(ticket: Ticket) -> TicketInspected:
    """What staff decide on; a lost device is another account's than the opener's. TCK-2, TCK-11."""
    account = ticket.about if ticket.category == "mfa" else ticket.opener_account
    return TicketInspected(**dict(show(ticket)), account=account, phone=ticket.opener_phone, fields=ticket.fields)


def add(ticket: Ticket, text: str, photos: dict[str, str], now: datetime) -> Ticket | Refusal:
    """More, while it is open."""
    entry = TicketEntry(at=now, who="opener", what="added", text=text)
    grown = ticket.but(attachments=(*ticket.attachments, *photos.values()), history=(*ticket.history, entry))
    return refuse(not ticket.is_open, "TCK-14", "ticket_closed") or grown


def close(ticket: Ticket, now: datetime) -> Ticket | Refusal:
    """By its opener; the photos go. TCK-12."""
    entry = TicketEntry(at=now, who="opener", what="closed")
    closed = ticket.but(state="closed", attachments=(), history=(*ticket.history, entry))
    return refuse(not ticket.is_open, "TCK-14", "ticket_closed") or closed


def decide(ticket: Ticket, text: str, now: datetime, *, resolve: bool) -> Ticket | Refusal:
    """By staff; photos are kept only until then. TCK-11, TCK-12."""
    state = "resolved" if resolve else "refused"
    entry = TicketEntry.model_validate({"at": now, "who": "staff", "what": state, "text": text})
    decided = ticket.but(state=state, attachments=(), history=(*ticket.history, entry))
    return refuse(not ticket.is_open, "TCK-11", "wrong_state") or decided

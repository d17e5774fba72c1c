"""Tickets: opened from an account or with a proven phone, and how they stand. TCK."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue, SecretStr

from flows.accounts.account import Kind
from flows.accounts.base import Refusal
from flows.accounts.commands.ground import Purpose, SendCode
from flows.accounts.commands.tickets import EntryShown, GetTicket, OpenMfaTicket, OpenTicket, TicketShown
from flows.accounts.records.tickets import TicketCategory
from flows.accounts.rules.tickets import COMPANY_PHOTOS, PERSONAL_PHOTOS
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, NotProven, Result, action
from flows.actions.labels import label, options
from flows.actions.times import minute
from flows.blocks import Ticket
from flows.model import Lang

_KINDS: tuple[Kind, ...] = ("wechat", "qq", "email", "official_account", "wecom")
_FOLLOWS = "to be attached to the ticket"
"""Instead of a reference to a photo: none is sent in a chat, only that it is at hand. TCK-12."""


@action(identity=True, gives=("login_kinds",))
async def check_lost_account(call: Call) -> Result[Literal["personal", "company", "same_account"]]:
    """Whether a ticket about this account can come from the one that is proven, and whose details it needs. TCK-2, TCK-5, TCK-7."""
    if call.caller.proven and call.caller.proven.account == call.text("lost_account"):
        return Result("same_account")
    return Result("company" if call.text("kind") == "company" else "personal", {"login_kinds": options("login_kind", _KINDS)})


@action()
async def send_ticket_code(call: Call) -> Result[Literal["sent", "too_often"]]:
    """A code to the phone in use; one sent a moment ago still counts. TCK-9, GEN-6."""
    return await _sent(call, "ticket_phone", "phone")


@action()
async def send_ticket_query_code(call: Call) -> Result[Literal["sent", "too_often"]]:
    """A code to the phone that was given with a ticket. TCK-14."""
    return await _sent(call, "ticket_query", "query_phone")


async def _sent(call: Call, purpose: Purpose, slot: str) -> Result[Literal["sent", "too_often"]]:
    sent = await perform(call, SendCode(purpose=purpose, target=call.text(slot)))
    return Result("too_often" if isinstance(sent, Refusal) else "sent")


@action(identity=True, changes=("opened",), gives=("number", "reason", "rule"))
async def open_mfa_ticket(call: Call) -> Result[Literal["opened", "duplicate", "wrong", "void", "mismatch", "refused"]]:
    """Have a lost device unbound, from the holder's other account. TCK-2, TCK-5 to TCK-10."""
    opened = await perform(call, _mfa_ticket(call))
    if isinstance(opened, Refusal):
        if opened.reason == "wrong_code":
            return Result(_wrong_or_void(opened))
        return Result("mismatch", refused(call, opened).values) if opened.reason == "not_the_holder" else refused(call, opened)
    if opened.outcome == "hotline" or opened.number is None:
        raise NotProven
    return _opened(opened.outcome, opened.number)


def _mfa_ticket(call: Call) -> OpenMfaTicket:
    company = call.text("kind") == "company"
    return OpenMfaTicket(
        lost_account=call.text("lost_account"),
        holder="company" if company else "personal",
        login_kind=next((kind for kind in _KINDS if kind == call.text("login_kind")), None),
        login_name=call.text("login_name"),
        name=call.text("applicant_name"),
        id_number=call.text("applicant_id"),
        company_name=call.text("company_name"),
        company_code=call.text("company_code") or None,
        face=call.text("face") or None,
        photos=dict.fromkeys(COMPANY_PHOTOS if company else PERSONAL_PHOTOS, _FOLLOWS),
        phone=call.text("phone"),
        code=SecretStr(call.text("ticket_code")),
    )


@action(changes=("opened",), gives=("number",))
async def open_ticket(call: Call) -> Result[Literal["opened", "duplicate"]]:
    """A ticket of the account whose identity is proven. TCK-13."""
    opened = await granted(call, _ticket(call))
    return _opened(opened.outcome, opened.number)


@action(changes=("opened",), identity=False, gives=("number",))
async def open_ticket_by_phone(call: Call) -> Result[Literal["opened", "duplicate", "wrong", "void"]]:
    """A ticket of somebody unknown who holds the phone. TCK-13."""
    by_phone = _ticket(call).but(phone=call.text("phone"), code=SecretStr(call.text("ticket_code")))
    opened = await perform(call, by_phone)
    return Result(_wrong_or_void(opened)) if isinstance(opened, Refusal) else _opened(opened.outcome, opened.number)


def _ticket(call: Call) -> OpenTicket:
    if company_name := call.text("company_name"):
        return OpenTicket(category="short_enterprise_name", fields={"company_name": company_name}, photos={"license": _FOLLOWS})
    category: TicketCategory = "frozen_account" if call.text("matter") == "frozen" else "general"
    return OpenTicket(category=category, text=call.text("ticket_text"))


def _wrong_or_void(refusal: Refusal) -> Literal["wrong", "void"]:
    return "wrong" if refusal.details.get("why") == "wrong" else "void"


def _opened(outcome: Literal["opened", "duplicate"], number: str) -> Result[Literal["opened", "duplicate"]]:
    return Result(outcome, {"number": number}, (Ticket(id=number, status="open", url=""),))


@action(gives=("ticket_matter", "ticket_state", "ticket_history"))
async def read_ticket(call: Call) -> Result[Literal["found", "phone_needed"]]:
    """A ticket of the account whose identity is proven; any other is found by its phone. TCK-14."""
    shown = await perform(call, GetTicket(number=call.text("ticket_number")))
    return Result("phone_needed") if isinstance(shown, Refusal) else _found(shown, call.caller.lang)


@action(gives=("ticket_matter", "ticket_state", "ticket_history"))
async def read_ticket_by_phone(call: Call) -> Result[Literal["found", "wrong", "void", "not_found"]]:
    """A ticket by its number and the phone it was opened with. TCK-14."""
    asked = GetTicket(number=call.text("ticket_number"), phone=call.text("query_phone"), code=SecretStr(call.text("query_code")))
    shown = await perform(call, asked)
    if isinstance(shown, Refusal):
        return Result(_wrong_or_void(shown)) if shown.reason == "wrong_code" else Result("not_found")
    return _found(shown, call.caller.lang)


def _found(shown: TicketShown, lang: Lang) -> Result[Literal["found"]]:
    values: dict[str, JsonValue] = {
        "ticket_matter": label("ticket_category", shown.category, lang),
        "ticket_state": label("ticket_state", shown.state, lang),
        "ticket_history": "\n".join(_line(entry, lang) for entry in shown.history),
    }
    return Result("found", values, (Ticket(id=shown.number, status=shown.state, url=""),))


def _line(entry: EntryShown, lang: Lang) -> str:
    """What happened when; the opener's own words, which may be personal, are not repeated."""
    said = f"{'：' if lang == 'zh' else ': '}{entry.text}" if entry.who == "staff" and entry.text else ""
    return f"- {minute(entry.at)} {label('ticket_event', entry.what, lang)}{said}"

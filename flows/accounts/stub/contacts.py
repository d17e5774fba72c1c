"""Contact and security details, carried out. CT."""

from typing import Literal

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.contacts import (
    ConfirmContact,
    DetailChanged,
    GetContactDetails,
    RecycledNumberTicket,
    ReleaseRecycledNumber,
    SetContactEmail,
    SetContactPhone,
    SetSecurityEmail,
    SetSecurityPhone,
)
from flows.accounts.notifier import message_to
from flows.accounts.records import Ticket, TicketEntry
from flows.accounts.rules import contacts
from flows.accounts.rules.ground import fresh_check
from flows.accounts.stub.handlers import handles, shows_own
from flows.accounts.stub.turn import Turn

shows_own(GetContactDetails, contacts.get_contact_details)


@handles(SetSecurityPhone)
async def set_security_phone(turn: Turn, command: SetSecurityPhone) -> DetailChanged | Refusal:
    """The code went to the new number. CT-2."""
    if wrong := await turn.try_code("security_phone", command.number, command.code):
        return wrong
    others = await turn.others("security_phone", command.number, turn.account.id)
    return turn.apply(contacts.set_security_phone(turn.account, command, turn.now, others))


@handles(SetSecurityEmail)
async def set_security_email(turn: Turn, command: SetSecurityEmail) -> DetailChanged | Refusal:
    """The code went to the new address. CT-4."""
    if wrong := await turn.try_code("security_email", command.address, command.code):
        return wrong
    return turn.apply(contacts.set_security_email(turn.account, command, turn.now))


@handles(SetContactPhone)
async def set_contact_phone(turn: Turn, command: SetContactPhone) -> Outcome[Literal["link_sent"]] | Refusal:
    """The link goes to the new number. CT-5."""
    token = turn.services.token()
    turn.tell(message_to(command.number, "link", token=token))
    return turn.apply(contacts.ask_contact_phone(turn.account, command.number, turn.services.digest("link", token), turn.now))


@handles(SetContactEmail)
async def set_contact_email(turn: Turn, command: SetContactEmail) -> Outcome[Literal["link_sent"]] | Refusal:
    """The link goes to the new address. CT-5."""
    token = turn.services.token()
    turn.tell(message_to(command.address, "link", token=token))
    checked = fresh_check(turn.account, turn.actor.conversation, turn.now) is not None
    return turn.apply(contacts.ask_contact_email(turn.account, command, turn.services.digest("link", token), turn.now, checked=checked))


@handles(ConfirmContact)
async def confirm_contact(turn: Turn, command: ConfirmContact) -> Outcome[Literal["confirmed", "expired"]] | Refusal:
    """An unknown link looks like an expired one. CT-6, GEN-7."""
    digest = turn.services.digest("link", command.token.get_secret_value())
    found = await turn.accounts("contact_link", digest)
    if not found:
        return Outcome(outcome="expired")
    return turn.apply(contacts.confirm_contact(found[0], digest, turn.now))


@handles(ReleaseRecycledNumber)
async def release_recycled_number(turn: Turn, command: ReleaseRecycledNumber) -> RecycledNumberTicket | Refusal:
    """A ticket, the same whether or not an account has the number. CT-14, GEN-7, faq-zh:234-236."""
    if wrong := await turn.try_code("recycled_number", command.number, command.code):
        return wrong
    number = turn.services.ticket_number()
    entry = TicketEntry(at=turn.now, who="opener", what="opened")
    turn.save(Ticket(id=number, category="recycled_number", opener_phone=command.number, history=(entry,)))
    return RecycledNumberTicket(outcome="ticket_opened", ticket=number)

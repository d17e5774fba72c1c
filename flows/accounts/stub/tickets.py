"""Tickets, carried out. TCK."""

from typing import Literal

from flows.accounts.account import Account
from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Proven
from flows.accounts.commands.tickets import (
    AddToTicket,
    AdviseMfaLoss,
    CloseTicket,
    DecideTicket,
    GetTicket,
    InspectTicket,
    MfaLossAdvice,
    MfaTicket,
    OpenedTicket,
    OpenMfaTicket,
    OpenTicket,
    TicketInspected,
    TicketShown,
)
from flows.accounts.records import Ticket, TicketEntry
from flows.accounts.rules import tickets
from flows.accounts.rules.ground import HOTLINES, still_proven
from flows.accounts.rules.mfa import without_mfa
from flows.accounts.simulator import Face
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.turn import Turn


@handles(AdviseMfaLoss)
async def advise_mfa_loss(_turn: Turn, query: AdviseMfaLoss) -> MfaLossAdvice:
    """The faster ways first. TCK-1."""
    return tickets.advise_mfa_loss(query)


async def proven_account(turn: Turn) -> Account | None:
    """The actor's account, if the proof still holds. GEN-3."""
    if not isinstance(turn.actor, Proven):
        return None
    account = await turn.load(Account, turn.actor.account)
    holds = account is not None and account.status != "cancelled" and still_proven(account, turn.actor, turn.now)
    return account if holds else None


@handles(OpenMfaTicket)
async def open_mfa_ticket(turn: Turn, command: OpenMfaTicket) -> MfaTicket | Refusal:
    """Complete, with a proven phone, from the same holder's other account; one at a time. TCK-2, TCK-3, TCK-9, TCK-10."""
    opener = await proven_account(turn)
    if opener is None:
        return MfaTicket(outcome="hotline", numbers=HOTLINES)
    if incomplete := tickets.refuse_incomplete(tickets.missing_parts(command)):
        return incomplete
    assert command.phone
    assert command.code
    if wrong := await turn.try_code("ticket_phone", command.phone, command.code):
        return wrong
    lost = await turn.load(Account, command.lost_account)
    evidence = await turn.services.simulator.evidence(command.face or "")
    face = evidence.person if isinstance(evidence, Face) else None
    if refusal := tickets.refuse_mfa_ticket(opener, lost if lost and lost.status != "cancelled" else None, command, face):
        return refusal
    if open_already := await turn.find(Ticket, "open_mfa", command.lost_account):
        return MfaTicket(outcome="duplicate", number=open_already[0])
    return MfaTicket(outcome="opened", number=_open(turn, command, opener))


def _open(turn: Turn, command: OpenMfaTicket, opener: Account) -> str:
    number = turn.services.ticket_number()
    turn.save(
        Ticket(
            id=number,
            category="mfa",
            about=command.lost_account,
            opener_account=opener.id,
            opener_phone=command.phone,
            fields={"login_kind": command.login_kind or "", "login_name": command.login_name, "name": command.name},
            attachments=tuple(command.photos.values()),
            history=(TicketEntry(at=turn.now, who="opener", what="opened"),),
        )
    )
    return number


@handles(OpenTicket)
async def open_ticket(turn: Turn, command: OpenTicket) -> OpenedTicket | Refusal:
    """One open ticket per opener and matter. TCK-9, TCK-13."""
    account = await proven_account(turn)
    if command.category == "mfa":
        return Refusal(rule="TCK-2", reason="other_identity")
    if incomplete := tickets.refuse_incomplete(tickets.missing_for(command, account)):
        return incomplete
    if account is None:
        assert command.phone
        assert command.code
        if wrong := await turn.try_code("ticket_phone", command.phone, command.code):
            return wrong
    opener = account.id if account else command.phone or ""
    about = turn.services.digest("ticket", opener, command.text if command.category == "general" else "")
    if open_already := await turn.find(Ticket, f"open_{command.category}", about):
        return OpenedTicket(outcome="duplicate", number=open_already[0])
    number = turn.services.ticket_number()
    turn.save(
        Ticket(
            id=number,
            category=command.category,
            about=about,
            opener_account=account.id if account else None,
            opener_phone=command.phone,
            fields=command.fields,
            attachments=tuple(command.photos.values()),
            history=(TicketEntry(at=turn.now, who="opener", what="opened", text=command.text),),
        )
    )
    return OpenedTicket(outcome="opened", number=number)


async def _own_ticket(turn: Turn, command: GetTicket | AddToTicket | CloseTicket) -> Ticket | Refusal:
    """Only its opener sees that it exists. TCK-14."""
    ticket = await turn.load(Ticket, command.number)
    account = await proven_account(turn)
    if account and ticket and ticket.opener_account == account.id:
        return ticket
    if not command.phone or not command.code:
        return Refusal(rule="TCK-14", reason="not_found")
    if wrong := await turn.try_code("ticket_query", command.phone, command.code):
        return wrong
    return ticket if ticket and ticket.opener_phone == command.phone else Refusal(rule="TCK-14", reason="not_found")


@handles(GetTicket)
async def get_ticket(turn: Turn, query: GetTicket) -> TicketShown | Refusal:
    """State and history. TCK-14."""
    ticket = await _own_ticket(turn, query)
    return ticket if isinstance(ticket, Refusal) else tickets.show(ticket)


@handles(AddToTicket)
async def add_to_ticket(turn: Turn, command: AddToTicket) -> Outcome[Literal["added"]] | Refusal:
    """More text or photos."""
    ticket = await _own_ticket(turn, command)
    grown = ticket if isinstance(ticket, Refusal) else tickets.add(ticket, command.text, command.photos, turn.now)
    if isinstance(grown, Refusal):
        return grown
    turn.save(grown)
    return Outcome(outcome="added")


@handles(CloseTicket)
async def close_ticket(turn: Turn, command: CloseTicket) -> Outcome[Literal["closed"]] | Refusal:
    """By its opener."""
    ticket = await _own_ticket(turn, command)
    closed = ticket if isinstance(ticket, Refusal) else tickets.close(ticket, turn.now)
    if isinstance(closed, Refusal):
        return closed
    turn.save(closed)
    return Outcome(outcome="closed")


@handles(InspectTicket)
async def inspect_ticket(turn: Turn, query: InspectTicket) -> TicketInspected | Refusal:
    """Everything but the photos, for staff. TCK-11."""
    ticket = await turn.load(Ticket, query.number)
    return Refusal(rule="TCK-14", reason="not_found") if ticket is None else tickets.inspect(ticket)


@handles(DecideTicket)
async def decide_ticket(turn: Turn, command: DecideTicket) -> Outcome[Literal["resolved", "refused"]] | Refusal:
    """What a resolved ticket does to the account: MFA goes, a short name is allowed. TCK-11, RN-3."""
    ticket = await turn.load(Ticket, command.number)
    if ticket is None:
        return Refusal(rule="TCK-14", reason="not_found")
    decided = tickets.decide(ticket, command.text, turn.now, resolve=command.resolve)
    if isinstance(decided, Refusal):
        return decided
    turn.save(decided)
    lost = await turn.load(Account, ticket.about) if ticket.category == "mfa" else None
    if command.resolve and lost:
        turn.save(without_mfa(lost))
    if command.resolve and ticket.category == "short_enterprise_name" and ticket.opener_account:
        opener = await turn.load(Account, ticket.opener_account)
        assert opener
        turn.save(opener.but(verification=opener.verification.but(short_name_approved=ticket.fields["company_name"])))
    return Outcome(outcome="resolved" if command.resolve else "refused")

"""Cancelling an account, carried out. CAN."""

from typing import Literal

from flows.accounts.account import Account
from flows.accounts.base import Outcome, Refusal
from flows.accounts.calendar import working_days_after
from flows.accounts.commands.cancellation import (
    CheckResources,
    ConfirmCancellation,
    ContinueCancellation,
    DecideCancellation,
    GetCancellation,
    GiveUpResources,
    PrecheckCancellation,
    StartCancellation,
    SubmitCancellationPapers,
    WithdrawCancellation,
)
from flows.accounts.notifier import message_to
from flows.accounts.rules import cancellation, cancellation_resources
from flows.accounts.simulator import Face
from flows.accounts.stub.handlers import changes_own, handles, shows_own
from flows.accounts.stub.turn import Turn

shows_own(GetCancellation, cancellation.get_cancellation)
shows_own(PrecheckCancellation, cancellation.precheck_cancellation)
changes_own(StartCancellation, cancellation.start_cancellation)
changes_own(ContinueCancellation, cancellation.continue_cancellation)
changes_own(WithdrawCancellation, cancellation.withdraw)
changes_own(
    CheckResources,
    lambda account, command, now: cancellation_resources.check_resources(account, command, now, cancellation.current(account, now).state),
)
changes_own(
    GiveUpResources,
    lambda account, command, now: cancellation_resources.give_up(account, command, now, cancellation.current(account, now).state),
)


@handles(ConfirmCancellation)
async def confirm_cancellation(turn: Turn, command: ConfirmCancellation) -> Outcome[Literal["cancelled", "face_failed"]] | Refusal:
    """With the face that was recognised, if any. CAN-12."""
    evidence = await turn.services.simulator.evidence(command.face or "")
    face = evidence.person if isinstance(evidence, Face) else None
    return turn.apply(cancellation.confirm_cancellation(turn.account, face, turn.now))


@handles(SubmitCancellationPapers)
async def submit_cancellation_papers(turn: Turn, command: SubmitCancellationPapers) -> Outcome[Literal["in_review"]] | Refusal:
    """The deadline counts working days. CAN-16."""
    until = working_days_after(turn.now, cancellation.REVIEW_DAYS, turn.services.holidays)
    return turn.apply(cancellation.submit_papers(turn.account, command, turn.now, until))


@handles(DecideCancellation)
async def decide_cancellation(turn: Turn, command: DecideCancellation) -> Outcome[Literal["cancelled", "rejected"]] | Refusal:
    """The result goes to security phone and security e-mail. CAN-16."""
    account = await turn.load(Account, command.account)
    if account is None:
        return Refusal(rule="CAN-16", reason="wrong_state")
    contacts = account.contacts
    for address in (contacts.security_phone, contacts.security_email):
        if address:
            turn.tell(message_to(address, "result", approved=str(command.approve), reason=command.reason))
    return turn.apply(cancellation.decide(account, command.reason, turn.now, approve=command.approve))

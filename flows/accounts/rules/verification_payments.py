"""Verification by payment: bank transfer and recharge. RN-13 to RN-19.

The transferred amount need not be returned (RN-15).
"""

from datetime import datetime, timedelta
from typing import Literal

from flows.accounts.account import Account, Company, VerificationRequest
from flows.accounts.account.holder import ChangeKind, VerificationMethod
from flows.accounts.base import Outcome, Refusal
from flows.accounts.calendar import working_days_after
from flows.accounts.commands.verification import PaymentArrived, ReportedAmount, VerificationResult
from flows.accounts.rules.verification import verified

AMOUNTS = (1, 99)
"""Fen. RN-13, RN-16, faq-zh:341, 553, 561, 577, C54."""
TRANSFER_WORKING_DAYS = 5
"""RN-13."""
REPORT_WITHIN = timedelta(days=7)
"""7 times 24 hours after arrival. RN-14, faq-zh:533, 565."""
PAY_WITHIN = timedelta(days=7)
"""RN-16, C79."""


def begin(
    account: Account,
    kind: Literal["first"] | ChangeKind,
    company: Company,
    method: VerificationMethod,
    now: datetime,
    amount_fen: int,
    transfer_due: datetime,
) -> tuple[Account, VerificationResult]:
    """A new payment with a new amount, whatever was before. RN-13, RN-16, RN-18, faq-zh:339, 341, 623."""
    state: Literal["transfer_pending", "recharge_pending"] = "transfer_pending" if method == "bank_transfer" else "recharge_pending"
    deadline = transfer_due if method == "bank_transfer" else now + PAY_WITHIN
    request = VerificationRequest(
        kind=kind, state=state, entity=company, method=method, opened_at=now, deadline=deadline, amount_fen=amount_fen
    )
    status = "in_progress" if account.verification.status == "unverified" else account.verification.status
    pending = account.but(verification=account.verification.but(request=request, status=status))
    recharge = amount_fen if method == "recharge" else None
    return pending, VerificationResult(outcome=state, recharge_fen=recharge, deadline=deadline)


def without_request(account: Account) -> Account:
    """Nothing is under way any more."""
    status = "unverified" if account.verification.status == "in_progress" else account.verification.status
    return account.but(verification=account.verification.but(request=None, status=status))


def transfer_sent(account: Account, now: datetime) -> tuple[Account, Outcome[Literal["arrived"]]] | Refusal:
    """The payment is at the company's bank; the seven days begin. RN-13, RN-14."""
    request = account.verification.request
    if request is None or request.state != "transfer_pending" or request.arrived_at:
        return Refusal(rule="RN-13", reason="wrong_state")
    arrived = request.but(arrived_at=now, deadline=now + REPORT_WITHIN)
    return account.but(verification=account.verification.but(request=arrived)), Outcome(outcome="arrived")


def report_amount(account: Account, fen: int, now: datetime) -> tuple[Account, ReportedAmount] | Refusal:
    """Right within seven days, at the second try at the latest; else all over again. RN-14, RN-15, RN-18, faq-zh:533-569, 623."""
    request = account.verification.request
    if request is None or request.state != "transfer_pending":
        return Refusal(rule="RN-14", reason="nothing_pending")
    if request.arrived_at is None:
        return Refusal(rule="RN-14", reason="not_arrived_yet")
    if now > request.arrived_at + REPORT_WITHIN:
        return without_request(account), ReportedAmount(outcome="start_again")
    if fen == request.amount_fen:
        return verified(account, request.entity, request.method, now), ReportedAmount(outcome="verified")
    if request.tries_left <= 1:
        return without_request(account), ReportedAmount(outcome="start_again")
    worn = account.but(verification=account.verification.but(request=request.but(tries_left=request.tries_left - 1)))
    return worn, ReportedAmount(outcome="wrong_one_left")


def payment_arrived(
    account: Account, command: PaymentArrived, now: datetime
) -> tuple[Account, Outcome[Literal["counted", "not_verified"]]] | Refusal:
    """The money is balance in any case; amount, payer and time decide about the rest. RN-16, RN-17, faq-zh:592, C54, C79."""
    request = account.verification.request
    if request is None or request.state != "recharge_pending" or request.arrived_at:
        return Refusal(rule="RN-16", reason="wrong_state")
    richer = account.but(billing=account.billing.but(balance_fen=account.billing.balance_fen + command.fen))
    if command.fen != request.amount_fen or command.payer != request.entity.name or now > request.deadline:
        return without_request(richer), Outcome(outcome="not_verified")
    arrived = request.but(arrived_at=now, deadline=working_days_after(now, 1))
    return richer.but(verification=richer.verification.but(request=arrived)), Outcome(outcome="counted")


def settled(account: Account, now: datetime) -> Account:
    """A right recharge verifies one working day after its arrival. RN-16."""
    request = account.verification.request
    due = request is not None and request.state == "recharge_pending" and request.arrived_at is not None and now >= request.deadline
    return verified(account, request.entity, request.method, request.deadline) if due and request else account

"""Real-name verification, carried out. RN."""

from typing import Literal

from flows.accounts.account import Account, Company, Person
from flows.accounts.base import Outcome, Refusal
from flows.accounts.calendar import working_days_after
from flows.accounts.commands.verification import (
    AdviseVerification,
    ChangeConditions,
    CompleteCreditCode,
    DecideChange,
    GetVerification,
    Holder,
    PaymentArrived,
    PrecheckChange,
    RemoveVerification,
    ReportedAmount,
    ReportTransferAmount,
    RevokeVerification,
    SetEnterpriseContact,
    StartChange,
    StartVerification,
    TransferSent,
    VerificationAdvice,
    VerificationResult,
    VerificationShown,
    WithdrawChange,
)
from flows.accounts.records.quotas import EnterpriseQuota
from flows.accounts.rules import verification as rules
from flows.accounts.rules import verification_changes as changes
from flows.accounts.rules import verification_payments as payments
from flows.accounts.rules.limits import ACCOUNTS_PER_ENTERPRISE
from flows.accounts.stub.handlers import changes_own, handles
from flows.accounts.stub.turn import Turn

changes_own(SetEnterpriseContact, changes.set_enterprise_contact)
changes_own(RemoveVerification, changes.remove_verification)


@handles(AdviseVerification)
async def advise_verification(_turn: Turn, query: AdviseVerification) -> VerificationAdvice | Refusal:
    """From a few facts. RN-8."""
    return rules.advise(query)


@handles(GetVerification)
async def get_verification(turn: Turn, _query: GetVerification) -> VerificationShown:
    """With what has come due meanwhile. RN-16."""
    return rules.show(payments.settled(turn.account, turn.now))


@handles(PrecheckChange)
async def precheck_change(turn: Turn, query: PrecheckChange) -> ChangeConditions:
    """RN-21 to RN-26."""
    return changes.precheck(payments.settled(turn.account, turn.now), query.kind, turn.now)


async def _world(turn: Turn, holder: Holder, proof: str | None, account: Account) -> rules.World:
    """Who else is verified for this holder, what the registry says, what a scan or face check gave. LIM-7, LIM-8, LIM-11, LIM-19."""
    evidence = await turn.services.simulator.evidence(proof or "")
    if isinstance(holder, Person):
        return rules.World(same_person=await turn.others("person", holder.id_number, account.id), evidence=evidence)
    raised = await turn.load(EnterpriseQuota, holder.code)
    return rules.World(
        same_company=await turn.others("company", holder.code, account.id),
        same_representative=await turn.others("representative", holder.representative.id_number, account.id),
        company_quota=raised.limit if raised else ACCOUNTS_PER_ENTERPRISE,
        registered=await turn.services.simulator.company(holder.code),
        evidence=evidence,
    )


@handles(StartVerification)
async def start_verification(turn: Turn, command: StartVerification) -> VerificationResult | Refusal:
    """An account without a holder gets one. RN-1, RN-36."""
    account = payments.settled(turn.account, turn.now)
    if account.verification.status in {"personal", "enterprise"}:
        return Refusal(rule="RN-1", reason="already_verified")
    world = await _world(turn, command.holder, command.proof, account)
    refusal = (
        rules.refuse_holder(account, command.holder, command.method, world, turn.now)
        or rules.refuse_unregistered(command.holder, world, command.licensed_on)
        or rules.refuse_documents(command.documents_marked_for)
    )
    if refusal:
        return refusal
    if command.method in {"bank_transfer", "recharge"} and isinstance(command.holder, Company):
        if not rules.fits_registry(command.holder, world.registered):
            return VerificationResult(outcome="not_matched")
        due = working_days_after(turn.now, payments.TRANSFER_WORKING_DAYS, turn.services.holidays)
        amount = turn.services.chance.between(*payments.AMOUNTS)
        return turn.apply(payments.begin(account, "first", command.holder, command.method, turn.now, amount, due))
    if not rules.matches(command.holder, command.method, world):
        return VerificationResult(outcome="not_matched")
    turn.save(rules.verified(account, command.holder, command.method, turn.now))
    return VerificationResult(outcome="verified")


@handles(StartChange)
async def start_change(turn: Turn, command: StartChange) -> VerificationResult | Refusal:
    """By papers, by payment, or at once. RN-21 to RN-29."""
    account = payments.settled(turn.account, turn.now)
    world = await _world(turn, command.holder, command.proof, account)
    company = account.verification.company
    original = await turn.services.simulator.company(company.code) if company else None
    if refusal := changes.refuse_change(account, command, world, original, turn.now):
        return refusal
    if command.kind in changes.WITH_PAPERS:
        until = working_days_after(turn.now, changes.REVIEW_DAYS, turn.services.holidays)
        return turn.apply(changes.start_with_papers(account, command, turn.now, until))
    if command.method in {"bank_transfer", "recharge"} and isinstance(command.holder, Company):
        due = working_days_after(turn.now, payments.TRANSFER_WORKING_DAYS, turn.services.holidays)
        amount = turn.services.chance.between(*payments.AMOUNTS)
        return turn.apply(payments.begin(account, command.kind, command.holder, command.method, turn.now, amount, due))
    return turn.apply(changes.at_once(account, command, world, turn.now))


@handles(ReportTransferAmount)
async def report_transfer_amount(turn: Turn, command: ReportTransferAmount) -> ReportedAmount | Refusal:
    """RN-14."""
    return turn.apply(payments.report_amount(turn.account, command.fen, turn.now))


@handles(WithdrawChange)
async def withdraw_change(turn: Turn, _command: WithdrawChange) -> Outcome[Literal["withdrawn"]] | Refusal:
    """RN-28."""
    return turn.apply(changes.withdraw_change(payments.settled(turn.account, turn.now)))


@handles(CompleteCreditCode)
async def complete_credit_code(turn: Turn, command: CompleteCreditCode) -> Outcome[Literal["saved"]] | Refusal:
    """RN-27."""
    registered = await turn.services.simulator.company(command.code)
    return turn.apply(changes.complete_credit_code(turn.account, command, registered))


async def _account(turn: Turn, account_id: str) -> Account | Refusal:
    return await turn.load(Account, account_id) or Refusal(rule="GEN-12", reason="wrong_state")


@handles(TransferSent)
async def transfer_sent(turn: Turn, command: TransferSent) -> Outcome[Literal["arrived"]] | Refusal:
    """RN-13."""
    account = await _account(turn, command.account)
    return account if isinstance(account, Refusal) else turn.apply(payments.transfer_sent(account, turn.now))


@handles(PaymentArrived)
async def payment_arrived(turn: Turn, command: PaymentArrived) -> Outcome[Literal["counted", "not_verified"]] | Refusal:
    """RN-16."""
    account = await _account(turn, command.account)
    return account if isinstance(account, Refusal) else turn.apply(payments.payment_arrived(account, command, turn.now))


@handles(DecideChange)
async def decide_change(turn: Turn, command: DecideChange) -> Outcome[Literal["approved", "rejected"]] | Refusal:
    """RN-28."""
    account = await _account(turn, command.account)
    return account if isinstance(account, Refusal) else turn.apply(changes.decide_change(account, turn.now, approve=command.approve))


@handles(RevokeVerification)
async def revoke_verification(turn: Turn, command: RevokeVerification) -> Outcome[Literal["revoked"]] | Refusal:
    """With a notice, as the registry demands. RN-34."""
    account = await _account(turn, command.account)
    if isinstance(account, Refusal):
        return account
    company = account.verification.company
    registered = await turn.services.simulator.company(company.code) if company else None
    if refusal := rules.refuse_revoking(account, registered):
        return refusal
    turn.save(rules.revoked(account))
    return Outcome(outcome="revoked")

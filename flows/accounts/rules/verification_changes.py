"""Changing a verification. RN-20 to RN-33.

The address on a license needs no change (RN-30): nothing keeps one.
"""

from datetime import datetime
from typing import Literal

from flows.accounts.account import Account, Company, EnterpriseContact, Person, VerificationRequest
from flows.accounts.account.holder import ChangeKind
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.verification import (
    ChangeConditions,
    CompleteCreditCode,
    RemoveVerification,
    SetEnterpriseContact,
    StartChange,
    VerificationResult,
)
from flows.accounts.rules.verification import World as Others
from flows.accounts.rules.verification import earliest_change, matches, refuse_holder, refuse_unregistered, verified
from flows.accounts.rules.verification_payments import without_request
from flows.accounts.simulator import RegisteredCompany
from flows.accounts.validators import online_change

OFFERED: dict[ChangeKind, str] = {
    "personal_to_enterprise": "personal",
    "personal_to_personal": "personal",
    "enterprise_to_enterprise": "enterprise",
    "enterprise_name": "enterprise",
    "legal_representative": "enterprise",
}
"""What each change starts from; the others are not offered. RN-21, faq-zh:122, 643, 652, 656, 731-738, C48."""
REVIEW_DAYS = 3
"""Working days. RN-28, C107."""
ONLINE_ONLY: tuple[ChangeKind, ...] = ("enterprise_name", "legal_representative")
"""RN-26, faq-zh:491."""
WITH_PAPERS: tuple[ChangeKind, ...] = ("enterprise_to_enterprise", "enterprise_name")
"""RN-25, faq-zh:666-673."""


def _refusals(account: Account, kind: ChangeKind, now: datetime) -> dict[str, Refusal | None]:
    """Every condition of a change, by rule. RN-21, RN-22, RN-23, RN-26, guide-zh:53, 60, faq-zh:438-442, 491, 752-754, C29."""
    earliest = earliest_change(account)
    early = kind != "personal_to_enterprise" and earliest is not None and now < earliest
    company = account.verification.company
    offline = kind in ONLINE_ONLY and company is not None and not online_change(company.code)
    day = earliest.isoformat() if earliest else ""
    return {
        "change_not_offered": refuse(OFFERED.get(kind) != account.verification.status, "RN-21", "change_not_offered"),
        "too_early": refuse(early, "RN-22", "too_early", day=day),
        "arrears": refuse(account.billing.arrears_fen > 0, "RN-23", "arrears"),
        "advance_payment": refuse(account.billing.advance_fen > 0, "RN-23", "advance_payment"),
        "offline_change": refuse(offline, "RN-26", "offline_change"),
    }


def precheck(account: Account, kind: ChangeKind, now: datetime) -> ChangeConditions:
    """Each condition, met or not. RN-21 to RN-26."""
    conditions = {name: refusal is None for name, refusal in _refusals(account, kind, now).items()}
    return ChangeConditions(conditions=conditions, earliest=earliest_change(account))


def refuse_change(
    account: Account, command: StartChange, others: Others, original: RegisteredCompany | None, now: datetime
) -> Refusal | None:
    """The conditions, the same again, the papers, the new holder. RN-21 to RN-26, RN-33."""
    first = next((refusal for refusal in _refusals(account, command.kind, now).values() if refusal), None)
    kind_fits = isinstance(command.holder, Person) == (command.kind == "personal_to_personal")
    missing = missing_papers(command, original)
    return (
        first
        or refuse(not kind_fits, "RN-21", "change_not_offered")
        or refuse(bool(missing), "RN-25", "papers_missing", missing=missing)
        or refuse(command.holder == account.verification.entity, "RN-33", "unchanged")
        or _refuse_method(account, command, others, now)
        or refuse_unregistered(command.holder, others, command.licensed_on)
    )


def _refuse_method(account: Account, command: StartChange, others: Others, now: datetime) -> Refusal | None:
    """The new holder obeys the same rules and quotas; its own slot does not count. RN-24, RN-29."""
    if command.kind in WITH_PAPERS:
        return refuse_holder(account, command.holder, None, others, now)
    wanted = ("representative_face", "representative_wechat") if command.kind == "legal_representative" else None
    wrong = command.method is None or (wanted is not None and command.method not in wanted)
    return refuse(wrong, "RN-29" if wanted else "RN-24", "method_not_allowed") or refuse_holder(
        account, command.holder, command.method, others, now
    )


def missing_papers(command: StartChange, original: RegisteredCompany | None) -> tuple[str, ...]:
    """The original entity's latest papers, or its certificate of deregistration. RN-25, RN-29."""
    if command.kind not in WITH_PAPERS:
        return ()
    gone = original is None or original.state == "deregistered"
    needed = ("deregistration_certificate" if gone else "original_license", "new_license")
    return tuple(paper for paper in needed if paper not in command.papers)


def start_with_papers(account: Account, command: StartChange, now: datetime, review_until: datetime) -> tuple[Account, VerificationResult]:
    """Reviewed within three working days. RN-28, faq-zh:142, 721."""
    request = VerificationRequest(kind=command.kind, state="in_review", entity=command.holder, opened_at=now, deadline=review_until)
    return account.but(verification=account.verification.but(request=request)), VerificationResult(
        outcome="in_review", deadline=review_until
    )


def at_once(account: Account, command: StartChange, others: Others, now: datetime) -> tuple[Account, VerificationResult]:
    """The new person, representative or company, verified at once if the details match. RN-11, RN-29, RN-32."""
    assert command.method
    if not matches(command.holder, command.method, others):
        return account, VerificationResult(outcome="not_matched")
    return verified(account, command.holder, command.method, now), VerificationResult(outcome="verified")


def withdraw_change(account: Account) -> tuple[Account, Outcome[Literal["withdrawn"]]] | Refusal:
    """Meanwhile. RN-28."""
    return refuse(account.verification.request is None, "RN-28", "nothing_to_withdraw") or (
        without_request(account),
        Outcome(outcome="withdrawn"),
    )


def decide_change(account: Account, now: datetime, *, approve: bool) -> tuple[Account, Outcome[Literal["approved", "rejected"]]] | Refusal:
    """Approved, it holds at once. RN-28."""
    request = account.verification.request
    if request is None or request.state != "in_review":
        return Refusal(rule="RN-28", reason="wrong_state")
    if not approve:
        return without_request(account), Outcome(outcome="rejected")
    return verified(account, request.entity, account.verification.method, now), Outcome(outcome="approved")


def complete_credit_code(
    account: Account, command: CompleteCreditCode, registered: RegisteredCompany | None
) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """If the registry has it with the enterprise's name; the 30 days do not start. RN-27, faq-zh:475-487, 520."""
    company = account.verification.company
    fits = company is not None and registered is not None and registered.name == command.name == company.name
    if company is None or not fits:
        return Refusal(rule="RN-27", reason="not_matched")
    changed = account.verification.but(entity=company.but(code=command.code))
    return account.but(verification=changed), Outcome(outcome="saved")


def set_enterprise_contact(
    account: Account, command: SetEnterpriseContact, _now: datetime
) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """The contact can be changed, the handler cannot. RN-31, faq-zh:631, 679-698, C80."""
    contact = EnterpriseContact(name=command.name, id_number=command.id_number, mobile=command.mobile)
    return (
        refuse(not isinstance(account.verification.entity, Company), "RN-31", "not_enterprise")
        or refuse(command.handler, "RN-31", "cannot_be_changed")
        or (account.but(verification=account.verification.but(contact=contact)), Outcome(outcome="saved"))
    )


def remove_verification(_account: Account, _command: RemoveVerification, _now: datetime) -> Refusal:
    """Only changed, never removed. RN-20, faq-zh:313."""
    return Refusal(rule="RN-20", reason="cannot_be_removed")

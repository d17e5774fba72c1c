"""Who may be verified, by which method, and what comes at once. RN-1 to RN-12, RN-33 to RN-36.

Neither a representative's WeChat nor an official account becomes a login method (RN-12); sub-users inherit the verification,
a collaborator's own account is verified by itself (RN-10, ``rules.users``).
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from flows.accounts.account import Account, Company, Person
from flows.accounts.account.holder import VerificationMethod
from flows.accounts.base import Refusal, refuse
from flows.accounts.calendar import SHANGHAI, day_of, working_days_after
from flows.accounts.commands.verification import AdviseVerification, Holder, MethodAdvice, VerificationAdvice, VerificationShown
from flows.accounts.masking import mask_code, mask_name
from flows.accounts.rules.limits import (
    ACCOUNTS_PER_PERSON,
    DAYS_BETWEEN_VERIFICATIONS,
    ENTERPRISE_NAME_LENGTH,
    ENTERPRISES_PER_REPRESENTATIVE,
)
from flows.accounts.simulator import Evidence, Face, RegisteredCompany, Scan
from flows.accounts.validators import is_adult

PERSON_METHODS: tuple[VerificationMethod, ...] = ("wechat_scan", "qq_scan", "face")
ENTERPRISE_METHODS: tuple[VerificationMethod, ...] = (
    "representative_face",
    "representative_wechat",
    "official_account",
    "recharge",
    "bank_transfer",
)
FOREIGN_REPRESENTATIVE_METHODS: tuple[VerificationMethod, ...] = ("official_account", "recharge", "bank_transfer")
"""RN-5, faq-zh:612."""
INSTITUTION_METHODS: tuple[VerificationMethod, ...] = ("official_account", "bank_transfer")
"""RN-6, faq-zh:585-588."""
REGISTRY_DAYS = 7
"""Working days from the license until the registry knows a company. RN-7, faq-zh:544, C47."""
RECHARGE_CHANNELS = ("online_banking", "mobile_banking", "wire", "cheque", "counter_in_another_city", "cash_at_a_beijing_counter")
"""RN-19, faq-zh:600."""
RESTRICTIONS = ("buy", "use_resources", "invoices", "sign_contracts", "join_betas")
"""What unverified and revoked accounts cannot do. RN-35, faq-zh:399-406, 427."""
PAUSE = timedelta(days=DAYS_BETWEEN_VERIFICATIONS)
"""RN-22, LIM-13."""
THIS_PROVIDER = "tencent_cloud_verification"
"""The one use that marked documents may name. RN-9, faq-zh:602-604."""


class World(NamedTuple):
    """What a verification has to know about others. LIM-7, LIM-8, LIM-11, RN-7."""

    same_person: int = 0
    same_company: int = 0
    same_representative: int = 0
    company_quota: int = 10
    registered: RegisteredCompany | None = None
    evidence: Evidence | None = None


def advise(query: AdviseVerification) -> VerificationAdvice | Refusal:
    """Methods in order, with duration and reason. RN-4 to RN-6, RN-8, RN-19, faq-zh:325-341, 378-379, 410-413."""
    if query.region == "overseas" or (query.region == "hk_mo_tw" and query.holder == "enterprise"):
        return Refusal(rule="RN-4", reason="use_international_site")
    if query.region == "hk_mo_tw":
        return VerificationAdvice(methods=(MethodAdvice(method="wechat_scan", takes="at_once", reason="only_way"),))
    if query.holder == "person":
        person: tuple[VerificationMethod, ...] = PERSON_METHODS if query.papers_at_hand else ("face",)
        return VerificationAdvice(methods=tuple(_advice(method) for method in person))
    allowed = set(ENTERPRISE_METHODS)
    if query.foreign_representative:
        allowed &= set(FOREIGN_REPRESENTATIVE_METHODS)
    if query.institution:
        allowed &= set(INSTITUTION_METHODS)
    if not query.papers_at_hand:
        allowed &= {"official_account", "representative_face"}
    if query.urgent and allowed - {"recharge", "bank_transfer"}:
        allowed -= {"recharge", "bank_transfer"}
    methods = tuple(_advice(method) for method in ENTERPRISE_METHODS if method in allowed)
    return VerificationAdvice(methods=methods, recharge_channels=RECHARGE_CHANNELS if "recharge" in allowed else ())


def _advice(method: VerificationMethod) -> MethodAdvice:
    takes = {"recharge": "1_working_day", "bank_transfer": "1_to_5_working_days"}.get(method, "at_once")
    reasons = {"wechat_scan": "recommended", "representative_face": "recommended", "face": "no_papers_needed"}
    reason = reasons.get(method, "by_payment" if takes != "at_once" else "no_face_needed")
    return MethodAdvice.model_validate({"method": method, "takes": takes, "reason": reason})


def refuse_holder(account: Account, holder: Holder, method: VerificationMethod | None, world: World, now: datetime) -> Refusal | None:
    """A person or a company by its rules, then quotas. RN-1 to RN-7, RN-24, GEN-11."""
    if isinstance(holder, Person):
        return _refuse_person(holder, method, world, day_of(now))
    return _refuse_company(account, holder, method, world)


def _refuse_person(person: Person, method: VerificationMethod | None, world: World, today: date) -> Refusal | None:
    """Adults; from Hong Kong, Macao and Taiwan only by WeChat. RN-2, RN-4, LIM-7, faq-zh:297-305, 349-350, 459-461, C51."""
    only_wechat = person.region == "hk_mo_tw" and method != "wechat_scan"
    return (
        refuse(person.region == "mainland" and not is_adult(person.id_number, today), "RN-2", "under_18")
        or refuse(person.region == "overseas", "RN-4", "use_international_site")
        or refuse(only_wechat, "RN-4", "method_not_allowed")
        or refuse(method not in PERSON_METHODS, "RN-11", "method_not_allowed")
        or refuse(world.same_person >= ACCOUNTS_PER_PERSON, "LIM-7", "person_quota", limit=ACCOUNTS_PER_PERSON)
    )


def _refuse_company(account: Account, company: Company, method: VerificationMethod | None, world: World) -> Refusal | None:
    """Name, region, representative, kind, registry, quotas. RN-3 to RN-7, LIM-8, LIM-11, guide-zh:49, 52, 54."""
    too_short = len(company.name) < ENTERPRISE_NAME_LENGTH and account.verification.short_name_approved != company.name
    foreign = company.foreign_representative and method is not None and method not in FOREIGN_REPRESENTATIVE_METHODS
    institution = company.institution and method is not None and method not in INSTITUTION_METHODS
    return (
        refuse(too_short, "RN-3", "name_too_short", least=ENTERPRISE_NAME_LENGTH)
        or refuse(company.region != "mainland", "RN-4", "use_international_site")
        or refuse(foreign, "RN-5", "method_not_for_foreign_representative")
        or refuse(institution, "RN-6", "method_not_allowed")
        or refuse(method in PERSON_METHODS, "RN-11", "method_not_allowed")
        or refuse(world.same_company >= world.company_quota, "LIM-8", "enterprise_quota", limit=world.company_quota)
        or refuse(
            world.same_representative >= ENTERPRISES_PER_REPRESENTATIVE,
            "LIM-11",
            "representative_quota",
            limit=ENTERPRISES_PER_REPRESENTATIVE,
        )
    )


def refuse_unregistered(holder: Holder, world: World, licensed_on: date | None) -> Refusal | None:
    """With the day from which the registry should know it. RN-7."""
    day = ""
    if licensed_on:
        start = datetime(licensed_on.year, licensed_on.month, licensed_on.day, tzinfo=SHANGHAI)
        day = (working_days_after(start, REGISTRY_DAYS) - timedelta(days=1)).date().isoformat()
    return refuse(isinstance(holder, Company) and world.registered is None, "RN-7", "not_in_registry_yet", day=day)


def refuse_documents(marked_for: str | None) -> Refusal | None:
    """Marked for one use, they serve only that. RN-9."""
    return refuse(marked_for not in {None, THIS_PROVIDER}, "RN-9", "documents_for_another_use")


def matches(holder: Holder, method: VerificationMethod, world: World) -> bool:
    """At-once methods succeed exactly if the details match. RN-4, RN-8, RN-11, faq-zh:360-367, 394-395, 548, 608."""
    evidence = world.evidence
    if isinstance(holder, Person):
        right_kind = isinstance(evidence, Face) if method == "face" else isinstance(evidence, Scan)
        has_card = holder.region == "mainland" or (isinstance(evidence, Scan) and evidence.bank_card)
        return right_kind and has_card and _same(evidence.person if evidence else None, holder)
    if not fits_registry(holder, world.registered):
        return False
    if method == "official_account":
        return isinstance(evidence, Scan) and evidence.kind == "official_account" and evidence.company_code == holder.code
    right_kind = isinstance(evidence, Face) if method == "representative_face" else isinstance(evidence, Scan)
    return right_kind and _same(evidence.person if evidence else None, holder.representative)


def _same(seen: Person | None, expected: Person) -> bool:
    return seen is not None and (seen.name, seen.id_number) == (expected.name, expected.id_number)


def fits_registry(company: Company, registered: RegisteredCompany | None) -> bool:
    """Name, code and representative as registered, and not deregistered. RN-11, RN-34."""
    return (
        registered is not None
        and registered.state == "active"
        and (registered.name, registered.code) == (company.name, company.code)
        and (company.institution or company.foreign_representative or _same(registered.representative, company.representative))
    )


def verified(account: Account, holder: Holder, method: VerificationMethod | None, now: datetime, *, keeps_date: bool = False) -> Account:
    """The account under its new holder: resources and nickname stay, the old slot is free. RN-32, LIM-18, faq-zh:142-144, 762, C30."""
    status = "personal" if isinstance(holder, Person) else "enterprise"
    since = account.verification.verified_at if keeps_date else now
    changed = account.verification.but(status=status, entity=holder, method=method, verified_at=since, request=None)
    return account.but(verification=changed)


def restrictions(account: Account) -> tuple[str, ...]:
    """Of unverified and revoked accounts; a revoked one's postpaid products stop. RN-35, C49, C111."""
    if account.verification.status in {"personal", "enterprise"}:
        return ()
    return (*RESTRICTIONS, "postpaid_stopped") if account.verification.status == "revoked" else RESTRICTIONS


def earliest_change(account: Account) -> datetime | None:
    """Thirty times 24 hours after the last verification; at any time once revoked. RN-22, RN-36."""
    since = account.verification.verified_at
    return since + PAUSE if since and account.verification.status != "revoked" else None


def show(account: Account) -> VerificationShown:
    """Masked. RN-22, RN-35, GEN-8."""
    verification = account.verification
    entity, request = verification.entity, verification.request
    code = entity.code if isinstance(entity, Company) else entity.id_number if entity else ""
    return VerificationShown(
        status=verification.status,
        name=mask_name(entity.name) if entity else "",
        code=mask_code(code) if code else "",
        method=verification.method,
        request=request.kind if request else None,
        request_state=request.state if request else None,
        deadline=request.deadline if request else None,
        recharge_fen=request.amount_fen if request and request.state == "recharge_pending" else None,
        earliest_change=earliest_change(account),
        restrictions=restrictions(account),
    )


def refuse_revoking(account: Account, registered: RegisteredCompany | None) -> Refusal | None:
    """Only what the registry no longer supports. RN-34, faq-zh:423, 431."""
    company = account.verification.company
    if company is None:
        return Refusal(rule="RN-34", reason="wrong_state")
    supported = registered is not None and registered.state == "active" and registered.name == company.name
    return refuse(supported, "RN-34", "wrong_state")


def revoked(account: Account) -> Account:
    """Known by its papers still, but verified no more. RN-34."""
    return account.but(verification=account.verification.but(status="revoked", request=None))

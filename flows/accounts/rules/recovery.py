"""Recovering an account. REC.

Domains, filings and servers count only if they belong to the account here: ``Account.lookups`` (REC-2). Only an enterprise appeal
leads to REC-13 and REC-14; the other ways show or send, and lead to applying for login (REC-6, REC-17).
"""

from datetime import date, datetime, timedelta
from typing import Literal

from flows.accounts.account import Account, LoginMethod, Person
from flows.accounts.base import Refusal, refuse
from flows.accounts.commands.recovery import AddLoginEmail, AppealShown, FoundAccount, StartSearch, SubmitEnterpriseAppeal
from flows.accounts.masking import mask_name
from flows.accounts.records.recovery import Appeal, Tries
from flows.accounts.rules.ground import PROOF_LIFE
from flows.accounts.rules.login_methods import with_method

REVIEW_DAYS = 3
"""Working days. REC-12."""
ACTION_WINDOW = timedelta(hours=24)
"""After the approval. REC-15, guide-zh:970."""
TRIES_A_DAY = 10
"""REC-18."""
QUERY_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
QUERY_CODE_LENGTH = 10
"""Without 0, O, 1, I. REC-19."""
PAPERS = ("license", "letter_of_authorization", "handler_identity")
MORE_PAPERS = {"normal": (), "deregistered": ("payment_records",), "renamed": ("approval_notice",)}
"""REC-9, recovery-zh:151-154, C6."""
NEXT_STEP = "apply_for_login"
"""What a text message names as the way on. REC-6, guide-zh:1031."""
Action = Literal["add_login_email", "reset_security_check"]
ACTIONS: tuple[Action, ...] = ("add_login_email", "reset_security_check")


def lookup_of(command: StartSearch) -> tuple[str, str]:
    """Which look-up a way uses. REC-2."""
    if command.way == "icp":
        return ("icp_domain", command.domain) if command.domain else ("icp_filing", filing_root(command.filing or ""))
    return {
        "enterprise_representative": ("company", command.company_code or ""),
        "enterprise_documents": ("company", command.company_code or ""),
        "personal": ("person", command.id_number or ""),
        "security_phone": ("security_phone", command.phone or ""),
        "domain": ("domain", command.domain or ""),
        "server_ip": (command.server or "cvm", command.ip or ""),
        "account_id": ("account", command.account_id or ""),
    }[command.way]


def filing_root(number: str) -> str:
    """A filing without its site number."""
    return number.split("-", maxsplit=1)[0]


def one_more(tries: Tries, today: date) -> Tries | Refusal:
    """Ten failed searches or proofs a day. REC-18."""
    count = tries.count if tries.day == today else 0
    return refuse(count >= TRIES_A_DAY, "REC-18", "too_many_tries") or tries.but(day=today, count=count + 1)


def found(account: Account, *, with_methods: bool = False) -> FoundAccount:
    """The registration method; once unbound, the kinds now bound. REC-7, guide-zh:1150, C7."""
    registration = next((method.kind for method in account.methods if method.is_registration), None)
    entity = account.verification.entity
    return FoundAccount(
        account_id=account.id,
        registration_method=registration,
        bound_kinds=tuple(method.kind for method in account.methods) if with_methods or registration is None else (),
        verified_as=mask_name(entity.name) if entity else "",
    )


def face_opens(account: Account, face: Person) -> bool:
    """The verified person of a personal account, the representative of an enterprise's; nobody otherwise. REC-4, guide-zh:1067."""
    verification = account.verification
    holder = verification.person or (verification.company.representative if verification.company else None)
    return holder is not None and (holder.name, holder.id_number) == (face.name, face.id_number)


def missing_papers(command: SubmitEnterpriseAppeal) -> tuple[str, ...]:
    """What the branch with documents needs. REC-9."""
    if command.branch == "representative":
        return ()
    needed = (*PAPERS, *MORE_PAPERS[command.situation])
    handler = () if command.handler_name and command.handler_id else ("handler",)
    return (*handler, *(paper for paper in needed if paper not in command.papers))


def show_appeal(appeal: Appeal, accounts: tuple[Account, ...], now: datetime) -> AppealShown:
    """Progress; once approved the accounts, and what is left to do. REC-11, REC-12, REC-15."""
    if appeal.state != "approved" or appeal.decided_at is None:
        return AppealShown(outcome=appeal.state, reason=appeal.reason, due=appeal.due if appeal.state == "in_review" else None)
    until = appeal.decided_at + ACTION_WINDOW
    left = {
        account.id: tuple(action for action in ACTIONS if now < until and (account.id, action) not in appeal.used) for account in accounts
    }
    return AppealShown(
        outcome="approved", accounts=tuple(found(account, with_methods=True) for account in accounts), actions_left=left, until=until
    )


def refuse_action(appeal: Appeal | None, account_id: str, action: Action, conversation: str, now: datetime) -> Refusal | None:
    """By whoever has just opened the approved appeal; once each, within 24 hours. REC-11, REC-13 to REC-15, REC-17."""
    if appeal is None or appeal.decided_at is None or appeal.state != "approved" or account_id not in appeal.accounts:
        return Refusal(rule="REC-17", reason="no_approved_appeal")
    opened = any(visit.conversation == conversation and now - visit.at <= PROOF_LIFE for visit in appeal.opened)
    rule = "REC-13" if action == "add_login_email" else "REC-14"
    return (
        refuse(not opened, "REC-11", "not_proven")
        or refuse((account_id, action) in appeal.used, rule, "used_once")
        or refuse(now >= appeal.decided_at + ACTION_WINDOW, "REC-15", "too_late")
    )


def add_login_email(account: Account, command: AddLoginEmail, now: datetime, bound_elsewhere: int) -> Account | Refusal:
    """An address of no account is added; it replaces another only on request. REC-13, REC-16, guide-zh:975-985, C8."""
    old = account.method("email")
    return (
        refuse(bound_elsewhere > 0 or (old is not None and old.identity.lower() == command.email.lower()), "LM-4", "identity_in_use")
        or refuse(old is not None and not command.replace, "REC-16", "replaces_email")
        or with_login_email(account, command.email, now)
    )


def with_login_email(account: Account, address: str, now: datetime) -> Account:
    """The account with this login e-mail; what else was bound stays. REC-13, APL-9."""
    old = account.method("email")
    new = LoginMethod(kind="email", identity=address, is_registration=bool(old and old.is_registration), bound_at=now)
    return with_method(account, new)


def reset_security_check(account: Account, phone: str, now: datetime) -> Account:
    """Login and operation protection ask the new security phone; MFA stays bound, but nobody asks. REC-14, guide-zh:987-996."""
    protections = account.protections.but(login="phone_code", login_from=now, operation="phone_code", trusted=())
    return account.but(protections=protections, contacts=account.contacts.but(security_phone=phone))

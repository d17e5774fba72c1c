"""Who may do what, before any area's rules. GEN."""

from datetime import datetime, timedelta
from typing import Any

from flows.accounts.account import Account, CheckMethod, PassedCheck
from flows.accounts.base import Refusal, refuse
from flows.accounts.commands.base import Actor, Change, Command, Proven, Staff
from flows.accounts.commands.ground import CheckMethods
from flows.accounts.masking import mask_email, mask_identity, mask_phone

PROOF_LIFE = timedelta(minutes=30)
"""How long a proven identity holds. GEN-3."""
CHECK_LIFE = timedelta(minutes=30)
"""How long a passed check counts; at exactly 30 minutes it still does. GEN-4, OP-2, guide-zh:1805."""
HOTLINES = ("4009100100", "95716")
"""GEN-5, C24."""


def admit(account: Account | None, command: Command[Any], actor: Actor, now: datetime) -> Refusal | None:
    """The order of refusal: proof, root account, account state, then the area's rules. GEN-11, GEN-13."""
    if command.who == "anyone":
        return None
    if command.who == "staff":
        return refuse(not isinstance(actor, Staff), "GEN-3", "staff_only")
    if account is None or account.status == "cancelled" or not isinstance(actor, Proven) or not still_proven(account, actor, now):
        return Refusal(rule="GEN-3", reason="not_proven")
    return (
        (_check_missing(account, actor, now) if command.who == "checked" else None)
        or refuse(command.root_only and actor.user is not None, "GEN-13", "root_only")
        or (_state_forbids(account, command) if isinstance(command, Change) else None)
    )


def still_proven(account: Account, actor: Proven, now: datetime) -> bool:
    """An id proves nothing; a proof lasts 30 minutes, and a deleted sub-user has none. GEN-2, GEN-3, SUB-5."""
    return now - actor.at <= PROOF_LIFE and (actor.user is None or account.user(actor.user) is not None)


def _check_missing(account: Account, actor: Proven, now: datetime) -> Refusal | None:
    return refuse(not account.usable_checks, "GEN-5", "no_check_method", numbers=HOTLINES) or refuse(
        fresh_check(account, actor.conversation, now) is None, "GEN-4", "identity_check_needed", methods=counting_checks(account)
    )


def _state_forbids(account: Account, command: Change[Any]) -> Refusal | None:
    """Frozen accounts read and pay; cancelling ones keep what CAN-9 and CAN-19 leave them. GEN-12."""
    state = account.cancellation.state
    return (
        refuse(account.status == "frozen" and not command.in_frozen, "GEN-12", "account_frozen")
        or refuse(state == "in_review" and not command.in_review, "CAN-19", "account_cancelling")
        or refuse(state == "cooling_off" and not command.in_cooling_off, "CAN-9", "account_cancelling")
    )


def fresh_check(account: Account, conversation: str, now: datetime) -> PassedCheck | None:
    """The check that this conversation passed at most 30 minutes ago. GEN-4, OP-2, OP-3, OP-6."""
    return next(
        (
            check
            for check in reversed(account.checks)
            if check.conversation == conversation and now - check.at <= CHECK_LIFE and _is_accepted(account, check)
        ),
        None,
    )


def counting_checks(account: Account) -> tuple[CheckMethod, ...]:
    """The checks that a change accepts, the configured one first; nothing replaces MFA. OP-3, GEN-5, LP-8."""
    usable = account.usable_checks
    return usable[:1] if account.protections.operation == "mfa" and "mfa" in usable else usable


def _is_accepted(account: Account, check: PassedCheck) -> bool:
    """With operation protection the check has its type; another one replaces it on request. OP-3, GEN-5."""
    wanted = account.protections.operation
    if check.method not in counting_checks(account):
        return False
    return wanted not in account.usable_checks or check.method == wanted or check.instead


def with_check(account: Account, check: PassedCheck) -> Account:
    """The account after a passed check; old ones are forgotten. GEN-4."""
    kept = tuple(old for old in account.checks if check.at - old.at <= CHECK_LIFE)
    return account.but(checks=(*kept, check))


def list_check_methods(account: Account, conversation: str, now: datetime) -> CheckMethods | Refusal:
    """What the account can be checked by, and which of it counts; with none, the hotlines. GEN-4, GEN-5, OP-3."""
    shown: dict[CheckMethod, str] = {
        "phone_code": mask_phone(account.contacts.security_phone or ""),
        "email_code": mask_email(account.contacts.security_email or ""),
        "mfa": account.mfa.device.kind if account.mfa.device else "",
        "wechat_scan": mask_identity("wechat", wechat.identity) if (wechat := account.method("wechat")) else "",
    }
    usable = account.usable_checks
    if not usable:
        return Refusal(rule="GEN-5", reason="no_check_method", details={"numbers": HOTLINES})
    passed = fresh_check(account, conversation, now) is not None
    return CheckMethods(methods=counting_checks(account), targets={method: shown[method] for method in usable}, passed=passed)

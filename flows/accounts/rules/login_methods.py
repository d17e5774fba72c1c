"""Login methods. LM."""

from datetime import datetime
from typing import Literal, NamedTuple

from flows.accounts.account import Account, Kind, LoginMethod
from flows.accounts.account.access import identity_key
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.login_methods import (
    ChangeLoginMethod,
    CheckUnbind,
    Condition,
    ListLoginMethods,
    MethodShown,
    MethodsShown,
    UnbindConditions,
    UnbindLoginMethod,
)
from flows.accounts.masking import mask_identity
from flows.accounts.rules.limits import ACCOUNTS_PER_OTHER_IDENTITY, ACCOUNTS_PER_WECHAT, ACCOUNTS_PER_WECOM

QUOTAS: dict[Kind, int] = {
    "wechat": ACCOUNTS_PER_WECHAT,
    "wecom": ACCOUNTS_PER_WECOM,
    "qq": ACCOUNTS_PER_OTHER_IDENTITY,
    "email": ACCOUNTS_PER_OTHER_IDENTITY,
    "official_account": ACCOUNTS_PER_OTHER_IDENTITY,
}
"""How many accounts an identity may be bound to, the registered one included. LM-4, LM-5, guide-zh:50-51, 443-445."""
QUOTA_REASONS: dict[Kind, tuple[str, str]] = {"wechat": ("LM-5", "wechat_quota"), "wecom": ("LM-5", "wecom_quota")}


class NewIdentity(NamedTuple):
    """An identity that has just been proven, and what is known about it. LM-3."""

    kind: Kind
    identity: str
    bound_elsewhere: int
    registered_elsewhere: int = 0
    may_bind_wecom: bool = True
    has_permission: bool = True

    @property
    def key(self) -> str:
        """How the identity is looked up."""
        return identity_key(self.kind, self.identity)


def list_login_methods(account: Account, _query: ListLoginMethods, _now: datetime) -> MethodsShown:
    """Masked; what its own platform has frozen cannot be repaired here. LM-13, LM-19, C1."""
    way_in: Literal["apply_for_login", "recovery"] = "apply_for_login" if account.verification.status == "personal" else "recovery"
    return MethodsShown(
        methods=tuple(
            MethodShown(
                kind=method.kind,
                identity=mask_identity(method.kind, method.identity),
                is_registration=method.is_registration,
                bound_at=method.bound_at,
                way_in=way_in if method.frozen_by_platform else None,
            )
            for method in account.methods
        )
    )


def refuse_identity(new: NewIdentity, *, registers: bool = False) -> Refusal | None:
    """Uniqueness, what its platform allows, then quotas. LM-4, LM-5, LM-6, LM-15, LM-16, LM-17, GEN-11."""
    full = new.bound_elsewhere >= QUOTAS[new.kind]
    rule, reason = QUOTA_REASONS.get(new.kind, ("LM-4", "identity_in_use"))
    return (
        refuse(full and new.kind not in QUOTA_REASONS, rule, reason)
        or refuse(registers and new.registered_elsewhere > 0, "LM-6", "identity_in_use")
        or refuse(not new.may_bind_wecom, "LM-15", "not_wecom_admin")
        or refuse(not new.has_permission, "LM-16", "permission_missing")
        or refuse(full, rule, reason, quota="LIM-9" if new.kind == "wechat" else "LIM-10")
    )


def bind(account: Account, new: NewIdentity, now: datetime) -> tuple[Account, Outcome[Literal["bound"]]] | Refusal:
    """Add a method of a kind that is still free. LM-1, LM-3, guide-zh:439, 475-481."""
    return (
        refuse(account.method(new.kind) is not None, "LM-1", "kind_taken")
        or refuse_identity(new)
        or (with_method(account, LoginMethod(kind=new.kind, identity=new.identity, bound_at=now)), Outcome(outcome="bound"))
    )


def with_method(account: Account, method: LoginMethod) -> Account:
    """The account with this method in place of the one of its kind: old and new change in one step. LM-7."""
    others = tuple(old for old in account.methods if old.kind != method.kind)
    return account.but(methods=(*others, method))


def change(
    account: Account, command: ChangeLoginMethod, new: NewIdentity, now: datetime
) -> tuple[Account, Outcome[Literal["changed"]]] | Refusal:
    """Replace the identity; the old one stays until the new one is proven. LM-7, LM-8, LM-12, guide-zh:618-676, 351-362."""
    old = account.method(command.kind)
    if old is None:
        return Refusal(rule="LM-7", reason="not_bound")
    refusal = (
        refuse(old.key == new.key, "LM-7", "unchanged")
        or refuse_identity(new, registers=old.is_registration)
        or refuse(
            bool(wechat_protections(account, command.kind)), "LM-12", "used_by_protection", by=wechat_protections(account, command.kind)
        )
    )
    if refusal:
        return refusal
    changed = with_method(account, old.but(identity=new.identity, bound_at=now))
    if command.sync and command.kind == "email":
        changed = changed.but(contacts=changed.contacts.but(security_email=new.identity, contact_email=new.identity))
    return changed, Outcome(outcome="changed")


def wechat_protections(account: Account, kind: Kind) -> tuple[str, ...]:
    """The protections that ask for the login WeChat. LM-12, guide-zh:1703, 1773-1774."""
    if kind != "wechat":
        return ()
    types = {"login_protection": account.protections.login, "operation_protection": account.protections.operation}
    return tuple(name for name, type_ in types.items() if type_ == "wechat_scan")


def features_using(account: Account, kind: Kind) -> tuple[str, ...]:
    """Every feature whose check is this method; a device counts by what it was bound with. LM-10, LM-11, C15, C16."""
    check = {"wechat": "wechat_scan", "email": "email_code"}.get(kind)
    remote, device = account.protections.remote, account.mfa.device
    uses = {
        "login_protection": account.protections.login == check,
        "operation_protection": account.protections.operation == check,
        "remote_login": remote.on and remote.check_method == check,
        "hardware_mfa": device is not None and device.kind == "hardware" and device.bound_with == check,
        "virtual_mfa": device is not None and device.kind != "hardware" and device.bound_with == check,
    }
    return tuple(name for name, used in uses.items() if check and used)


def unbind_conditions(account: Account, kind: Kind) -> tuple[Condition, ...]:
    """What has to hold; three conditions for the registration method. LM-2, LM-9, LM-10, LM-12, guide-zh:466, 695-697, 715-727."""
    method = account.method(kind)
    enough = Condition(name="only_login_method", met=len(account.methods) > 1)
    if method is None or not method.is_registration:
        by = wechat_protections(account, kind)
        return (enough, Condition(name="used_by_protection", met=not by, in_the_way=by))
    by = features_using(account, kind)
    return (
        enough,
        Condition(name="used_by_protection", met=not by, in_the_way=by),
        Condition(name="no_security_phone", met=account.contacts.security_phone is not None),
    )


def check_unbind(account: Account, query: CheckUnbind, _now: datetime) -> UnbindConditions:
    """Every condition, met or not. LM-10, LM-12."""
    return UnbindConditions(conditions=unbind_conditions(account, query.kind))


def unbind(account: Account, command: UnbindLoginMethod, _now: datetime) -> tuple[Account, Outcome[Literal["unbound"]]] | Refusal:
    """Never the last method; the identity is free at once, MFA stays. LM-2, LM-9, LM-10, LM-13, LM-14, LM-18, guide-zh:734."""
    method = account.method(command.kind)
    if method is None:
        return Refusal(rule="LM-9", reason="not_bound")
    failing = [condition for condition in unbind_conditions(account, command.kind) if not condition.met]
    if failing:
        special = "LM-10" if method.is_registration else "LM-12"
        rule = "LM-2" if failing[0].name == "only_login_method" else special
        features = tuple(name for condition in failing for name in condition.in_the_way)
        details = {"failing": tuple(condition.name for condition in failing), "features": features}
        return Refusal(rule=rule, reason=failing[0].name, details={**details})
    remaining = tuple(other for other in account.methods if other.kind != command.kind)
    return account.but(methods=remaining), Outcome(outcome="unbound")

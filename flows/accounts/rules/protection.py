"""Login protection, operation protection and the remote login check. LP, OP, RL.

Sub-users' protection is set elsewhere and not offered (LP-9). Sensitive are the commands marked ``checked`` (OP-6); the check
itself, its age and its type are ``ground.fresh_check`` (LP-4, OP-2, OP-3).
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from flows.accounts.account import Account, CheckMethod, Kind, Protections, ProtectionType, RemoteLogin, TrustedDevice
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.protection import (
    ForgetTrustedDevices,
    GetProtection,
    ProtectionShown,
    SetLoginProtection,
    SetOperationProtection,
    SetRemoteLoginCheck,
)

TRUST = timedelta(hours=7 * 24)
"""LP-6, guide-zh:1730, 1736."""
USUAL_FOR = timedelta(days=30)
"""RL-3."""


def get_protection(account: Account, _query: GetProtection, now: datetime) -> ProtectionShown:
    """What is asked for at login, at sensitive operations, and from unusual cities. LP-1, OP-1, RL-1."""
    protections = account.protections
    return ProtectionShown(
        login=protections.login,
        login_from=protections.login_from,
        allow_trusted_devices=protections.allow_trusted_devices,
        trusted=tuple(device for device in protections.trusted if device.until > now),
        operation=protections.operation,
        remote=protections.remote.on,
    )


def _refuse_type(account: Account, type_: ProtectionType, scan_rule: str, other_rule: str) -> Refusal | None:
    """Each type needs what it checks with. LP-2, LP-3, OP-4, guide-zh:1703-1705."""
    return (
        refuse(type_ == "wechat_scan" and account.method("wechat") is None, scan_rule, "no_wechat")
        or refuse(type_ == "mfa" and account.mfa.device is None, other_rule, "no_mfa")
        or refuse(type_ == "phone_code" and account.contacts.security_phone is None, other_rule, "no_security_phone")
    )


def set_login_protection(
    account: Account, command: SetLoginProtection, now: datetime
) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """From the next login; running sessions stay. LP-1 to LP-5, LP-7, guide-zh:1702-1724, C41, C42."""
    old = account.protections
    same_type = command.type == old.login
    keeps_trust = same_type and command.allow_trusted_devices
    new = old.but(
        login=command.type,
        login_from=now,
        allow_trusted_devices=command.allow_trusted_devices,
        trusted=old.trusted if keeps_trust else (),
    )
    return (
        _refuse_type(account, command.type, "LP-2", "LP-3")
        or refuse(same_type and command.allow_trusted_devices == old.allow_trusted_devices, "LP-1", "unchanged")
        or (account.but(protections=new), Outcome(outcome="saved"))
    )


def forget_trusted_devices(
    account: Account, _command: ForgetTrustedDevices, _now: datetime
) -> tuple[Account, Outcome[Literal["forgotten"]]]:
    """Every device is asked again. LP-7."""
    return account.but(protections=without_trust(account.protections)), Outcome(outcome="forgotten")


def without_trust(protections: Protections) -> Protections:
    """No device is trusted any more. LP-7."""
    return protections.but(trusted=())


def set_operation_protection(
    account: Account, command: SetOperationProtection, _now: datetime
) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """At once, turning it off too. OP-1, OP-4, OP-5, guide-zh:1772-1779."""
    return (
        _refuse_type(account, command.type, "OP-4", "OP-4")
        or refuse(command.type == account.protections.operation, "OP-1", "unchanged")
        or (account.but(protections=account.protections.but(operation=command.type)), Outcome(outcome="saved"))
    )


def set_remote_login_check(
    account: Account, command: SetRemoteLoginCheck, _now: datetime, checked_with: CheckMethod
) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """On or off; it asks for the check it was switched on with. RL-1, LM-11, guide-zh:1837-1846."""
    remote = RemoteLogin(on=command.on, check_method=checked_with if command.on else None)
    return refuse(command.on == account.protections.remote.on, "RL-1", "unchanged") or (
        account.but(protections=account.protections.but(remote=remote)),
        Outcome(outcome="saved"),
    )


def is_usual(account: Account, city: str, now: datetime) -> bool:
    """Where the account logged in within 30 days, or first of all; an unknown city never is. RL-2, RL-3, RL-4, guide-zh:1831."""
    ordered = sorted(account.logins, key=lambda login: login.at)
    recent = {login.city for login in ordered if now - login.at <= USUAL_FOR}
    return bool(city) and city in recent | {login.city for login in ordered[:1]}


class CheckWanted(NamedTuple):
    """What a login has to pass; ``protected`` if login protection is one who asks."""

    method: CheckMethod
    protected: bool


def check_wanted(account: Account, method: Kind, device: str, city: str, now: datetime) -> CheckWanted | None:
    """Login protection and the remote check together ask once. LP-2, LP-6, LP-10, RL-2."""
    protections = account.protections
    trusted = any(known.device == device and known.until > now for known in protections.trusted)
    protected = protections.login != "off" and not trusted
    remote = protections.remote.on and not is_usual(account, city, now)
    if not protected and not remote:
        return None
    wanted = protections.login if protected else protections.remote.check_method
    check = next((method for method in account.usable_checks if method == wanted), next(iter(account.usable_checks), None))
    if check is None:
        return CheckWanted("phone_code", protected)
    scanned_already = check == "wechat_scan" and method == "wechat"
    return None if scanned_already else CheckWanted(check, protected)


def refuse_login_check(account: Account, wanted: CheckWanted, method: CheckMethod, *, trust: bool) -> Refusal | None:
    """Another check may replace the configured one, but none replaces MFA; trust only where allowed. LP-6, LP-8, faq-zh:1003, 1021."""
    may_trust = wanted.protected and account.protections.allow_trusted_devices
    return (
        refuse(trust and not may_trust, "LP-6", "trust_not_allowed")
        or refuse(method != wanted.method and wanted.method == "mfa", "LP-8", "only_mfa")
        or refuse(method not in account.usable_checks, "GEN-5", "no_check_method", methods=account.usable_checks)
    )


def trust_device(protections: Protections, device: str, now: datetime) -> Protections:
    """Not asked for seven times 24 hours. LP-6."""
    others = tuple(known for known in protections.trusted if known.device != device)
    return protections.but(trusted=(*others, TrustedDevice(device=device, until=now + TRUST)))

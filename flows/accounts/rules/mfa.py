"""The MFA device: binding, checking, unbinding. MFA.

Without the device, nothing here helps: personal accounts apply for login, enterprises recover, others open a ticket (MFA-12).
"""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import pyotp
from pydantic import SecretStr

from flows.accounts.account import Account, CheckMethod, MfaDevice, MfaState, PendingMfa
from flows.accounts.account.access import Misfit
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.mfa import (
    CheckMfaCode,
    CodeDiagnosis,
    ConfirmMfaBinding,
    GetMfa,
    MfaShown,
    SecretShown,
    StartMfaBinding,
    UnbindMfa,
    Unbound,
)
from flows.accounts.rules.codes import Verdict

STEP = 30
"""Seconds a code is shown; 6 digits, SHA-1, 160-bit secrets: RFC 6238. MFA-3, guide-zh:1269, 1279."""
SECRET_LENGTH = 32
"""Base32 characters, 160 bits. MFA-3."""
SECRET_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # noqa: S105  an alphabet
NEIGHBOURS = 1
"""Steps to each side whose codes are accepted. MFA-8."""
PENDING_LIFE = timedelta(minutes=10)
PENDING_TRIES = 5
"""MFA-6."""
WRONG_BEFORE_BLOCK = 5
BLOCK = timedelta(minutes=5)
"""MFA-9."""
DIAGNOSED_STEPS = 20
"""Ten minutes to each side. MFA-13."""
VIRTUAL = ("mini_program", "google", "microsoft", "other_totp")
"""MFA-1, guide-zh:1269, 1608."""


def step_of(now: datetime) -> int:
    """The time step. MFA-3."""
    return int(now.timestamp()) // STEP


def code_at(secret: SecretStr, step: int) -> str:
    """The code of a step. MFA-3."""
    return str(pyotp.TOTP(secret.get_secret_value()).at(step * STEP))


def secret_from(key: bytes) -> SecretStr:
    """A raw key in the form that apps take."""
    return SecretStr(base64.b32encode(key).decode())


def fitting_step(secret: SecretStr, code: SecretStr, now: datetime, reach: int) -> int | None:
    """The nearest step, at most ``reach`` away, whose code this is."""
    current = step_of(now)
    nearest_first = sorted(range(current - reach, current + reach + 1), key=lambda step: abs(step - current))
    return next((step for step in nearest_first if code_at(secret, step) == code.get_secret_value()), None)


def users_of_mfa(account: Account) -> tuple[Literal["login", "operation"], ...]:
    """The protections whose type is MFA. MFA-7, MFA-11."""
    login: tuple[Literal["login", "operation"], ...] = ("login",) if account.protections.login == "mfa" else ()
    return (*login, "operation") if account.protections.operation == "mfa" else login


def get_mfa(account: Account, _query: GetMfa, _now: datetime) -> MfaShown:
    """What is bound; the login WeChat has nothing to do with it. MFA-14, LM-18, faq-zh:935."""
    device = account.mfa.device
    if device is None:
        return MfaShown(bound=False)
    return MfaShown(bound=True, device=device.kind, bound_at=device.bound_at, used_by=users_of_mfa(account))


def start_mfa_binding(
    account: Account, command: StartMfaBinding, now: datetime, secret: SecretStr, checked_with: CheckMethod
) -> tuple[Account, SecretShown] | Refusal:
    """Show a secret once, if no device is bound; hardware only in the closed beta. MFA-1, MFA-2, MFA-4, MFA-5, MFA-6."""
    hardware = command.device not in VIRTUAL
    refusal = refuse(
        hardware and not (account.mfa.hardware_beta and command.serial), "MFA-2", "beta_only", serial_needed=int(account.mfa.hardware_beta)
    ) or refuse(account.mfa.device is not None, "MFA-4", "already_bound")
    if refusal:
        return refusal
    pending = PendingMfa(
        kind=command.device,
        secret=secret,
        expires=now + PENDING_LIFE,
        started_with=checked_with,
        tries_left=PENDING_TRIES,
        serial=command.serial,
    )
    uri = pyotp.TOTP(secret.get_secret_value()).provisioning_uri(name=account.id, issuer_name="Tencent Cloud")
    shown = SecretShown(outcome="secret_shown", uri=SecretStr(uri), secret=secret, expires=pending.expires)
    return account.but(mfa=account.mfa.but(pending=pending)), shown


def confirm_mfa_binding(
    account: Account, command: ConfirmMfaBinding, now: datetime
) -> tuple[Account, Outcome[Literal["bound", "wrong_code", "expired"]]] | Refusal:
    """The first code binds and sets the chosen protections to MFA. MFA-5, MFA-6, MFA-7."""
    pending = account.mfa.pending
    if pending is None:
        return Refusal(rule="MFA-6", reason="nothing_pending")
    if now >= pending.expires:
        return account.but(mfa=account.mfa.but(pending=None)), Outcome(outcome="expired")
    step = fitting_step(pending.secret, command.code, now, NEIGHBOURS)
    if step is None:
        left = pending.tries_left - 1
        worn = pending.but(tries_left=left) if left else None
        return account.but(mfa=account.mfa.but(pending=worn)), Outcome(outcome="wrong_code" if left else "expired")
    device = MfaDevice(
        kind=pending.kind, secret=pending.secret, bound_at=now, bound_with=pending.started_with, last_step=step, serial=pending.serial
    )
    chosen: dict[str, object] = {"login_from": now, "trusted": ()} if "login" in command.scope else {}
    protections = account.protections.but(**chosen, **dict.fromkeys(command.scope, "mfa"))
    return account.but(mfa=MfaState(device=device, hardware_beta=account.mfa.hardware_beta), protections=protections), Outcome(
        outcome="bound"
    )


def is_blocked(account: Account, now: datetime) -> Refusal | None:
    """Five wrong codes in a row block MFA for five minutes. MFA-9."""
    until = account.mfa.blocked_until
    return refuse(until is not None and now < until, "MFA-9", "mfa_blocked", until=until.isoformat() if until else "")


def counted_wrong(account: Account, now: datetime, step: int | None = None) -> Account:
    """One more wrong code in a row. MFA-9."""
    misfit = Misfit(step=step, distance=step - step_of(now)) if step is not None else None
    account = account.but(mfa=account.mfa.but(last_misfit=misfit))
    wrong = account.mfa.wrong_in_a_row + 1
    if wrong >= WRONG_BEFORE_BLOCK:
        return account.but(mfa=account.mfa.but(wrong_in_a_row=0, blocked_until=now + BLOCK))
    return account.but(mfa=account.mfa.but(wrong_in_a_row=wrong))


def accept_code(account: Account, code: SecretStr, now: datetime) -> tuple[Account, CodeDiagnosis] | Refusal:
    """A code of the device, each step once; a wrong one is diagnosed and counted once. MFA-8, MFA-9, MFA-13, faq-zh:928-931."""
    device = account.mfa.device
    if device is None:
        return Refusal(rule="MFA-10", reason="not_bound")
    if blocked := is_blocked(account, now):
        return blocked
    step = fitting_step(device.secret, code, now, DIAGNOSED_STEPS)
    distance = (step or 0) - step_of(now)
    if step is not None and abs(distance) <= NEIGHBOURS:
        if step <= device.last_step:
            return Refusal(rule="MFA-8", reason="code_reused")
        accepted = account.mfa.but(device=device.but(last_step=step), wrong_in_a_row=0, blocked_until=None)
        return account.but(mfa=accepted), CodeDiagnosis(outcome="right")
    return counted_wrong(account, now, step), _diagnosis(account.mfa, step, distance)


def _diagnosis(mfa: MfaState, step: int | None, distance: int) -> CodeDiagnosis:
    """A code of the past has expired, unless an earlier one was as late: then the clock is slow. MFA-13."""
    if step is None:
        return CodeDiagnosis(outcome="wrong")
    earlier = mfa.last_misfit
    as_late = earlier is not None and earlier.step != step and abs(earlier.distance - distance) <= NEIGHBOURS
    off = "clock_off" if distance > 0 or as_late else "expired"
    return CodeDiagnosis.model_validate({"outcome": off, "seconds_off": distance * STEP})


def check_mfa_code(account: Account, command: CheckMfaCode, now: datetime) -> tuple[Account, CodeDiagnosis] | Refusal:
    """Say what is the matter with a code. MFA-13, C43."""
    return accept_code(account, command.code, now)


_REFUSED: Mapping[str, Verdict] = {"mfa_blocked": "used_up", "code_reused": "expired"}
"""A code that was used once is as good as expired: the next one is right."""


def check_by_mfa(account: Account, code: SecretStr, now: datetime) -> tuple[Account, Verdict]:
    """The same as an identity check. GEN-4, MFA-8, MFA-9."""
    decided = accept_code(account, code, now)
    if isinstance(decided, Refusal):
        return account, _REFUSED.get(decided.reason, "wrong")
    after, diagnosis = decided
    if diagnosis.outcome == "right":
        return after, "right"
    return after, "expired" if diagnosis.seconds_off < 0 else "wrong"


def without_mfa(account: Account) -> Account:
    """The account after its device is gone: protections of type MFA are off. MFA-11, guide-zh:1680-1681."""
    protections = account.protections.but(**dict.fromkeys(users_of_mfa(account), "off"))
    return account.but(mfa=MfaState(hardware_beta=account.mfa.hardware_beta), protections=protections)


def unbind_mfa(account: Account, command: UnbindMfa, now: datetime) -> tuple[Account, Unbound | Refusal] | Refusal:
    """Only a current code of that very device unbinds it; a wrong one counts. MFA-10, MFA-11, guide-zh:1678-1684."""
    decided = accept_code(account, command.code, now)
    if isinstance(decided, Refusal):
        return decided
    after, diagnosis = decided
    if diagnosis.outcome != "right":
        return after, Refusal(rule="MFA-10", reason="wrong_code", details={"why": diagnosis.outcome})
    return without_mfa(after), Unbound(outcome="unbound", turned_off=users_of_mfa(after))

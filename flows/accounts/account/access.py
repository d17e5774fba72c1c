"""How somebody gets in: login methods, MFA, protections, passed checks."""

from datetime import datetime
from typing import Literal, TypeAlias

from flows.accounts.base import Model, Secret

Kind: TypeAlias = Literal["wechat", "qq", "email", "wecom", "official_account"]
"""The five kinds of login and registration; a phone number is none. LM-1, ACC-8, guide-zh:439, faq-zh:266-271."""

CheckMethod: TypeAlias = Literal["phone_code", "email_code", "mfa", "wechat_scan"]
"""An account's own ways to check who is there. GEN-4."""

ProtectionType: TypeAlias = Literal["off", "wechat_scan", "mfa", "phone_code"]
"""What login and operation protection ask for. LP-1, OP-1, guide-zh:1702-1706, 1772-1779."""

MfaKind: TypeAlias = Literal["mini_program", "google", "microsoft", "other_totp", "hardware"]


class LoginMethod(Model):
    """One identity that can log in."""

    kind: Kind
    identity: str
    is_registration: bool = False
    bound_at: datetime
    frozen_by_platform: bool = False

    @property
    def key(self) -> str:
        """How this identity is looked up; e-mail without case. VAL-EMAIL."""
        return identity_key(self.kind, self.identity)


def identity_key(kind: Kind, identity: str) -> str:
    """An identity of any kind as one lookup value."""
    return f"{kind}:{identity.lower() if kind == 'email' else identity}"


class MfaDevice(Model):
    """The bound device; ``last_step`` is the newest time step that was accepted. MFA-8."""

    kind: MfaKind
    secret: Secret
    bound_at: datetime
    bound_with: CheckMethod
    last_step: int = -1
    serial: str = ""


class PendingMfa(Model):
    """A secret shown but not yet confirmed. MFA-6."""

    kind: MfaKind
    secret: Secret
    expires: datetime
    started_with: CheckMethod
    tries_left: int
    serial: str = ""


class Misfit(Model):
    """A code of another time step, and how far away that step was. MFA-13."""

    step: int
    distance: int


class MfaState(Model):
    """All about MFA on one account."""

    device: MfaDevice | None = None
    pending: PendingMfa | None = None
    hardware_beta: bool = False
    wrong_in_a_row: int = 0
    blocked_until: datetime | None = None
    last_misfit: Misfit | None = None


class TrustedDevice(Model):
    """A device that is not asked for the login check until then. LP-6."""

    device: str
    until: datetime


class RemoteLogin(Model):
    """The check of logins from unusual cities; ``check_method`` is what it was switched on with. RL-1, LM-11."""

    on: bool = False
    check_method: CheckMethod | None = None


class Protections(Model):
    """Login protection, operation protection and the remote login check. LP-1, OP-1, RL-1."""

    login: ProtectionType = "off"
    login_from: datetime | None = None
    allow_trusted_devices: bool = False
    trusted: tuple[TrustedDevice, ...] = ()
    operation: ProtectionType = "off"
    remote: RemoteLogin = RemoteLogin()


class PassedCheck(Model):
    """An identity check that was passed in a conversation; ``instead`` of the configured one. GEN-4, GEN-5."""

    conversation: str
    method: CheckMethod
    at: datetime
    instead: bool = False
    wrong_passwords: int = 0

"""Login protection, operation protection, the remote login check, and logging in."""

from datetime import datetime
from typing import ClassVar, Literal

from flows.accounts.account import CheckMethod, Kind, ProtectionType, TrustedDevice
from flows.accounts.base import Model, Outcome, Secret
from flows.accounts.commands.base import Change, Query, Who


class ProtectionShown(Model):
    """All three, with the trusted devices; sub-users' protection is set elsewhere. LP-9."""

    login: ProtectionType
    login_from: datetime | None
    allow_trusted_devices: bool
    trusted: tuple[TrustedDevice, ...]
    operation: ProtectionType
    remote: bool


class GetProtection(Query[ProtectionShown]):
    """What is asked for, and when."""


class SetLoginProtection(Change[Outcome[Literal["saved"]]]):
    """What the next login asks for. LP-1, LP-5."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    type: ProtectionType
    allow_trusted_devices: bool = False


class ForgetTrustedDevices(Change[Outcome[Literal["forgotten"]]]):
    """Ask every device again. LP-7."""

    who: ClassVar[Who] = "checked"


class SetOperationProtection(Change[Outcome[Literal["saved"]]]):
    """What sensitive operations ask for. OP-1."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    type: ProtectionType


class SetRemoteLoginCheck(Change[Outcome[Literal["saved"]]]):
    """Whether logins from unusual cities are checked. RL-1."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    on: bool


class LoginResult(Outcome[Literal["logged_in", "check_needed", "wrong", "code_needed", "locked", "refused"]]):
    """What a login came to: the session, the check to pass, the tries left, or until when it is locked."""

    session: str | None = None
    login: str | None = None
    check: CheckMethod | None = None
    tries_left: int | None = None
    locked_until: datetime | None = None


class AttemptLogin(Change[LoginResult]):
    """Log in: by e-mail and password, or by a scan or authorization of another kind. LP-10."""

    who: ClassVar[Who] = "staff"
    method: Kind
    email: str | None = None
    password: Secret | None = None
    captcha_passed: bool = False
    scan: str | None = None
    device: str
    city: str = ""
    ip: str = ""


class CheckedLogin(Outcome[Literal["logged_in", "wrong"]]):
    """The session, if the check was passed."""

    session: str | None = None


class PassLoginCheck(Change[CheckedLogin]):
    """Pass the check of a login, and perhaps trust the device. LP-6, LP-8."""

    who: ClassVar[Who] = "staff"
    login: str
    method: CheckMethod
    code: Secret | None = None
    scan: str | None = None
    trust_device: bool = False

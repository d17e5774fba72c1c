"""The MFA device."""

from datetime import datetime
from typing import ClassVar, Literal

from flows.accounts.account.access import MfaKind
from flows.accounts.base import Model, Outcome, Secret
from flows.accounts.commands.base import Change, Formats, Query, Who


class MfaShown(Model):
    """The bound device, and which protections use it."""

    bound: bool
    device: MfaKind | None = None
    bound_at: datetime | None = None
    used_by: tuple[Literal["login", "operation"], ...] = ()


class GetMfa(Query[MfaShown]):
    """Whether MFA is bound, since when, and what uses it."""


class SecretShown(Outcome[Literal["secret_shown"]]):
    """Shown once: as URI (for a QR code) and as text. MFA-5, MFA-6."""

    uri: Secret
    secret: Secret
    expires: datetime


class StartMfaBinding(Change[SecretShown]):
    """Draw a new secret for a device. MFA-5."""

    who: ClassVar[Who] = "checked"
    device: MfaKind
    serial: str = ""


class ConfirmMfaBinding(Change[Outcome[Literal["bound", "wrong_code", "expired"]]]):
    """The first code of the device, and which protections shall use it. MFA-5, MFA-7."""

    tells: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"code": ("code", "bad_code")}
    code: Secret
    scope: tuple[Literal["login", "operation"], ...] = ()


class CodeDiagnosis(Outcome[Literal["right", "expired", "clock_off", "wrong"]]):
    """What is the matter with a code, and by how many seconds it is off, negative when late. MFA-13."""

    seconds_off: int = 0


class CheckMfaCode(Change[CodeDiagnosis]):
    """Test a code against neighbouring time windows. MFA-13."""

    formats: ClassVar[Formats] = {"code": ("code", "bad_code")}
    code: Secret


class Unbound(Outcome[Literal["unbound"]]):
    """The protections that this turned off. MFA-11."""

    turned_off: tuple[Literal["login", "operation"], ...] = ()


class UnbindMfa(Change[Unbound]):
    """Unbind the device with a code of that very device. MFA-10."""

    tells: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"code": ("code", "bad_code")}
    code: Secret

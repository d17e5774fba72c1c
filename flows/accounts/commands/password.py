"""The password and its lock."""

from datetime import datetime
from typing import ClassVar, Literal

from flows.accounts.account import CheckMethod
from flows.accounts.base import Model, Outcome, Secret
from flows.accounts.commands.base import Change, Formats, Query, Who


class PasswordChecked(Outcome[Literal["fine", "weak_password"]]):
    """Fine, or every failing part. PW-6."""

    failing: tuple[str, ...] = ()


class CheckPassword(Query[PasswordChecked]):
    """Whether a text could be a password; nothing is kept. PW-2 to PW-4."""

    who: ClassVar[Who] = "anyone"
    password: Secret
    email: str | None = None


class ChangePassword(Change[Outcome[Literal["changed"]]]):
    """The old password, and the new one twice. PW-9."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    old: Secret
    new: Secret
    repeat: Secret


class RequestPasswordReset(Change[Outcome[Literal["mail_sent"]]]):
    """Ask for a mail with a link; the answer is always the same. PW-11, PW-12."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"email": ("email", "bad_email")}
    email: str


class ResetResult(Outcome[Literal["reset", "expired", "check_needed"]]):
    """Done, too late, or which checks can be passed."""

    methods: tuple[CheckMethod, ...] = ()


class FinishPasswordReset(Change[ResetResult]):
    """The link, the new password twice, and an identity check; its code is sent to the account with this e-mail. PW-11."""

    who: ClassVar[Who] = "anyone"
    tells: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"code": ("code", "bad_code")}
    token: Secret
    new: Secret
    repeat: Secret
    method: CheckMethod = "phone_code"
    code: Secret | None = None
    scan: str | None = None


class ResetSubUserPassword(Change[Outcome[Literal["reset"]]]):
    """A sub-user's new password, set by an administrator. PW-14."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    user: str
    new: Secret


class LockState(Model):
    """Wrong tries of today. LOCK-1."""

    wrong_today: int
    code_needed: bool
    locked_until: datetime | None = None


class GetLockState(Query[LockState]):
    """Whether the account is locked, and what the next login needs."""

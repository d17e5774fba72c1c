"""Sessions, the password and its lock."""

from datetime import date, datetime

from pydantic import Field

from flows.accounts.base import Model


class Session(Model):
    """A running session with the limits it started with. SES-4."""

    id: str
    device: str
    city: str
    started: datetime
    last_active: datetime
    idle_minutes: int
    max_minutes: int


class Sessions(Model):
    """The limits for the next login, and what runs. SES-1, SES-2."""

    idle_minutes: int = 120
    max_minutes: int = 48 * 60
    running: tuple[Session, ...] = ()
    signed_out_at: datetime | None = None


class PasswordReset(Model):
    """A link that was mailed. PW-12."""

    token_digest: str = Field(repr=False)
    expires: datetime


class Password(Model):
    """The hashes of the last three passwords, newest first. PW-5."""

    hashes: tuple[str, ...] = Field(default=(), repr=False)
    changed_at: datetime | None = None
    reset: PasswordReset | None = None


class Lock(Model):
    """Wrong passwords of one day. LOCK-1."""

    day: date | None = None
    wrong: int = 0
    first_wrong: datetime | None = None
    locked_until: datetime | None = None

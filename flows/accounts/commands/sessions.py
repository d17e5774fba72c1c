"""Sessions and their limits."""

from datetime import datetime
from typing import ClassVar, Literal

from flows.accounts.base import Model, Outcome
from flows.accounts.commands.base import Change, Query, Who


class SessionShown(Model):
    """A running session."""

    device: str
    city: str
    started: datetime
    ends: datetime


class SessionSettings(Model):
    """Both limits and what runs."""

    idle_minutes: int
    max_hours: int
    running: tuple[SessionShown, ...]


class GetSessionSettings(Query[SessionSettings]):
    """The limits of the next login, and the running sessions."""


class SetSessionLimits(Change[Outcome[Literal["saved"]]]):
    """Limits from the next login on. SES-1, SES-2, SES-4."""

    idle_minutes: int | None = None
    max_hours: int | None = None


class SignedOut(Outcome[Literal["signed_out"]]):
    """How many sessions ended."""

    sessions: int


class SignOutEverywhere(Change[SignedOut]):
    """End all sessions, the caller's included. SES-6."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    confirmed: bool = False

"""Sessions. SES."""

from datetime import datetime, timedelta
from typing import Literal

from flows.accounts.account import Account, Session
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.sessions import (
    GetSessionSettings,
    SessionSettings,
    SessionShown,
    SetSessionLimits,
    SignedOut,
    SignOutEverywhere,
)
from flows.accounts.rules.protection import without_trust

IDLE_MINUTES = range(15, 721)
"""SES-1, guide-zh:1859, 1863, 1876, C34."""
MAX_HOURS = range(1, 49)
"""SES-2, guide-zh:1859, 1864, 1876."""
ADVICE = ("change_login_methods", "change_password")
"""What to do before signing out everywhere. SES-7, guide-zh:1890, 1908."""


def ends(session: Session) -> datetime:
    """Idle for its idle limit or as old as its maximum, whatever comes first. SES-3, SES-5, guide-zh:1859, 1865."""
    idle = session.last_active + timedelta(minutes=session.idle_minutes)
    return min(idle, session.started + timedelta(minutes=session.max_minutes))


def running(account: Account, now: datetime) -> tuple[Session, ...]:
    """The sessions that have not ended. SES-5."""
    return tuple(session for session in account.sessions.running if now < ends(session))


def get_session_settings(account: Account, _query: GetSessionSettings, now: datetime) -> SessionSettings:
    """Both limits, and what runs. SES-1, SES-2."""
    return SessionSettings(
        idle_minutes=account.sessions.idle_minutes,
        max_hours=account.sessions.max_minutes // 60,
        running=tuple(
            SessionShown(device=session.device, city=session.city, started=session.started, ends=ends(session))
            for session in running(account, now)
        ),
    )


def set_session_limits(account: Account, command: SetSessionLimits, _now: datetime) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """From the next login; the idle limit may exceed the maximum. SES-1, SES-2, SES-3, SES-4."""
    sessions = account.sessions
    idle = sessions.idle_minutes if command.idle_minutes is None else command.idle_minutes
    hours = sessions.max_minutes // 60 if command.max_hours is None else command.max_hours
    new = sessions.but(idle_minutes=idle, max_minutes=hours * 60)
    return (
        refuse(idle not in IDLE_MINUTES, "SES-1", "idle_out_of_range", least=IDLE_MINUTES[0], most=IDLE_MINUTES[-1])
        or refuse(hours not in MAX_HOURS, "SES-2", "max_out_of_range", least=MAX_HOURS[0], most=MAX_HOURS[-1])
        or refuse(new == sessions, "SES-4", "unchanged")
        or (account.but(sessions=new), Outcome(outcome="saved"))
    )


def sign_out_everywhere(account: Account, command: SignOutEverywhere, now: datetime) -> tuple[Account, SignedOut] | Refusal:
    """All sessions and all trust; the refusal carries the advice. SES-6, SES-7, LP-7, guide-zh:1886, 1894-1909."""
    ended = account.but(sessions=account.sessions.but(running=(), signed_out_at=now), protections=without_trust(account.protections))
    return refuse(not command.confirmed, "SES-6", "not_confirmed", advice=ADVICE) or (
        ended,
        SignedOut(outcome="signed_out", sessions=len(running(account, now))),
    )

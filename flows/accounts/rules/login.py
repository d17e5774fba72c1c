"""Logging in, in the order of LP-10: lock, password and code, remote check, login protection, session."""

from datetime import datetime

from flows.accounts.account import Account, Lock, Login, Session
from flows.accounts.commands.protection import AttemptLogin, LoginResult
from flows.accounts.records.logins import PendingLogin
from flows.accounts.rules import lock as locks
from flows.accounts.rules.limits import WRONG_PASSWORDS
from flows.accounts.rules.sessions import running


def password_step(lock: Lock, command: AttemptLogin, now: datetime, *, right: bool) -> tuple[Lock, LoginResult | None]:
    """The lock comes first, then the code, then the password; the same for unknown addresses. LOCK-2, LOCK-3, LOCK-7, LOCK-9, LP-10."""
    if locks.is_locked(lock, now):
        return lock, LoginResult(outcome="locked", locked_until=lock.locked_until)
    if command.method != "email":
        return lock, None if right else LoginResult(outcome="wrong")
    if locks.code_needed(lock, now) and not command.captcha_passed:
        return lock, LoginResult(outcome="code_needed")
    if right:
        return locks.today(lock, now), None
    counted = locks.after_wrong(lock, now)
    if counted.locked_until:
        return counted, LoginResult(outcome="locked", locked_until=counted.locked_until)
    return counted, LoginResult(outcome="wrong", tries_left=WRONG_PASSWORDS - counted.wrong)


def log_in(account: Account, login: PendingLogin, session_id: str, now: datetime) -> Account:
    """A session with today's limits; the city becomes usual, the lock's count zero. SES-4, RL-3, LOCK-8, ACC-13."""
    session = Session(
        id=session_id,
        device=login.device,
        city=login.city,
        started=now,
        last_active=now,
        idle_minutes=account.sessions.idle_minutes,
        max_minutes=account.sessions.max_minutes,
    )
    return account.but(
        sessions=account.sessions.but(running=(*running(account, now), session)),
        logins=(*account.logins, Login(at=now, method=login.method, ip=login.ip or "0.0.0.0", city=login.city)),  # noqa: S104  unknown
        lock=locks.after_success(account.lock, now),
    )

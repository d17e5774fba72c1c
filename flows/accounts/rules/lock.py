"""Wrong passwords of e-mail logins. LOCK.

Nobody lifts a lock early: no operation does (LOCK-6).
"""

from datetime import datetime, timedelta

from flows.accounts.account import Lock
from flows.accounts.calendar import day_of
from flows.accounts.rules.limits import WRONG_PASSWORDS

FREE_TRIES = 3
"""From the fourth try of the day a verification code is needed. LOCK-2, faq-zh:191-192."""
LOCKED_FOR = timedelta(hours=1)
"""LOCK-4, faq-zh:193."""


def today(lock: Lock, now: datetime) -> Lock:
    """The count goes on from zero at midnight and after a lock. LOCK-1, LOCK-8."""
    if is_locked(lock, now):
        return lock
    if lock.day != day_of(now):
        return Lock(day=day_of(now))
    return lock.but(wrong=0, locked_until=None) if lock.locked_until else lock


def is_locked(lock: Lock, now: datetime) -> bool:
    """Every login is refused meanwhile. LOCK-7, guide-zh:55, 62."""
    return lock.locked_until is not None and now < lock.locked_until


def code_needed(lock: Lock, now: datetime) -> bool:
    """From the fourth try of the day. LOCK-2, C85."""
    return today(lock, now).wrong >= FREE_TRIES


def after_wrong(lock: Lock, now: datetime) -> Lock:
    """One more; the tenth locks for an hour from the day's first wrong try, never in the past. LOCK-1, LOCK-3, LOCK-4, LOCK-5, C28."""
    lock = today(lock, now)
    first = lock.first_wrong or now
    wrong = lock.wrong + 1
    if wrong < WRONG_PASSWORDS:
        return lock.but(wrong=wrong, first_wrong=first)
    until = first + LOCKED_FOR
    return lock.but(wrong=wrong, first_wrong=first, locked_until=until if until > now else now + LOCKED_FOR)


def after_success(lock: Lock, now: datetime) -> Lock:
    """A successful login sets the count to zero. LOCK-8."""
    return today(lock, now).but(wrong=0)

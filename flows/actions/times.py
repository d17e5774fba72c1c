"""Moments as people read them, on Beijing time."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.accounts.calendar import SHANGHAI


def minute(moment: datetime) -> str:
    """Day and time."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def last_day(deadline: datetime) -> str:
    """The last day before a deadline: one that ends at 24:00 ends that day, not the next."""
    return f"{(deadline - timedelta(microseconds=1)).astimezone(SHANGHAI):%Y-%m-%d}"

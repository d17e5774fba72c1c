"""Days and working days, in Asia/Shanghai."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps UTC+8 all year, so a fixed offset needs no zone data. GEN-1."""

_SATURDAY = 5


def day_of(moment: datetime) -> date:
    """The calendar day in Shanghai. GEN-1."""
    return moment.astimezone(SHANGHAI).date()


def working_days_after(moment: datetime, days: int, holidays: Collection[date] = ()) -> datetime:
    """The end, 24:00, of the n-th working day after the day of ``moment``. GEN-1."""
    day = day_of(moment)
    while days:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in holidays:
            days -= 1
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or that month's last."""
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last))

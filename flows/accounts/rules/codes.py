"""One-time codes of one target. GEN-6."""

from datetime import datetime, time, timedelta
from math import ceil
from typing import Literal, TypeAlias

from pydantic import Field

from flows.accounts.base import Document, Model, Refusal
from flows.accounts.calendar import SHANGHAI, day_of

CODE_LIFE = timedelta(minutes=5)
"""GEN-6."""
CODE_TRIES = 5
"""GEN-6."""
CODE_PAUSE = timedelta(minutes=1)
"""At most one code a minute to one target. GEN-6."""
CODES_A_DAY = 10
"""GEN-6."""

Verdict: TypeAlias = Literal["right", "wrong", "expired", "used_up"]


class IssuedCode(Model):
    """A code that was sent, as a keyed digest. GEN-10."""

    purpose: str
    digest: str = Field(repr=False)
    expires: datetime
    tries_left: int


class CodeBox(Document):
    """The codes of one target, and when they were sent."""

    sent: tuple[datetime, ...] = ()
    codes: tuple[IssuedCode, ...] = ()

    def code(self, purpose: str) -> IssuedCode | None:
        """The one code of this purpose."""
        return next((code for code in self.codes if code.purpose == purpose), None)

    def waits_for(self, purpose: str, now: datetime) -> bool:
        """Whether a code of this purpose can still be entered."""
        code = self.code(purpose)
        return code is not None and code.tries_left > 0 and now < code.expires

    def without(self, purpose: str) -> "CodeBox":
        """The box after that code is void."""
        return self.but(codes=tuple(code for code in self.codes if code.purpose != purpose))


def issue(box: CodeBox, purpose: str, digest: str, now: datetime) -> CodeBox | Refusal:
    """A new code voids the previous one of its purpose; one a minute, ten a day. GEN-6."""
    if wait := seconds_to_wait(box, now):
        return Refusal(rule="GEN-6", reason="code_too_often", details={"wait": wait, "sent": int(box.waits_for(purpose, now))})
    code = IssuedCode(purpose=purpose, digest=digest, expires=now + CODE_LIFE, tries_left=CODE_TRIES)
    return box.but(sent=(*_sent_today(box, now), now), codes=(*box.without(purpose).codes, code))


def seconds_to_wait(box: CodeBox, now: datetime) -> int:
    """Until the next code may go to this target: a minute, or the next day after the tenth. GEN-6."""
    today = _sent_today(box, now)
    if len(today) >= CODES_A_DAY:
        return ceil((datetime.combine(day_of(now) + timedelta(days=1), time(), SHANGHAI) - now).total_seconds())
    return max(0, ceil((today[-1] + CODE_PAUSE - now).total_seconds())) if today else 0


def _sent_today(box: CodeBox, now: datetime) -> tuple[datetime, ...]:
    return tuple(moment for moment in box.sent if day_of(moment) == day_of(now))


def try_code(box: CodeBox, purpose: str, digest: str, now: datetime) -> tuple[CodeBox, Verdict]:
    """A used code is void; five wrong tries use it up. GEN-6."""
    code = box.code(purpose)
    if code is None:
        return box, "wrong"
    if code.tries_left <= 0:
        return box, "used_up"
    if now >= code.expires:
        return box, "expired"
    if code.digest == digest:
        return box.without(purpose), "right"
    worn = code.but(tries_left=code.tries_left - 1)
    return box.but(codes=(*box.without(purpose).codes, worn)), "wrong" if worn.tries_left else "used_up"

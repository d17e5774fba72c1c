"""One-time codes of one target. GEN-6."""

from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from pydantic import Field

from flows.accounts.base import Document, Model, Refusal
from flows.accounts.calendar import day_of

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

    def without(self, purpose: str) -> "CodeBox":
        """The box after that code is void."""
        return self.but(codes=tuple(code for code in self.codes if code.purpose != purpose))


def issue(box: CodeBox, purpose: str, digest: str, now: datetime) -> CodeBox | Refusal:
    """A new code voids the previous one of its purpose; one a minute, ten a day. GEN-6."""
    today = [moment for moment in box.sent if day_of(moment) == day_of(now)]
    if (today and now - today[-1] < CODE_PAUSE) or len(today) >= CODES_A_DAY:
        return Refusal(rule="GEN-6", reason="code_too_often")
    code = IssuedCode(purpose=purpose, digest=digest, expires=now + CODE_LIFE, tries_left=CODE_TRIES)
    return box.but(sent=(*today, now), codes=(*box.without(purpose).codes, code))


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

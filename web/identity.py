"""Signed identity tokens of the host page: who a visitor is, proven by a key that only the host page's server shares."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt

from web.problems import Problem

LONGEST = timedelta(hours=1)
"""A token may expire at most this long after it was issued (contract v1)."""
_LEEWAY = timedelta(seconds=30)


def sign(subject: str, secret: str, now: datetime) -> str:
    """A token that proves this account id for as long as a token may; for the demo, which is its own host page."""
    return jwt.encode({"sub": subject, "iat": now, "exp": now + LONGEST}, secret, algorithm="HS256")


def verify(token: str, secret: str | None) -> str:
    """The account id (``sub``) that a token proves.

    Raises one and the same 401 ``Problem`` for an expired, unsigned, forged, too long-lived or malformed token, and when no
    secret is set.
    """
    if not secret:
        raise _refused()
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], leeway=_LEEWAY, options={"require": ["sub", "iat", "exp"]})
        issued, expires = (datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp"))
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise _refused() from error
    subject = claims["sub"]
    if expires - issued > LONGEST or not isinstance(subject, str) or not 0 < len(subject) <= 64:
        raise _refused()
    return subject


def _refused() -> Problem:
    return Problem(
        401,
        "身份凭证无效或已过期，请刷新页面后重试。",
        "The identity token is not valid or has expired; please reload the page and try again.",
    )

"""No other site can post in an agent's name: every POST carries a token that only our own pages know.

The token is derived from the session's cookie, or from that of a visit before the sign-in, so that nothing more is stored.
"""

from __future__ import annotations

import hmac
import secrets

from fastapi import Request

from assistant.store.agents import digest

SESSION = "console_session"
VISIT = "console_visit"
FIELD = "csrf"
HEADER = "x-csrf-token"


def visit(request: Request) -> str:
    """The cookie of a visit before the sign-in, a new one if need be."""
    return request.cookies.get(VISIT) or secrets.token_urlsafe(32)


def token(cookie: str) -> str:
    """What the forms of a page carry."""
    return digest("csrf", cookie)


def expected(request: Request) -> str | None:
    """The token that a POST of this browser must carry; None when it has none of our cookies."""
    cookie = request.cookies.get(SESSION) or request.cookies.get(VISIT)
    return token(cookie) if cookie else None


async def holds(request: Request) -> bool:
    """Whether a request may change something: it changes nothing, or it carries the right token."""
    if request.method in ("GET", "HEAD"):
        return True
    known = [token(cookie) for cookie in map(request.cookies.get, (SESSION, VISIT)) if cookie]
    given = request.headers.get(HEADER) or str((await request.form()).get(FIELD, ""))
    return any(hmac.compare_digest(one.encode(), given.encode()) for one in known)

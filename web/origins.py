"""Which web pages may talk to the assistant: its own and the listed ones, checked here because CORS only hides the answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Depends, Request

from web.context import Shared
from web.problems import Problem


async def _from_known_page(request: Request, shared: Shared) -> None:
    """Servers and tools send no ``Origin`` and pass: the conversation's token is their key."""
    origin = request.headers.get("origin")
    listed = shared.settings.cors_origins
    if origin is None or "*" in listed or origin in listed or _own(request, origin):
        return
    raise Problem(
        403,
        "这个网页不能使用账号助手；请管理员把它的来源加进 ASSISTANT_CORS_ORIGINS。",
        "This web page may not use the account assistant; an administrator can add its origin to ASSISTANT_CORS_ORIGINS.",
    )


def _own(request: Request, origin: str) -> bool:
    """By host, not by scheme: TLS often ends at a proxy, and one that rewrites ``Host`` leaves the browser's own word."""
    host = urlsplit(origin).netloc
    return request.headers.get("sec-fetch-site") == "same-origin" or (host != "" and host == request.headers.get("host"))


FromKnownPage = Depends(_from_known_page)
"""For routers that browsers use; 403 for pages of other websites."""

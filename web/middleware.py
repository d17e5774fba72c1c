"""What every request passes: an id, a size limit, security headers, a line in the log, a count in the metrics."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import problem_response

log = structlog.get_logger()

REQUESTS = Counter("assistant_http_requests_total", "HTTP requests.", ["method", "route", "status"])
SECONDS = Histogram(
    "assistant_http_seconds", "Seconds per HTTP request.", ["route"], buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
)

_REQUEST_ID = re.compile(r"^[\w.-]{1,64}$")
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Swagger UI is FastAPI's own page: it loads its script from a CDN and starts it inline.
_CDN = "https://cdn.jsdelivr.net"
_DOCS_POLICY = (
    f"default-src 'self'; script-src 'self' 'unsafe-inline' {_CDN}; style-src 'self' 'unsafe-inline' {_CDN}; "
    "img-src 'self' data: https://fastapi.tiangolo.com"
)


def policy(frame_ancestors: str = "'self'") -> str:
    """The Content-Security-Policy of our pages: nothing inline, nothing from elsewhere."""
    return (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frame_ancestors}"
    )


class Guard:
    """Pure ASGI (no per-request task), around the whole application."""

    def __init__(self, app: ASGIApp, body_limit: int) -> None:
        self.app = app
        self.body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex
        started = time.perf_counter()
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer["X-Request-ID"] = request_id
                for name, value in _SECURITY.items():
                    answer.setdefault(name, value)
                answer.setdefault("Content-Security-Policy", _DOCS_POLICY if scope["path"] == "/docs" else policy())
                if scope["path"].startswith("/static/"):
                    answer.setdefault("Cache-Control", "no-cache")
            await send(message)

        try:
            length = headers.get("content-length", "0")
            # WeCom's doors answer alike to whatever is not WeCom's: such a body is cut off, and refused for it.
            door = scope["path"].startswith("/wecom/")
            if not door and (not length.isdigit() or int(length) > self.body_limit):
                await self._too_long(headers)(scope, receive, send_guarded)
            else:
                await self.app(scope, self._limited(receive), send_guarded)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            if scope["path"].startswith("/console/") and not route.startswith("/console"):
                route = f"/console{route}"  # routers inside routers know only their own part of the path
            seconds = time.perf_counter() - started
            REQUESTS.labels(scope["method"], route, status).inc()
            SECONDS.labels(route).observe(seconds)
            # Neither query string nor body: they hold what people typed.
            log.info("request", method=scope["method"], route=route, status=status, ms=round(1000 * seconds, 1), id=request_id)

    def _limited(self, receive: Receive) -> Receive:
        """Bodies without a length are cut off at the limit; the JSON then fails to parse."""
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.body_limit:
                return {"type": "http.request", "body": b"", "more_body": False}
            return message

        return limited

    def _too_long(self, headers: Headers) -> ASGIApp:
        lang = "en" if headers.get("accept-language", "zh").lower().startswith("en") else "zh"
        detail = f"请求不能超过 {self.body_limit} 字节。" if lang == "zh" else f"A request may have at most {self.body_limit} bytes."
        return problem_response("en" if lang == "en" else "zh", 413, detail)

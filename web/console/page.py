"""One request to the console: who asks, in which language, and how to answer with a page.

A route takes ``page: AsAgent`` (or ``AsEditor``, ``AsAdmin``, ``Anyone``) and returns ``page.render("improve.html", ...)``. Whoever is
not signed in is sent to the sign-in page, whoever may not is told so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property, partial
from typing import Annotated
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.roles import Role
from assistant.store.agents import Agent
from assistant.store.audit import SYSTEM, AuditTrail
from assistant.store.sign_ins import SessionStore
from flows.accounts.calendar import SHANGHAI
from kb.entry import LANGS, Lang
from web.console import csrf, navigation
from web.console.texts import FOLDER, TEXTS
from web.context import Context, Shared
from web.problems import request_language
from web.version import VERSION

LANGUAGE = "console_lang"
"""The cookie that keeps the language chosen."""
UNATTENDED = "x-unattended"
"""The header of what a page asks for by itself: nobody need be sitting there, and nobody is sent away from what they do."""

_templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class SignInNeeded(Exception):
    """Nobody is signed in, or no longer."""


class Refused(Exception):
    """Shown as a page of its own; ``key`` names the sentence in the page's texts."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


class Page:
    """What a route of the console answers with."""

    def __init__(self, request: Request, shared: Context, signed_in: Agent | None) -> None:
        self.request = request
        self.shared = shared
        self.signed_in = signed_in

    @property
    def agent(self) -> Agent:
        """Who is signed in; only for routes that need somebody."""
        assert self.signed_in is not None, "the route asks for a role"
        return self.signed_in

    @cached_property
    def lang(self) -> Lang:
        """The language chosen, else the browser's."""
        chosen = self.request.cookies.get(LANGUAGE)
        return "zh" if chosen == "zh" else "en" if chosen == "en" else request_language(self.request)

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks, for a part of a page."""
        return "hx-request" in self.request.headers

    @property
    def is_for_anyone(self) -> bool:
        """Whether this page is there for those who are not signed in yet."""
        return self.request.url.path.startswith(("/console/sign-in", "/console/setup/"))

    def t(self, key: str, **values: object) -> str:
        """One of the console's sentences."""
        return TEXTS(self.lang, key, **values)

    def section(self, name: str) -> str:
        """A section of the knowledge base as people call it; a new one goes by its folder's name."""
        return self.t(f"sections.{name}") if f"sections.{name}" in TEXTS else name

    def render(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page, or a part of one, from a template of the console."""
        visit = None if self.signed_in else csrf.visit(self.request)
        notice = self.request.query_params.get("notice", "")
        frame = {
            "t": self.t,
            "texts": {lang: partial(TEXTS, lang) for lang in LANGS},
            "lang": self.lang,
            "agent": self.signed_in,
            "may": lambda role: self.signed_in is not None and navigation.may(self.signed_in.role, role),
            "csrf": csrf.token(visit) if visit else csrf.expected(self.request),
            "places": navigation.places(self.signed_in.role) if self.signed_in else [],
            "here": navigation.current(self.request.url.path),
            "path": self.request.url.path,
            "back": quote(_address(self.request)),
            "notice": self.t(notice) if notice in TEXTS else None,
            "section": self.section,
            "version": VERSION,
            "zone": SHANGHAI,
        }
        response = HTMLResponse(_templates.get_template(template).render(frame | values), status, {"Cache-Control": "no-store"})
        if visit:
            self.set_cookie(response, csrf.VISIT, visit)
        return response

    def redirect(self, path: str, notice: str | None = None, **query: str) -> RedirectResponse:
        """On to another page after a POST; ``notice`` names a sentence that it shows above its content."""
        given = urlencode(query | ({"notice": notice} if notice else {}))
        return RedirectResponse(f"{path}?{given}" if given else path, 303)

    def set_cookie(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        """A cookie for the console only, out of reach of scripts and of other sites."""
        secure = self.request.url.scheme == "https"
        response.set_cookie(name, value, max_age=seconds, path="/console", secure=secure, httponly=True, samesite="lax")

    async def record(self, action: str, on: str = "", **details: str) -> None:
        """Write into the audit trail that this agent did something; ``details`` without secrets or personal data."""
        await AuditTrail(self.shared.database).add(self.signed_in.name if self.signed_in else SYSTEM, action, on, details)


def _address(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


async def visit(request: Request, shared: Shared) -> Page:
    """The page of whoever asks, signed in or not."""
    token, seen = request.cookies.get(csrf.SESSION), UNATTENDED not in request.headers
    return Page(request, shared, await SessionStore(shared.database).agent(token, seen=seen) if token else None)


def _at_least(role: Role) -> Callable[..., Awaitable[Page]]:
    async def page(found: Anyone) -> Page:
        if found.signed_in is None:
            raise SignInNeeded
        if not navigation.may(found.signed_in.role, role):
            raise Refused(403, "frame.role_missing")
        return found

    return page


Anyone = Annotated[Page, Depends(visit)]
AsAgent = Annotated[Page, Depends(_at_least("agent"))]
AsEditor = Annotated[Page, Depends(_at_least("editor"))]
AsAdmin = Annotated[Page, Depends(_at_least("admin"))]


async def to_sign_in(request: Request, _error: Exception) -> Response:
    """Send whoever is not signed in to the sign-in page, and back afterwards to the page that they were on."""
    if UNATTENDED in request.headers:
        return Response(status_code=401)
    is_fragment = "hx-request" in request.headers
    if request.method == "GET" and not is_fragment:
        return RedirectResponse(f"/console/sign-in?{urlencode({'next': _address(request)})}", 303)
    here = urlsplit(request.headers.get("referer", ""))
    back = here._replace(scheme="", netloc="").geturl() or "/console"
    address = f"/console/sign-in?{urlencode({'next': back, 'notice': 'sign_in.again'})}"
    return Response(status_code=401, headers={"HX-Redirect": address}) if is_fragment else RedirectResponse(address, 303)


async def refuse(request: Request, error: Exception) -> Response:
    """Say why not."""
    assert isinstance(error, Refused)
    page = await visit(request, request.app.state.context)
    if page.is_fragment:
        return page.render("refused_part.html", error.status, sentence=page.t(error.key))
    return page.render("refused.html", error.status, sentence=page.t(error.key))

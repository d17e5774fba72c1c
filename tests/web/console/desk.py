"""The console as a support agent uses it: set up, sign in, open pages."""

from __future__ import annotations

import html
import re
import time
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import httpx
import pyotp
from playwright.async_api import Browser, ConsoleMessage, Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PASSWORD = "correct horse battery staple"

Client = httpx.AsyncClient


@dataclass
class Person:
    """An enrolled agent: what they know and what their phone shows."""

    name: str
    secret: str
    codes: list[str]
    session: str
    password: str = PASSWORD
    used: int = 0

    def code(self) -> str:
        """A code not used before; the server accepts the next one too."""
        step = max(int(time.time()) // 30, self.used + 1)
        self.used = step
        return pyotp.TOTP(self.secret).generate_otp(step)


def token_in(page: str) -> str:
    """The CSRF token of a page's forms."""
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found, page
    return found[1]


async def enrol(client: Client, path: str, name: str = "ada", display_name: str = "Robin") -> Person:
    """Go through an invitation as its page asks for it; the client is signed in afterwards."""
    page = (await client.get(path)).text
    shown = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert shown, page
    person = Person(name, shown[1].replace(" ", ""), [], "", used=int(time.time()) // 30 - 2)
    names = {"name": name, "display_name": display_name}
    fields = {"csrf": token_in(page), **names, "password": PASSWORD, "again": PASSWORD, "code": person.code()}
    response = await client.post(path, data=fields)
    assert response.status_code == 200, response.text
    person.codes = re.findall(r"<li>([\w-]{14})</li>", response.text)
    person.session = client.cookies["console_session"]
    return person


async def post(client: Client, path: str, **fields: str) -> httpx.Response:
    """Post a form as the sign-in page or the account page would."""
    page = await client.get("/console/account", follow_redirects=True)
    return await client.post(path, data={"csrf": token_in(page.text), **fields})


async def sign_in(client: Client, name: str, password: str, code: str) -> httpx.Response:
    """Fill in the sign-in form."""
    return await post(client, "/console/sign-in", name=name, password=password, code=code)


@dataclass
class Desk:
    """A console in a browser, with what its page complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def goto(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def accessibility_problems(self) -> list[str]:
        """What axe-core finds on the page as it stands."""
        await self.page.evaluate(AXE)
        found = await self.page.evaluate("axe.run({resultTypes: ['violations']}).then((result) => result.violations)")
        return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]

    async def too_wide(self) -> int:
        """By how many pixels the page can be scrolled sideways."""
        width: int = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return width

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(html.unescape(message.text))


async def open_desk(browser: Browser, url: str, session: str | None, lang: str, **options: Any) -> Desk:
    """A fresh profile on the console, signed in with a session's token."""
    context = await browser.new_context(locale="zh-CN" if lang == "zh" else "en-GB", reduced_motion="reduce", **options)
    if session:
        await context.add_cookies([{"name": "console_session", "value": session, "url": f"{url}/console"}])
    return Desk(await context.new_page(), url)

"""Fixtures: a server whose first administrator went through the real set-up, and the console in a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser

from assistant.knowledge import Knowledge
from tests.conftest import Server
from tests.web.console.desk import Desk, Person, enrol, open_desk
from tests.web.widget import DESKTOP
from web.cli.serve import FIRST_LINK

OpenConsole = Callable[..., Awaitable[Desk]]

NARROW: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@dataclass
class Console:
    """A running server and its administrator."""

    url: str
    admin: Person


@pytest.fixture(scope="session")
async def console(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> AsyncIterator[Console]:
    """A real server, and its administrator enrolled by the link that it keeps for its owner."""
    server = Server(tmp_path_factory.mktemp("console"), {})
    server.start()
    link = re.search(r"/console/setup/\S+", (server.data / FIRST_LINK).read_text())
    assert link, "the server did not keep a set-up link"
    async with httpx.AsyncClient(base_url=server.url) as client:
        admin = await enrol(client, link[0])
    yield Console(server.url, admin)
    server.stop()


@pytest.fixture
async def open_console(browser: Browser, console: Console) -> AsyncIterator[OpenConsole]:
    """Opens a page of the console as the administrator; afterwards no page must have complained."""
    opened: list[Desk] = []

    async def open_page(path: str = "/console", lang: str = "zh", signed_in: bool = True, **options: Any) -> Desk:
        given = {"viewport": DESKTOP, **options}
        desk = await open_desk(browser, console.url, console.admin.session if signed_in else None, lang, **given)
        opened.append(desk)
        await desk.goto(path)
        return desk

    yield open_page
    for desk in opened:
        await desk.page.context.close()
    assert [complaint for desk in opened for complaint in desk.complaints] == []

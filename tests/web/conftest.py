"""Fixtures: a real browser, and the widget in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.web.widget import CHROMIUM, DESKTOP, Widget, chromium

OpenWidget = Callable[..., Awaitable[Widget]]

# Long enough for a busy machine; nothing waits longer than it must.
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests. By the async API: the sync one keeps the loop that async tests need."""
    if not CHROMIUM.exists():
        pytest.fail(f"There is no Chromium at {CHROMIUM}: run `make browser`, or set CHROMIUM to yours.", pytrace=False)
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def open_widget(browser: Browser) -> AsyncIterator[OpenWidget]:
    """Opens a page with the widget in a fresh profile; afterwards the page must not have complained."""
    opened: list[Widget] = []

    async def open_page(url: str, **options: Any) -> Widget:
        given = {"locale": "zh-CN", "viewport": DESKTOP, "reduced_motion": "reduce", **options}
        context = await browser.new_context(**given)
        widget = Widget(await context.new_page())
        opened.append(widget)
        await widget.page.goto(url)
        await expect(widget.part("launcher")).to_be_visible()
        return widget

    yield open_page
    for widget in opened:
        await widget.page.context.close()
    assert [complaint for widget in opened for complaint in widget.complaints] == []

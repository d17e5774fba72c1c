"""The widget as a visitor uses it: open, type, press, read."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, async_playwright, expect

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
# Without the flags Chromium needs a sandbox and a graphics card, and talks to its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
DESKTOP = {"width": 1280, "height": 800}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

Json = dict[str, Any]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The installed Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Widget:
    """The widget on one page, with what the page sent and what it complained about."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def part(self, role: str) -> Locator:
        """Elements by what they are for; Playwright looks into the shadow root by itself."""
        return self.page.locator(f'[data-role="{role}"]')

    @property
    def questions(self) -> Locator:
        return self.page.locator('[data-role="message"][data-author="user"]')

    @property
    def replies(self) -> Locator:
        return self.page.locator('[data-role="message"]:not([data-author="user"])')

    @property
    def sent(self) -> list[Json]:
        """The bodies of all attempts to send a message."""
        return [json.loads(request.post_data or "null") for request in self.posts("/messages")]

    def posts(self, ending: str) -> list[Request]:
        return [request for request in self.requests if request.method == "POST" and request.url.endswith(ending)]

    async def open(self) -> None:
        """Open the panel and wait for the greeting."""
        await self.part("launcher").click()
        await expect(self.replies).to_have_count(1)

    async def say(self, text: str) -> None:
        """Type and send, without waiting for anything."""
        await self.part("input").fill(text)
        await self.part("input").press("Enter")

    async def ask(self, text: str) -> Json:
        """Type, send and wait until the reply is on the page."""
        return await self.reply_to(lambda: self.say(text))

    async def reply_to(self, act: Any) -> Json:
        """Do something that sends a message and wait until the reply is on the page."""
        before = await self.replies.count()
        async with self.page.expect_response(lambda response: response.request in self.posts("/messages")) as got:
            await act()
        reply: Json = await (await got.value).json()
        await expect(self.replies).to_have_count(before + len(reply["messages"]))
        return reply

    async def texts(self) -> list[str]:
        """What all bubbles say."""
        return await self.page.locator('[data-role="message"] .bubble').all_inner_texts()

    async def focused(self) -> str | None:
        """The role of the widget's part that has the focus."""
        script = "document.querySelector('account-assistant').shadowRoot.activeElement?.dataset.role ?? null"
        role: str | None = await self.page.evaluate(script)
        return role

    async def violations(self) -> list[tuple[str, list[Any]]]:
        """What axe finds on the whole page; the page has to be opened with ``bypass_csp``, for axe sets styles while it measures."""
        await self.page.evaluate(AXE)
        found = await self.page.evaluate("axe.run({resultTypes: ['violations']}).then((result) => result.violations)")
        return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]

    async def remembered(self) -> Json:
        """What the widget keeps in the browser."""
        stored: Json = await self.page.evaluate("JSON.parse(Object.values(localStorage)[0])")
        return stored

    async def stored_questions(self, url: str) -> list[str]:
        """What the visitor said, as the server has it."""
        kept = await self.remembered()
        path = f"{url}/api/v1/conversations/{kept['id']}/messages?after=-1"
        response = await self.page.request.get(path, headers={"Authorization": f"Bearer {kept['token']}"})
        messages = [item["message"] for item in (await response.json())["messages"]]
        return [message["blocks"][0]["markdown"] for message in messages if message["role"] == "user"]

    def _on_request(self, request: Request) -> None:
        self.requests.append(request)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium reports each failed request; tests cut the network on purpose.
        if message.type == "error" and "net::ERR_" not in message.text:
            self.complaints.append(message.text)

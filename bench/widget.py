"""How soon the chat widget can be used, in a real browser: from its script's arrival to the launcher on screen."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.conftest import Server
from tests.web.widget import Widget, chromium

LOADS = 10
_MILLISECONDS = """() => {
  const [script] = performance.getEntriesByName(new URL('/static/widget.js', location).href);
  return performance.getEntriesByName('account-assistant-ready')[0].startTime - script.responseEnd;
}"""


async def milliseconds(browser: Browser, url: str) -> float:
    """One load with an empty cache."""
    context = await browser.new_context()
    widget = Widget(await context.new_page())
    await widget.page.goto(url)
    await expect(widget.part("launcher")).to_be_visible()
    found: float = await widget.page.evaluate(_MILLISECONDS)
    await context.close()
    return found


async def main() -> None:
    """Print the figure."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), {})
        server.start()
        async with chromium() as browser:
            times = [await milliseconds(browser, server.url) for _ in range(LOADS + 1)][1:]
        server.stop()
    print(f"widget usable after its script: median {statistics.median(times):.0f} ms of {LOADS} loads, slowest {max(times):.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())

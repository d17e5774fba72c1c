"""Takes the README's pictures of the widget: ``python -m tests.web.screenshots``."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from tests.conftest import ROOT, Server
from tests.web.widget import PHONE, Widget, chromium

IMAGES = ROOT / "docs" / "images"
WINDOW = {"width": 1240, "height": 830}

HANDOVER = ["给我一份离职交接清单", "step:moment:before", "step:holds:root", "step:not_theirs:all_theirs"]
SHOTS: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "widget-zh": ("zh", ["实名认证最多能改几次？"], {"viewport": WINDOW}),
    "widget-en": ("en", ["How do I restore a disabled project?"], {"viewport": WINDOW}),
    "widget-phone": ("zh", ["怎么下线所有登录？"], PHONE),
    "widget-checklist": ("zh", HANDOVER, {"viewport": WINDOW}),
}
COMPANY = "100000000001"


async def take(browser: Browser, url: str, name: str) -> None:
    """One picture: the demo page, the panel open, a question answered or a flow followed by a signed-in visitor."""
    lang, [question, *options_taken], options = SHOTS[name]
    context = await browser.new_context(reduced_motion="reduce", device_scale_factor=2, **options)
    settings = json.dumps({f"account-assistant:{url}/": json.dumps({"lang": lang})})
    await context.add_init_script(f"Object.assign(localStorage, {settings})")
    widget = Widget(await context.new_page())
    await widget.page.goto(url)
    await (widget.page.locator(f'[data-account="{COMPANY}"]').click() if options_taken else widget.open())
    await expect(widget.replies).to_have_count(1)
    await widget.ask(question)
    for option in options_taken:
        await widget.reply_to(widget.replies.last.locator(f'[data-id="{option}"]').click)
    await widget.part("input").blur()
    await expect(widget.part("typing")).to_be_hidden()
    await widget.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    await context.close()


async def main() -> None:
    """All pictures, from a server of their own."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), {})
        server.start()
        async with chromium() as browser:
            for name in SHOTS:
                await take(browser, server.url, name)
        server.stop()


if __name__ == "__main__":
    asyncio.run(main())

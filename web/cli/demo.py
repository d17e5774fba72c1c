"""``assistant demo``: looks after the demo company."""

from __future__ import annotations

import asyncio

import typer

from web.cli.data import DataOption, opened, settings_of
from web.cli.failures import Failure
from web.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def demo() -> None:
    """Look after the demo company."""


@app.command()
def reset(data: DataOption = None) -> None:
    """Put the demo company back as it was, and empty its inbox."""
    asyncio.run(_reset(settings_of(data)))
    print("The demo company is as new.")


async def _reset(settings: Settings) -> None:
    from web.accounts import demo_from
    from web.keys import cipher_from

    async with opened(settings) as database:
        company = demo_from(settings, database, cipher_from(settings))
        if company is None:
            raise Failure("The demo is off, so nothing was reset; ASSISTANT_DEMO=1 turns it on.")
        await company.reset()

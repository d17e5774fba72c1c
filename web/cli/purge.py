"""``assistant purge``: deletes conversations whose time is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

import typer

from web.cli.data import DataOption, opened, settings_of
from web.settings import Settings


def purge(
    days: Annotated[int, typer.Option(min=1, help="Keep conversations that were active within this many days.")] = 180,
    data: DataOption = None,
) -> None:
    """Delete conversations untouched for longer than this, with everything that belongs to them."""
    print(f"{asyncio.run(_purge(settings_of(data), days))} conversations deleted.")


async def _purge(settings: Settings, days: int) -> int:
    from assistant.message import now
    from assistant.store.retention import purge as delete_old

    async with opened(settings) as database:
        return await delete_old(database, now() - timedelta(days=days))

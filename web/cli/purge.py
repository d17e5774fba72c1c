"""``assistant purge``: deletes conversations whose time is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

import typer


def purge(days: Annotated[int, typer.Option(min=1, help="Keep conversations that were active within this many days.")] = 180) -> None:
    """Delete conversations untouched for longer than this, with everything that belongs to them."""
    print(f"{asyncio.run(_purge(days))} conversations deleted.")


async def _purge(days: int) -> int:
    from assistant.message import now
    from assistant.store import ConversationStore, Database
    from web.settings import Settings

    database = Database(Settings().database)
    await database.migrate()
    try:
        return await ConversationStore(database).purge(now() - timedelta(days=days))
    finally:
        await database.close()

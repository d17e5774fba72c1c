"""What commands work on: the data folder that ``--data`` names, and the database of a server that has been started before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.failures import Failure
from web.settings import Settings

if TYPE_CHECKING:
    from assistant.store import Database

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder for SQLite, keys and the compiled index.")]


def settings_of(data: Path | None) -> Settings:
    """The settings, with another data folder if one is given."""
    return Settings(data=data) if data else Settings()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The server's database, migrated; raises ``Failure`` where there is none."""
    from assistant.store import Database

    database = Database(settings.database)
    if database.is_sqlite:
        _check_there(Path(database.url.database or ""))
    try:
        await database.migrate()
        yield database
    finally:
        await database.close()


def _check_there(file: Path) -> None:
    if not file.is_file():
        raise Failure(f"There is no database {file}: say with --data where the server keeps its data, or start it once.")

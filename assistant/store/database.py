"""Opens the database and brings its schema up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from assistant.store.tables import metadata

_MIGRATION_LOCK = 7_210_311
"""PostgreSQL advisory lock, so that replicas starting together migrate one after the other."""


class DatabaseUnavailable(Exception):
    """The database cannot be opened; the text says which and why."""


class Database:
    """An engine on SQLite (WAL) or PostgreSQL, by SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        try:
            self.engine: AsyncEngine = create_async_engine(
                self.url,
                pool_pre_ping=not self.is_sqlite,
                hide_parameters=True,  # errors are logged, what people typed is not
            )
        except (NoSuchModuleError, ImportError, TypeError) as error:
            raise DatabaseUnavailable(f"DATABASE_URL {self.shown}: {error}; use sqlite:///file or postgresql://host/name") from error
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _configure_sqlite)

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)

    async def migrate(self) -> None:
        """Bring the schema to the newest version.

        Raises ``DatabaseUnavailable`` when the database cannot be reached or written.
        """
        try:
            async with self.engine.connect() as connection:
                if not self.is_sqlite:
                    await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
                    await connection.commit()
                try:
                    await connection.run_sync(_upgrade)
                    await connection.commit()
                finally:
                    if not self.is_sqlite:
                        await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK})
                        await connection.commit()
        except (SQLAlchemyError, OSError, sqlite3.Error) as error:
            raise DatabaseUnavailable(f"database {self.shown}: {_reason(error)}") from error

    async def ping(self) -> None:
        """Raises ``DatabaseUnavailable`` when the database does not answer."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseUnavailable(f"database {self.shown}: {_reason(error)}") from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction; on SQLite it takes the write lock at once, so that two turns never deadlock."""
        async with self.engine.connect() as connection:
            if self.is_sqlite:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def _parsed(url: str) -> URL:
    try:
        return make_url(_with_async_driver(url))
    except (ArgumentError, ValueError) as error:
        # Not with the library's reason: what it took for a port may be a password.
        raise DatabaseUnavailable(
            "DATABASE_URL cannot be read; write sqlite:///file or postgresql://user:password@host:5432/name, "
            "with %40 for an @ and %3A for a colon in the password."
        ) from error


def _with_async_driver(url: str) -> str:
    for plain, driver in (
        ("sqlite://", "sqlite+aiosqlite://"),
        ("postgresql://", "postgresql+psycopg://"),
        ("postgres://", "postgresql+psycopg://"),
    ):
        if url.startswith(plain):
            return driver + url.removeprefix(plain)
    return url


def _configure_sqlite(connection: Any, _record: object) -> None:
    # SQLAlchemy's own recipe: the driver must not open transactions by itself, or BEGIN IMMEDIATE comes too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


MIGRATIONS = Path(__file__).parent / "migrations"


def _upgrade(connection: Connection) -> None:
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    if inspect(connection).has_table("alembic_version") and connection.scalar(text("SELECT version_num FROM alembic_version")) == newest:
        return
    # Only now: it costs ten megabytes, which most starts can do without.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def missing_tables(connection: Connection) -> set[str]:
    """Tables that the code names and the database lacks."""
    return set(metadata.tables) - set(inspect(connection).get_table_names())


def _reason(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]

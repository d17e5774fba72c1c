"""Every test gets a world of its own: the stub in-process, the same behind HTTP, and over both databases."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import TypeAlias

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher, new_key
from assistant.store import Database
from assistant.store.accounts import SqlAccountStore
from assistant.store.tables import account_documents
from flows.accounts.base import Refusal
from flows.accounts.client import HttpAccounts
from flows.accounts.commands.base import Actor, Command, R
from flows.accounts.protocol import AccountService
from flows.accounts.server import create_app
from flows.accounts.store import D
from tests.conftest import empty_database

from .world import World

CIPHER = Cipher([SecretStr(new_key())])
OpenDatabase: TypeAlias = Callable[[str], Awaitable[Database]]


class Relay(AccountService):
    """Lets one server, which is slow to build, serve every test's own world."""

    behind: AccountService

    async def perform(self, actor: Actor, command: Command[R], key: str | None = None) -> R | Refusal:
        return await self.behind.perform(actor, command, key)


class KeptInDatabase(SqlAccountStore):
    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection, CIPHER)
        self.connection = connection

    async def documents(self, kind: type[D]) -> Sequence[D]:
        query = select(account_documents.c.body).where(account_documents.c.kind == kind.__name__)
        return [kind.model_validate_json(CIPHER.decrypt(body)) for body in await self.connection.scalars(query)]


@pytest.fixture(scope="session")
def relay() -> tuple[Relay, httpx.ASGITransport]:
    relay = Relay()
    return relay, httpx.ASGITransport(create_app(relay))


@pytest.fixture(scope="session")
async def shared_database(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OpenDatabase]:
    """One database of each kind for all tests, which roll back what they wrote."""
    opened: dict[str, Database] = {}
    async with AsyncExitStack() as stack:

        async def open_once(kind: str) -> Database:
            if kind not in opened:
                url = stack.enter_context(empty_database(kind, tmp_path_factory.mktemp("accounts")))
                opened[kind] = Database(url)
                stack.push_async_callback(opened[kind].close)
                await opened[kind].migrate()
            return opened[kind]

        yield open_once


@pytest.fixture(params=["in process", "over HTTP", "sqlite", "postgresql"])
async def world(
    request: pytest.FixtureRequest, relay: tuple[Relay, httpx.ASGITransport], shared_database: OpenDatabase
) -> AsyncIterator[World]:
    if request.param in {"sqlite", "postgresql"}:
        async with (await shared_database(request.param)).transaction() as connection:
            yield World(KeptInDatabase(connection))
            await connection.rollback()
        return
    world = World()
    if request.param == "over HTTP":
        relay[0].behind = world.service
        world.service = HttpAccounts(httpx.AsyncClient(transport=relay[1], base_url="http://accounts/"))
    yield world

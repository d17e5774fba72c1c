"""Every test gets a world of its own: once with the stub in-process, once with the same stub behind HTTP."""

import httpx
import pytest

from flows.accounts.base import Refusal
from flows.accounts.client import HttpAccounts
from flows.accounts.commands.base import Actor, Command, R
from flows.accounts.protocol import AccountService
from flows.accounts.server import create_app

from .world import World


class Relay(AccountService):
    """Lets one server, which is slow to build, serve every test's own world."""

    behind: AccountService

    async def perform(self, actor: Actor, command: Command[R], key: str | None = None) -> R | Refusal:
        return await self.behind.perform(actor, command, key)


@pytest.fixture(scope="session")
def relay() -> tuple[Relay, httpx.ASGITransport]:
    relay = Relay()
    return relay, httpx.ASGITransport(create_app(relay))


@pytest.fixture(params=["in process", "over HTTP"])
def world(request: pytest.FixtureRequest, relay: tuple[Relay, httpx.ASGITransport]) -> World:
    world = World()
    if request.param == "over HTTP":
        relay[0].behind = world.service
        world.service = HttpAccounts(httpx.AsyncClient(transport=relay[1], base_url="http://accounts/"))
    return world

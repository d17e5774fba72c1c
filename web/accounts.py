"""Which account service the conversations act on, and the demo company."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import now
from assistant.store import Database
from assistant.store.accounts import AccountsIn, stub_accounts
from assistant.store.demo import Demo, SqlInbox
from flows.accounts.client import HttpAccounts
from flows.accounts.demo import company_as_new, demo_simulator
from flows.accounts.notifier import DemoInbox, Notifier
from flows.accounts.protocol import AccountService, Unconnected
from flows.accounts.stub.services import Services
from web.settings import Settings


class Elsewhere:
    """The account service behind HTTP, the same for every connection."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._http = HttpAccounts(client)

    def __call__(self, _connection: AsyncConnection) -> AccountService:
        """The service."""
        return self._http

    @property
    def down(self) -> bool:
        """Whether it did not answer when it was last asked."""
        return self._http.down


@asynccontextmanager
async def accounts_from(settings: Settings, cipher: Cipher, clock: Callable[[], datetime] = now) -> AsyncIterator[AccountsIn]:
    """The account system that the settings name, the built-in service over the database in demo mode, otherwise none."""
    if settings.accounts_url:
        async with _client(settings.accounts_url, settings.accounts_token) as client:
            yield Elsewhere(client)
        return
    if not settings.demo_mode:
        yield lambda _connection: Unconnected()
        return

    def inbox_in(connection: AsyncConnection) -> Notifier:
        return SqlInbox(connection, cipher)

    # Derived from the keys, so that all replicas agree on the digests of codes.
    pepper = SecretStr(cipher.digest("pepper"))
    services = Services(notifier=DemoInbox(keep=0), simulator=demo_simulator(), pepper=pepper)
    yield stub_accounts(services, cipher, clock, inbox_in)


def demo_from(settings: Settings, database: Database, cipher: Cipher) -> Demo | None:
    """The demo company, if there is one."""
    return Demo(database, cipher, lambda: company_as_new(now())) if settings.demo_mode else None


def _client(url: str, token: SecretStr | None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    return httpx.AsyncClient(base_url=url, headers=headers)

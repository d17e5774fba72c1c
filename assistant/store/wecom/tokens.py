"""The access token, shared by all workers: one fetches a new one, the others wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import or_, select, update

from assistant.cipher import Cipher
from assistant.message import now
from assistant.store.database import Database
from assistant.store.once import insert_once
from assistant.store.tables import wecom_tokens

Fetch = Callable[[], Awaitable[tuple[str, timedelta]]]
"""Gets a new token and how long it is valid."""

TURN = timedelta(seconds=15)
"""For so long one worker may be busy fetching before another tries."""
MARGIN = timedelta(minutes=5)
_POLL_SECONDS = 0.1


class Tokens:
    """The tokens of one database, encrypted."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def get(self, name: str, fetch: Fetch, rejected: str | None = None) -> str:
        """A valid token; ``rejected`` is one that WeCom no longer takes. Errors of ``fetch`` go to the caller."""
        while True:
            token = await self._stored(name)
            if token and token != rejected:
                return token
            if await self._claim(name):
                return await self._refresh(name, fetch, rejected)
            await asyncio.sleep(_POLL_SECONDS)

    async def _stored(self, name: str) -> str | None:
        query = select(wecom_tokens.c.token).where(wecom_tokens.c.name == name, wecom_tokens.c.expires_at > now())
        async with self._database.engine.connect() as connection:
            token = (await connection.execute(query)).scalar_one_or_none()
        return self._cipher.decrypt(token) if token else None

    async def _claim(self, name: str) -> bool:
        free = or_(wecom_tokens.c.refreshing_until.is_(None), wecom_tokens.c.refreshing_until < now())
        async with self._database.transaction() as connection:
            await insert_once(connection, wecom_tokens, {"name": name})
            claimed = update(wecom_tokens).where(wecom_tokens.c.name == name, free).values(refreshing_until=now() + TURN)
            return (await connection.execute(claimed)).rowcount == 1

    async def _refresh(self, name: str, fetch: Fetch, rejected: str | None) -> str:
        changes: dict[str, object] = {"refreshing_until": None}
        try:
            # Another worker may have finished between our look and our claim.
            token = await self._stored(name)
            if token is None or token == rejected:
                token, lifetime = await fetch()
                changes |= {"token": self._cipher.encrypt(token), "expires_at": now() + max(lifetime - MARGIN, lifetime / 2)}
        finally:
            async with self._database.transaction() as connection:
                await connection.execute(update(wecom_tokens).where(wecom_tokens.c.name == name).values(changes))
        return token

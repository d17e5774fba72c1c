"""How often one visitor may do what; counted in memory, or in Redis for several replicas."""

from __future__ import annotations

import math
import time
from typing import Any

import structlog
from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import ConfigurationError, StorageError

from web.problems import Problem
from web.settings import Settings

log = structlog.get_logger()

_WAIT_SECONDS = 1.0


class BadStorage(Exception):
    """Where the counts should live is no address, or nobody answers there."""


class Limits:
    """The limits of the settings; while their storage does not answer, nobody is limited. Raises ``BadStorage``."""

    def __init__(self, settings: Settings) -> None:
        self._on = settings.rate_limit == "on"
        self._redis = _redis(settings.rate_storage) if settings.rate_storage.startswith("redis") else None
        storage: Storage = self._redis or MemoryStorage()
        self._limiter = MovingWindowRateLimiter(storage)
        self.down = False
        """Whether the storage did not answer when it was last asked."""
        self.conversations = parse(settings.rate_conversations)
        self.messages = parse(settings.rate_messages)
        self.lookups = parse(settings.rate_lookups)

    def close(self) -> None:
        """Give the connections to Redis back."""
        if self._redis:
            bridge: Any = self._redis.bridge  # its type hides the client
            bridge.get_connection().connection_pool.disconnect()

    async def check(self, limit: RateLimitItem, name: str, who: str) -> None:
        """Count one use; raises a 429 ``Problem`` with ``Retry-After`` when it is one too many."""
        seconds = await self._wait(limit, name, who) if self._on else None
        if seconds is None:
            return
        raise Problem(
            429,
            f"操作太频繁，请 {seconds} 秒后再试。",
            f"That was too often; please try again in {seconds} seconds.",
            {"Retry-After": str(seconds)},
        )

    async def _wait(self, limit: RateLimitItem, name: str, who: str) -> int | None:
        """Seconds to wait when this was one too many."""
        try:
            counted = await self._limiter.hit(limit, name, who)
            window = None if counted else await self._limiter.get_window_stats(limit, name, who)
        except (StorageError, OSError) as error:
            if not self.down:
                log.warning("rate limits are off: ASSISTANT_RATE_STORAGE does not answer", reason=str(error))
            self.down = True
            return None
        self.down = False
        return max(1, math.ceil(window.reset_time - time.time())) if window else None


async def check_storage(settings: Settings) -> None:
    """Raises ``BadStorage`` when the counts have nowhere to live."""
    if settings.rate_limit == "on" and settings.rate_storage.startswith("redis") and not await _redis(settings.rate_storage).check():
        raise _bad("nobody answers there")


def _redis(url: str) -> RedisStorage:
    try:
        return RedisStorage(f"async+{url}", wrap_exceptions=True, connect_timeout=_WAIT_SECONDS, stream_timeout=_WAIT_SECONDS)
    except (ConfigurationError, ValueError, TypeError) as error:
        raise _bad("it is no address of a Redis server") from error


def _bad(reason: str) -> BadStorage:
    return BadStorage(
        f"ASSISTANT_RATE_STORAGE: {reason}; write redis://host:port/number and start Redis, or leave it out to count in memory."
    )


def client_address(request: Request) -> str:
    """The visitor's address; behind a trusted proxy uvicorn has put the right one here."""
    return request.client.host if request.client else "unknown"

"""How often one visitor may do what; counted in memory, or in Redis for several replicas."""

from __future__ import annotations

import math
import time
from typing import Any

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter

from web.problems import Problem
from web.settings import Settings


class Limits:
    """The limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._on = settings.rate_limit == "on"
        self._redis = RedisStorage(f"async+{settings.rate_storage}") if settings.rate_storage.startswith("redis") else None
        storage: Storage = self._redis or MemoryStorage()
        self._limiter = MovingWindowRateLimiter(storage)
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
        if not self._on or await self._limiter.hit(limit, name, who):
            return
        window = await self._limiter.get_window_stats(limit, name, who)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        raise Problem(
            429,
            f"操作太频繁，请 {seconds} 秒后再试。",
            f"That was too often; please try again in {seconds} seconds.",
            {"Retry-After": str(seconds)},
        )


def client_address(request: Request) -> str:
    """The visitor's address; behind a trusted proxy uvicorn has put the right one here."""
    return request.client.host if request.client else "unknown"

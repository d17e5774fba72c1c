"""The one door through which actions run: identity first, several attempts at a service that does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import JsonValue

from flows.accounts.commands.base import Proven
from flows.accounts.protocol import NotConnected, ServiceUnavailable
from flows.actions.base import (
    CHECK_REQUIRED,
    IDENTITY_REQUIRED,
    UNAVAILABLE,
    Action,
    Call,
    Caller,
    CheckNeeded,
    NotProven,
    Services,
    Spec,
    specs,
)
from flows.blocks import Block

WAITS = (0.2, 0.8)
"""Seconds before the second and the third attempt."""


@dataclass(frozen=True, slots=True)
class Done:
    """A result as the engine wants it."""

    outcome: str
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    changed: bool = False
    proven: Proven | None = None


class Actions:
    """The actions of some objects or modules, ready to run."""

    def __init__(self, *sources: object, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.specs: Mapping[str, Spec] = MappingProxyType(specs(*sources))
        self._run: dict[str, Action[str]] = {name: _bound(name, sources) for name in self.specs}
        self._sleep = sleep

    async def run(self, name: str, key: str, slots: Mapping[str, JsonValue], caller: Caller, services: Services) -> Done:
        """Carry an action out, with several attempts at a service that does not answer."""
        spec = self.specs[name]
        if spec.identity and caller.proven is None:
            return Done(IDENTITY_REQUIRED)
        call = Call(f"{caller.conversation}:{key}", caller, slots, services)
        for wait in (*WAITS, None):
            try:
                result = await self._run[name](call)
            except NotConnected:
                break
            except ServiceUnavailable:
                if wait is not None:
                    await self._sleep(wait)
            except NotProven:
                return Done(IDENTITY_REQUIRED)
            except CheckNeeded:
                return Done(CHECK_REQUIRED)
            else:
                return Done(result.outcome, result.values, result.blocks, result.outcome in spec.changes, result.proven)
        return Done(UNAVAILABLE)


def _bound(name: str, sources: tuple[object, ...]) -> Action[str]:
    found: Action[str] = next(getattr(source, name) for source in sources if hasattr(source, name))
    return found

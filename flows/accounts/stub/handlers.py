"""Which handler carries out which command."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from flows.accounts.commands.base import Command
from flows.accounts.stub.turn import Turn

C = TypeVar("C", bound=Command[Any])

HANDLERS: dict[type[Command[Any]], Callable[[Turn, Any], Awaitable[Any]]] = {}
"""Filled by the areas' modules when they are imported."""


def handles(command: type[C]) -> Callable[[Callable[[Turn, C], Awaitable[Any]]], Callable[[Turn, C], Awaitable[Any]]]:
    """The decorated function carries out this command."""

    def keep(handler: Callable[[Turn, C], Awaitable[Any]]) -> Callable[[Turn, C], Awaitable[Any]]:
        HANDLERS[command] = handler
        return handler

    return keep


def changes_own(command: type[C], rule: Callable[[Any, C, Any], Any]) -> None:
    """The rule needs nothing but the actor's own account."""

    async def handler(turn: Turn, given: C) -> Any:
        return turn.apply(rule(turn.account, given, turn.now))

    HANDLERS[command] = handler


def shows_own(command: type[C], rule: Callable[[Any, C, Any], Any]) -> None:
    """The rule shows something of the actor's own account."""

    async def handler(turn: Turn, given: C) -> Any:
        return rule(turn.account, given, turn.now)

    HANDLERS[command] = handler

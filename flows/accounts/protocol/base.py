"""The one door under all the named ones."""

from typing import Protocol

from flows.accounts.base import Refusal
from flows.accounts.commands.base import Actor, Command, R


class ServiceUnavailable(Exception):
    """The service could not be reached or answered late; the same key may be tried again."""


class NotConnected(ServiceUnavailable):
    """There is no account service here; trying again is no use."""


class Operations(Protocol):
    """Carries out any command; the areas' protocols give every operation its name."""

    async def perform(self, actor: Actor, command: Command[R], key: str | None = None) -> R | Refusal:
        """What came of it, or the refusal; a change needs a key, and the same key does nothing twice. GEN-9."""

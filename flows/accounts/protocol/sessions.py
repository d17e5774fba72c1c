"""Sessions and their limits, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.sessions import GetSessionSettings, SessionSettings, SetSessionLimits, SignedOut, SignOutEverywhere
from flows.accounts.protocol.base import Operations


class SessionsService(Operations, Protocol):
    """Sessions and their limits."""

    async def get_session_settings(self, actor: Actor, query: GetSessionSettings) -> SessionSettings | Refusal:
        """The limits of the next login, and the running sessions."""
        return await self.perform(actor, query)

    async def set_session_limits(self, actor: Actor, command: SetSessionLimits, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Limits from the next login on. SES-1, SES-2, SES-4."""
        return await self.perform(actor, command, key)

    async def sign_out_everywhere(self, actor: Actor, command: SignOutEverywhere, key: str) -> SignedOut | Refusal:
        """End all sessions, the caller's included. SES-6."""
        return await self.perform(actor, command, key)

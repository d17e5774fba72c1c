"""Applying for login, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.applying import (
    ApplicationStarted,
    FinishLoginApplication,
    SetApplicationEmail,
    SetApplicationProtection,
    StartLoginApplication,
)
from flows.accounts.commands.base import Actor
from flows.accounts.protocol.base import Operations


class ApplyingService(Operations, Protocol):
    """Applying for login."""

    async def start_login_application(self, actor: Actor, command: StartLoginApplication, key: str) -> ApplicationStarted | Refusal:
        """Step 1: whose account, and who applies. APL-1, APL-2."""
        return await self.perform(actor, command, key)

    async def set_application_email(self, actor: Actor, command: SetApplicationEmail, key: str) -> Outcome[Literal["next"]] | Refusal:
        """Step 2: a new login e-mail and its password. APL-5."""
        return await self.perform(actor, command, key)

    async def set_application_protection(
        self, actor: Actor, command: SetApplicationProtection, key: str
    ) -> Outcome[Literal["next", "next_with_warning"]] | Refusal:
        """Step 3: leave protection, or ask a new security phone. APL-6, APL-7."""
        return await self.perform(actor, command, key)

    async def finish_login_application(
        self, actor: Actor, command: FinishLoginApplication, key: str
    ) -> Outcome[Literal["done", "face_failed", "details_do_not_match"]] | Refusal:
        """Step 4: the face check; then everything applies. APL-8, APL-9."""
        return await self.perform(actor, command, key)

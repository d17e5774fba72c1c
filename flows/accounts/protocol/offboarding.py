"""Offboarding checklists, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.offboarding import (
    AdviseAfterLeaving,
    AfterLeavingAdvice,
    CloseOffboarding,
    GetOffboarding,
    Items,
    OffboardingStarted,
    SetItemNotApplicable,
    StartOffboarding,
)
from flows.accounts.protocol.base import Operations


class OffboardingService(Operations, Protocol):
    """Offboarding checklists."""

    async def start_offboarding(self, actor: Actor, command: StartOffboarding, key: str) -> OffboardingStarted | Refusal:
        """A checklist for somebody who leaves. OFF-1, OFF-5, OFF-6."""
        return await self.perform(actor, command, key)

    async def get_offboarding(self, actor: Actor, query: GetOffboarding) -> Items | Refusal:
        """The items, recomputed from the account's state."""
        return await self.perform(actor, query)

    async def set_item_not_applicable(self, actor: Actor, command: SetItemNotApplicable, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Set an item aside, with a reason. OFF-2."""
        return await self.perform(actor, command, key)

    async def close_offboarding(self, actor: Actor, command: CloseOffboarding, key: str) -> Outcome[Literal["closed"]] | Refusal:
        """Everything is done."""
        return await self.perform(actor, command, key)

    async def advise_after_leaving(self, actor: Actor, query: AdviseAfterLeaving) -> AfterLeavingAdvice | Refusal:
        """What to do once the employee is gone. OFF-8."""
        return await self.perform(actor, query)

"""Cancelling an account, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.cancellation import (
    CancellationShown,
    CheckResources,
    ConfirmCancellation,
    ContinueCancellation,
    DecideCancellation,
    GetCancellation,
    GiveUpResources,
    PrecheckCancellation,
    PrecheckResult,
    ResourceCheck,
    StartCancellation,
    SubmitCancellationPapers,
    WithdrawCancellation,
)
from flows.accounts.protocol.base import Operations


class CancellationService(Operations, Protocol):
    """Cancelling an account."""

    async def get_cancellation(self, actor: Actor, query: GetCancellation) -> CancellationShown | Refusal:
        """State, days left, deadlines, next step."""
        return await self.perform(actor, query)

    async def precheck_cancellation(self, actor: Actor, query: PrecheckCancellation) -> PrecheckResult | Refusal:
        """What the service can check by itself. CAN-2."""
        return await self.perform(actor, query)

    async def start_cancellation(self, actor: Actor, command: StartCancellation, key: str) -> Outcome[Literal["started"]] | Refusal:
        """All notices confirmed, a reason given. CAN-1 to CAN-4."""
        return await self.perform(actor, command, key)

    async def check_resources(self, actor: Actor, command: CheckResources, key: str) -> ResourceCheck | Refusal:
        """Start the resource check, or see what it found. CAN-6."""
        return await self.perform(actor, command, key)

    async def give_up_resources(self, actor: Actor, command: GiveUpResources, key: str) -> ResourceCheck | Refusal:
        """Give resources up for good. CAN-7, CAN-8."""
        return await self.perform(actor, command, key)

    async def continue_cancellation(
        self, actor: Actor, command: ContinueCancellation, key: str
    ) -> Outcome[Literal["cooling_off", "identity"]] | Refusal:
        """On to the cooling-off, or to the identity. CAN-9, CAN-11."""
        return await self.perform(actor, command, key)

    async def confirm_cancellation(
        self, actor: Actor, command: ConfirmCancellation, key: str
    ) -> Outcome[Literal["cancelled", "face_failed"]] | Refusal:
        """The last step of a personal or unverified account. CAN-12, CAN-13."""
        return await self.perform(actor, command, key)

    async def submit_cancellation_papers(
        self, actor: Actor, command: SubmitCancellationPapers, key: str
    ) -> Outcome[Literal["in_review"]] | Refusal:
        """An enterprise's papers, by name. CAN-14, CAN-15."""
        return await self.perform(actor, command, key)

    async def withdraw_cancellation(self, actor: Actor, command: WithdrawCancellation, key: str) -> Outcome[Literal["withdrawn"]] | Refusal:
        """Back to normal use. CAN-18."""
        return await self.perform(actor, command, key)

    async def decide_cancellation(
        self, actor: Actor, command: DecideCancellation, key: str
    ) -> Outcome[Literal["cancelled", "rejected"]] | Refusal:
        """Staff's decision. CAN-16, CAN-17."""
        return await self.perform(actor, command, key)

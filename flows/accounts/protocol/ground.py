"""Proving who one is: codes and identity checks, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.ground import (
    CheckIdentity,
    CheckMethods,
    EvidenceOffered,
    ListCheckMethods,
    OfferEvidence,
    Proof,
    ProveIdentity,
    SendCode,
    Validate,
    Validation,
)
from flows.accounts.protocol.base import Operations


class GroundService(Operations, Protocol):
    """Proving who one is: codes and identity checks."""

    async def list_check_methods(self, actor: Actor, query: ListCheckMethods) -> CheckMethods | Refusal:
        """Which identity checks the account can pass. GEN-5."""
        return await self.perform(actor, query)

    async def send_code(self, actor: Actor, command: SendCode, key: str) -> Outcome[Literal["sent"]] | Refusal:
        """Send a code to a new number or address (``target``), or to a factor of a hinted or proven account. GEN-6, GEN-7."""
        return await self.perform(actor, command, key)

    async def check_identity(
        self, actor: Actor, command: CheckIdentity, key: str
    ) -> Outcome[Literal["passed", "wrong", "expired", "used_up"]] | Refusal:
        """Pass one of the account's own checks; ``instead`` says that the configured one cannot be used. GEN-4, GEN-5."""
        return await self.perform(actor, command, key)

    async def offer_evidence(self, actor: Actor, query: OfferEvidence) -> EvidenceOffered | Refusal:
        """Which finished scans or face checks there are: a real system has the one that this conversation waited for. GEN-15."""
        return await self.perform(actor, query)

    async def prove_identity(self, actor: Actor, command: ProveIdentity, key: str) -> Proof | Refusal:
        """Prove an identity with a code that was sent to a factor of the hinted account. GEN-3."""
        return await self.perform(actor, command, key)

    async def validate(self, actor: Actor, query: Validate) -> Validation | Refusal:
        """Whether a text has the right form; looks nothing up. VAL."""
        return await self.perform(actor, query)

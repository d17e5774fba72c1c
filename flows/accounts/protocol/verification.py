"""Real-name verification, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.verification import (
    AdviseVerification,
    ChangeConditions,
    CompleteCreditCode,
    DecideChange,
    GetVerification,
    PaymentArrived,
    PrecheckChange,
    RemoveVerification,
    ReportedAmount,
    ReportTransferAmount,
    RevokeVerification,
    SetEnterpriseContact,
    StartChange,
    StartVerification,
    TransferSent,
    VerificationAdvice,
    VerificationResult,
    VerificationShown,
    WithdrawChange,
)
from flows.accounts.protocol.base import Operations


class VerificationService(Operations, Protocol):
    """Real-name verification."""

    async def get_verification(self, actor: Actor, query: GetVerification) -> VerificationShown | Refusal:
        """How the account is verified."""
        return await self.perform(actor, query)

    async def advise_verification(self, actor: Actor, query: AdviseVerification) -> VerificationAdvice | Refusal:
        """Which methods suit, from a few facts. RN-4, RN-5, RN-6, RN-8."""
        return await self.perform(actor, query)

    async def start_verification(self, actor: Actor, command: StartVerification, key: str) -> VerificationResult | Refusal:
        """Verify an account that is not verified, or whose verification was revoked. RN-1 to RN-19."""
        return await self.perform(actor, command, key)

    async def report_transfer_amount(self, actor: Actor, command: ReportTransferAmount, key: str) -> ReportedAmount | Refusal:
        """How many fen arrived. RN-14."""
        return await self.perform(actor, command, key)

    async def precheck_change(self, actor: Actor, query: PrecheckChange) -> ChangeConditions | Refusal:
        """Whether this change would be possible now."""
        return await self.perform(actor, query)

    async def start_change(self, actor: Actor, command: StartChange, key: str) -> VerificationResult | Refusal:
        """Change the verification. RN-21 to RN-29."""
        return await self.perform(actor, command, key)

    async def withdraw_change(self, actor: Actor, command: WithdrawChange, key: str) -> Outcome[Literal["withdrawn"]] | Refusal:
        """Stop what is under way. RN-28."""
        return await self.perform(actor, command, key)

    async def complete_credit_code(self, actor: Actor, command: CompleteCreditCode, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Complete a wrong or incomplete credit code. RN-27."""
        return await self.perform(actor, command, key)

    async def set_enterprise_contact(self, actor: Actor, command: SetEnterpriseContact, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Whom the provider asks; the handler cannot be changed. RN-31."""
        return await self.perform(actor, command, key)

    async def remove_verification(self, actor: Actor, command: RemoveVerification, key: str) -> Outcome[Literal["never"]] | Refusal:
        """Never; this says so. RN-20."""
        return await self.perform(actor, command, key)

    async def transfer_sent(self, actor: Actor, command: TransferSent, key: str) -> Outcome[Literal["arrived"]] | Refusal:
        """The provider's payment has arrived at the company. RN-13."""
        return await self.perform(actor, command, key)

    async def payment_arrived(
        self, actor: Actor, command: PaymentArrived, key: str
    ) -> Outcome[Literal["counted", "not_verified"]] | Refusal:
        """The company's recharge has arrived. RN-16."""
        return await self.perform(actor, command, key)

    async def decide_change(self, actor: Actor, command: DecideChange, key: str) -> Outcome[Literal["approved", "rejected"]] | Refusal:
        """Staff's decision on papers. RN-28."""
        return await self.perform(actor, command, key)

    async def revoke_verification(self, actor: Actor, command: RevokeVerification, key: str) -> Outcome[Literal["revoked"]] | Refusal:
        """What the registry no longer supports. RN-34."""
        return await self.perform(actor, command, key)

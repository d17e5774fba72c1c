"""The MFA device, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.mfa import (
    CheckMfaCode,
    CodeDiagnosis,
    ConfirmMfaBinding,
    GetMfa,
    MfaShown,
    SecretShown,
    StartMfaBinding,
    UnbindMfa,
    Unbound,
)
from flows.accounts.protocol.base import Operations


class MfaService(Operations, Protocol):
    """The MFA device."""

    async def get_mfa(self, actor: Actor, query: GetMfa) -> MfaShown | Refusal:
        """Whether MFA is bound, since when, and what uses it."""
        return await self.perform(actor, query)

    async def start_mfa_binding(self, actor: Actor, command: StartMfaBinding, key: str) -> SecretShown | Refusal:
        """Draw a new secret for a device. MFA-5."""
        return await self.perform(actor, command, key)

    async def confirm_mfa_binding(
        self, actor: Actor, command: ConfirmMfaBinding, key: str
    ) -> Outcome[Literal["bound", "wrong_code", "expired"]] | Refusal:
        """The first code of the device, and which protections shall use it. MFA-5, MFA-7."""
        return await self.perform(actor, command, key)

    async def check_mfa_code(self, actor: Actor, command: CheckMfaCode, key: str) -> CodeDiagnosis | Refusal:
        """Test a code against neighbouring time windows. MFA-13."""
        return await self.perform(actor, command, key)

    async def unbind_mfa(self, actor: Actor, command: UnbindMfa, key: str) -> Unbound | Refusal:
        """Unbind the device with a code of that very device. MFA-10."""
        return await self.perform(actor, command, key)

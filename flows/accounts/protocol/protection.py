"""Login protection, operation protection, the remote login check, and logging in, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.protection import (
    AttemptLogin,
    CheckedLogin,
    ForgetTrustedDevices,
    GetProtection,
    LoginResult,
    PassLoginCheck,
    ProtectionShown,
    SetLoginProtection,
    SetOperationProtection,
    SetRemoteLoginCheck,
)
from flows.accounts.protocol.base import Operations


class ProtectionService(Operations, Protocol):
    """Login protection, operation protection, the remote login check, and logging in."""

    async def get_protection(self, actor: Actor, query: GetProtection) -> ProtectionShown | Refusal:
        """What is asked for, and when."""
        return await self.perform(actor, query)

    async def set_login_protection(self, actor: Actor, command: SetLoginProtection, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """What the next login asks for. LP-1, LP-5."""
        return await self.perform(actor, command, key)

    async def forget_trusted_devices(
        self, actor: Actor, command: ForgetTrustedDevices, key: str
    ) -> Outcome[Literal["forgotten"]] | Refusal:
        """Ask every device again. LP-7."""
        return await self.perform(actor, command, key)

    async def set_operation_protection(
        self, actor: Actor, command: SetOperationProtection, key: str
    ) -> Outcome[Literal["saved"]] | Refusal:
        """What sensitive operations ask for. OP-1."""
        return await self.perform(actor, command, key)

    async def set_remote_login_check(self, actor: Actor, command: SetRemoteLoginCheck, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Whether logins from unusual cities are checked. RL-1."""
        return await self.perform(actor, command, key)

    async def attempt_login(self, actor: Actor, command: AttemptLogin, key: str) -> LoginResult | Refusal:
        """Log in: by e-mail and password, or by a scan or authorization of another kind. LP-10."""
        return await self.perform(actor, command, key)

    async def pass_login_check(self, actor: Actor, command: PassLoginCheck, key: str) -> CheckedLogin | Refusal:
        """Pass the check of a login, and perhaps trust the device. LP-6, LP-8."""
        return await self.perform(actor, command, key)

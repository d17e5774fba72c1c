"""The password and its lock, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.password import (
    ChangePassword,
    CheckPassword,
    FinishPasswordReset,
    GetLockState,
    LockState,
    PasswordChecked,
    RequestPasswordReset,
    ResetResult,
    ResetSubUserPassword,
)
from flows.accounts.protocol.base import Operations


class PasswordService(Operations, Protocol):
    """The password and its lock."""

    async def check_password(self, actor: Actor, query: CheckPassword) -> PasswordChecked | Refusal:
        """Whether a text could be a password; nothing is kept. PW-2 to PW-4."""
        return await self.perform(actor, query)

    async def change_password(self, actor: Actor, command: ChangePassword, key: str) -> Outcome[Literal["changed"]] | Refusal:
        """The old password, and the new one twice. PW-9."""
        return await self.perform(actor, command, key)

    async def request_password_reset(
        self, actor: Actor, command: RequestPasswordReset, key: str
    ) -> Outcome[Literal["mail_sent"]] | Refusal:
        """Ask for a mail with a link; the answer is always the same. PW-11, PW-12."""
        return await self.perform(actor, command, key)

    async def finish_password_reset(self, actor: Actor, command: FinishPasswordReset, key: str) -> ResetResult | Refusal:
        """The link, the new password twice, and an identity check; its code is sent to the account with this e-mail. PW-11."""
        return await self.perform(actor, command, key)

    async def reset_sub_user_password(self, actor: Actor, command: ResetSubUserPassword, key: str) -> Outcome[Literal["reset"]] | Refusal:
        """A sub-user's new password, set by an administrator. PW-14."""
        return await self.perform(actor, command, key)

    async def get_lock_state(self, actor: Actor, query: GetLockState) -> LockState | Refusal:
        """Whether the account is locked, and what the next login needs."""
        return await self.perform(actor, query)

"""Basic information of an account, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.account_info import (
    AccountShown,
    AppId,
    FreezeState,
    GetAccount,
    GetAppId,
    GetFreezeState,
    ListLogins,
    ListProducts,
    Logins,
    Products,
    SetIndustry,
    SetNickname,
)
from flows.accounts.commands.base import Actor
from flows.accounts.protocol.base import Operations


class AccountInfoService(Operations, Protocol):
    """Basic information of an account."""

    async def get_account(self, actor: Actor, query: GetAccount) -> AccountShown | Refusal:
        """The basic information. ACC-4."""
        return await self.perform(actor, query)

    async def get_app_id(self, actor: Actor, query: GetAppId) -> AppId | Refusal:
        """What ``GetUserAppId`` answers. ACC-12."""
        return await self.perform(actor, query)

    async def set_nickname(self, actor: Actor, command: SetNickname, key: str) -> Outcome[Literal["saved", "saved_with_warning"]] | Refusal:
        """Change the nickname. ACC-5, ACC-6."""
        return await self.perform(actor, command, key)

    async def set_industry(self, actor: Actor, command: SetIndustry, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Choose the industry from the list. ACC-7."""
        return await self.perform(actor, command, key)

    async def list_products(self, actor: Actor, query: ListProducts) -> Products | Refusal:
        """Which products are activated, faq-zh:158."""
        return await self.perform(actor, query)

    async def list_logins(self, actor: Actor, query: ListLogins) -> Logins | Refusal:
        """The logins of the last 90 days. ACC-13."""
        return await self.perform(actor, query)

    async def get_freeze_state(self, actor: Actor, query: GetFreezeState) -> FreezeState | Refusal:
        """Whether and why the account is frozen. ACC-9."""
        return await self.perform(actor, query)

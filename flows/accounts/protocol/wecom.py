"""WeCom: the app, its scope, the linked account, members' sub-users, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.wecom import (
    AccountLinked,
    AddApp,
    AssignPolicies,
    DecideRequest,
    GetLinkedEnterprise,
    GetWecomSetup,
    LinkAccount,
    LinkedEnterprise,
    RequestDecided,
    RequestSubUser,
    SetVisibleScope,
    WecomSetup,
)
from flows.accounts.protocol.base import Operations


class WecomService(Operations, Protocol):
    """WeCom: the app, its scope, the linked account, members' sub-users."""

    async def get_wecom_setup(self, actor: Actor, query: GetWecomSetup) -> WecomSetup | Refusal:
        """How far an enterprise is; whoever asks proves membership by a scan. WX-6."""
        return await self.perform(actor, query)

    async def get_linked_enterprise(self, actor: Actor, query: GetLinkedEnterprise) -> LinkedEnterprise | Refusal:
        """Which enterprise one's own account is linked to. WX-3."""
        return await self.perform(actor, query)

    async def add_app(self, actor: Actor, command: AddApp, key: str) -> Outcome[Literal["added"]] | Refusal:
        """Add Tencent Cloud Assistant and authorize it, by a scan of an administrator. WX-1."""
        return await self.perform(actor, command, key)

    async def link_account(self, actor: Actor, command: LinkAccount, key: str) -> AccountLinked | Refusal:
        """Link the enterprise to one's own account, or register a new one. WX-3, WX-4."""
        return await self.perform(actor, command, key)

    async def set_visible_scope(self, actor: Actor, command: SetVisibleScope, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Change who sees the app. WX-12."""
        return await self.perform(actor, command, key)

    async def request_sub_user(
        self, actor: Actor, command: RequestSubUser, key: str
    ) -> Outcome[Literal["link_created", "app_missing", "not_linked"]] | Refusal:
        """A member asks the account administrator for a sub-user. WX-6, WX-7."""
        return await self.perform(actor, command, key)

    async def decide_request(self, actor: Actor, command: DecideRequest, key: str) -> RequestDecided | Refusal:
        """Approve or reject a member's request. WX-8."""
        return await self.perform(actor, command, key)

    async def assign_policies(self, actor: Actor, command: AssignPolicies, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """What a sub-user may do. WX-9."""
        return await self.perform(actor, command, key)

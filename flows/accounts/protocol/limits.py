"""Quotas, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.limits import GetUsage, Limits, ListLimits, RaiseEnterpriseQuota, Usage
from flows.accounts.protocol.base import Operations


class LimitsService(Operations, Protocol):
    """Quotas."""

    async def list_limits(self, actor: Actor, query: ListLimits) -> Limits | Refusal:
        """The table. LIM-1 to LIM-17."""
        return await self.perform(actor, query)

    async def get_usage(self, actor: Actor, query: GetUsage) -> Usage | Refusal:
        """Used and free for the account's own phone, identity, methods and users."""
        return await self.perform(actor, query)

    async def raise_enterprise_quota(self, actor: Actor, command: RaiseEnterpriseQuota, key: str) -> Outcome[Literal["raised"]] | Refusal:
        """More accounts for one enterprise, by its account manager. LIM-19."""
        return await self.perform(actor, command, key)

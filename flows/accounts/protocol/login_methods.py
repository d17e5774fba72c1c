"""Login methods: list, bind, change, unbind, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.login_methods import (
    BindLoginMethod,
    ChangeLoginMethod,
    CheckUnbind,
    ListLoginMethods,
    MethodsShown,
    UnbindConditions,
    UnbindLoginMethod,
)
from flows.accounts.protocol.base import Operations


class LoginMethodsService(Operations, Protocol):
    """Login methods: list, bind, change, unbind."""

    async def list_login_methods(self, actor: Actor, query: ListLoginMethods) -> MethodsShown | Refusal:
        """The bound methods, and which one is the registration method."""
        return await self.perform(actor, query)

    async def check_unbind(self, actor: Actor, query: CheckUnbind) -> UnbindConditions | Refusal:
        """What unbinding this method would need."""
        return await self.perform(actor, query)

    async def bind_login_method(self, actor: Actor, command: BindLoginMethod, key: str) -> Outcome[Literal["bound"]] | Refusal:
        """Add a login method. LM-3."""
        return await self.perform(actor, command, key)

    async def change_login_method(self, actor: Actor, command: ChangeLoginMethod, key: str) -> Outcome[Literal["changed"]] | Refusal:
        """Replace a login method's identity; an e-mail may take security and contact e-mail along. LM-7, LM-8."""
        return await self.perform(actor, command, key)

    async def unbind_login_method(self, actor: Actor, command: UnbindLoginMethod, key: str) -> Outcome[Literal["unbound"]] | Refusal:
        """Take a login method off. LM-2, LM-9, LM-10."""
        return await self.perform(actor, command, key)

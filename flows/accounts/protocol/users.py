"""Sub-users, collaborators, message recipients and API keys, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.users import CreateUser, DeleteKey, DeleteUser, ListUsers, SetKeyState, UserCreated, UsersShown
from flows.accounts.protocol.base import Operations


class UsersService(Operations, Protocol):
    """Sub-users, collaborators, message recipients and API keys."""

    async def list_users(self, actor: Actor, query: ListUsers) -> UsersShown | Refusal:
        """Who is under the account."""
        return await self.perform(actor, query)

    async def create_user(self, actor: Actor, command: CreateUser, key: str) -> UserCreated | Refusal:
        """A new user. SUB-1, SUB-2."""
        return await self.perform(actor, command, key)

    async def set_key_state(self, actor: Actor, command: SetKeyState, key: str) -> Outcome[Literal["saved"]] | Refusal:
        """Disable a key, or enable it again. SUB-4."""
        return await self.perform(actor, command, key)

    async def delete_key(self, actor: Actor, command: DeleteKey, key: str) -> Outcome[Literal["deleted"]] | Refusal:
        """Delete a key for good. SUB-4."""
        return await self.perform(actor, command, key)

    async def delete_user(self, actor: Actor, command: DeleteUser, key: str) -> Outcome[Literal["deleted"]] | Refusal:
        """Delete a user without enabled keys. SUB-5."""
        return await self.perform(actor, command, key)

"""Sub-users and keys, carried out. SUB."""

from typing import Literal

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Proven
from flows.accounts.commands.users import CreateUser, DeleteKey, DeleteUser, ListUsers, SetKeyState, UserCreated, UsersShown
from flows.accounts.rules import users
from flows.accounts.stub.handlers import handles
from flows.accounts.stub.turn import Turn


def proven(turn: Turn) -> Proven:
    """The actor, who was admitted as proven."""
    assert isinstance(turn.actor, Proven)
    return turn.actor


@handles(ListUsers)
async def list_users(turn: Turn, query: ListUsers) -> UsersShown | Refusal:
    """For administrators. SUB-3."""
    return users.list_users(turn.account, query, proven(turn))


@handles(CreateUser)
async def create_user(turn: Turn, command: CreateUser) -> UserCreated | Refusal:
    """With an id of its own. SUB-1."""
    user_id = "2" + turn.services.chance.pick("0123456789", 11)
    return turn.apply(users.create_user(turn.account, command, turn.now, proven(turn), user_id))


@handles(SetKeyState)
async def set_key_state(turn: Turn, command: SetKeyState) -> Outcome[Literal["saved"]] | Refusal:
    """SUB-4."""
    return turn.apply(users.set_key_state(turn.account, command, proven(turn)))


@handles(DeleteKey)
async def delete_key(turn: Turn, command: DeleteKey) -> Outcome[Literal["deleted"]] | Refusal:
    """SUB-4."""
    return turn.apply(users.delete_key(turn.account, command, proven(turn)))


@handles(DeleteUser)
async def delete_user(turn: Turn, command: DeleteUser) -> Outcome[Literal["deleted"]] | Refusal:
    """SUB-5."""
    return turn.apply(users.delete_user(turn.account, command, proven(turn)))

"""Sub-users, collaborators, message recipients and API keys."""

from typing import ClassVar, Literal

from flows.accounts.account import Key, Policy, UserKind
from flows.accounts.base import Model, Outcome
from flows.accounts.commands.base import Change, Query, Who


class UserShown(Model):
    """A user, masked, with the keys' states; the verification is inherited. SUB-7, SUB-8."""

    id: str
    kind: UserKind
    name: str
    policies: tuple[Policy, ...]
    keys: tuple[Key, ...]
    verification: str
    logs_in_by_wecom: bool


class UsersShown(Model):
    """The users, and the root account's own keys."""

    users: tuple[UserShown, ...]
    root_keys: tuple[Key, ...] = ()


class ListUsers(Query[UsersShown]):
    """Who is under the account."""

    kind: UserKind | None = None


class UserCreated(Outcome[Literal["created"]]):
    """The new user's id."""

    user: str


class CreateUser(Change[UserCreated]):
    """A new user. SUB-1, SUB-2."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = False
    kind: UserKind
    name: str
    policies: tuple[str, ...] = ()
    own_account: str | None = None


class SetKeyState(Change[Outcome[Literal["saved"]]]):
    """Disable a key, or enable it again. SUB-4."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = False
    key: str
    state: Literal["enabled", "disabled"]


class DeleteKey(Change[Outcome[Literal["deleted"]]]):
    """Delete a key for good. SUB-4."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = False
    key: str


class DeleteUser(Change[Outcome[Literal["deleted"]]]):
    """Delete a user without enabled keys. SUB-5."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = False
    user: str

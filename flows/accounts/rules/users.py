"""Sub-users and keys. SUB."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, get_args

from flows.accounts.account import Account, Key, Policy, User
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.base import Proven
from flows.accounts.commands.users import (
    CreateUser,
    DeleteKey,
    DeleteUser,
    ListUsers,
    SetKeyState,
    UserCreated,
    UserShown,
    UsersShown,
)
from flows.accounts.masking import mask_name
from flows.accounts.rules.limits import USERS


def refuse_manager(account: Account, actor: Proven, rule: str = "SUB-3", reason: str = "root_or_admin_only") -> Refusal | None:
    """The root account, or a user with CAM administration. SUB-1, SUB-3, WX-3, guide-zh:1967, 2023, 2043."""
    acting = account.user(actor.user) if actor.user else None
    return refuse(actor.user is not None and not (acting and acting.administers), rule, reason)


def list_users(account: Account, query: ListUsers, actor: Proven) -> UsersShown | Refusal:
    """Masked; a WeCom user logs in as soon as there is a policy. SUB-7, SUB-8, faq-zh:372, guide-zh:2048."""
    shown = UsersShown(
        users=tuple(
            UserShown(
                id=user.id,
                kind=user.kind,
                name=mask_name(user.name),
                policies=user.policies,
                keys=user.keys,
                verification=account.verification.status if user.kind == "sub_user" else "its_own",
                logs_in_by_wecom=user.wecom_member is not None and bool(user.policies or user.groups),
            )
            for user in account.users
            if query.kind in {None, user.kind}
        ),
        root_keys=account.keys if actor.user is None else (),
    )
    return refuse_manager(account, actor) or shown


def refuse_one_more(account: Account, kind: str) -> Refusal | None:
    """Sub-users and collaborators together; recipients do not count. SUB-2, LIM-16, faq-zh:87, C31."""
    counted = sum(user.kind != "message_recipient" for user in account.users)
    return refuse(kind != "message_recipient" and counted >= USERS, "SUB-2", "user_quota", quota="LIM-16")


def refuse_policies(policies: tuple[str, ...], rule: str = "SUB-3") -> Refusal | None:
    """Only known policies. WX-9."""
    unknown = tuple(policy for policy in policies if policy not in get_args(Policy))
    return refuse(bool(unknown), rule, "unknown_policy", unknown=unknown)


def create_user(account: Account, command: CreateUser, now: datetime, actor: Proven, user_id: str) -> tuple[Account, UserCreated] | Refusal:
    """Three kinds; a collaborator keeps an account of its own. SUB-1, SUB-2, SUB-3, SUB-6, faq-zh:83, 91."""
    refusal = (
        refuse_manager(account, actor)
        or refuse(any(user.name == command.name for user in account.users) or not command.name.strip(), "SUB-1", "name_taken")
        or refuse_policies(command.policies)
        or refuse_one_more(account, command.kind)
    )
    if refusal:
        return refusal
    own = command.own_account if command.kind == "collaborator" else None
    user = User.model_validate(
        {"id": user_id, "kind": command.kind, "name": command.name, "created_at": now, "policies": command.policies, "own_account": own}
    )
    return account.but(users=(*account.users, user)), UserCreated(outcome="created", user=user.id)


def _with_key(account: Account, key_id: str, change: Callable[[Key], tuple[Key, ...]], *, root: bool) -> Account:
    """One key replaced or gone; the root account's own keys only by root."""

    def changed(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple(new for key in keys for new in (change(key) if key.id == key_id else (key,)))

    users = tuple(user.but(keys=changed(user.keys)) for user in account.users)
    return account.but(users=users, keys=changed(account.keys) if root else account.keys)


def _key(account: Account, key_id: str, actor: Proven) -> Key | None:
    """A key that this actor may manage: nobody but root the root account's. SUB-3."""
    keys = [key for user in account.users for key in user.keys] + (list(account.keys) if actor.user is None else [])
    return next((key for key in keys if key.id == key_id), None)


def set_key_state(account: Account, command: SetKeyState, actor: Proven) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """Disabling can be undone. SUB-3, SUB-4, offboarding-zh:29, guide-zh:1529-1551."""
    key = _key(account, command.key, actor)
    return (
        refuse_manager(account, actor)
        or refuse(key is None, "SUB-3", "root_or_admin_only")
        or refuse(key is not None and key.state == command.state, "SUB-4", "unchanged")
        or (
            _with_key(account, command.key, lambda old: (old.but(state=command.state),), root=actor.user is None),
            Outcome(outcome="saved"),
        )
    )


def delete_key(account: Account, command: DeleteKey, actor: Proven) -> tuple[Account, Outcome[Literal["deleted"]]] | Refusal:
    """For good. SUB-3, SUB-4."""
    return (
        refuse_manager(account, actor)
        or refuse(_key(account, command.key, actor) is None, "SUB-3", "root_or_admin_only")
        or (_with_key(account, command.key, lambda _: (), root=actor.user is None), Outcome(outcome="deleted"))
    )


def delete_user(account: Account, command: DeleteUser, actor: Proven) -> tuple[Account, Outcome[Literal["deleted"]]] | Refusal:
    """Never the root account, never with an enabled key; a collaborator's own account stays. SUB-3, SUB-5, SUB-6, C19."""
    user = account.user(command.user)
    enabled = tuple(key.id for key in user.keys if key.state == "enabled") if user else ()
    return (
        refuse_manager(account, actor)
        or refuse(command.user in {account.id, "root"}, "SUB-3", "root_cannot_be_deleted")
        or refuse(user is None, "SUB-3", "root_or_admin_only")
        or refuse(bool(enabled), "SUB-5", "enabled_keys", keys=enabled)
        or (account.but(users=tuple(other for other in account.users if other.id != command.user)), Outcome(outcome="deleted"))
    )

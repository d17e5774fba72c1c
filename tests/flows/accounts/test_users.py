from typing import Any

import pytest

from flows.accounts.account import Key, User
from flows.accounts.commands.users import CreateUser, DeleteKey, DeleteUser, ListUsers, SetKeyState

from .world import ENTERPRISE, ROOT_ID, START, World, account


def user(user_id: str, **fields: Any) -> User:
    return User(**({"id": user_id, "kind": "sub_user", "name": f"user {user_id}", "created_at": START} | fields))


ADMIN = user("admin", policies=("AdministratorAccess",))
PLAIN = user("plain", keys=(Key(id="k1"), Key(id="k2", state="disabled")))


@pytest.mark.parametrize("kind", ["sub_user", "collaborator", "message_recipient"])
async def test_sub_1_the_root_account_creates_three_kinds(world: World, kind: Any) -> None:
    await world.add(account())
    created = await world.done(CreateUser(kind=kind, name="zhao", policies=("ReadOnlyAccess",)))
    made = (await world.get()).user(created.user)
    assert made
    assert made.kind == kind
    assert await world.refused(CreateUser(kind=kind, name="zhao")) == ("SUB-1", "name_taken")
    assert await world.refused(CreateUser(kind=kind, name="qian", policies=("Everything",))) == ("SUB-3", "unknown_policy")


async def test_sub_2_at_most_a_thousand_without_recipients(world: World) -> None:
    many = tuple(user(f"u{number}", kind="collaborator" if number % 2 else "sub_user") for number in range(1000))
    await world.add(account(users=many))
    assert await world.refused(CreateUser(kind="sub_user", name="x")) == ("SUB-2", "user_quota")
    await world.done(CreateUser(kind="message_recipient", name="x"))


async def test_sub_3_root_or_cam_administrators_but_never_the_root_account(world: World) -> None:
    await world.add(account(users=(ADMIN, PLAIN), keys=(Key(id="root-key"),)))
    plain, admin = world.root(user="plain"), world.root(user="admin")
    for command in (CreateUser(kind="sub_user", name="x"), SetKeyState(key="k1", state="disabled"), DeleteUser(user="admin")):
        assert await world.refused(command, plain) == ("SUB-3", "root_or_admin_only")
    assert await world.refused(ListUsers(), plain) == ("SUB-3", "root_or_admin_only")
    assert (await world.done(ListUsers(), admin)).root_keys == ()
    await world.done(SetKeyState(key="k1", state="disabled"), admin)
    assert await world.refused(DeleteKey(key="root-key"), admin) == ("SUB-3", "root_or_admin_only")
    assert await world.refused(DeleteUser(user=ROOT_ID), admin) == ("SUB-3", "root_cannot_be_deleted")
    await world.done(DeleteKey(key="root-key"))


async def test_sub_4_keys_are_enabled_disabled_or_gone(world: World) -> None:
    await world.add(account(users=(PLAIN,)))
    await world.done(SetKeyState(key="k1", state="disabled"))
    assert await world.refused(SetKeyState(key="k1", state="disabled")) == ("SUB-4", "unchanged")
    await world.done(SetKeyState(key="k1", state="enabled"))
    await world.done(DeleteKey(key="k1"))
    assert await world.refused(SetKeyState(key="k1", state="enabled")) == ("SUB-3", "root_or_admin_only")
    await world.add(account(users=(PLAIN,), checks=()))
    assert await world.refused(DeleteKey(key="k1")) == ("GEN-4", "identity_check_needed")


async def test_sub_5_a_user_with_an_enabled_key_stays(world: World) -> None:
    await world.add(account(users=(PLAIN,)))
    assert await world.refused(DeleteUser(user="plain")) == ("SUB-5", "enabled_keys")
    await world.done(SetKeyState(key="k1", state="disabled"))
    await world.done(DeleteUser(user="plain"))
    assert (await world.get()).users == ()
    assert await world.refused(ListUsers(), world.root(user="plain")) == ("GEN-3", "not_proven")


async def test_sub_6_a_collaborator_keeps_an_account_of_its_own(world: World) -> None:
    await world.add(account(), account("100000000002"))
    created = await world.done(CreateUser(kind="collaborator", name="x", own_account="100000000002"))
    sub = await world.done(CreateUser(kind="sub_user", name="y", own_account="100000000002"))
    stored = (await world.get()).user(sub.user)
    assert stored
    assert stored.own_account is None
    await world.done(DeleteUser(user=created.user))
    assert (await world.get("100000000002")).status == "active"


async def test_sub_7_a_sub_user_inherits_the_verification(world: World) -> None:
    await world.add(account(users=(PLAIN, user("c", kind="collaborator")), verification=ENTERPRISE))
    shown = (await world.done(ListUsers())).users
    assert [one.verification for one in shown] == ["enterprise", "its_own"]
    assert shown[0].name == "*********n"


async def test_sub_8_a_wecom_user_logs_in_with_a_policy(world: World) -> None:
    with_policy = user("b", wecom_member="m2", policies=("ReadOnlyAccess",))
    await world.add(account(users=(user("a", wecom_member="m1"), with_policy)))
    assert [one.logs_in_by_wecom for one in (await world.done(ListUsers(kind="sub_user"))).users] == [False, True]

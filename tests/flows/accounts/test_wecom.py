from typing import Any

import pytest
from pydantic import SecretStr

from flows.accounts.account import Account, LoginMethod, User
from flows.accounts.commands.login_methods import BindLoginMethod
from flows.accounts.commands.users import ListUsers
from flows.accounts.commands.wecom import (
    AddApp,
    AssignPolicies,
    DecideRequest,
    GetWecomSetup,
    LinkAccount,
    RequestSubUser,
    Scope,
    SetVisibleScope,
)
from flows.accounts.records import WecomEnterprise, WecomMember

from .world import ROOT_ID, START, STRANGER, YEAR_AGO, World, account, methods

BOSS, MEMBER = "boss", "m1"
ENTERPRISE = WecomEnterprise(id="ww", members=(WecomMember(id=MEMBER, name="赵", departments=("dev",), tags=("t",)),))
READY = ENTERPRISE.but(app_added=True, mode="by_administrator", scope_members=(MEMBER,), administrators=(BOSS,))
LINKED = READY.but(account=ROOT_ID)


def boss(world: World) -> str:
    return world.scan("wecom", BOSS, wecom_enterprise="ww", wecom_admin=True)


def member(world: World) -> str:
    return world.scan("wecom", MEMBER, wecom_enterprise="ww")


async def enterprise(world: World) -> WecomEnterprise:
    stored = await world.store.load(WecomEnterprise, "ww")
    assert stored
    return stored.document


async def link(world: World) -> SecretStr:
    assert (await world.done(RequestSubUser(scan=member(world)), STRANGER)).outcome == "link_created"
    return SecretStr(world.inbox.newest(f"wecom:{BOSS}", "token"))


async def test_wx_1_an_administrator_adds_the_app_and_sets_the_scope(world: World) -> None:
    await world.add(ENTERPRISE)
    assert await world.refused(AddApp(scan=member(world)), STRANGER) == ("WX-1", "not_wecom_admin")
    assert await world.refused(AddApp(scan="nothing"), STRANGER) == ("WX-1", "not_authorized")
    await world.done(AddApp(scan=boss(world), scope=Scope(departments=("dev",))), STRANGER)
    added = await enterprise(world)
    assert (added.app_added, added.mode, added.sees(MEMBER)) == (True, "by_administrator", True)


async def test_wx_2_members_bind_with_an_authorized_app_and_the_scope(world: World) -> None:
    await world.add(account(), READY.but(mode="by_member"))
    command = BindLoginMethod(kind="wecom", scan=member(world))
    assert await world.refused(command) == ("LM-15", "not_wecom_admin")
    await world.add(READY)
    await world.done(command)


async def test_wx_3_one_account_by_an_administrator_of_both(world: World) -> None:
    users = (User(id="u1", kind="sub_user", name="a", created_at=START),)
    await world.add(account(users=users), READY)
    command = LinkAccount(scan=boss(world))
    assert await world.refused(LinkAccount(scan=member(world))) == ("WX-1", "not_wecom_admin")
    assert await world.refused(command, world.root(user="u1")) == ("WX-3", "not_account_admin")
    assert (await world.done(command)).account == ROOT_ID
    assert await world.refused(command) == ("WX-3", "already_linked")


async def test_wx_4_the_administrator_becomes_an_account_administrator(world: World) -> None:
    await world.add(account(), READY)
    await world.done(LinkAccount(scan=boss(world)))
    (user,) = (await world.get()).users
    assert (user.wecom_member, user.administers) == (BOSS, True)
    approve = DecideRequest(link=await link(world), approve=True)
    assert (await world.done(approve, world.root(user=user.id))).outcome == "approved"


async def test_wx_5_outside_the_scope_nobody_becomes_a_sub_user(world: World) -> None:
    await world.add(account(wecom="ww"), LINKED.but(scope_members=()))
    assert await world.refused(RequestSubUser(scan=member(world)), STRANGER) == ("WX-5", "not_in_scope")


async def next_step(world: World) -> tuple[str, str]:
    shown = await world.done(GetWecomSetup(scan=member(world)), STRANGER)
    return shown.next_step, shown.who


async def test_wx_6_the_state_says_which_step_is_next(world: World) -> None:
    await world.add(account(), ENTERPRISE)
    ask = RequestSubUser(scan=member(world))
    assert await next_step(world) == ("add_app", "wecom_administrator")
    assert (await world.done(ask, STRANGER)).outcome == "app_missing"
    await world.done(AddApp(scan=boss(world)), STRANGER)
    assert await next_step(world) == ("set_scope", "wecom_administrator")
    await world.done(SetVisibleScope(scan=boss(world), device="phone", add=Scope(members=(MEMBER,))), STRANGER)
    assert await next_step(world) == ("link_account", "wecom_administrator")
    assert (await world.done(ask, STRANGER)).outcome == "not_linked"
    await world.done(LinkAccount(scan=boss(world)))
    assert await next_step(world) == ("request_sub_user", "member")
    user = (await world.done(DecideRequest(link=await link(world), approve=True))).user
    assert await next_step(world) == ("assign_policies", "account_administrator")
    assert await world.refused(ask, STRANGER) == ("WX-6", "already_sub_user")
    await world.done(AssignPolicies(user=user or "", policies=("ReadOnlyAccess",)))
    assert await next_step(world) == ("done", "nobody")


async def test_wx_7_a_link_lives_four_hours_and_a_new_one_comes_at_once(world: World) -> None:
    await world.add(account(wecom="ww"), LINKED)
    first, second = await link(world), await link(world)
    world.wait(hours=4)
    fresh = (await world.get()).checks[0].but(at=world.now)
    await world.add((await world.get()).but(checks=(fresh,)))
    for old in (first, second):
        assert await world.refused(DecideRequest(link=old, approve=True)) == ("WX-7", "expired")
    await world.done(DecideRequest(link=await link(world), approve=True))
    assert await world.refused(DecideRequest(link=second, approve=True)) == ("WX-7", "expired")


async def test_wx_8_approving_creates_the_sub_user_within_the_quota(world: World) -> None:
    many = tuple(User(id=f"u{n}", kind="sub_user", name=f"u{n}", created_at=START) for n in range(1000))
    await world.add(account(wecom="ww", users=many), LINKED)
    token = await link(world)
    assert await world.refused(DecideRequest(link=token, approve=True)) == ("SUB-2", "user_quota")
    assert await world.refused(DecideRequest(link=token, approve=True), world.root(user="u1")) == ("WX-8", "not_account_admin")
    administrator = many[0].but(wecom_member=BOSS)
    await world.add(account(wecom="ww", users=(administrator,)))
    await world.done(DecideRequest(link=token, approve=True, make_administrator=True))
    users = (await world.get()).users
    assert users[0].policies == ("QcloudCamFullAccess",)
    assert (users[1].name, users[1].policies, users[1].wecom_member) == ("赵", (), MEMBER)


@pytest.mark.parametrize("policy", ["AdministratorAccess", "ReadOnlyAccess", "QCloudResourceFullAccess", "QCloudFinanceFullAccess"])
async def test_wx_9_policies_or_groups_are_assigned(world: World, policy: str) -> None:
    user = User(id="u1", kind="sub_user", name="a", created_at=START, wecom_member=MEMBER)
    await world.add(account(users=(user,)))
    assert await world.refused(AssignPolicies(user="u1", policies=("Everything",))) == ("WX-9", "unknown_policy")
    assert await world.refused(AssignPolicies(user="u1"), world.root(user="u1")) == ("WX-9", "not_account_admin")
    assert not (await world.done(ListUsers())).users[0].logs_in_by_wecom
    await world.done(AssignPolicies(user="u1", policies=(policy,)))
    assert (await world.done(ListUsers())).users[0].logs_in_by_wecom
    await world.done(AssignPolicies(user="u1", groups=("developers",)))
    assert (await world.done(ListUsers())).users[0].logs_in_by_wecom


@pytest.mark.parametrize("approve", [True, False])
async def test_wx_10_the_result_reaches_the_member_through_the_app(world: World, approve: bool) -> None:
    await world.add(account(wecom="ww"), LINKED)
    await world.done(DecideRequest(link=await link(world), approve=approve))
    message = world.inbox.to(f"wecom:{MEMBER}")[0]
    assert (message.channel, message.values["state"]) == ("app", "approved" if approve else "rejected")


def test_wx_11_only_names_are_read() -> None:
    assert set(WecomMember.model_fields) == {"id", "name", "departments", "tags"}


async def test_wx_12_departments_and_tags_on_a_computer_members_on_the_phone(world: World) -> None:
    user = User(id="u1", kind="sub_user", name="a", created_at=START, wecom_member=MEMBER)
    await world.add(account(wecom="ww", users=(user,)), LINKED)
    await world.done(SetVisibleScope(scan=boss(world), add=Scope(departments=("dev",), tags=("t",))), STRANGER)
    refusals: list[Any] = [
        SetVisibleScope(scan=boss(world), remove=Scope(members=(MEMBER,))),
        SetVisibleScope(scan=boss(world), device="phone", remove=Scope(tags=("t",))),
    ]
    for command in refusals:
        assert await world.refused(command, STRANGER) == ("WX-12", "other_device")
    assert await world.refused(SetVisibleScope(scan=member(world)), STRANGER) == ("WX-12", "not_wecom_admin")
    await world.done(SetVisibleScope(scan=boss(world), device="phone", remove=Scope(members=(MEMBER,))), STRANGER)
    assert (await enterprise(world)).sees(MEMBER)
    await world.done(SetVisibleScope(scan=boss(world), remove=Scope(departments=("dev",), tags=("t",))), STRANGER)
    assert not (await enterprise(world)).sees(MEMBER)
    assert (await world.get()).user("u1")


async def test_wx_13_an_identity_registers_one_and_is_bound_to_twenty(world: World) -> None:
    await world.add(account(methods=methods("email")), READY)
    linked = await world.done(LinkAccount(scan=boss(world), register_new=True))
    new = await world.get(linked.account)
    assert (new.registered_with, new.method("wecom") is not None, new.status) == ("wecom", True, "active")
    await world.add(READY.but(id="ww2"))
    again = world.scan("wecom", BOSS, wecom_enterprise="ww2", wecom_admin=True)
    assert await world.refused(LinkAccount(scan=again, register_new=True)) == ("WX-13", "wecom_quota")
    bound = LoginMethod(kind="wecom", identity=BOSS, bound_at=YEAR_AGO)
    await world.add(*(account(f"1000000010{n:02}", methods=(bound,)) for n in range(19)))
    assert await world.refused(LinkAccount(scan=again)) == ("WX-13", "wecom_quota")
    assert len(await world.store.find(Account, "login", f"wecom:{BOSS}")) == 20

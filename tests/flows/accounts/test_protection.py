from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from flows.accounts.account import Contacts, Login, PassedCheck, Protections, RemoteLogin, Session, Sessions, TrustedDevice, User
from flows.accounts.commands.base import Command
from flows.accounts.commands.ground import CheckIdentity, ListCheckMethods, SendCode
from flows.accounts.commands.login_methods import UnbindLoginMethod
from flows.accounts.commands.protection import (
    AttemptLogin,
    CheckedLogin,
    ForgetTrustedDevices,
    GetProtection,
    LoginResult,
    PassLoginCheck,
    SetLoginProtection,
    SetOperationProtection,
    SetRemoteLoginCheck,
)
from flows.accounts.commands.sessions import SignOutEverywhere
from flows.accounts.protocol import AccountService

from .world import EMAIL, GOOD_PASSWORD, PHONE, ROOT_ID, STAFF, START, STRANGER, YEAR_AGO, World, account, methods, mfa

CITY = "深圳"
BY_EMAIL = AttemptLogin(method="email", email=EMAIL, password=GOOD_PASSWORD, device="d1", city=CITY, ip="119.29.29.29")
USUAL = (Login(at=YEAR_AGO, method="email", ip="1.1.1.1", city=CITY),)


async def by_email(world: World, **changes: Any) -> LoginResult:
    return await world.done(BY_EMAIL.but(**changes), STAFF)


async def by_wechat(world: World, device: str = "d1") -> LoginResult:
    return await world.done(AttemptLogin(method="wechat", scan=world.scan("wechat", "wechat-a"), device=device, city=CITY), STAFF)


async def pass_check(world: World, login: LoginResult, *, trust: bool = False) -> CheckedLogin:
    world.wait(minutes=1)
    await world.done(SendCode(purpose="prove", account=ROOT_ID, factor="phone_code"), STRANGER)
    code = SecretStr(world.inbox.newest(PHONE, "code"))
    return await world.done(PassLoginCheck(login=login.login or "", method="phone_code", code=code, trust_device=trust), STAFF)


@pytest.mark.parametrize("type_", ["off", "wechat_scan", "mfa", "phone_code"])
async def test_lp_1_four_types(world: World, type_: str) -> None:
    start = "off" if type_ != "off" else "phone_code"
    await world.add(account(mfa=mfa(), protections=Protections.model_validate({"login": start})))
    await world.done(SetLoginProtection.model_validate({"type": type_}))
    assert (await world.done(GetProtection())).login == type_
    assert await world.refused(SetLoginProtection.model_validate({"type": type_})) == ("LP-1", "unchanged")
    with pytest.raises(ValidationError):
        SetLoginProtection.model_validate({"type": "email_code"})


async def test_lp_2_wechat_scan_needs_a_bound_wechat_and_is_not_asked_twice(world: World) -> None:
    await world.add(account(methods=methods("email")))
    assert await world.refused(SetLoginProtection(type="wechat_scan")) == ("LP-2", "no_wechat")
    await world.add(account(protections=Protections(login="wechat_scan")))
    assert (await by_wechat(world)).outcome == "logged_in"
    asked = await by_email(world)
    assert (asked.outcome, asked.check) == ("check_needed", "wechat_scan")
    other = PassLoginCheck(login=asked.login or "", method="wechat_scan", scan=world.scan("wechat", "other"))
    assert (await world.done(other, STAFF)).outcome == "wrong"
    assert (await world.done(other.but(scan="scan-wechat-wechat-a"), STAFF)).outcome == "logged_in"


async def test_lp_3_mfa_needs_a_device_and_phone_code_a_security_phone(world: World) -> None:
    await world.add(account(contacts=Contacts(security_email="sec@example.com"), checks=("email_code",)))
    assert await world.refused(SetLoginProtection(type="mfa")) == ("LP-3", "no_mfa")
    assert await world.refused(SetLoginProtection(type="phone_code")) == ("LP-3", "no_security_phone")


async def test_lp_4_changing_it_needs_a_check(world: World) -> None:
    await world.add(account(checks=()))
    assert await world.refused(SetLoginProtection(type="phone_code")) == ("GEN-4", "identity_check_needed")


async def test_lp_5_it_applies_from_the_next_login(world: World) -> None:
    await world.add(account())
    session = (await by_email(world)).session
    await world.done(SetLoginProtection(type="phone_code"))
    after = await world.get()
    assert [running.id for running in after.sessions.running] == [session]
    assert after.protections.login_from == world.now
    assert (await by_email(world)).outcome == "check_needed"


async def test_lp_6_a_trusted_device_is_not_asked_for_seven_days(world: World) -> None:
    await world.add(account(protections=Protections(login="phone_code", allow_trusted_devices=True)))
    assert (await pass_check(world, await by_email(world), trust=True)).outcome == "logged_in"
    world.wait(hours=7 * 24 - 1)
    assert (await by_email(world)).outcome == "logged_in"
    assert (await by_email(world, device="d2")).outcome == "check_needed"
    world.wait(hours=1)
    assert (await by_email(world)).outcome == "check_needed"


async def test_lp_6_trust_only_where_allowed(world: World) -> None:
    await world.add(account(protections=Protections(login="phone_code")))
    asked = await by_email(world)
    command = PassLoginCheck(login=asked.login or "", method="phone_code", code=SecretStr("123456"), trust_device=True)
    assert await world.refused(command, STAFF) == ("LP-6", "trust_not_allowed")


TRUSTING = Protections(
    login="phone_code", allow_trusted_devices=True, trusted=(TrustedDevice(device="d1", until=START + timedelta(days=7)),)
)


@pytest.mark.parametrize(
    "command",
    [
        SetLoginProtection(type="wechat_scan", allow_trusted_devices=True),
        SetLoginProtection(type="phone_code", allow_trusted_devices=False),
        SignOutEverywhere(confirmed=True),
        ForgetTrustedDevices(),
    ],
)
async def test_lp_7_trust_ends(world: World, command: Command[Any]) -> None:
    await world.add(account(protections=TRUSTING))
    assert len((await world.done(GetProtection())).trusted) == 1
    await world.done(command)
    assert (await world.done(GetProtection())).trusted == ()


async def test_lp_8_another_check_may_replace_the_configured_one_but_not_mfa(world: World) -> None:
    await world.add(account(protections=Protections(login="wechat_scan")))
    assert (await pass_check(world, await by_email(world))).outcome == "logged_in"
    await world.add(account(mfa=mfa(), protections=Protections(login="mfa")))
    asked = await by_email(world)
    by_phone = PassLoginCheck(login=asked.login or "", method="phone_code", code=SecretStr("123456"))
    assert await world.refused(by_phone, STAFF) == ("LP-8", "only_mfa")
    by_mfa = PassLoginCheck(login=asked.login or "", method="mfa", code=world.mfa_code())
    assert (await world.done(by_mfa, STAFF)).outcome == "logged_in"


async def test_lp_9_sub_users_protection_is_not_offered(world: World) -> None:
    await world.add(account(users=(User(id="u1", kind="sub_user", name="a", created_at=START),)))
    assert await world.refused(SetLoginProtection(type="off"), world.root(user="u1")) == ("GEN-13", "root_only")
    assert not hasattr(AccountService, "set_sub_user_protection")


async def test_lp_10_the_order_of_a_login(world: World) -> None:
    protections = Protections(login="phone_code", remote=RemoteLogin(on=True, check_method="email_code"))
    await world.add(account(protections=protections, logins=USUAL))
    assert (await by_email(world, email="nobody@example.com")).outcome == "wrong"
    assert (await by_email(world, password=SecretStr("wrong"))).outcome == "wrong"
    asked = await by_email(world, city="北京")
    assert (asked.outcome, asked.check) == ("check_needed", "phone_code")
    assert (await pass_check(world, asked)).outcome == "logged_in"
    assert (await pass_check(world, asked)).outcome == "wrong"
    assert (await world.done(AttemptLogin(method="qq", scan=world.scan("qq", "unknown"), device="d"), STAFF)).outcome == "refused"
    assert await world.refused(BY_EMAIL) == ("GEN-3", "staff_only")


async def test_op_1_types_are_set_separately(world: World) -> None:
    await world.add(account())
    await world.done(SetOperationProtection(type="phone_code"))
    shown = await world.done(GetProtection())
    assert (shown.login, shown.operation) == ("off", "phone_code")
    assert await world.refused(SetOperationProtection(type="phone_code")) == ("OP-1", "unchanged")


async def test_op_2_a_check_counts_for_30_minutes(world: World) -> None:
    await world.add(account(protections=Protections(operation="phone_code")))
    world.wait(minutes=30)
    await world.done(SetRemoteLoginCheck(on=True))
    world.wait(seconds=1)
    assert await world.refused(SetRemoteLoginCheck(on=False)) == ("GEN-4", "identity_check_needed")


async def test_op_3_the_check_is_of_the_configured_type(world: World) -> None:
    await world.add(account(protections=Protections(operation="wechat_scan"), checks=("phone_code",)))
    assert await world.refused(SetRemoteLoginCheck(on=True)) == ("GEN-4", "identity_check_needed")
    instead = PassedCheck(conversation="c", method="phone_code", at=START, instead=True)
    await world.add(account(protections=Protections(operation="wechat_scan")).but(checks=(instead,)))
    await world.done(SetRemoteLoginCheck(on=True))


async def test_op_3_with_mfa_only_mfa_counts_and_only_mfa_is_offered(world: World) -> None:
    await world.add(account(mfa=mfa(), protections=Protections(operation="mfa"), checks=()))
    shown = await world.done(ListCheckMethods())
    assert (shown.methods, set(shown.targets)) == (("mfa",), {"mfa", "phone_code", "email_code", "wechat_scan"})
    assert (await world.done(CheckIdentity(method="mfa", code=world.mfa_code()))).outcome == "passed"
    await world.done(SetOperationProtection(type="off"))


async def test_op_4_types_need_what_they_check_with(world: World) -> None:
    await world.add(account(methods=methods("email"), contacts=Contacts(security_email="s@example.com"), checks=("email_code",)))
    for type_, reason in (("wechat_scan", "no_wechat"), ("mfa", "no_mfa"), ("phone_code", "no_security_phone")):
        assert await world.refused(SetOperationProtection.model_validate({"type": type_})) == ("OP-4", reason)


async def test_op_5_a_change_applies_at_once_and_turning_off_needs_a_check_too(world: World) -> None:
    await world.add(account(mfa=mfa()))
    await world.done(SetOperationProtection(type="mfa"))
    assert await world.refused(SetOperationProtection(type="off")) == ("GEN-4", "identity_check_needed")


def test_op_6_sensitive_operations_are_marked(world: World) -> None:
    sensitive = (UnbindLoginMethod, SetLoginProtection, SetOperationProtection, SignOutEverywhere)
    assert all(command.who == "checked" for command in sensitive)


async def test_rl_1_off_at_first(world: World) -> None:
    await world.add(account())
    assert not (await world.done(GetProtection())).remote
    assert await world.refused(SetRemoteLoginCheck(on=False)) == ("RL-1", "unchanged")
    await world.done(SetRemoteLoginCheck(on=True))
    assert (await world.done(GetProtection())).remote
    assert (await world.get()).protections.remote.check_method == "phone_code"


REMOTE = Protections(remote=RemoteLogin(on=True, check_method="phone_code"))


async def test_rl_2_an_unusual_city_is_checked(world: World) -> None:
    await world.add(account(protections=REMOTE, logins=USUAL))
    assert (await by_email(world)).outcome == "logged_in"
    assert (await by_email(world, city="北京")).outcome == "check_needed"


async def test_rl_3_usual_are_the_first_city_and_those_of_30_days(world: World) -> None:
    old = Login(at=START - timedelta(days=31), method="email", ip="1.1.1.1", city="上海")
    await world.add(account(protections=REMOTE, logins=(*USUAL, old)))
    asked = await by_email(world, city="上海")
    assert asked.outcome == "check_needed"
    assert (await pass_check(world, asked)).outcome == "logged_in"
    assert (await by_email(world, city="上海")).outcome == "logged_in"
    assert (await by_email(world)).outcome == "logged_in"


async def test_rl_4_an_unknown_city_is_unusual(world: World) -> None:
    await world.add(account(protections=REMOTE, logins=(*USUAL, Login(at=START, method="email", ip="1.1.1.1", city=""))))
    assert (await by_email(world, city="")).outcome == "check_needed"


def test_sessions_start_empty() -> None:
    assert Sessions().running == ()
    assert Session.model_fields["idle_minutes"].is_required()

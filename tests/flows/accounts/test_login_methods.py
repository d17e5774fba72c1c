from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from flows.accounts.account import (
    Account,
    Contacts,
    Kind,
    LoginMethod,
    MfaState,
    Protections,
    RemoteLogin,
)
from flows.accounts.base import Refusal
from flows.accounts.commands.login_methods import (
    BindLoginMethod,
    ChangeLoginMethod,
    CheckUnbind,
    ListLoginMethods,
    UnbindLoginMethod,
)
from flows.accounts.commands.mfa import GetMfa
from flows.accounts.records import WecomEnterprise, WecomMember

from .world import EMAIL, NEW_PASSWORD, PERSONAL, START, YEAR_AGO, World, account, methods, mfa


def unbind(kind: Kind) -> UnbindLoginMethod:
    return UnbindLoginMethod(kind=kind)


async def scanned(world: World, kind: Kind, identity: str, **fields: Any) -> BindLoginMethod:
    return BindLoginMethod(kind=kind, scan=world.scan(kind, identity, **fields))


async def new_email(world: World, address: str = "new@example.com", password: SecretStr = NEW_PASSWORD) -> BindLoginMethod:
    code = await world.code("login_email", address)
    return BindLoginMethod(kind="email", email=address, password=password, code=code)


async def test_lm_1_one_identity_of_each_of_five_kinds(world: World) -> None:
    await world.add(account())
    assert await world.refused(await scanned(world, "wechat", "another")) == ("LM-1", "kind_taken")
    await world.done(await scanned(world, "qq", "x"))
    await world.done(await scanned(world, "official_account", "x"))
    await world.done(await scanned(world, "wecom", "x", wecom_admin=True))
    assert {method.kind for method in (await world.get()).methods} == {"wechat", "email", "qq", "official_account", "wecom"}


async def test_lm_2_the_only_login_method_stays(world: World) -> None:
    await world.add(account(methods=methods("email")))
    assert await world.refused(unbind("email")) == ("LM-2", "only_login_method")
    await world.done(await scanned(world, "qq", "x"))
    await world.done(unbind("email"))


async def test_lm_3_binding_needs_a_check_and_the_new_identitys_proof(world: World) -> None:
    await world.add(account(checks=()))
    assert await world.refused(await scanned(world, "qq", "x")) == ("GEN-4", "identity_check_needed")
    await world.add(account(methods=methods("wechat")))
    assert await world.refused(BindLoginMethod(kind="qq", scan="nothing")) == ("LM-3", "not_authorized")
    command = await new_email(world)
    assert await world.refused(command.but(password=None)) == ("LM-3", "bad_input")
    assert await world.refused(command.but(password=SecretStr("short"))) == ("PW-2", "weak_password")
    wrong = SecretStr("000000" if command.code != SecretStr("000000") else "000001")
    assert await world.refused(command.but(code=wrong)) == ("GEN-6", "wrong_code")
    await world.done(command)
    assert (await world.get()).email_login == "new@example.com"


@pytest.mark.parametrize("kind", ["qq", "official_account", "email"])
async def test_lm_4_qq_email_and_official_account_belong_to_one_account(world: World, kind: Kind) -> None:
    taken = LoginMethod(kind=kind, identity="New@example.com" if kind == "email" else "x", bound_at=YEAR_AGO)
    await world.add(account(methods=methods("wechat")), account("100000000002", methods=(taken,)))
    command = await new_email(world) if kind == "email" else await scanned(world, kind, "x")
    assert await world.refused(command) == ("LM-4", "identity_in_use")


@pytest.mark.parametrize(("kind", "quota"), [("wechat", 50), ("wecom", 20)])
async def test_lm_5_wechat_and_wecom_quotas(world: World, kind: Kind, quota: int) -> None:
    shared = LoginMethod(kind=kind, identity="x", bound_at=YEAR_AGO)
    others = [account(f"1000000010{number:02}", methods=(shared,)) for number in range(quota - 1)]
    await world.add(account(methods=methods("email")), *others)
    await world.done(await scanned(world, kind, "x", wecom_admin=True))
    await world.add(account("100000000002", methods=methods("email", tag="b")))
    refusal = await world.do(await scanned(world, kind, "x", wecom_admin=True), world.root("100000000002"))
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.reason) == ("LM-5", f"{kind}_quota")


async def test_lm_6_an_identity_registers_one_account(world: World) -> None:
    other = account("100000000002", methods=methods("wechat", registration="wechat", tag="b"))
    await world.add(account(), other)
    command = ChangeLoginMethod(kind="wechat", scan=world.scan("wechat", "wechat-b"))
    assert await world.refused(command) == ("LM-6", "identity_in_use")


async def test_lm_7_changing_swaps_old_and_new_in_one_step(world: World) -> None:
    await world.add(account())
    command = ChangeLoginMethod(kind="wechat", scan=world.scan("wechat", "w2"))
    assert await world.refused(command.but(scan="nothing")) == ("LM-3", "not_authorized")
    assert (await world.get()).method("wechat") == account().method("wechat")
    assert await world.refused(command.but(scan=world.scan("wechat", "wechat-a"))) == ("LM-7", "unchanged")
    assert await world.refused(command.but(kind="qq")) == ("LM-7", "not_bound")
    await world.done(command)
    changed = (await world.get()).method("wechat")
    assert changed
    assert (changed.identity, changed.is_registration) == ("w2", True)
    assert not await world.store.find(Account, "login", "wechat:wechat-a")


@pytest.mark.parametrize("sync", [True, False])
async def test_lm_8_a_new_login_email_sets_a_password_and_may_take_both_emails_along(world: World, sync: bool) -> None:
    await world.add(account())
    before = (await world.get()).password.hashes
    bound = await new_email(world)
    await world.done(ChangeLoginMethod(**vars(bound), sync=sync))
    after = await world.get()
    assert after.password.hashes[1:] == before
    both = {after.contacts.security_email, after.contacts.contact_email}
    assert both == ({"new@example.com"} if sync else {"sec@example.com", EMAIL})


async def test_lm_9_another_method_is_unbound_after_a_check(world: World) -> None:
    await world.add(account(checks=()))
    assert await world.refused(unbind("email")) == ("GEN-4", "identity_check_needed")
    await world.add(account())
    assert await world.refused(unbind("qq")) == ("LM-9", "not_bound")
    assert (await world.done(unbind("email"))).outcome == "unbound"


async def test_lm_10_the_registration_method_has_three_conditions_reported_together(world: World) -> None:
    protections = Protections(login="wechat_scan", remote=RemoteLogin(on=True, check_method="wechat_scan"))
    bad = account(
        methods=methods("wechat", registration="wechat"),
        contacts=Contacts(security_email="sec@example.com"),
        protections=protections,
        checks=("email_code",),
        mfa=mfa(bound_with="wechat_scan"),
    )
    await world.add(bad)
    refusal = await world.do(unbind("wechat"))
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "LM-2"
    assert refusal.details == {
        "failing": ("only_login_method", "used_by_protection", "no_security_phone"),
        "features": ("login_protection", "remote_login", "virtual_mfa"),
    }
    shown = await world.done(CheckUnbind(kind="wechat"))
    assert [condition.met for condition in shown.conditions] == [False, False, False]
    await world.add(account(contacts=Contacts(security_email="sec@example.com"), checks=("email_code",)))
    assert await world.refused(unbind("wechat")) == ("LM-10", "no_security_phone")
    await world.add(account())
    await world.done(unbind("wechat"))


async def test_lm_11_a_feature_uses_a_method_by_its_check(world: World) -> None:
    registered = methods("wechat", "email", registration="email")
    await world.add(account(methods=registered, mfa=mfa(bound_with="email_code", kind="hardware")))
    refusal = await world.do(unbind("email"))
    assert isinstance(refusal, Refusal)
    assert refusal.details["features"] == ("hardware_mfa",)
    await world.add(account(methods=registered, mfa=mfa(bound_with="wechat_scan")))
    await world.done(unbind("email"))


@pytest.mark.parametrize("protection", ["login", "operation"])
async def test_lm_12_a_wechat_that_protects_is_neither_unbound_nor_changed(world: World, protection: str) -> None:
    protections = Protections.model_validate({protection: "wechat_scan"})
    await world.add(account(methods=methods("wechat", "email"), protections=protections, checks=("wechat_scan",)))
    assert await world.refused(unbind("wechat")) == ("LM-12", "used_by_protection")
    command = ChangeLoginMethod(kind="wechat", scan=world.scan("wechat", "w2"))
    assert await world.refused(command) == ("LM-12", "used_by_protection")


async def test_lm_13_after_unbinding_nothing_is_marked_and_the_identity_is_free(world: World) -> None:
    await world.add(account(), account("100000000002", methods=methods("email", tag="b")))
    await world.done(unbind("wechat"))
    after = await world.get()
    assert not any(method.is_registration for method in after.methods)
    assert after.registered_with == "wechat"
    await world.done(await scanned(world, "wechat", "wechat-a"), world.root("100000000002"))
    await world.done(await scanned(world, "wechat", "wechat-a"))


async def test_lm_14_an_unbound_identity_logs_in_no_more(world: World) -> None:
    await world.add(account())
    assert await world.store.find(Account, "login", f"email:{EMAIL}")
    await world.done(unbind("email"))
    assert not await world.store.find(Account, "login", f"email:{EMAIL}")


async def test_lm_15_wecom_needs_an_administrator_or_an_authorized_app_and_the_scope(world: World) -> None:
    await world.add(account())
    command = await scanned(world, "wecom", "m1", wecom_enterprise="ww1")
    assert await world.refused(command) == ("LM-15", "not_wecom_admin")
    enterprise = WecomEnterprise(
        id="ww1", members=(WecomMember(id="m1", name="赵"),), app_added=True, mode="by_administrator", scope_members=("m1",)
    )
    await world.add(enterprise.but(scope_members=()))
    assert await world.refused(command) == ("LM-15", "not_wecom_admin")
    await world.add(enterprise)
    await world.done(command)


async def test_lm_16_an_official_account_needs_the_permission(world: World) -> None:
    await world.add(account())
    without = await scanned(world, "official_account", "x", account_permission=False)
    assert await world.refused(without) == ("LM-16", "permission_missing")


async def test_lm_17_linking_from_the_sign_up_page_obeys_the_same_rules(world: World) -> None:
    await world.add(account(), account("100000000002", methods=methods("qq", tag="b")))
    command = await scanned(world, "qq", "qq-b")
    assert await world.refused(command) == ("LM-4", "identity_in_use")


async def test_lm_18_unbinding_the_wechat_leaves_mfa_as_it_is(world: World) -> None:
    await world.add(account(mfa=mfa()))
    await world.done(unbind("wechat"))
    assert (await world.done(GetMfa())).bound


async def test_lm_19_a_method_frozen_by_its_platform_points_to_another_way_in(world: World) -> None:
    frozen = tuple(method.but(frozen_by_platform=True) for method in methods("qq", "email"))
    await world.add(account(methods=frozen, verification=PERSONAL))
    assert {shown.way_in for shown in (await world.done(ListLoginMethods())).methods} == {"apply_for_login"}
    await world.add(account(methods=frozen))
    shown = (await world.done(ListLoginMethods())).methods
    assert {method.way_in for method in shown} == {"recovery"}
    assert [method.identity for method in shown] == ["q*****a", "l***@example.com"]


def test_a_kind_is_one_of_five() -> None:
    with pytest.raises(ValidationError):
        LoginMethod.model_validate({"kind": "phone", "identity": "1", "bound_at": START})
    assert MfaState().device is None

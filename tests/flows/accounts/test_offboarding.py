from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from flows.accounts.account import Contacts, Key, Leaver, LoginMethod, PassedCheck, Protections, User
from flows.accounts.commands.contacts import SetContactPhone, SetSecurityEmail, SetSecurityPhone
from flows.accounts.commands.login_methods import BindLoginMethod, UnbindLoginMethod
from flows.accounts.commands.offboarding import (
    AdviseAfterLeaving,
    CloseOffboarding,
    GetOffboarding,
    SetItemNotApplicable,
    StartOffboarding,
)
from flows.accounts.commands.password import ChangePassword
from flows.accounts.commands.protection import SetLoginProtection
from flows.accounts.commands.sessions import SignOutEverywhere
from flows.accounts.commands.users import DeleteKey, DeleteUser
from flows.accounts.commands.verification import StartChange
from flows.accounts.records import WecomEnterprise, WecomMember

from .world import EMAIL, GOOD_PASSWORD, LI, NEW_PASSWORD, PERSONAL, PHONE, START, STRANGER, WANG, YEAR_AGO, World, account, methods, mfa

ALL = methods("email", "wechat", "qq", "wecom", "official_account")
IDENTITIES: Any = {method.kind: method.identity for method in ALL}
LEAVER = Leaver(identities=IDENTITIES, phone=PHONE, email=EMAIL, id_number=LI.id_number)
CONTACTS = Contacts(security_phone=PHONE, security_email=EMAIL, contact_phone=PHONE, contact_email="desk@example.com")
START_ROOT = StartOffboarding(kind="root", leaver=LEAVER)


async def items(world: World) -> dict[str, tuple[str, str | None]]:
    return {item.id: (item.status, item.blocked_by) for item in (await world.done(GetOffboarding())).items}


async def test_off_1_everything_of_the_leaver_has_to_go(world: World) -> None:
    await world.add(account(methods=ALL, contacts=CONTACTS, verification=PERSONAL, mfa=mfa()))
    started = {item.id: item.status for item in (await world.done(START_ROOT)).items}
    todo = {
        "security-phone",
        "security-email",
        "contact-phone",
        *(f"unbind-{kind}" for kind in ("email", "wechat", "qq", "wecom", "official-account")),
    }
    assert {started[item] for item in todo} == {"todo"}
    assert started["successor-method"] == "todo"


async def test_off_1_what_the_account_holds_of_the_leaver_need_not_be_spelt_out(world: World) -> None:
    await world.add(account(methods=methods("email", "wechat"), contacts=CONTACTS, verification=PERSONAL))
    await world.done(StartOffboarding(kind="root", holds=("wechat", "security_phone", "contact_email", "verification")))
    found = {item: status for item, (status, _) in (await items(world)).items()}
    assert {found[item] for item in ("unbind-wechat", "security-phone", "contact-email", "verification")} == {"todo"}
    assert {found[item] for item in ("unbind-email", "security-email")} == {"not_applicable"}


async def test_off_2_what_does_not_exist_is_not_applicable(world: World) -> None:
    await world.add(account(methods=methods("wechat")))
    await world.done(StartOffboarding(kind="root", leaver=Leaver(identities={"wechat": "wechat-a"})))
    found = await items(world)
    for item in ("unbind-qq", "security-phone", "mfa", "password", "verification"):
        assert found[item] == ("not_applicable", None)
    assert await world.refused(SetItemNotApplicable(item="unbind-wechat", reason="x")) == ("OFF-2", "still_true")
    await world.done(SetItemNotApplicable(item="successor-method", reason="closing"))
    assert (await items(world))["successor-method"] == ("not_applicable", None)


async def test_off_3_successor_first_protection_next_sign_out_last(world: World) -> None:
    protections = Protections(login="wechat_scan")
    contacts = Contacts(security_phone="13700137000")
    await world.add(account(methods=methods("wechat"), protections=protections, contacts=contacts))
    await world.done(StartOffboarding(kind="root", leaver=Leaver(identities={"wechat": "wechat-a"})))
    order = list(await items(world))
    assert order[:2] == ["successor-method", "protection"]
    assert order[-1] == "sign-out"
    assert (await items(world))["unbind-wechat"] == ("blocked", "LM-2")
    await world.done(SignOutEverywhere(confirmed=True))
    assert (await items(world))["sign-out"] == ("todo", None)
    await world.done(BindLoginMethod(kind="qq", scan=world.scan("qq", "successor")))
    assert (await items(world))["unbind-wechat"] == ("blocked", "LM-12")
    await world.done(SetLoginProtection(type="phone_code"))
    await world.done(UnbindLoginMethod(kind="wechat"))
    world.wait(minutes=1)
    await world.done(SignOutEverywhere(confirmed=True))
    assert {status for status, _ in (await items(world)).values()} == {"done", "not_applicable"}
    await world.done(CloseOffboarding())
    assert (await world.get()).checklist is None


async def test_off_4_phone_and_security_email_are_changed(world: World) -> None:
    await world.add(account(contacts=CONTACTS))
    await world.done(StartOffboarding(kind="root", leaver=Leaver(phone=PHONE, email=EMAIL)))
    code = await world.code("security_phone", "13700137000")
    await world.done(SetSecurityPhone(number="13700137000", code=code))
    code = await world.code("security_email", "desk@example.com")
    await world.done(SetSecurityEmail(address="desk@example.com", code=code))
    await world.done(SetContactPhone(number="13700137000"))
    found = await items(world)
    assert (found["security-phone"], found["security-email"]) == (("done", None), ("done", None))
    assert found["contact-phone"] == ("blocked", "CT-5")


@pytest.mark.parametrize(("kind", "days", "expected"), [("handover", 10, "RN-22"), ("handover", 365, None), ("root", 10, None)])
async def test_off_5_a_handover_changes_the_verification_too(world: World, kind: Any, days: int, expected: str | None) -> None:
    await world.add(account(verification=PERSONAL.but(verified_at=START - timedelta(days=days))))
    await world.done(StartOffboarding(kind=kind, leaver=LEAVER))
    assert (await items(world))["verification"] == ("blocked" if expected else "todo", expected)
    if days > 30:
        await world.done(StartChange(kind="personal_to_personal", holder=WANG, method="face", proof=world.face(WANG)))
        assert (await items(world))["verification"] == ("done", None)


async def test_off_6_a_sub_account_goes_keys_first(world: World) -> None:
    user = User(id="u1", kind="sub_user", name="a", created_at=START, keys=(Key(id="k1"),))
    await world.add(account(users=(user,)))
    unknown = StartOffboarding(kind="sub_user", leaver=Leaver(user="u9"))
    assert await world.refused(unknown) == ("OFF-6", "unknown_user")
    await world.done(StartOffboarding(kind="sub_user", leaver=Leaver(user="u1")))
    assert await items(world) == {"keys": ("todo", None), "delete-user": ("blocked", "SUB-5")}
    await world.done(DeleteKey(key="k1"))
    assert (await items(world))["delete-user"] == ("todo", None)
    await world.done(DeleteUser(user="u1"))
    await world.done(CloseOffboarding())


async def test_off_7_a_wecom_member_leaves_the_visible_scope(world: World) -> None:
    user = User(id="u1", kind="sub_user", name="a", created_at=START, wecom_member="m1")
    enterprise = WecomEnterprise(id="ww", members=(WecomMember(id="m1", name="赵"),), app_added=True, scope_members=("m1",))
    await world.add(account(users=(user,), wecom="ww"), enterprise)
    await world.done(StartOffboarding(kind="sub_user", leaver=Leaver(user="u1")))
    await world.done(DeleteUser(user="u1"))
    assert await world.refused(CloseOffboarding()) == ("OFF-3", "items_left")
    await world.add(enterprise.but(scope_members=()))
    assert (await items(world))["visible-scope"] == ("done", None)
    await world.done(CloseOffboarding())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        (AdviseAfterLeaving(problem="account_unknown"), "recover_by_enterprise"),
        (AdviseAfterLeaving(problem="cannot_log_in", holder="personal"), "apply_for_login"),
        (AdviseAfterLeaving(problem="cannot_log_in", holder="enterprise"), "recover_by_enterprise"),
        (AdviseAfterLeaving(problem="cannot_log_in", holder="personal", reachable_email=True), "reset_password"),
        (AdviseAfterLeaving(problem="check_cannot_be_passed", holder="enterprise"), "reset_security_check"),
        (AdviseAfterLeaving(problem="check_cannot_be_passed", somebody_still_in=True), "set_login_protection"),
    ],
)
async def test_off_8_after_the_employee_left(world: World, query: AdviseAfterLeaving, first: str) -> None:
    ways = (await world.done(query, STRANGER)).ways
    assert ways[0] == first
    if query.problem == "account_unknown":
        assert len(ways) == 7


async def test_off_9_a_checklist_belongs_to_a_proven_identity(world: World) -> None:
    await world.add(account(users=(User(id="u1", kind="sub_user", name="a", created_at=START),)))
    assert await world.refused(START_ROOT, STRANGER) == ("GEN-3", "not_proven")
    assert await world.refused(START_ROOT, world.root(user="u1")) == ("GEN-13", "root_only")
    assert await world.refused(GetOffboarding()) == ("OFF-9", "nothing_open")
    await world.done(START_ROOT)
    assert await world.refused(START_ROOT) == ("OFF-9", "already_open")


async def test_password_and_device_are_done_when_they_are_newer_than_the_list(world: World) -> None:
    await world.add(account(mfa=mfa()))
    await world.done(StartOffboarding(kind="root", leaver=Leaver()))
    assert (await items(world))["password"] == ("todo", None)
    await world.done(ChangePassword(old=GOOD_PASSWORD, new=NEW_PASSWORD, repeat=NEW_PASSWORD))
    found = await items(world)
    assert (found["password"], found["mfa"]) == (("done", None), ("todo", None))


def test_identities_are_masked_nowhere_by_accident() -> None:
    assert LoginMethod(kind="email", identity="A@b.cn", bound_at=YEAR_AGO).key == "email:a@b.cn"
    assert "argon2" not in repr(SecretStr("argon2"))
    assert PassedCheck(conversation="c", method="mfa", at=START).instead is False

from typing import Any

import pytest

from flows.accounts.account import Contacts, Person, Protections
from flows.accounts.base import Refusal
from flows.accounts.commands.applying import (
    FinishLoginApplication,
    SetApplicationEmail,
    SetApplicationProtection,
    StartLoginApplication,
)
from flows.accounts.commands.protection import AttemptLogin

from .world import ENTERPRISE, LI, NEW_PASSWORD, PERSONAL, PHONE, ROOT_ID, STAFF, STRANGER, WANG, World, account, methods, mfa

HELD = "13600136000"
NEW_EMAIL = "new@example.com"


async def start(world: World, **fields: Any) -> StartLoginApplication:
    given: dict[str, Any] = {"account": ROOT_ID, "name": LI.name, "id_number": LI.id_number, "reason": "lost", "phone": HELD}
    return StartLoginApplication(**({"type": "personal", "code": await world.code("application_phone", HELD)} | given | fields))


async def drafted(world: World, **fields: Any) -> str:
    return (await world.done(await start(world, **fields), STRANGER)).application


async def email(world: World, application: str, **fields: Any) -> SetApplicationEmail:
    given: dict[str, Any] = {"email": NEW_EMAIL, "password": NEW_PASSWORD, "repeat": NEW_PASSWORD} | fields
    return SetApplicationEmail(application=application, code=await world.code("login_email", given["email"]), **given)


async def ready(world: World, *, phone: str | None = None, **fields: Any) -> str:
    application = await drafted(world, **fields)
    await world.done(await email(world, application), STRANGER)
    code = await world.code("application_protection", phone) if phone else None
    await world.done(SetApplicationProtection(application=application, phone=phone, code=code), STRANGER)
    return application


async def finish(world: World, application: str, face: Person = LI) -> str:
    return (await world.done(FinishLoginApplication(application=application, face=world.face(face)), STRANGER)).outcome


@pytest.mark.parametrize(("type_", "reason"), [("enterprise", "enterprise_use_recovery"), ("unverified", "unverified_contact_support")])
async def test_apl_1_only_personal_accounts(world: World, type_: Any, reason: str) -> None:
    assert await world.refused(StartLoginApplication(type=type_), STRANGER) == ("APL-1", reason)


async def test_apl_2_step_1_needs_everything(world: World) -> None:
    refusal = await world.do(StartLoginApplication(type="personal"), STRANGER)
    assert isinstance(refusal, Refusal)
    assert refusal.details["missing"] == ("account", "name", "id_number", "reason", "phone", "code")
    command = await start(world)
    wrong = "000000" if command.code and command.code.get_secret_value() != "000000" else "000001"
    assert await world.refused(command.but(code=wrong), STRANGER) == ("GEN-6", "wrong_code")
    await world.done(command, STRANGER)


@pytest.mark.parametrize("wrong", [{"account": "100000009999"}, {"name": "李四"}, {"id_number": WANG.id_number}])
async def test_apl_3_what_does_not_match_is_said_at_the_end_and_not_which(world: World, wrong: dict[str, str]) -> None:
    await world.add(account(verification=PERSONAL))
    application = await ready(world, **wrong)
    face = LI.but(name=wrong.get("name", LI.name), id_number=wrong.get("id_number", LI.id_number))
    assert await finish(world, application, face) == "details_do_not_match"
    assert (await world.get()).email_login != NEW_EMAIL


async def test_apl_4_without_an_account_it_does_not_start(world: World) -> None:
    refusal = await world.do(await start(world, account=""), STRANGER)
    assert isinstance(refusal, Refusal)
    assert refusal.details["missing"] == ("account",)


async def test_apl_5_an_email_of_no_account_and_a_password_twice(world: World) -> None:
    await world.add(account(verification=PERSONAL), account("100000000002"))
    application = await drafted(world)
    assert await world.refused(await email(world, application, email="02@example.com"), STRANGER) == ("APL-5", "identity_in_use")
    assert await world.refused(await email(world, application, repeat="x"), STRANGER) == ("PW-9", "not_repeated")
    assert await world.refused(await email(world, application, password="x", repeat="x"), STRANGER) == ("PW-2", "weak_password")
    await world.done(await email(world, application), STRANGER)


async def test_apl_6_a_new_phone_applies_with_the_rest_not_before(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    application = await ready(world, phone=HELD)
    assert (await world.get()).contacts.security_phone == PHONE
    assert await finish(world, application) == "done"
    after = await world.get()
    assert (after.protections.login, after.protections.operation, after.contacts.security_phone) == ("phone_code", "phone_code", HELD)


async def test_apl_6_the_phone_quota_holds(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    await world.add(*(account(f"10000000001{number}", contacts=Contacts(security_phone=HELD)) for number in range(5)))
    application = await drafted(world)
    command = SetApplicationProtection(application=application, phone=HELD, code=await world.code("application_protection", HELD))
    assert await world.refused(command, STRANGER) == ("CT-3", "phone_quota")


async def test_apl_7_login_mfa_that_is_kept_is_warned_of(world: World) -> None:
    await world.add(account(verification=PERSONAL, mfa=mfa(), protections=Protections(login="mfa")))
    keep = SetApplicationProtection(application=await drafted(world))
    assert (await world.done(keep, STRANGER)).outcome == "next_with_warning"
    stranger = SetApplicationProtection(application=await drafted(world, name="李四"))
    assert (await world.done(stranger, STRANGER)).outcome == "next"


async def test_apl_8_the_face_is_the_verified_persons(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    application = await ready(world)
    assert await finish(world, application, WANG) == "face_failed"
    assert await finish(world, application) == "done"


async def test_apl_9_everything_applies_at_once_and_other_methods_stay(world: World) -> None:
    await world.add(account(verification=PERSONAL, methods=methods("wechat", "qq", "email", registration="wechat")))
    assert await finish(world, await ready(world)) == "done"
    after = await world.get()
    assert {method.kind for method in after.methods} == {"wechat", "qq", "email"}
    login = AttemptLogin(method="email", email=NEW_EMAIL, password=NEW_PASSWORD, device="d")
    assert (await world.done(login, STAFF)).outcome == "logged_in"


async def test_apl_10_three_failed_faces_a_day_and_drafts_of_24_hours(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    application = await ready(world)
    assert [await finish(world, application, WANG) for _ in range(3)] == ["face_failed"] * 3
    command = FinishLoginApplication(application=application, face=world.face(LI))
    assert await world.refused(command, STRANGER) == ("APL-10", "too_many_tries")
    world.wait(hours=24)
    assert await world.refused(command, STRANGER) == ("APL-10", "expired")
    assert await finish(world, await ready(world)) == "done"


@pytest.mark.parametrize("state", ["frozen", "in_review", "cancelled"])
async def test_apl_11_frozen_and_cancelling_accounts_can_be_applied_for(world: World, state: str) -> None:
    frozen: dict[str, Any] = {"freeze_reasons": ("arrears",)}
    await world.add(account(verification=PERSONAL, **(frozen if state == "frozen" else {"cancellation": {"state": state}})))
    expected = "details_do_not_match" if state == "cancelled" else "done"
    before = (await world.get()).status
    assert await finish(world, await ready(world)) == expected
    assert (await world.get()).status == before


async def test_apl_12_the_old_phone_and_email_are_told(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    await finish(world, await ready(world, phone=HELD))
    assert world.inbox.to(PHONE)[0].values["operation"] == "finish_login_application"
    assert world.inbox.to("sec@example.com")[0].what == "notice"


async def test_apl_1_an_enterprise_account_does_not_match(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    assert await finish(world, await ready(world)) == "details_do_not_match"

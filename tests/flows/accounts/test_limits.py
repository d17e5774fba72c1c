from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from flows.accounts.account import Company, Contacts, LoginMethod, Person, User, Verification
from flows.accounts.base import Refusal
from flows.accounts.commands.contacts import SetSecurityPhone
from flows.accounts.commands.limits import GetUsage, ListLimits, RaiseEnterpriseQuota
from flows.accounts.commands.login_methods import BindLoginMethod, ChangeLoginMethod
from flows.accounts.commands.protection import AttemptLogin
from flows.accounts.commands.users import CreateUser
from flows.accounts.commands.verification import DecideChange, StartChange, StartVerification
from flows.accounts.rules.limits import TABLE
from flows.accounts.simulator import RegisteredCompany

from .world import (
    COMPANY,
    EMAIL,
    ENTERPRISE,
    LI,
    NEW_PASSWORD,
    PERSONAL,
    PHONE,
    STAFF,
    START,
    STRANGER,
    WANG,
    YEAR_AGO,
    World,
    account,
    methods,
)

OTHER = "100000000002"


async def _changes_to_anothers_registration(world: World, kind: Any) -> tuple[str, str]:
    mine = LoginMethod(kind=kind, identity="mine@example.com", is_registration=True, bound_at=YEAR_AGO)
    taken = LoginMethod(kind=kind, identity="taken@example.com", is_registration=True, bound_at=YEAR_AGO)
    await world.add(account(methods=(mine,)), account(OTHER, methods=(taken,)))
    if kind == "email":
        code = await world.code("login_email", taken.identity)
        return await world.refused(ChangeLoginMethod(kind=kind, email=taken.identity, password=NEW_PASSWORD, code=code))
    return await world.refused(ChangeLoginMethod(kind=kind, scan=world.scan(kind, taken.identity, wecom_admin=True)))


async def test_lim_1_one_root_account_per_email(world: World) -> None:
    assert await _changes_to_anothers_registration(world, "email") == ("LM-4", "identity_in_use")


async def test_lim_2_one_root_account_per_qq(world: World) -> None:
    assert await _changes_to_anothers_registration(world, "qq") == ("LM-4", "identity_in_use")


async def test_lim_3_one_root_account_per_wechat(world: World) -> None:
    assert await _changes_to_anothers_registration(world, "wechat") == ("LM-6", "identity_in_use")


async def test_lim_4_one_root_account_per_official_account(world: World) -> None:
    assert await _changes_to_anothers_registration(world, "official_account") == ("LM-4", "identity_in_use")


async def test_lim_5_one_root_account_per_wecom_identity(world: World) -> None:
    assert await _changes_to_anothers_registration(world, "wecom") == ("LM-6", "identity_in_use")


async def test_lim_6_five_accounts_per_security_phone(world: World) -> None:
    number = "13700137000"
    await world.add(account(), *(account(f"10000000001{n}", contacts=Contacts(security_phone=number)) for n in range(4)))
    code = await world.code("security_phone", number)
    await world.done(SetSecurityPhone(number=number, code=code))
    await world.add(account(OTHER))
    code = await world.code("security_phone", number)
    refused = await world.refused(SetSecurityPhone(number=number, code=code), world.root(OTHER))
    assert refused == ("CT-3", "phone_quota")


def verify(world: World, holder: Person | Company) -> StartVerification:
    if isinstance(holder, Person):
        return StartVerification(method="face", holder=holder, proof=world.face(holder))
    world.simulator.register(RegisteredCompany(code=holder.code, name=holder.name, representative=holder.representative))
    return StartVerification(method="representative_face", holder=holder, proof=world.face(holder.representative))


async def verified_accounts(world: World, number: int, verification: Verification) -> None:
    await world.add(*(account(f"1000000010{n:02}", verification=verification) for n in range(number)))


async def test_lim_7_three_accounts_per_person(world: World) -> None:
    await verified_accounts(world, 2, PERSONAL)
    await world.add(account(), account(OTHER))
    assert (await world.done(verify(world, LI))).outcome == "verified"
    assert await world.refused(verify(world, LI), world.root(OTHER)) == ("LIM-7", "person_quota")


async def test_lim_8_ten_accounts_per_enterprise(world: World) -> None:
    await verified_accounts(world, 9, ENTERPRISE)
    await world.add(account(), account(OTHER))
    assert (await world.done(verify(world, COMPANY))).outcome == "verified"
    assert await world.refused(verify(world, COMPANY), world.root(OTHER)) == ("LIM-8", "enterprise_quota")


@pytest.mark.parametrize("full", [True, False])
async def test_lim_9_fifty_accounts_per_wechat(world: World, full: bool) -> None:
    await _binds(world, "wechat", 50 if full else 49, refused=full)


@pytest.mark.parametrize("full", [True, False])
async def test_lim_10_twenty_accounts_per_wecom_identity(world: World, full: bool) -> None:
    await _binds(world, "wecom", 20 if full else 19, refused=full)


async def _binds(world: World, kind: Any, others: int, *, refused: bool) -> None:
    shared = LoginMethod(kind=kind, identity="x", bound_at=YEAR_AGO)
    await world.add(account(methods=methods("email")), *(account(f"1000000010{n:02}", methods=(shared,)) for n in range(others)))
    result = await world.do(BindLoginMethod(kind=kind, scan=world.scan(kind, "x", wecom_admin=True)))
    assert isinstance(result, Refusal) is refused


async def test_lim_11_twenty_enterprises_per_representative(world: World) -> None:
    for n in range(20):
        company = COMPANY.but(code=f"code{n}")
        await world.add(account(f"1000000010{n:02}", verification=ENTERPRISE.but(entity=company)))
    await world.add(account())
    assert await world.refused(verify(world, COMPANY)) == ("LIM-11", "representative_quota")


@pytest.mark.parametrize("kind", ["qq", "official_account"])
async def test_lim_12_one_account_per_other_identity(world: World, kind: Any) -> None:
    await _binds(world, kind, 1, refused=True)
    await world.add(account(OTHER, methods=methods("email", tag="b")))
    await world.done(BindLoginMethod(kind=kind, scan=world.scan(kind, "y")), world.root(OTHER))


async def test_lim_13_thirty_days_between_verifications(world: World) -> None:
    await world.add(account(verification=PERSONAL.but(verified_at=START - timedelta(days=29))))
    command = StartChange(kind="personal_to_personal", holder=WANG, method="face", proof=world.face(WANG))
    assert await world.refused(command) == ("RN-22", "too_early")


@pytest.mark.parametrize(("name", "refused"), [("甲乙公司", True), ("甲乙丙公司", False)])
async def test_lim_14_five_characters_in_an_enterprise_name(world: World, name: str, refused: bool) -> None:
    await world.add(account())
    assert isinstance(await world.do(verify(world, COMPANY.but(name=name))), Refusal) is refused


async def test_lim_15_ten_wrong_passwords_lock(world: World) -> None:
    await world.add(account())
    attempt = AttemptLogin(method="email", email=EMAIL, password=SecretStr("x"), captcha_passed=True, device="d")
    outcomes = [(await world.done(attempt, STAFF)).outcome for _ in range(10)]
    assert outcomes == ["wrong"] * 9 + ["locked"]


async def test_lim_16_a_thousand_users(world: World) -> None:
    many = tuple(User(id=f"u{n}", kind="sub_user", name=f"u{n}", created_at=START) for n in range(999))
    await world.add(account(users=many))
    await world.done(CreateUser(kind="collaborator", name="x"))
    assert await world.refused(CreateUser(kind="sub_user", name="y")) == ("SUB-2", "user_quota")


async def test_lim_17_one_entity_per_account(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    assert await world.refused(verify(world, WANG)) == ("RN-1", "already_verified")


async def test_lim_18_another_verification_frees_the_slot_at_once(world: World) -> None:
    await verified_accounts(world, 2, PERSONAL)
    await world.add(account(verification=PERSONAL), account(OTHER))
    assert await world.refused(verify(world, LI), world.root(OTHER)) == ("LIM-7", "person_quota")
    await world.done(StartChange(kind="personal_to_personal", holder=WANG, method="face", proof=world.face(WANG)))
    assert (await world.done(verify(world, LI), world.root(OTHER))).outcome == "verified"


async def test_lim_19_staff_raises_an_enterprises_quota(world: World) -> None:
    await verified_accounts(world, 10, ENTERPRISE)
    await world.add(account())
    assert await world.refused(verify(world, COMPANY)) == ("LIM-8", "enterprise_quota")
    assert await world.refused(RaiseEnterpriseQuota(code=COMPANY.code, limit=11)) == ("GEN-3", "staff_only")
    assert await world.refused(RaiseEnterpriseQuota(code=COMPANY.code, limit=10), STAFF) == ("LIM-19", "not_higher")
    await world.done(RaiseEnterpriseQuota(code=COMPANY.code, limit=11), STAFF)
    assert (await world.done(verify(world, COMPANY))).outcome == "verified"
    assert (await world.done(GetUsage())).quotas["LIM-8"].limit == 11


async def test_lim_20_above_the_limit_everything_stays_but_nothing_is_added(world: World) -> None:
    await verified_accounts(world, 5, PERSONAL)
    first = world.root("100000001000")
    usage = (await world.done(GetUsage(), first)).quotas["LIM-7"]
    assert (usage.used, usage.limit, usage.free) == (5, 3, 0)
    await world.add(account())
    assert await world.refused(verify(world, LI)) == ("LIM-7", "person_quota")


async def test_the_table_is_shown_to_anybody(world: World) -> None:
    assert (await world.done(ListLimits(), STRANGER)).limits == dict(TABLE)
    assert len(TABLE) == 17
    assert await world.refused(DecideChange(account=PHONE, approve=True), STAFF) == ("GEN-12", "wrong_state")

import inspect
from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from flows.accounts.account import Login, User
from flows.accounts.commands.account_info import (
    GetAccount,
    GetAppId,
    GetFreezeState,
    ListLogins,
    ListProducts,
    SetIndustry,
    SetNickname,
)
from flows.accounts.commands.ground import ProveIdentity
from flows.accounts.protocol import AccountService

from .world import COMPANY, ENTERPRISE, ROOT_ID, START, STRANGER, YEAR_AGO, World, account


async def test_acc_1_the_account_id_never_changes(world: World) -> None:
    await world.add(account())
    await world.done(SetNickname(nickname="new"))
    assert (await world.done(GetAccount())).account_id == ROOT_ID
    with pytest.raises(ValidationError):
        setattr(await world.get(), "id", "1")  # noqa: B010  the type checker would refuse it


async def test_acc_2_one_appid_belongs_to_one_account(world: World) -> None:
    await world.add(account(), account("100000000002"))
    shown = {(await world.done(GetAppId(), world.root(id_))).appid for id_ in (ROOT_ID, "100000000002")}
    assert len(shown) == 2


async def test_acc_3_a_new_account_is_usable_at_once(world: World) -> None:
    await world.add(account(registered_at=START))
    assert (await world.done(SetNickname(nickname="first"))).outcome == "saved"


async def test_acc_4_basic_information(world: World) -> None:
    await world.add(account(verification=ENTERPRISE, industry="games"))
    shown = await world.done(GetAccount())
    assert (shown.nickname, shown.verification, shown.industry, shown.registered_at) == ("demo", "enterprise", "games", YEAR_AGO)


@pytest.mark.parametrize("bad", ["", "   ", "x" * 51, "a\tb"])
async def test_acc_5_nicknames_have_1_to_50_characters(world: World, bad: str) -> None:
    await world.add(account())
    assert await world.refused(SetNickname(nickname=bad)) == ("ACC-5", "bad_nickname")
    await world.done(SetNickname(nickname=f" {'x' * 50} "))
    assert (await world.get()).nickname == "x" * 50


async def test_acc_6_the_verified_name_as_nickname_is_saved_with_a_warning(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    assert (await world.done(SetNickname(nickname=COMPANY.name))).outcome == "saved_with_warning"


async def test_acc_7_industries_are_a_fixed_list(world: World) -> None:
    await world.add(account())
    assert await world.refused(SetIndustry(industry="alchemy")) == ("ACC-7", "unknown_industry")
    assert (await world.done(SetIndustry(industry="games"))).outcome == "saved"


async def test_acc_8_a_phone_number_does_not_log_in(world: World) -> None:
    await world.add(account())
    with pytest.raises(ValidationError):
        account(registered_with="phone")


async def test_acc_9_freeze_reasons_name_their_way_out(world: World) -> None:
    await world.add(account(freeze_reasons=("violation", "verification_failed", "arrears", "before_cancellation")))
    steps = (await world.done(GetFreezeState())).next_steps
    assert list(steps.values()) == ["ticket", "verify_again", "pay", "withdraw_cancellation"]


async def test_acc_10_accounts_of_the_international_site_are_unknown(world: World) -> None:
    proof = await world.done(ProveIdentity(account="200000000001", factor="email_code", code=SecretStr("123456")), STRANGER)
    assert proof.outcome == "wrong"


def test_acc_11_nothing_merges_accounts_or_hands_servers_over() -> None:
    names = [name for name, _ in inspect.getmembers(AccountService, inspect.isfunction)]
    assert not [name for name in names if "merge" in name or "transfer_resource" in name or "migrate" in name]


async def test_acc_12_uin_and_appid(world: World) -> None:
    await world.add(account())
    shown = await world.done(GetAppId())
    assert (shown.account_id, shown.appid) == (ROOT_ID, "1250000001")
    assert (await world.done(ListProducts())).products == ()


async def test_acc_13_logins_of_90_days_newest_first_masked(world: World) -> None:
    logins = [Login(at=START - timedelta(days=days), method="wechat", ip="119.29.29.29", city="深圳") for days in (91, 89, 1)]
    await world.add(account(logins=logins, users=(User(id="u1", kind="sub_user", name="a", created_at=START),)))
    shown = (await world.done(ListLogins())).logins
    assert [(START - login.at).days for login in shown] == [1, 89]
    assert shown[0].ip == "119.29.*.*"
    assert await world.refused(ListLogins(), world.root(user="u1")) == ("GEN-13", "root_only")

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from flows.accounts.account import MfaState, Protections
from flows.accounts.commands.base import Proven
from flows.accounts.commands.ground import CheckIdentity
from flows.accounts.commands.login_methods import UnbindLoginMethod
from flows.accounts.commands.mfa import CheckMfaCode, ConfirmMfaBinding, GetMfa, StartMfaBinding, UnbindMfa
from flows.accounts.rules.mfa import code_at, secret_from, step_of

from .world import PHONE, World, account, methods, mfa


async def _start(world: World) -> SecretStr:
    shown = await world.done(StartMfaBinding(device="google"))
    return shown.secret


@pytest.mark.parametrize("device", ["mini_program", "google", "microsoft", "other_totp"])
async def test_mfa_1_any_totp_app_can_be_bound(world: World, device: str) -> None:
    await world.add(account())
    shown = await world.done(StartMfaBinding.model_validate({"device": device}))
    assert shown.uri.get_secret_value().startswith("otpauth://totp/")
    code = world.mfa_code(secret=shown.secret)
    assert (await world.done(ConfirmMfaBinding(code=code))).outcome == "bound"
    assert (await world.done(GetMfa())).device == device


async def test_mfa_2_hardware_only_in_the_closed_beta_with_its_serial_number(world: World) -> None:
    await world.add(account())
    command = StartMfaBinding(device="hardware", serial="SN1")
    assert await world.refused(command) == ("MFA-2", "beta_only")
    await world.add(account(mfa=MfaState(hardware_beta=True)))
    assert await world.refused(command.but(serial="")) == ("MFA-2", "beta_only")
    shown = await world.done(command)
    await world.done(ConfirmMfaBinding(code=world.mfa_code(secret=shown.secret)))
    device = (await world.get()).mfa.device
    assert device
    assert device.serial == "SN1"


@pytest.mark.parametrize(
    ("time", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
async def test_mfa_3_codes_follow_rfc_6238(world: World, time: int, code: str) -> None:
    secret = secret_from(b"12345678901234567890")
    assert code_at(secret, step_of(datetime.fromtimestamp(time, UTC))) == code
    assert code_at(secret, step_of(datetime.fromtimestamp(time + 60, UTC))) != code
    await world.add(account())
    assert len((await _start(world)).get_secret_value()) * 5 == 160


async def test_mfa_4_one_device_per_account(world: World) -> None:
    await world.add(account(mfa=mfa()))
    assert await world.refused(StartMfaBinding(device="google")) == ("MFA-4", "already_bound")


async def test_mfa_5_check_then_secret_then_code_then_scope(world: World) -> None:
    await world.add(account(checks=()))
    assert await world.refused(StartMfaBinding(device="google")) == ("GEN-4", "identity_check_needed")
    await world.add(account())
    secret = await _start(world)
    assert (await world.get()).mfa.device is None
    await world.done(ConfirmMfaBinding(code=world.mfa_code(secret=secret), scope=("login", "operation")))
    assert (await world.done(GetMfa())).used_by == ("login", "operation")


async def test_mfa_6_the_pending_secret_lives_ten_minutes_and_five_wrong_codes(world: World) -> None:
    await world.add(account())
    assert await world.refused(ConfirmMfaBinding(code=SecretStr("123456"))) == ("MFA-6", "nothing_pending")
    secret = await _start(world)
    wrong = ConfirmMfaBinding(code=world.mfa_code(50, secret))
    assert [(await world.done(wrong)).outcome for _ in range(5)] == ["wrong_code"] * 4 + ["expired"]
    await _start(world)
    world.wait(minutes=10)
    assert (await world.done(wrong)).outcome == "expired"


async def test_mfa_6_a_repeated_key_does_not_show_the_secret_again(world: World) -> None:
    await world.add(account())
    first = await world.do(StartMfaBinding(device="google"), key="k")
    again = await world.do(StartMfaBinding(device="google"), key="k")
    assert first != again
    assert getattr(again, "secret", SecretStr("")).get_secret_value() == "**********"


async def test_mfa_7_only_the_chosen_protections_become_mfa(world: World) -> None:
    await world.add(account(protections=Protections(operation="phone_code")))
    secret = await _start(world)
    await world.done(ConfirmMfaBinding(code=world.mfa_code(secret=secret), scope=("login",)))
    protections = (await world.get()).protections
    assert (protections.login, protections.operation) == ("mfa", "phone_code")


async def test_mfa_8_one_step_to_each_side_and_each_step_once(world: World) -> None:
    await world.add(account(mfa=mfa()))
    for steps, expected in ((-1, "right"), (0, "right"), (1, "right")):
        assert (await world.done(CheckMfaCode(code=world.mfa_code(steps)))).outcome == expected
    assert await world.refused(CheckMfaCode(code=world.mfa_code(1))) == ("MFA-8", "code_reused")
    assert await world.refused(CheckMfaCode(code=world.mfa_code(0))) == ("MFA-8", "code_reused")


async def test_mfa_9_five_wrong_codes_block_for_five_minutes(world: World) -> None:
    await world.add(account(mfa=mfa()))
    for _ in range(5):
        assert (await world.done(CheckMfaCode(code=world.mfa_code(500)))).outcome == "wrong"
    assert await world.refused(CheckMfaCode(code=world.mfa_code())) == ("MFA-9", "mfa_blocked")
    assert await world.refused(UnbindMfa(code=world.mfa_code())) == ("MFA-9", "mfa_blocked")
    world.wait(minutes=5)
    assert (await world.done(CheckMfaCode(code=world.mfa_code()))).outcome == "right"


async def test_mfa_9_wrong_codes_for_unbinding_count_too(world: World) -> None:
    await world.add(account(mfa=mfa()))
    for _ in range(5):
        assert await world.refused(UnbindMfa(code=world.mfa_code(500))) == ("MFA-10", "wrong_code")
    assert await world.refused(UnbindMfa(code=world.mfa_code())) == ("MFA-9", "mfa_blocked")


async def test_mfa_10_only_a_code_of_the_device_unbinds(world: World) -> None:
    await world.add(account(mfa=mfa()))
    assert await world.refused(UnbindMfa(code=world.mfa_code(5))) == ("MFA-10", "wrong_code")
    assert (await world.done(UnbindMfa(code=world.mfa_code()))).outcome == "unbound"
    assert await world.refused(UnbindMfa(code=world.mfa_code())) == ("MFA-10", "not_bound")
    assert world.inbox.to(PHONE)[0].what == "notice"


async def test_mfa_11_unbinding_turns_protections_of_its_type_off(world: World) -> None:
    await world.add(account(mfa=mfa(), protections=Protections(login="mfa", operation="phone_code")))
    result = await world.done(UnbindMfa(code=world.mfa_code()))
    assert result.turned_off == ("login",)
    protections = (await world.get()).protections
    assert (protections.login, protections.operation) == ("off", "phone_code")


async def test_mfa_12_no_other_check_gets_around_a_lost_device(world: World) -> None:
    await world.add(account(mfa=mfa(), protections=Protections(operation="mfa"), checks=("phone_code", "email_code")))
    assert await world.refused(UnbindLoginMethod(kind="email")) == ("GEN-4", "identity_check_needed")


async def test_mfa_13_a_wrong_code_is_diagnosed(world: World) -> None:
    await world.add(account(mfa=mfa()))
    fast = await world.done(CheckMfaCode(code=world.mfa_code(4)))
    assert (fast.outcome, fast.seconds_off) == ("clock_off", 120)
    late = await world.done(CheckMfaCode(code=world.mfa_code(-3)))
    assert (late.outcome, late.seconds_off) == ("expired", -90)
    world.wait(seconds=30)
    slow = await world.done(CheckMfaCode(code=world.mfa_code(-3)))
    assert (slow.outcome, slow.seconds_off) == ("clock_off", -90)
    assert (await world.done(CheckMfaCode(code=world.mfa_code(21)))).outcome == "wrong"
    assert (await world.get()).mfa.wrong_in_a_row == 4


async def test_mfa_13_as_an_identity_check_a_past_code_has_expired(world: World) -> None:
    await world.add(account(mfa=mfa(), checks=()))
    for steps, outcome in ((-2, "expired"), (-3, "expired"), (3, "wrong"), (500, "wrong")):
        assert (await world.done(CheckIdentity(method="mfa", code=world.mfa_code(steps)))).outcome == outcome
    assert (await world.get()).mfa.wrong_in_a_row == 4


async def test_mfa_14_unbinding_the_wechat_leaves_mfa(world: World) -> None:
    await world.add(account(mfa=mfa(), methods=methods("wechat", "email")))
    await world.done(UnbindLoginMethod(kind="wechat"))
    assert (await world.done(GetMfa())).bound


def test_proofs_are_values() -> None:
    proven = Proven(conversation="c", account="1", at=datetime(2026, 1, 1, tzinfo=UTC))
    assert proven.but(at=proven.at + timedelta(1)).account == "1"

from typing import Any

import pytest

from flows.accounts.account import Sessions
from flows.accounts.base import Refusal
from flows.accounts.commands.protection import AttemptLogin
from flows.accounts.commands.sessions import GetSessionSettings, SetSessionLimits, SignOutEverywhere

from .world import EMAIL, GOOD_PASSWORD, STAFF, World, account


async def log_in(world: World, device: str = "d1") -> None:
    result = await world.done(AttemptLogin(method="email", email=EMAIL, password=GOOD_PASSWORD, device=device), STAFF)
    assert result.outcome == "logged_in"


async def running(world: World) -> int:
    return len((await world.done(GetSessionSettings())).running)


async def saved(world: World, **limits: Any) -> object:
    result = await world.do(SetSessionLimits(**limits))
    return (result.rule, result.reason) if isinstance(result, Refusal) else result.outcome


async def test_ses_1_idle_limit(world: World) -> None:
    await world.add(account())
    assert (await world.done(GetSessionSettings())).idle_minutes == 120
    assert await saved(world, idle_minutes=14) == ("SES-1", "idle_out_of_range")
    assert await saved(world, idle_minutes=721) == ("SES-1", "idle_out_of_range")
    assert await saved(world, idle_minutes=15) == "saved"
    assert await saved(world, idle_minutes=720) == "saved"


async def test_ses_2_maximum(world: World) -> None:
    await world.add(account())
    assert (await world.done(GetSessionSettings())).max_hours == 48
    assert await saved(world, max_hours=0) == ("SES-2", "max_out_of_range")
    assert await saved(world, max_hours=49) == ("SES-2", "max_out_of_range")
    assert await saved(world, max_hours=1) == "saved"


async def test_ses_3_the_idle_limit_may_exceed_the_maximum(world: World) -> None:
    await world.add(account())
    assert await saved(world, idle_minutes=720, max_hours=1) == "saved"
    await log_in(world)
    world.wait(minutes=59)
    assert await running(world) == 1
    world.wait(minutes=1)
    assert await running(world) == 0


async def test_ses_4_new_limits_hold_from_the_next_login(world: World) -> None:
    await world.add(account())
    await log_in(world)
    assert await saved(world, idle_minutes=15) == "saved"
    assert await saved(world) == ("SES-4", "unchanged")
    await log_in(world, "d2")
    world.wait(minutes=20)
    shown = (await world.done(GetSessionSettings())).running
    assert [session.device for session in shown] == ["d1"]


@pytest.mark.parametrize(("idle", "maximum", "minutes"), [(15, 2880, 15), (600, 60, 60)])
async def test_ses_5_whatever_comes_first_ends_a_session(world: World, idle: int, maximum: int, minutes: int) -> None:
    await world.add(account(sessions=Sessions(idle_minutes=idle, max_minutes=maximum)))
    await log_in(world)
    world.wait(minutes=minutes - 1)
    assert await running(world) == 1
    world.wait(minutes=1)
    assert await running(world) == 0


async def test_ses_6_signing_out_everywhere_ends_all_sessions(world: World) -> None:
    await world.add(account(checks=()))
    assert await world.refused(SignOutEverywhere(confirmed=True)) == ("GEN-4", "identity_check_needed")
    await world.add(account())
    await log_in(world)
    await log_in(world, "d2")
    assert await world.refused(SignOutEverywhere()) == ("SES-6", "not_confirmed")
    assert (await world.done(SignOutEverywhere(confirmed=True))).sessions == 2
    assert await running(world) == 0


async def test_ses_7_before_it_comes_the_advice(world: World) -> None:
    await world.add(account())
    refusal = await world.do(SignOutEverywhere())
    assert isinstance(refusal, Refusal)
    assert refusal.details["advice"] == ("change_login_methods", "change_password")

from datetime import timedelta

import pytest
from pydantic import SecretStr

from flows.accounts.account import Account, PassedCheck, Password, User
from flows.accounts.base import Refusal
from flows.accounts.commands.account_info import GetAccount
from flows.accounts.commands.ground import SendCode
from flows.accounts.commands.login_methods import BindLoginMethod
from flows.accounts.commands.password import (
    ChangePassword,
    CheckPassword,
    FinishPasswordReset,
    GetLockState,
    RequestPasswordReset,
    ResetSubUserPassword,
)
from flows.accounts.commands.protection import AttemptLogin, LoginResult
from flows.accounts.commands.sessions import GetSessionSettings

from .world import (
    EMAIL,
    GOOD_HASH,
    GOOD_PASSWORD,
    NEW_PASSWORD,
    PASSWORDS,
    PHONE,
    STAFF,
    START,
    STRANGER,
    World,
    account,
    methods,
)

WRONG = SecretStr("Wrong-9horse")
CHANGE = ChangePassword(old=GOOD_PASSWORD, new=NEW_PASSWORD, repeat=NEW_PASSWORD)


async def log_in(world: World, password: SecretStr = GOOD_PASSWORD, *, captcha: bool = False, email: str = EMAIL) -> LoginResult:
    command = AttemptLogin(method="email", email=email, password=password, captcha_passed=captcha, device="d1")
    return await world.done(command, STAFF)


async def test_pw_1_only_an_email_login_has_a_password(world: World) -> None:
    await world.add(account(methods=methods("wechat", "qq")))
    assert await world.refused(CHANGE) == ("PW-1", "no_email_login")


async def failing(world: World, text: str) -> tuple[str, ...]:
    return (await world.done(CheckPassword(password=SecretStr(text), email=EMAIL), STRANGER)).failing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aa1-aaaa", ()),
        ("Aa1-" + "a" * 16, ()),
        ("Aa1-aaa", ("too_short",)),
        ("Aa1-" + "a" * 17, ("too_long",)),
        ("aa1-aaaa", ("no_upper",)),
        ("AA1-AAAA", ("no_lower",)),
        ("Aaa-aaaa", ("no_digit",)),
        ("Aa1aaaaa", ("no_punctuation",)),
        ("Aa1- aaaa", ("has_space",)),
    ],
)
async def test_pw_2_length_and_kinds_of_characters(world: World, text: str, expected: tuple[str, ...]) -> None:
    assert await failing(world, text) == expected


@pytest.mark.parametrize("text", ["Aa1-密码aaaa", "Aa1-aaaé", "Aa1-aaa！"])
async def test_pw_3_ascii_only(world: World, text: str) -> None:
    assert await failing(world, text) == ("bad_character",)


async def test_pw_4_not_the_login_email(world: World) -> None:
    query = CheckPassword(password=SecretStr("Li1-ming@ex.com"), email="li1-MING@ex.com")
    assert (await world.done(query, STRANGER)).failing == ("equals_email",)


async def test_pw_5_none_of_the_last_three(world: World) -> None:
    older = [PASSWORDS.hash(SecretStr(f"Older-{number}horse")) for number in range(3)]
    await world.add(account(password=Password(hashes=(GOOD_HASH, *older[:2]))))
    assert await world.refused(CHANGE.but(new=GOOD_PASSWORD, repeat=GOOD_PASSWORD)) == ("PW-5", "used_before")
    second = SecretStr("Older-1horse")
    assert await world.refused(CHANGE.but(new=second, repeat=second)) == ("PW-5", "used_before")
    await world.done(CHANGE)
    await world.done(CHANGE.but(old=NEW_PASSWORD, new=second, repeat=second))


async def test_pw_6_all_failing_parts_together(world: World) -> None:
    assert await failing(world, "é a") == ("too_short", "no_upper", "no_digit", "no_punctuation", "has_space", "bad_character")


async def test_pw_7_a_change_holds_at_once_and_sessions_stay(world: World) -> None:
    await world.add(account())
    await log_in(world)
    await world.done(CHANGE)
    assert len((await world.done(GetSessionSettings())).running) == 1
    assert (await log_in(world)).outcome == "wrong"
    assert (await log_in(world, NEW_PASSWORD)).outcome == "logged_in"


async def test_pw_8_an_old_password_is_only_advice(world: World) -> None:
    await world.add(account(password=Password(hashes=(GOOD_HASH,), changed_at=START - timedelta(days=90))))
    assert (await world.done(GetAccount())).advice == ()
    world.wait(seconds=1)
    assert (await world.done(GetAccount())).advice == ("password_old",)
    assert (await log_in(world)).outcome == "logged_in"


async def test_pw_9_the_old_one_and_the_new_one_twice(world: World) -> None:
    await world.add(account())
    assert await world.refused(CHANGE.but(repeat=WRONG)) == ("PW-9", "not_repeated")
    assert await world.refused(CHANGE.but(old=WRONG)) == ("PW-10", "wrong_old")
    assert await world.refused(CHANGE.but(new=SecretStr("weak"), repeat=SecretStr("weak"))) == ("PW-2", "weak_password")


async def test_pw_10_five_wrong_old_passwords_void_the_check(world: World) -> None:
    await world.add(account())
    said: list[object] = []
    for _ in range(5):
        refusal = await world.do(CHANGE.but(old=WRONG))
        assert isinstance(refusal, Refusal)
        assert (refusal.rule, refusal.reason) == ("PW-10", "wrong_old")
        said.append(refusal.details["check_void"])
    assert said == [0, 0, 0, 0, 1]
    assert await world.refused(CHANGE) == ("GEN-4", "identity_check_needed")
    assert (await world.done(GetLockState())).wrong_today == 0


async def ask_reset(world: World) -> FinishPasswordReset:
    world.wait(minutes=1)
    assert (await world.done(RequestPasswordReset(email=EMAIL), STRANGER)).outcome == "mail_sent"
    token = SecretStr(world.inbox.newest(EMAIL, "token"))
    await world.done(SendCode(purpose="prove", account=EMAIL, factor="phone_code"), STRANGER)
    code = SecretStr(world.inbox.newest(PHONE, "code"))
    return FinishPasswordReset(token=token, new=NEW_PASSWORD, repeat=NEW_PASSWORD, code=code)


async def test_pw_11_link_then_password_then_check(world: World) -> None:
    await world.add(account())
    finish = await ask_reset(world)
    assert await world.refused(finish.but(repeat=WRONG), STRANGER) == ("PW-9", "not_repeated")
    asked = await world.done(finish.but(code=None), STRANGER)
    assert (asked.outcome, asked.methods[0]) == ("check_needed", "phone_code")
    assert (await world.done(finish, STRANGER)).outcome == "reset"
    assert (await log_in(world, NEW_PASSWORD)).outcome == "logged_in"


async def test_pw_12_the_link_lives_30_minutes_works_once_and_unknown_addresses_look_alike(world: World) -> None:
    await world.add(account())
    first = await ask_reset(world)
    second = await ask_reset(world)
    assert (await world.done(first, STRANGER)).outcome == "expired"
    assert (await world.done(second, STRANGER)).outcome == "reset"
    assert (await world.done(second, STRANGER)).outcome == "expired"
    third = await ask_reset(world)
    world.wait(minutes=30)
    assert (await world.done(third, STRANGER)).outcome == "expired"
    assert (await world.done(RequestPasswordReset(email="nobody@example.com"), STRANGER)).outcome == "mail_sent"
    assert world.inbox.to("nobody@example.com") == ()
    assert await world.refused(RequestPasswordReset(email="x"), STRANGER) == ("VAL-EMAIL", "bad_email")


async def test_pw_13_other_platforms_keep_their_own_passwords(world: World) -> None:
    await world.add(account(methods=methods("wechat", "qq")))
    refusal = await world.do(CHANGE)
    assert isinstance(refusal, Refusal)
    assert refusal.details["platforms"] == ("wechat", "qq")


async def test_pw_14_a_sub_users_password_is_reset_by_an_administrator(world: World) -> None:
    users = (
        User(id="u1", kind="sub_user", name="a", created_at=START),
        User(id="u2", kind="sub_user", name="b", created_at=START, policies=("QcloudCamFullAccess",)),
    )
    await world.add(account(users=users))
    command = ResetSubUserPassword(user="u1", new=NEW_PASSWORD)
    assert await world.refused(command, world.root(user="u1")) == ("PW-14", "root_or_admin_only")
    await world.done(command, world.root(user="u2"))
    await world.done(command)
    assert await world.refused(command.but(new=SecretStr("weak"))) == ("PW-2", "weak_password")
    user = (await world.get()).user("u1")
    assert user
    assert PASSWORDS.matches(user.password_hash, NEW_PASSWORD)


async def test_pw_15_a_new_login_email_comes_with_a_password(world: World) -> None:
    await world.add(account(methods=methods("wechat")))
    code = await world.code("login_email", "new@example.com")
    command = BindLoginMethod(kind="email", email="new@example.com", code=code)
    assert await world.refused(command) == ("LM-3", "bad_input")
    await world.done(command.but(password=NEW_PASSWORD))
    assert (await log_in(world, NEW_PASSWORD, email="new@example.com")).outcome == "logged_in"


async def wrong(world: World, times: int, email: str = EMAIL) -> list[str]:
    return [(await log_in(world, WRONG, captcha=True, email=email)).outcome for _ in range(times)]


async def test_lock_1_wrong_passwords_are_counted_per_account_and_day(world: World) -> None:
    await world.add(account())
    await wrong(world, 2)
    assert (await world.done(GetLockState())).wrong_today == 2
    world.wait(days=1)
    assert (await world.done(GetLockState())).wrong_today == 0


async def test_lock_2_from_the_fourth_try_a_code_is_needed_which_is_not_counted(world: World) -> None:
    await world.add(account())
    results = [await log_in(world, WRONG) for _ in range(5)]
    assert [result.outcome for result in results] == ["wrong"] * 3 + ["code_needed"] * 2
    assert [result.tries_left for result in results[:3]] == [9, 8, 7]
    state = await world.done(GetLockState())
    assert (state.wrong_today, state.code_needed) == (3, True)
    assert (await log_in(world, captcha=True)).outcome == "logged_in"


async def test_lock_3_the_tenth_wrong_try_locks(world: World) -> None:
    await world.add(account())
    assert await wrong(world, 10) == ["wrong"] * 9 + ["locked"]


async def test_lock_4_the_lock_lasts_an_hour(world: World) -> None:
    await world.add(account())
    await wrong(world, 10)
    world.wait(minutes=59, seconds=59)
    assert (await log_in(world)).outcome == "locked"
    world.wait(seconds=1)
    assert (await log_in(world)).outcome == "logged_in"


@pytest.mark.parametrize(("minutes", "locked_for"), [(20, 40), (60, 60), (300, 60)])
async def test_lock_5_from_the_first_wrong_try_but_never_empty(world: World, minutes: int, locked_for: int) -> None:
    await world.add(account())
    await wrong(world, 9)
    world.wait(minutes=minutes)
    locked = await log_in(world, WRONG, captcha=True)
    assert locked.locked_until == world.now + timedelta(minutes=locked_for)


async def test_lock_6_nothing_lifts_it_early_not_even_a_reset(world: World) -> None:
    await world.add(account())
    await wrong(world, 10)
    assert (await world.done(await ask_reset(world), STRANGER)).outcome == "reset"
    assert (await log_in(world, NEW_PASSWORD)).outcome == "locked"


async def test_lock_7_every_method_is_refused_and_sessions_stay(world: World) -> None:
    await world.add(account())
    await log_in(world)
    await wrong(world, 10)
    by_wechat = AttemptLogin(method="wechat", scan=world.scan("wechat", "wechat-a"), device="d1")
    assert (await world.done(by_wechat, STAFF)).outcome == "locked"
    assert len((await world.done(GetSessionSettings())).running) == 1


async def test_lock_8_the_count_starts_again_after_lock_login_and_midnight(world: World) -> None:
    await world.add(account())
    await wrong(world, 10)
    world.wait(hours=1)
    assert (await world.done(GetLockState())).wrong_today == 0
    assert (await log_in(world, WRONG)).tries_left == 9
    await log_in(world)
    assert (await world.done(GetLockState())).wrong_today == 0
    await wrong(world, 3)
    world.wait(hours=14)
    assert (await log_in(world, WRONG)).tries_left == 9


async def test_lock_9_unknown_addresses_behave_alike(world: World) -> None:
    await world.add(account())
    known = [await log_in(world, WRONG) for _ in range(4)] + [await log_in(world, WRONG, captcha=True) for _ in range(8)]
    nobody = "nobody@example.com"
    unknown = [await log_in(world, WRONG, email=nobody) for _ in range(4)]
    unknown += [await log_in(world, WRONG, captcha=True, email=nobody) for _ in range(8)]
    assert known == unknown


def test_a_passed_check_counts_wrong_passwords() -> None:
    assert PassedCheck(conversation="c", method="mfa", at=START).wrong_passwords == 0
    assert Account.model_fields["password"].default == Password()

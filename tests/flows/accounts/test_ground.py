from datetime import UTC, date, datetime

import pytest
from pydantic import SecretStr

from flows.accounts.account import Contacts, Protections, User
from flows.accounts.base import Outcome, Refusal
from flows.accounts.calendar import day_of, working_days_after
from flows.accounts.commands.account_info import GetAccount, SetNickname
from flows.accounts.commands.base import Proven
from flows.accounts.commands.contacts import SetSecurityPhone
from flows.accounts.commands.ground import (
    CheckIdentity,
    EvidenceItem,
    EvidenceOffered,
    ListCheckMethods,
    OfferEvidence,
    ProveIdentity,
    SendCode,
)
from flows.accounts.commands.login_methods import UnbindLoginMethod
from flows.accounts.masking import mask_code, mask_email, mask_name, mask_phone
from flows.accounts.simulator import Scan

from .world import PHONE, ROOT_ID, START, STRANGER, World, account, methods, mfa

UNBIND = UnbindLoginMethod(kind="email")


def test_gen_1_days_are_shanghai_days_and_working_days_skip_weekends_and_holidays() -> None:
    assert day_of(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert working_days_after(START, 3) == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert working_days_after(START, 1, [date(2026, 11, 23)]) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


async def test_gen_2_knowing_an_id_proves_nothing(world: World) -> None:
    await world.add(account())
    assert await world.refused(GetAccount(), STRANGER) == ("GEN-3", "not_proven")


async def _prove(world: World, hint: str) -> tuple[object, Proven | None]:
    await world.done(SendCode(purpose="prove", account=hint, factor="phone_code"), STRANGER)
    code = SecretStr(world.inbox.newest(PHONE, "code"))
    proof = await world.done(ProveIdentity(account=hint, factor="phone_code", code=code), STRANGER)
    return proof.outcome, proof.actor


async def test_gen_3_a_code_to_an_existing_factor_proves_for_30_minutes(world: World) -> None:
    await world.add(account())
    outcome, actor = await _prove(world, ROOT_ID)
    assert outcome == "proven"
    world.wait(minutes=30)
    assert (await world.done(GetAccount(), actor)).account_id == ROOT_ID
    world.wait(seconds=1)
    assert await world.refused(GetAccount(), actor) == ("GEN-3", "not_proven")


async def test_gen_4_operations_marked_s_need_a_fresh_check_of_this_conversation(world: World) -> None:
    await world.add(account(checks=()))
    assert await world.refused(UNBIND) == ("GEN-4", "identity_check_needed")
    await world.done(SendCode(purpose="check", factor="phone_code"), world.root())
    code = SecretStr(world.inbox.newest(PHONE, "code"))
    assert (await world.done(CheckIdentity(method="phone_code", code=code))).outcome == "passed"
    elsewhere = Proven(conversation="other", account=ROOT_ID, at=world.now)
    assert await world.refused(UNBIND, elsewhere) == ("GEN-4", "identity_check_needed")
    assert (await world.done(UNBIND)).outcome == "unbound"


@pytest.mark.parametrize("method", ["mfa", "wechat_scan"])
async def test_gen_4_mfa_and_the_bound_wechat_check_too(world: World, method: str) -> None:
    await world.add(account(checks=(), mfa=mfa()))
    good = (
        CheckIdentity(method="mfa", code=world.mfa_code())
        if method == "mfa"
        else CheckIdentity(method="wechat_scan", scan=world.scan("wechat", "wechat-a"))
    )
    assert (await world.done(CheckIdentity(method="wechat_scan", scan=world.scan("wechat", "other")))).outcome == "wrong"
    assert (await world.done(good)).outcome == "passed"


async def test_gen_5_without_a_check_method_there_are_the_hotlines(world: World) -> None:
    await world.add(account(contacts=Contacts(), methods=methods("email"), checks=()))
    refusal = await world.do(ListCheckMethods())
    assert refusal == Refusal(rule="GEN-5", reason="no_check_method", details={"numbers": ("4009100100", "95716")})
    assert await world.refused(UNBIND) == ("GEN-5", "no_check_method")


async def test_gen_5_other_methods_are_offered_default_first(world: World) -> None:
    await world.add(account(protections=Protections(operation="wechat_scan")))
    shown = await world.done(ListCheckMethods())
    assert shown.methods == ("wechat_scan", "phone_code", "email_code")
    assert shown.targets["phone_code"] == "138****8000"


async def test_gen_4_a_check_that_still_counts_is_named_for_its_conversation_only(world: World) -> None:
    await world.add(account(checks=()))
    assert not (await world.done(ListCheckMethods())).passed
    await world.done(CheckIdentity(method="wechat_scan", scan=world.scan("wechat", "wechat-a")))
    assert (await world.done(ListCheckMethods())).passed
    assert not (await world.done(ListCheckMethods(), Proven(conversation="other", account=ROOT_ID, at=world.now))).passed
    world.wait(minutes=31)
    assert not (await world.done(ListCheckMethods())).passed


async def test_gen_4_a_code_that_proved_the_identity_was_a_check_as_well(world: World) -> None:
    await world.add(account(checks=()))
    actor = (await _prove(world, ROOT_ID))[1]
    assert (await world.done(UNBIND, actor)).outcome == "unbound"


async def test_gen_6_a_code_that_cannot_be_sent_yet_is_named_with_its_seconds(world: World) -> None:
    await world.add(account(checks=(), protections=Protections(operation="wechat_scan")))
    actor = (await _prove(world, ROOT_ID))[1]
    world.wait(seconds=20)
    shown = await world.done(ListCheckMethods(), actor)
    assert (shown.passed, shown.waits) == (False, {"phone_code": 40})
    world.wait(seconds=40)
    send = SendCode(purpose="check", factor="phone_code")
    await world.done(send, actor)
    assert (await world.done(ListCheckMethods(), actor)).waits == {}
    refusal = await world.do(send, actor)
    assert isinstance(refusal, Refusal)
    assert refusal.details == {"wait": 60, "sent": 1}


async def _five_wrong(world: World, right: str) -> list[str]:
    wrong = SecretStr("000000" if right != "000000" else "000001")
    command = ProveIdentity(account=ROOT_ID, factor="phone_code", code=wrong)
    return [(await world.done(command, STRANGER)).outcome for _ in range(6)]


async def test_gen_6_codes_live_5_minutes_and_5_tries_and_work_once(world: World) -> None:
    await world.add(account())
    send = SendCode(purpose="prove", account=ROOT_ID, factor="phone_code")
    await world.done(send, STRANGER)
    assert await world.refused(send, STRANGER) == ("GEN-6", "code_too_often")
    code = world.inbox.newest(PHONE, "code")
    assert len(code) == 6
    assert await _five_wrong(world, code) == ["wrong"] * 4 + ["used_up"] * 2
    prove = ProveIdentity(account=ROOT_ID, factor="phone_code", code=SecretStr(code))
    assert (await world.done(prove, STRANGER)).outcome == "used_up"
    world.wait(minutes=1)
    assert (await _prove(world, ROOT_ID))[0] == "proven"
    again = prove.but(code=SecretStr(world.inbox.newest(PHONE, "code")))
    assert (await world.done(again, STRANGER)).outcome == "wrong"
    world.wait(minutes=1)
    await world.done(send, STRANGER)
    world.wait(minutes=5)
    assert (await world.done(again.but(code=SecretStr(world.inbox.newest(PHONE, "code"))), STRANGER)).outcome == "expired"


async def test_gen_6_ten_codes_a_day_go_to_one_target(world: World) -> None:
    send = SendCode(purpose="security_phone", target="13900139000")
    for _ in range(10):
        await world.done(send, STRANGER)
        world.wait(minutes=1)
    assert await world.refused(send, STRANGER) == ("GEN-6", "code_too_often")
    world.wait(days=1)
    await world.done(send, STRANGER)


async def test_gen_6_a_code_belongs_to_one_purpose_and_one_target(world: World) -> None:
    await world.add(account())
    code = await world.code("recycled_number", "13900139001")
    refused = await world.refused(SetSecurityPhone(number="13900139001", code=code))
    assert refused == ("GEN-6", "wrong_code")


async def test_gen_7_unknown_accounts_answer_alike(world: World) -> None:
    await world.add(account())
    seen: list[list[object]] = []
    for hint in (ROOT_ID, "100000009999"):
        send = SendCode(purpose="prove", account=hint, factor="phone_code")
        prove = ProveIdentity(account=hint, factor="phone_code", code=SecretStr("999999"))
        outcomes: list[object] = [await world.done(prove, STRANGER), await world.do(send, STRANGER), await world.do(send, STRANGER)]
        outcomes += [await world.done(prove, STRANGER) for _ in range(6)]
        world.wait(minutes=5)
        seen.append([*outcomes, await world.do(send, STRANGER), await world.done(prove, STRANGER)])
    assert seen[0] == seen[1]


def test_gen_8_nothing_personal_leaves_unmasked() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_code("110099190003070002") == "1*****2"
    assert mask_email("li.ming@example.com") == "l***@example.com"
    assert mask_name("李小明") == "**明"


async def test_gen_9_a_key_does_nothing_twice(world: World) -> None:
    await world.add(account())
    first = await world.do(SetNickname(nickname="one"), key="k")
    assert await world.do(SetNickname(nickname="one"), key="k") == first
    assert len((await world.get()).events) == 1
    reused = await world.do(SetNickname(nickname="two"), key="k")
    assert reused == Refusal(rule="GEN-9", reason="key_reused")
    with pytest.raises(ValueError, match="idempotency key"):
        await world.service.perform(world.root(), SetNickname(nickname="two"))


async def test_gen_10_secrets_show_nowhere(world: World) -> None:
    await world.add(account(mfa=mfa()))
    code = await world.code("security_phone", "13900139000")
    command = SetSecurityPhone(number="13900139000", code=code)
    kept = repr([*(await world.store.documents(type(await world.get()))), command, *world.inbox]) + command.model_dump_json()
    assert code.get_secret_value() not in kept
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert "argon2" not in kept


async def test_gen_11_format_before_proof_before_state_before_rules(world: World) -> None:
    await world.add(account(checks=(), freeze_reasons=("arrears",)))
    bad = SetSecurityPhone(number="1", code=SecretStr("123456"))
    assert await world.refused(bad, STRANGER) == ("VAL-MOBILE", "bad_phone")
    good = bad.but(number="13900139000")
    assert await world.refused(good, STRANGER) == ("GEN-3", "not_proven")
    assert await world.refused(good) == ("GEN-4", "identity_check_needed")
    assert await world.refused(SetNickname(nickname="")) == ("GEN-12", "account_frozen")


async def test_gen_12_frozen_accounts_read_but_do_not_change(world: World) -> None:
    await world.add(account(freeze_reasons=("violation",)))
    assert (await world.done(GetAccount())).status == "frozen"
    assert await world.refused(SetNickname(nickname="x")) == ("GEN-12", "account_frozen")


async def test_gen_13_only_root_changes_settings(world: World) -> None:
    user = User(id="u1", kind="sub_user", name="zhao", created_at=START)
    await world.add(account(users=(user,)))
    assert await world.refused(SetNickname(nickname="x"), world.root(user="u1")) == ("GEN-13", "root_only")


async def test_gen_14_changes_are_written_down_and_told_to_the_old_phone(world: World) -> None:
    await world.add(account())
    code = await world.code("security_phone", "13900139000")
    await world.done(SetSecurityPhone(number="13900139000", code=code))
    event = (await world.get()).events[-1]
    assert (event.operation, event.who, event.at) == ("set_security_phone", "root", world.now)
    assert world.inbox.to(PHONE)[0].what == "notice"
    assert world.inbox.to("sec@example.com")[0].what == "notice"
    assert [message.what for message in world.inbox.to("13900139000")] == ["code"]


async def test_gen_15_evidence_comes_from_the_simulator(world: World) -> None:
    await world.add(account(checks=()))
    unknown = CheckIdentity(method="wechat_scan", scan="never-happened")
    assert await world.do(unknown) == Outcome(outcome="wrong")
    world.scan("wechat", "wechat-a")
    assert await world.do(unknown.but(scan="scan-wechat-wechat-a")) == Outcome(outcome="passed")


async def test_gen_15_finished_evidence_is_offered_by_name(world: World) -> None:
    await world.add(account(checks=()))
    item = EvidenceItem(reference="wechat-li", zh="李明（演示）", en="Li Ming (demo)")
    world.simulator.offer("wechat", item, Scan(kind="wechat", identity="wechat-a"))
    assert await world.done(OfferEvidence(kind="face"), STRANGER) == EvidenceOffered()
    offered = await world.done(OfferEvidence(kind="wechat"), STRANGER)
    assert offered.items == (item,)
    assert (await world.done(CheckIdentity(method="wechat_scan", scan=offered.items[0].reference))).outcome == "passed"

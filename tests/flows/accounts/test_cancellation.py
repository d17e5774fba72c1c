from datetime import timedelta
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from flows.accounts.account import Account, Billing, Contacts, Key, PassedCheck, Resource, User
from flows.accounts.base import Refusal
from flows.accounts.commands.account_info import GetAccount, SetNickname
from flows.accounts.commands.cancellation import (
    CheckResources,
    Confirmation,
    ConfirmCancellation,
    ContinueCancellation,
    DecideCancellation,
    GetCancellation,
    GiveUpResources,
    PrecheckCancellation,
    ResourceCheck,
    StartCancellation,
    SubmitCancellationPapers,
    WithdrawCancellation,
)
from flows.accounts.commands.contacts import SetSecurityPhone
from flows.accounts.commands.ground import ProveIdentity
from flows.accounts.commands.login_methods import BindLoginMethod
from flows.accounts.commands.users import CreateUser
from flows.accounts.rules.cancellation import PAPERS
from flows.accounts.rules.cancellation_resources import MAY_GIVE_UP

from .world import ENTERPRISE, LI, PERSONAL, PHONE, ROOT_ID, STAFF, START, STRANGER, WANG, World, account, methods

START_IT = StartCancellation(confirmations=get_args(Confirmation), reasons=("no_longer_using",))
CVM = Resource(id="r1", kind="cvm")
VOUCHER = Resource(id="r2", kind="voucher")
UNSETTLED = Resource(id="r3", kind="cos", postpaid=True, unsettled=True)
ALL_PAPERS = dict.fromkeys(PAPERS, "p")


async def recheck(world: World) -> None:
    """Another passed identity check, after time has gone by."""
    stored = await world.get()
    await world.add(stored.but(checks=(PassedCheck(conversation="c", method="phone_code", at=world.now),)))


async def state(world: World) -> str:
    return (await world.done(GetCancellation())).state


async def resources(world: World) -> ResourceCheck:
    assert (await world.done(CheckResources())).outcome == "checking"
    world.wait(minutes=3)
    return await world.done(CheckResources())


async def to_identity(world: World, **fields: Any) -> None:
    await world.add(account(**fields))
    await world.done(START_IT)
    assert (await resources(world)).outcome == "clear"
    assert (await world.done(ContinueCancellation())).outcome == "identity"


async def to_review(world: World) -> None:
    await to_identity(world, verification=ENTERPRISE)
    await world.done(SubmitCancellationPapers(papers=ALL_PAPERS))


async def to_cooling_off(world: World) -> None:
    await world.add(account(resources=(UNSETTLED,), verification=PERSONAL))
    await world.done(START_IT)
    assert (await resources(world)).outcome == "clear"
    assert (await world.done(ContinueCancellation())).outcome == "cooling_off"


async def test_can_1_the_root_account_after_an_identity_check(world: World) -> None:
    await world.add(account(checks=(), users=(User(id="u1", kind="sub_user", name="a", created_at=START),)))
    assert await world.refused(START_IT, STRANGER) == ("GEN-3", "not_proven")
    assert await world.refused(START_IT) == ("GEN-4", "identity_check_needed")
    await world.add(account(users=(User(id="u1", kind="sub_user", name="a", created_at=START),)))
    assert await world.refused(START_IT, world.root(user="u1")) == ("GEN-13", "root_only")


async def test_can_2_what_the_service_checks_each_with_its_reason(world: World) -> None:
    billing = Billing(arrears_fen=1, unfinished_orders=1, open_complaints=1)
    user = User(id="u1", kind="message_recipient", name="a", created_at=START)
    await world.add(account(billing=billing, users=(user,), keys=(Key(id="k"),)))
    refusal = await world.do(START_IT)
    assert isinstance(refusal, Refusal)
    failing = ("unfinished_orders", "debts", "users_left", "api_keys_left", "open_complaints")
    assert (refusal.rule, refusal.reason, refusal.details["failing"]) == ("CAN-2", "condition_failed", failing)
    assert set((await world.done(PrecheckCancellation())).conditions.values()) == {False}


async def test_can_3_every_notice_is_confirmed(world: World) -> None:
    await world.add(account())
    refusal = await world.do(START_IT.but(confirmations=get_args(Confirmation)[1:]))
    assert refusal == Refusal(rule="CAN-3", reason="not_confirmed", details={"missing": ("benefits_lapse",)})


async def test_can_4_a_reason_and_a_text_for_other(world: World) -> None:
    await world.add(account())
    assert await world.refused(START_IT.but(reasons=())) == ("CAN-4", "no_reason")
    assert await world.refused(START_IT.but(reasons=("other",), text=" ")) == ("CAN-4", "no_reason")
    await world.done(START_IT.but(reasons=("other",), text="moving"))


async def test_can_5_cash_and_vouchers_do_not_block_debts_do(world: World) -> None:
    await world.add(account(resources=(VOUCHER, Resource(id="r4", kind="cash")), billing=Billing(balance_fen=100)))
    await world.done(START_IT)
    found = await resources(world)
    assert [shown.kind for shown in found.may_give_up] == ["voucher", "cash"]
    await world.add(account(billing=Billing(advance_fen=1)))
    assert await world.refused(START_IT) == ("CAN-2", "condition_failed")


async def test_can_6_the_check_takes_minutes_and_restarts_when_resources_change(world: World) -> None:
    await world.add(account())
    await world.done(START_IT)
    await world.done(CheckResources())
    world.wait(minutes=2)
    assert (await world.done(CheckResources())).outcome == "checking"
    await world.add((await world.get()).but(resources=(VOUCHER,)))
    world.wait(minutes=1)
    assert (await world.done(CheckResources())).outcome == "checking"
    world.wait(minutes=3)
    assert (await world.done(CheckResources())).outcome == "may_give_up"


@pytest.mark.parametrize("kind", [*MAY_GIVE_UP, "ssl_certificate"])
async def test_can_7_what_may_be_given_up(world: World, kind: Any) -> None:
    soon = START + timedelta(days=60)
    await world.add(account(resources=(Resource(id="r", kind=kind, ends_at=soon),)))
    await world.done(START_IT)
    assert (await resources(world)).outcome == "may_give_up"
    assert await world.refused(GiveUpResources(ids=("x",))) == ("CAN-7", "cannot_give_up")
    assert (await world.done(GiveUpResources(ids=("r",)))).outcome == "clear"


@pytest.mark.parametrize("kind", ["cvm", "domain", "ssl_certificate"])
async def test_can_7_anything_else_is_handled_in_its_console(world: World, kind: Any) -> None:
    await world.add(account(resources=(Resource(id="r", kind=kind, ends_at=START + timedelta(days=100)),)))
    await world.done(START_IT)
    assert (await resources(world)).outcome == "must_handle"
    assert await world.refused(GiveUpResources(ids=("r",))) == ("CAN-7", "cannot_give_up")


async def test_can_8_nothing_is_given_up_before_the_rest_is_handled_and_nothing_comes_back(world: World) -> None:
    await world.add(account(resources=(CVM, VOUCHER)))
    await world.done(START_IT)
    assert (await resources(world)).outcome == "must_handle"
    assert await world.refused(GiveUpResources(ids=("r2",))) == ("CAN-8", "must_handle_first")
    assert await world.refused(ContinueCancellation()) == ("CAN-10", "wrong_state")
    await world.add((await world.get()).but(resources=(VOUCHER,)))
    assert (await resources(world)).outcome == "may_give_up"
    await world.done(GiveUpResources(ids=("r2",)))
    await world.done(WithdrawCancellation())
    assert (await world.get()).resources == ()


async def test_can_9_unsettled_resources_cool_off_for_15_days(world: World) -> None:
    await to_cooling_off(world)
    shown = await world.done(GetCancellation())
    assert (shown.state, shown.days_left, shown.cooling_until) == ("cooling_off", 15, world.now + timedelta(days=15))
    assert (await world.done(GetAccount())).status == "cancelling"
    await world.done(SetNickname(nickname="still works"))
    assert await world.refused(CreateUser(kind="sub_user", name="a")) == ("CAN-9", "account_cancelling")
    world.wait(days=14, hours=23)
    assert await world.refused(ContinueCancellation()) == ("CAN-9", "still_cooling_off")
    assert await world.refused(CheckResources()) == ("CAN-9", "wrong_state")


async def test_can_10_after_15_days_the_user_comes_back_and_is_checked_again(world: World) -> None:
    await to_cooling_off(world)
    world.wait(days=30)
    shown = await world.done(GetCancellation())
    assert (shown.state, shown.next_step) == ("cooled", "check_resources")
    assert await world.refused(ContinueCancellation()) == ("CAN-10", "wrong_state")
    assert (await resources(world)).outcome == "clear"
    assert (await world.done(ContinueCancellation())).outcome == "identity"


async def test_can_10_what_became_unsettled_meanwhile_is_in_the_way(world: World) -> None:
    await to_cooling_off(world)
    world.wait(days=15)
    await world.done(CheckResources())
    await world.add((await world.get()).but(resources=(UNSETTLED,)))
    assert (await resources(world)).outcome == "must_handle"


async def test_can_11_without_resources_straight_to_identity(world: World) -> None:
    await to_identity(world)
    assert await state(world) == "identity"


async def test_can_12_a_person_passes_the_face_check_and_is_gone_at_once(world: World) -> None:
    await to_identity(world, verification=PERSONAL)
    assert (await world.done(ConfirmCancellation(face=world.face(WANG)))).outcome == "face_failed"
    assert await world.refused(SubmitCancellationPapers(papers=ALL_PAPERS)) == ("CAN-12", "wrong_state")
    assert (await world.done(ConfirmCancellation(face=world.face(LI)))).outcome == "cancelled"
    assert (await world.get()).status == "cancelled"


async def test_can_13_unverified_accounts_need_no_papers_but_a_check(world: World) -> None:
    await to_identity(world)
    world.wait(minutes=31)
    assert await world.refused(ConfirmCancellation()) == ("GEN-4", "identity_check_needed")
    await recheck(world)
    assert (await world.done(ConfirmCancellation())).outcome == "cancelled"


async def test_can_14_an_enterprises_papers(world: World) -> None:
    await to_identity(world, verification=ENTERPRISE)
    assert await world.refused(ConfirmCancellation(face=world.face(WANG))) == ("CAN-14", "papers_needed")
    refusal = await world.do(SubmitCancellationPapers(by_employee=True))
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.details["missing"]) == ("papers_missing", (*PAPERS, "employment_proof"))
    assert (await world.done(SubmitCancellationPapers(papers=ALL_PAPERS))).outcome == "in_review"


async def test_can_15_a_deregistered_company_hands_in_its_statement(world: World) -> None:
    await to_identity(world, verification=ENTERPRISE)
    refusal = await world.do(SubmitCancellationPapers(papers=ALL_PAPERS, deregistered=True))
    assert isinstance(refusal, Refusal)
    assert refusal.details["missing"] == ("deregistration_statement",)
    papers = {name: "p" for name in PAPERS if name != "license"} | {"deregistration_statement": "p"}
    await world.done(SubmitCancellationPapers(papers=papers, deregistered=True))


async def test_can_16_reviewed_within_3_working_days_and_told_by_both(world: World) -> None:
    await to_review(world)
    until = (await world.done(GetCancellation())).review_until
    assert until
    assert until.isoformat() == "2026-11-26T00:00:00+08:00"
    await world.done(DecideCancellation(account=ROOT_ID, approve=True), STAFF)
    assert {world.inbox.to(PHONE)[0].what, world.inbox.to("sec@example.com")[0].what} == {"result"}
    assert await world.refused(DecideCancellation(account=ROOT_ID, approve=True), STAFF) == ("CAN-16", "wrong_state")


async def test_can_17_a_rejection_names_its_reason_and_the_user_may_start_again(world: World) -> None:
    await to_review(world)
    await world.done(DecideCancellation(account=ROOT_ID, approve=False, reason="blurred"), STAFF)
    shown = await world.done(GetCancellation())
    assert (shown.state, shown.rejection, shown.next_step) == ("rejected", "blurred", "start")
    await recheck(world)
    await world.done(START_IT)


@pytest.mark.parametrize("reach", ["confirmed", "identity", "cooling_off", "in_review"])
async def test_can_18_withdrawing_restores_normal_use(world: World, reach: str) -> None:
    if reach == "confirmed":
        await world.add(account())
        await world.done(START_IT)
    elif reach == "identity":
        await to_identity(world)
    else:
        await (to_cooling_off if reach == "cooling_off" else to_review)(world)
    await world.done(WithdrawCancellation())
    assert (await world.get()).status == "active"
    await world.done(SetNickname(nickname="back"))
    assert await world.refused(WithdrawCancellation()) == ("CAN-18", "nothing_to_withdraw")


async def test_can_19_in_review_other_changes_wait_but_security_details_do_not(world: World) -> None:
    await to_review(world)
    assert await world.refused(SetNickname(nickname="x")) == ("CAN-19", "account_cancelling")
    code = await world.code("security_phone", "13700137000")
    await world.done(SetSecurityPhone(number="13700137000", code=code))


async def cancel(world: World) -> None:
    await to_identity(world, verification=PERSONAL)
    await world.done(ConfirmCancellation(face=world.face(LI)))


async def test_can_20_cancelled_is_final(world: World) -> None:
    await cancel(world)
    for command in (GetAccount(), GetCancellation(), WithdrawCancellation(), SetNickname(nickname="x")):
        assert await world.refused(command) == ("GEN-3", "not_proven")
    proof = ProveIdentity(account=ROOT_ID, factor="phone_code", code=SecretStr("123456"))
    assert (await world.done(proof, STRANGER)).outcome == "wrong"


async def test_can_21_identities_and_slots_are_free(world: World) -> None:
    await cancel(world)
    for index, value in (("login", "wechat:wechat-a"), ("security_phone", PHONE), ("person", LI.id_number), ("account", ROOT_ID)):
        assert not await world.store.find(Account, index, value)
    await world.add(account("100000000002", methods=methods("email", tag="b")))
    bind = BindLoginMethod(kind="wechat", scan=world.scan("wechat", "wechat-a"))
    await world.done(bind, world.root("100000000002"))


async def test_can_22_other_accounts_of_the_phone_are_not_touched(world: World) -> None:
    other = account("100000000002", contacts=Contacts(security_phone=PHONE))
    await world.add(other)
    await cancel(world)
    assert await world.get("100000000002") == other


async def test_can_23_the_security_phone_can_be_changed_first(world: World) -> None:
    await to_cooling_off(world)
    code = await world.code("security_phone", "13700137000")
    await world.done(SetSecurityPhone(number="13700137000", code=code))


async def test_can_24_one_request_and_seven_untouched_days_withdraw_it(world: World) -> None:
    await world.add(account())
    await world.done(START_IT)
    assert await world.refused(START_IT) == ("CAN-24", "already_open")
    world.wait(days=7)
    assert await state(world) == "confirmed"
    world.wait(seconds=1)
    assert await state(world) == "withdrawn"
    assert await world.refused(CheckResources()) == ("CAN-6", "wrong_state")
    await recheck(world)
    await world.done(START_IT)


async def test_can_24_cooling_off_and_review_are_not_forgotten(world: World) -> None:
    await to_cooling_off(world)
    world.wait(days=100)
    assert await state(world) == "cooled"


async def test_can_2_what_came_up_meanwhile_still_counts(world: World) -> None:
    await to_identity(world)
    await world.add((await world.get()).but(resources=(CVM,)))
    assert await world.refused(ConfirmCancellation()) == ("CAN-8", "resources_left")
    await world.add((await world.get()).but(resources=(), billing=Billing(arrears_fen=1)))
    assert await world.refused(ConfirmCancellation()) == ("CAN-2", "condition_failed")

from datetime import date, timedelta
from typing import Any

import pytest

from flows.accounts.account import Account, Billing, Company, Person, Resource, User, Verification
from flows.accounts.base import Refusal
from flows.accounts.commands.tickets import DecideTicket, OpenTicket
from flows.accounts.commands.users import ListUsers
from flows.accounts.commands.verification import (
    AdviseVerification,
    CompleteCreditCode,
    DecideChange,
    GetVerification,
    PaymentArrived,
    PrecheckChange,
    RemoveVerification,
    ReportTransferAmount,
    RevokeVerification,
    SetEnterpriseContact,
    StartChange,
    StartVerification,
    TransferSent,
    WithdrawChange,
)
from flows.accounts.rules.verification import RECHARGE_CHANNELS, RESTRICTIONS
from flows.accounts.simulator import RegisteredCompany

from .world import COMPANY, ENTERPRISE, LI, PERSONAL, PHONE, ROOT_ID, STAFF, START, STRANGER, WANG, YEAR_AGO, World, account

SECOND = Company(name="另一家示例公司", code="52310000MAXYXY035W", representative=LI)
INSTITUTION = Company(name="示例公立研究院", code="12110000MAXYXY027Q", representative=WANG, institution=True)
PAPERS = {"original_license": "p", "new_license": "p"}


def register(world: World, *companies: Company, **fields: Any) -> None:
    for company in companies:
        registered = RegisteredCompany(code=company.code, name=company.name, representative=company.representative, **fields)
        world.simulator.register(registered)


async def person(world: World, who: Person = LI, **fields: Any) -> StartVerification:
    return StartVerification(**({"method": "face", "holder": who, "proof": world.face(who)} | fields))


async def company(world: World, of: Company = COMPANY, **fields: Any) -> StartVerification:
    return StartVerification(**({"method": "representative_face", "holder": of, "proof": world.face(of.representative)} | fields))


async def methods_for(world: World, **facts: Any) -> list[str]:
    advice = await world.done(AdviseVerification(**({"holder": "enterprise"} | facts)), STRANGER)
    return [advised.method for advised in advice.methods]


async def test_rn_1_one_entity_per_account(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    assert await world.refused(await person(world)) == ("RN-1", "already_verified")


@pytest.mark.parametrize(("days", "refused"), [(0, True), (1, False)])
async def test_rn_2_a_person_is_at_least_18(world: World, days: int, refused: bool) -> None:
    world.wait(days=days)
    young = Person(name="小明", id_number="110099200811210014")
    await world.add(account())
    result = await world.do(await person(world, young))
    assert isinstance(result, Refusal) is refused
    if isinstance(result, Refusal):
        assert (result.rule, result.reason) == ("RN-2", "under_18")


async def test_rn_3_a_short_name_goes_by_ticket_with_the_license(world: World) -> None:
    short = COMPANY.but(name="甲乙公司")
    register(world, short)
    await world.add(account())
    assert await world.refused(await company(world, short)) == ("RN-3", "name_too_short")
    ticket = OpenTicket(category="short_enterprise_name", photos={"license": "p"}, fields={"company_name": short.name})
    number = (await world.done(ticket)).number
    await world.done(DecideTicket(number=number, resolve=True), STAFF)
    assert (await world.done(await company(world, short))).outcome == "verified"


async def test_rn_4_hong_kong_macao_taiwan_by_wechat_with_a_bank_card(world: World) -> None:
    chan = Person(name="陈大文", id_number="H01234567", region="hk_mo_tw")
    await world.add(account())
    assert await world.refused(await person(world, chan)) == ("RN-4", "method_not_allowed")
    without = await person(world, chan, method="wechat_scan", proof=world.scan("wechat", "w1", person=chan, bank_card=False))
    assert (await world.done(without)).outcome == "not_matched"
    overseas = chan.but(region="overseas")
    assert await world.refused(await person(world, overseas)) == ("RN-4", "use_international_site")
    assert await world.refused(await company(world, COMPANY.but(region="hk_mo_tw"))) == ("RN-4", "use_international_site")
    assert await methods_for(world, holder="person", region="hk_mo_tw") == ["wechat_scan"]
    for query in (AdviseVerification(holder="person", region="overseas"), AdviseVerification(holder="enterprise", region="hk_mo_tw")):
        assert await world.refused(query, STRANGER) == ("RN-4", "use_international_site")
    good = await person(world, chan, method="wechat_scan", proof=world.scan("wechat", "w2", person=chan))
    assert (await world.done(good)).outcome == "verified"


async def test_rn_5_methods_for_a_foreign_representative(world: World) -> None:
    foreign = COMPANY.but(foreign_representative=True, representative=Person(name="Jo Doe", id_number="P123", region="overseas"))
    register(world, foreign)
    await world.add(account())
    assert await world.refused(await company(world, foreign)) == ("RN-5", "method_not_for_foreign_representative")
    assert await methods_for(world, foreign_representative=True) == ["official_account", "recharge", "bank_transfer"]
    assert (await world.done(await company(world, foreign, method="recharge"))).outcome == "recharge_pending"


async def test_rn_6_methods_for_a_public_institution(world: World) -> None:
    register(world, INSTITUTION)
    await world.add(account())
    assert await world.refused(await company(world, INSTITUTION)) == ("RN-6", "method_not_allowed")
    assert await methods_for(world, institution=True) == ["official_account", "bank_transfer"]
    scan = world.scan("official_account", "oa", company_code=INSTITUTION.code)
    assert (await world.done(await company(world, INSTITUTION, method="official_account", proof=scan))).outcome == "verified"


async def test_rn_7_a_company_that_the_registry_does_not_know_yet(world: World) -> None:
    await world.add(account())
    refusal = await world.do(await company(world, licensed_on=date(2026, 11, 19)))
    assert refusal == Refusal(rule="RN-7", reason="not_in_registry_yet", details={"day": "2026-11-30"})


async def test_rn_8_without_papers_at_hand(world: World) -> None:
    assert await methods_for(world, holder="person", papers_at_hand=False) == ["face"]
    assert await methods_for(world, papers_at_hand=False) == ["representative_face", "official_account"]


async def test_rn_9_documents_marked_for_another_use(world: World) -> None:
    await world.add(account())
    assert await world.refused(await person(world, documents_marked_for="bank")) == ("RN-9", "documents_for_another_use")
    assert (await world.done(await person(world, documents_marked_for="tencent_cloud_verification"))).outcome == "verified"


async def test_rn_10_sub_users_inherit(world: World) -> None:
    users = [User(id=kind, kind=kind, name=kind, created_at=START) for kind in ("sub_user", "collaborator")]
    await world.add(account(verification=PERSONAL, users=users))
    assert [shown.verification for shown in (await world.done(ListUsers())).users] == ["personal", "its_own"]


@pytest.mark.parametrize(
    ("method", "kind", "fields"),
    [
        ("wechat_scan", "wechat", {"person": LI}),
        ("qq_scan", "qq", {"person": LI}),
        ("representative_wechat", "wechat", {"person": WANG}),
        ("official_account", "official_account", {"company_code": COMPANY.code}),
    ],
)
async def test_rn_11_at_once_methods_succeed_exactly_if_the_details_match(
    world: World, method: str, kind: Any, fields: dict[str, Any]
) -> None:
    register(world, COMPANY)
    await world.add(account())
    holder = LI if method in {"wechat_scan", "qq_scan"} else COMPANY
    command = StartVerification.model_validate({"method": method, "holder": holder})
    assert (await world.done(command)).outcome == "not_matched"
    assert (await world.done(command.but(proof=world.face(LI if holder == COMPANY else WANG)))).outcome == "not_matched"
    assert (await world.done(command.but(proof=world.scan(kind, "x", **fields)))).outcome == "verified"


async def test_rn_11_a_representative_who_is_not_in_the_registry_does_not_match(world: World) -> None:
    register(world, COMPANY.but(representative=LI))
    await world.add(account())
    assert (await world.done(await company(world))).outcome == "not_matched"
    assert await world.refused(await person(world, method="recharge")) == ("RN-11", "method_not_allowed")
    assert await world.refused(await company(world, method="face")) == ("RN-11", "method_not_allowed")


async def test_rn_12_nothing_becomes_a_login_method(world: World) -> None:
    register(world, COMPANY)
    await world.add(account())
    before = (await world.get()).methods
    scan = world.scan("wechat", "boss", person=WANG)
    assert (await world.done(await company(world, method="representative_wechat", proof=scan))).outcome == "verified"
    assert (await world.get()).methods == before


async def transfer(world: World) -> int:
    register(world, COMPANY)
    await world.add(account())
    assert (await world.done(await company(world, method="bank_transfer"))).outcome == "transfer_pending"
    request = (await world.get()).verification.request
    assert request
    return request.amount_fen


async def test_rn_13_a_random_amount_within_five_working_days(world: World) -> None:
    amount = await transfer(world)
    assert 1 <= amount <= 99
    shown = await world.done(GetVerification())
    assert shown.deadline
    assert (shown.status, shown.deadline.isoformat()) == ("in_progress", "2026-11-28T00:00:00+08:00")
    assert shown.recharge_fen is None
    assert await world.refused(ReportTransferAmount(fen=amount)) == ("RN-14", "not_arrived_yet")


async def test_rn_14_the_amount_within_seven_days_and_two_tries(world: World) -> None:
    amount = await transfer(world)
    await world.done(TransferSent(account=ROOT_ID), STAFF)
    world.wait(days=7)
    assert (await world.done(ReportTransferAmount(fen=amount + 1))).outcome == "wrong_one_left"
    assert (await world.done(ReportTransferAmount(fen=amount))).outcome == "verified"
    assert await world.refused(ReportTransferAmount(fen=amount)) == ("RN-14", "nothing_pending")
    assert await world.refused(TransferSent(account=ROOT_ID), STAFF) == ("RN-13", "wrong_state")


@pytest.mark.parametrize("late", [True, False])
async def test_rn_14_too_late_or_twice_wrong_starts_again(world: World, late: bool) -> None:
    amount = await transfer(world)
    await world.done(TransferSent(account=ROOT_ID), STAFF)
    if late:
        world.wait(days=7, seconds=1)
        assert (await world.done(ReportTransferAmount(fen=amount))).outcome == "start_again"
    else:
        outcomes = [(await world.done(ReportTransferAmount(fen=amount + 1))).outcome for _ in range(2)]
        assert outcomes == ["wrong_one_left", "start_again"]
    assert (await world.done(GetVerification())).status == "unverified"


async def test_rn_15_the_amount_need_not_be_returned(world: World) -> None:
    amount = await transfer(world)
    await world.done(TransferSent(account=ROOT_ID), STAFF)
    await world.done(ReportTransferAmount(fen=amount))
    assert (await world.get()).billing == Billing()


async def recharge(world: World) -> int:
    register(world, COMPANY)
    await world.add(account())
    result = await world.done(await company(world, method="recharge"))
    assert (result.outcome, result.deadline) == ("recharge_pending", world.now + timedelta(days=7))
    assert result.recharge_fen
    return result.recharge_fen


async def test_rn_16_from_its_own_bank_account_and_verified_a_working_day_later(world: World) -> None:
    amount = await recharge(world)
    assert 1 <= amount < 100
    await world.done(PaymentArrived(account=ROOT_ID, fen=amount, payer=COMPANY.name), STAFF)
    world.wait(days=3)
    assert (await world.done(GetVerification())).status == "in_progress"
    world.wait(hours=14)
    assert (await world.done(GetVerification())).status == "enterprise"


@pytest.mark.parametrize("wrong", [{"fen": 1000}, {"payer": "somebody"}, {"days": 8}])
async def test_rn_16_wrong_amount_payer_or_time(world: World, wrong: dict[str, Any]) -> None:
    amount = await recharge(world)
    world.wait(days=wrong.get("days", 0))
    given = {"account": ROOT_ID, "fen": amount, "payer": COMPANY.name} | {name: wrong[name] for name in wrong if name != "days"}
    assert (await world.done(PaymentArrived(**given), STAFF)).outcome == "not_verified"
    assert (await world.get()).billing.balance_fen == given["fen"]


async def test_rn_17_the_recharge_becomes_balance(world: World) -> None:
    amount = await recharge(world)
    await world.done(PaymentArrived(account=ROOT_ID, fen=amount, payer=COMPANY.name), STAFF)
    assert (await world.get()).billing.balance_fen == amount


async def test_rn_18_a_failed_payment_starts_with_a_new_one(world: World) -> None:
    first = await recharge(world)
    await world.done(PaymentArrived(account=ROOT_ID, fen=first + 1, payer=COMPANY.name), STAFF)
    assert await world.refused(PaymentArrived(account=ROOT_ID, fen=first, payer=COMPANY.name), STAFF) == ("RN-16", "wrong_state")
    assert (await world.done(await company(world, method="recharge"))).outcome == "recharge_pending"


async def test_rn_19_channels_for_a_recharge(world: World) -> None:
    advice = await world.done(AdviseVerification(holder="enterprise"), STRANGER)
    assert advice.recharge_channels == RECHARGE_CHANNELS
    assert len(RECHARGE_CHANNELS) == 6


async def test_rn_20_verification_cannot_be_removed(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    assert await world.refused(RemoveVerification()) == ("RN-20", "cannot_be_removed")


async def change(world: World, kind: Any, holder: Any, **fields: Any) -> StartChange:
    representative = holder if isinstance(holder, Person) else holder.representative
    method = "face" if isinstance(holder, Person) else "representative_face"
    given = {"method": method, "proof": world.face(representative)}
    return StartChange(kind=kind, holder=holder, **(given | fields))


@pytest.mark.parametrize(
    ("kind", "holder", "before"),
    [
        ("personal_to_enterprise", COMPANY, PERSONAL),
        ("personal_to_personal", WANG, PERSONAL),
        ("enterprise_to_enterprise", SECOND, ENTERPRISE),
        ("enterprise_name", COMPANY.but(name="示例新名公司"), ENTERPRISE),
        ("legal_representative", COMPANY.but(representative=LI), ENTERPRISE),
    ],
)
async def test_rn_21_the_changes_that_are_offered(world: World, kind: str, holder: Any, before: Verification) -> None:
    if isinstance(holder, Company):
        register(world, COMPANY, holder)
    await world.add(account(verification=before))
    papers = {"papers": PAPERS} if kind in {"enterprise_to_enterprise", "enterprise_name"} else {}
    result = await world.done(await change(world, kind, holder, **papers))
    assert result.outcome == ("in_review" if papers else "verified")


async def test_rn_21_the_changes_that_are_not(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    assert await world.refused(await change(world, "enterprise_to_personal", LI)) == ("RN-21", "change_not_offered")
    assert await world.refused(await change(world, "personal_to_personal", LI)) == ("RN-21", "change_not_offered")
    await world.add(account(verification=PERSONAL))
    assert await world.refused(await change(world, "mainland_to_overseas_person", WANG)) == ("RN-21", "change_not_offered")


async def test_rn_22_thirty_days_except_personal_to_enterprise(world: World) -> None:
    register(world, COMPANY)
    recent = PERSONAL.but(verified_at=START - timedelta(days=29))
    await world.add(account(verification=recent))
    refusal = await world.do(await change(world, "personal_to_personal", WANG))
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.reason) == ("RN-22", "too_early")
    assert refusal.details["day"] == (START + timedelta(days=1)).isoformat()
    assert (await world.done(GetVerification())).earliest_change == START + timedelta(days=1)
    assert (await world.done(PrecheckChange(kind="personal_to_personal"))).conditions["too_early"] is False
    assert (await world.done(await change(world, "personal_to_enterprise", COMPANY))).outcome == "verified"
    await world.add(account(verification=PERSONAL.but(verified_at=START - timedelta(days=30))))
    assert (await world.done(await change(world, "personal_to_personal", WANG))).outcome == "verified"


@pytest.mark.parametrize(("billing", "reason"), [(Billing(arrears_fen=1), "arrears"), (Billing(advance_fen=1), "advance_payment")])
async def test_rn_23_arrears_and_advances_block_every_change(world: World, billing: Billing, reason: str) -> None:
    await world.add(account(verification=PERSONAL, billing=billing))
    assert await world.refused(await change(world, "personal_to_personal", WANG)) == ("RN-23", reason)
    assert (await world.done(PrecheckChange(kind="personal_to_personal"))).conditions[reason] is False


async def test_rn_24_the_new_holder_obeys_the_same_rules(world: World) -> None:
    register(world, COMPANY)
    await world.add(account(verification=PERSONAL))
    young = Person(name="小明", id_number="11009920081122001X")
    assert await world.refused(await change(world, "personal_to_personal", young)) == ("RN-2", "under_18")
    foreign = COMPANY.but(foreign_representative=True)
    assert await world.refused(await change(world, "personal_to_enterprise", foreign)) == ("RN-5", "method_not_for_foreign_representative")
    assert await world.refused(await change(world, "personal_to_personal", WANG, method=None)) == ("RN-24", "method_not_allowed")


async def test_rn_25_the_original_entitys_papers(world: World) -> None:
    register(world, COMPANY, SECOND)
    await world.add(account(verification=ENTERPRISE))
    refusal = await world.do(await change(world, "enterprise_to_enterprise", SECOND))
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.details["missing"]) == ("RN-25", ("original_license", "new_license"))
    register(world, COMPANY, state="deregistered")
    refusal = await world.do(await change(world, "enterprise_to_enterprise", SECOND))
    assert isinstance(refusal, Refusal)
    assert refusal.details["missing"] == ("deregistration_certificate", "new_license")


async def test_rn_26_online_only_with_a_code_that_starts_with_9(world: World) -> None:
    other = SECOND.but(representative=WANG)
    register(world, other)
    await world.add(account(verification=ENTERPRISE.but(entity=other)))
    for kind in ("enterprise_name", "legal_representative"):
        command = await change(world, kind, other.but(representative=LI), papers=PAPERS)
        assert await world.refused(command) == ("RN-26", "offline_change")


async def test_rn_27_a_credit_code_can_be_completed(world: World) -> None:
    wrong = COMPANY.but(code="440301103456789")
    await world.add(account(verification=ENTERPRISE.but(entity=wrong)))
    command = CompleteCreditCode(name=COMPANY.name, code=COMPANY.code)
    assert await world.refused(command) == ("RN-27", "not_matched")
    register(world, COMPANY)
    assert await world.refused(command.but(name="x")) == ("RN-27", "not_matched")
    assert await world.refused(command.but(code="1")) == ("VAL-USCC", "bad_credit_code")
    await world.done(command)
    verification = (await world.get()).verification
    assert verification.company == COMPANY
    assert verification.verified_at == YEAR_AGO


async def in_review(world: World) -> None:
    register(world, COMPANY, SECOND)
    await world.add(account(verification=ENTERPRISE, nickname="our nickname", resources=(Resource(id="r", kind="cvm"),)))
    result = await world.done(await change(world, "enterprise_to_enterprise", SECOND, papers=PAPERS))
    assert result.deadline
    assert result.deadline.isoformat() == "2026-11-26T00:00:00+08:00"


async def test_rn_28_reviewed_withdrawn_or_approved_at_once(world: World) -> None:
    await in_review(world)
    await world.done(WithdrawChange())
    assert await world.refused(WithdrawChange()) == ("RN-28", "nothing_to_withdraw")
    assert await world.refused(DecideChange(account=ROOT_ID, approve=True), STAFF) == ("RN-28", "wrong_state")
    await in_review(world)
    await world.done(DecideChange(account=ROOT_ID, approve=False), STAFF)
    assert (await world.get()).verification.company == COMPANY
    await in_review(world)
    await world.done(DecideChange(account=ROOT_ID, approve=True), STAFF)
    assert (await world.get()).verification.company == SECOND


async def test_rn_29_a_new_representative_needs_no_papers(world: World) -> None:
    new = COMPANY.but(representative=LI)
    register(world, new)
    await world.add(account(verification=ENTERPRISE))
    by_transfer = await change(world, "legal_representative", new, method="bank_transfer")
    assert await world.refused(by_transfer) == ("RN-29", "method_not_allowed")
    assert (await world.done(await change(world, "legal_representative", new))).outcome == "verified"


def test_rn_30_no_address_is_kept() -> None:
    assert not [name for name in Company.model_fields if "address" in name]


async def test_rn_31_the_contact_changes_the_handler_does_not(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    command = SetEnterpriseContact(name=LI.name, id_number=LI.id_number, mobile=PHONE)
    await world.done(command)
    contact = (await world.get()).verification.contact
    assert contact
    assert contact.mobile == PHONE
    assert await world.refused(command.but(handler=True)) == ("RN-31", "cannot_be_changed")
    assert await world.refused(command.but(id_number="1")) == ("VAL-ID", "bad_input")
    await world.add(account(verification=PERSONAL))
    assert await world.refused(command) == ("RN-31", "not_enterprise")


async def test_rn_32_resources_and_nickname_stay_and_the_slot_is_free(world: World) -> None:
    await in_review(world)
    await world.done(DecideChange(account=ROOT_ID, approve=True), STAFF)
    after = await world.get()
    assert (after.nickname, len(after.resources)) == ("our nickname", 1)
    assert not await world.store.find(Account, "company", COMPANY.code)


async def test_rn_33_the_same_again_is_unchanged(world: World) -> None:
    register(world, COMPANY)
    await world.add(account(verification=ENTERPRISE))
    assert await world.refused(await change(world, "legal_representative", COMPANY)) == ("RN-33", "unchanged")
    await world.add(account(verification=PERSONAL))
    assert await world.refused(await change(world, "personal_to_personal", LI)) == ("RN-33", "unchanged")


@pytest.mark.parametrize("state", ["deregistered", "incomplete", "renamed", "active"])
async def test_rn_34_what_the_registry_no_longer_supports_is_revoked(world: World, state: Any) -> None:
    named = COMPANY.but(name="别的名称公司") if state == "renamed" else COMPANY
    register(world, named, state="active" if state == "renamed" else state)
    await world.add(account(verification=ENTERPRISE))
    result = await world.do(RevokeVerification(account=ROOT_ID), STAFF)
    assert isinstance(result, Refusal) is (state == "active")
    assert (await world.get()).verification.status == ("enterprise" if state == "active" else "revoked")
    if state != "active":
        assert world.inbox.to(PHONE)[0].what == "notice"


async def test_rn_35_what_unverified_and_revoked_accounts_cannot_do(world: World) -> None:
    await world.add(account())
    assert (await world.done(GetVerification())).restrictions == RESTRICTIONS
    await world.add(account(verification=ENTERPRISE.but(status="revoked")))
    assert (await world.done(GetVerification())).restrictions == (*RESTRICTIONS, "postpaid_stopped")
    await world.add(account(verification=PERSONAL))
    assert (await world.done(GetVerification())).restrictions == ()


async def test_rn_36_a_revoked_account_verifies_anew_without_the_30_days(world: World) -> None:
    register(world, SECOND)
    await world.add(account(verification=ENTERPRISE.but(status="revoked", verified_at=START)))
    assert (await world.done(GetVerification())).earliest_change is None
    assert (await world.done(await company(world, SECOND))).outcome == "verified"

from typing import Any

import pytest

from flows.accounts.account import Account, Protections
from flows.accounts.base import Refusal
from flows.accounts.commands.tickets import (
    AddToTicket,
    AdviseMfaLoss,
    CloseTicket,
    DecideTicket,
    GetTicket,
    InspectTicket,
    OpenMfaTicket,
    OpenTicket,
)
from flows.accounts.records import Ticket
from flows.accounts.rules.tickets import DETAIL_PHOTOS_ENTERPRISE, DETAIL_PHOTOS_PERSONAL

from .world import COMPANY, ENTERPRISE, LI, PERSONAL, PHONE, STAFF, STRANGER, WANG, World, account, mfa

LOST = "100000000009"
HELD = "13600136000"
PHOTOS = {"applicant_id_front": "p1", "applicant_id_back": "p2"}
COMPANY_PHOTOS = PHOTOS | {"license": "p3", "representative_id_front": "p4", "representative_id_back": "p5"}


async def personal_ticket(world: World, **fields: Any) -> OpenMfaTicket:
    return OpenMfaTicket(
        lost_account=LOST,
        holder="personal",
        login_kind="email",
        login_name="09@example.com",
        name=LI.name,
        id_number=LI.id_number,
        face=world.face(LI),
        photos=PHOTOS,
        phone=HELD,
        code=await world.code("ticket_phone", HELD),
    ).but(**fields)


async def company_ticket(world: World, **fields: Any) -> OpenMfaTicket:
    ticket = await personal_ticket(world, holder="company", name=WANG.name, id_number=WANG.id_number, photos=COMPANY_PHOTOS)
    return ticket.but(company_name=COMPANY.name, company_code=COMPANY.code).but(**fields)


async def two_accounts(world: World, verification: Any = PERSONAL, **lost: Any) -> None:
    await world.add(account(verification=verification), account(LOST, verification=verification, mfa=mfa(), **lost))


async def opened(world: World) -> str:
    result = await world.done(await personal_ticket(world))
    assert result.outcome == "opened"
    assert result.number
    return result.number


@pytest.mark.parametrize(("holder", "first"), [("personal", "apply_for_login"), ("company", "recovery"), ("unverified", "ticket")])
async def test_tck_1_the_faster_ways_come_first(world: World, holder: Any, first: str) -> None:
    advice = await world.done(AdviseMfaLoss(holder=holder, has_other_account=True), STRANGER)
    assert (advice.outcome, advice.ways[-1]) == (first, "ticket")


async def test_tck_2_from_another_account_of_the_same_identity(world: World) -> None:
    await two_accounts(world)
    command = await personal_ticket(world)
    assert await world.refused(command.but(lost_account="100000000001")) == ("TCK-2", "other_identity")
    assert await world.refused(command.but(lost_account="100000009999")) == ("TCK-2", "other_identity")
    await world.add(account(verification=ENTERPRISE))
    assert await world.refused(command) == ("TCK-2", "other_identity")


async def test_tck_3_without_another_account_there_are_the_hotlines(world: World) -> None:
    await two_accounts(world)
    result = await world.done(await personal_ticket(world), STRANGER)
    assert (result.outcome, result.numbers) == ("hotline", ("4009100100", "95716"))
    advice = await world.done(AdviseMfaLoss(holder="unverified", has_other_account=False), STRANGER)
    assert advice.outcome == "hotline"


async def test_tck_4_the_category(world: World) -> None:
    advice = await world.done(AdviseMfaLoss(holder="personal", has_other_account=True), STRANGER)
    assert advice.category == "Account Center > Account security settings (MFA)"


async def test_tck_5_everything_a_person_has_to_give(world: World) -> None:
    await two_accounts(world)
    refusal = await world.do(OpenMfaTicket(lost_account=LOST, holder="personal"))
    expected = ("login_kind", "login_name", "name", "id_number", "face", "phone", "code", "applicant_id_front", "applicant_id_back")
    assert refusal == Refusal(rule="TCK-9", reason="incomplete", details={"missing": expected})
    await opened(world)


@pytest.mark.parametrize("change", [{"name": "王五"}, {"id_number": WANG.id_number}, {"face": "face-王芳"}])
async def test_tck_6_the_applicant_is_the_verified_person(world: World, change: dict[str, str]) -> None:
    await two_accounts(world)
    world.face(WANG)
    assert await world.refused(await personal_ticket(world, **change)) == ("TCK-6", "not_the_holder")


async def test_tck_7_everything_a_company_has_to_give(world: World) -> None:
    await two_accounts(world, ENTERPRISE)
    refusal = await world.do(await company_ticket(world, photos=PHOTOS, company_code=None))
    assert isinstance(refusal, Refusal)
    missing = ("company_code", "license", "representative_id_front", "representative_id_back")
    assert refusal.details["missing"] == missing
    assert (await world.done(await company_ticket(world))).outcome == "opened"


async def test_tck_8_name_and_code_of_the_verification_and_any_applicant(world: World) -> None:
    await two_accounts(world, ENTERPRISE)
    assert await world.refused(await company_ticket(world, company_name="别家公司")) == ("TCK-8", "not_the_holder")
    anybody = await company_ticket(world, name="赵六", id_number=LI.id_number, face=None)
    assert (await world.done(anybody)).outcome == "opened"


async def test_tck_9_missing_parts_and_a_wrong_code_open_nothing(world: World) -> None:
    await two_accounts(world)
    assert await world.refused(await personal_ticket(world, photos={})) == ("TCK-9", "incomplete")
    wrong = await personal_ticket(world)
    code = "000000" if wrong.code and wrong.code.get_secret_value() != "000000" else "000001"
    assert await world.refused(wrong.but(code=code)) == ("GEN-6", "wrong_code")
    assert not await world.store.documents(Ticket)


async def test_tck_10_one_open_mfa_ticket_per_account(world: World) -> None:
    await two_accounts(world)
    number = await opened(world)
    again = await world.done(await personal_ticket(world))
    assert (again.outcome, again.number) == ("duplicate", number)
    await world.done(DecideTicket(number=number, resolve=False), STAFF)
    assert await opened(world) != number


async def test_tck_11_approval_unbinds_mfa_and_tells_the_account(world: World) -> None:
    await two_accounts(world, protections=Protections(login="mfa"))
    number = await opened(world)
    await world.done(DecideTicket(number=number, resolve=True), STAFF)
    lost = await world.get(LOST)
    assert (lost.mfa.device, lost.protections.login) == (None, "off")
    assert world.inbox.to(PHONE)[0].what == "notice"
    assert await world.refused(DecideTicket(number=number, resolve=True), STAFF) == ("TCK-11", "wrong_state")


async def test_tck_11_only_staff_inspect_what_they_decide_on(world: World) -> None:
    await two_accounts(world)
    number = await opened(world)
    inspected = await world.done(InspectTicket(number=number), STAFF)
    assert (inspected.account, inspected.phone, inspected.state) == (LOST, HELD, "open")
    assert inspected.fields["name"] == LI.name
    assert await world.refused(InspectTicket(number=number)) == ("GEN-3", "staff_only")
    assert await world.refused(InspectTicket(number="TK1"), STAFF) == ("TCK-14", "not_found")


async def test_tck_12_photos_are_kept_until_the_decision_only(world: World) -> None:
    await two_accounts(world)
    number = await opened(world)
    stored = await world.store.load(Ticket, number)
    assert stored
    assert len(stored.document.attachments) == 2
    await world.done(DecideTicket(number=number, resolve=False), STAFF)
    stored = await world.store.load(Ticket, number)
    assert stored
    assert stored.document.attachments == ()


@pytest.mark.parametrize(
    "ticket",
    [
        OpenTicket(category="general", text="x"),
        OpenTicket(category="authorization_template"),
        OpenTicket(category="frozen_account", text="x"),
        OpenTicket(category="recycled_number"),
        OpenTicket(category="details_without_check", photos=dict.fromkeys(DETAIL_PHOTOS_PERSONAL, "p")),
        OpenTicket(category="short_enterprise_name", photos={"license": "p"}, fields={"company_name": "甲乙"}),
    ],
)
async def test_tck_13_other_categories(world: World, ticket: OpenTicket) -> None:
    await world.add(account())
    first = await world.done(ticket)
    assert first.outcome == "opened"
    assert (await world.done(ticket)).outcome == "duplicate"
    by_phone = ticket.but(phone=HELD, code=await world.code("ticket_phone", HELD))
    assert (await world.done(by_phone, STRANGER)).outcome == "opened"
    assert await world.refused(ticket, STRANGER) == ("TCK-9", "incomplete")
    await world.done(DecideTicket(number=first.number, resolve=True), STAFF)


async def test_tck_14_only_the_opener_sees_a_ticket(world: World) -> None:
    await two_accounts(world)
    number = await opened(world)
    shown = await world.done(GetTicket(number=number))
    assert (shown.state, [entry.what for entry in shown.history]) == ("open", ["opened"])
    assert await world.refused(GetTicket(number=number), world.root(LOST)) == ("TCK-14", "not_found")
    by_phone = GetTicket(number=number, phone=HELD, code=await world.code("ticket_query", HELD))
    assert (await world.done(by_phone, STRANGER)).number == number
    other = GetTicket(number=number, phone=PHONE, code=await world.code("ticket_query", PHONE))
    assert await world.refused(other, STRANGER) == ("TCK-14", "not_found")
    assert await world.refused(GetTicket(number="TK1"), STRANGER) == ("TCK-14", "not_found")


async def test_tck_14_the_opener_adds_and_closes(world: World) -> None:
    await two_accounts(world)
    number = await opened(world)
    await world.done(AddToTicket(number=number, text="more", photos={"x": "p"}))
    await world.done(CloseTicket(number=number))
    assert (await world.done(GetTicket(number=number))).state == "closed"
    assert await world.refused(AddToTicket(number=number, text="more")) == ("TCK-14", "ticket_closed")
    assert await world.refused(CloseTicket(number=number)) == ("TCK-14", "ticket_closed")


@pytest.mark.parametrize(("holder", "photos"), [("personal", DETAIL_PHOTOS_PERSONAL), ("company", DETAIL_PHOTOS_ENTERPRISE)])
async def test_ct_15_details_without_a_check_change_by_ticket_with_papers(world: World, holder: str, photos: tuple[str, ...]) -> None:
    await world.add(account())
    ticket = OpenTicket(category="details_without_check", fields={"holder": holder})
    refusal = await world.do(ticket)
    assert isinstance(refusal, Refusal)
    assert refusal.details["missing"] == photos
    assert (await world.done(ticket.but(photos=dict.fromkeys(photos, "p")))).outcome == "opened"


def test_a_device_belongs_to_an_account() -> None:
    assert Account.model_fields["mfa"].default.device is None

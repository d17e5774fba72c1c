from typing import Any

import pytest

from flows.accounts.account import Contacts, Person, Protections, Resource
from flows.accounts.base import Refusal
from flows.accounts.commands.recovery import (
    AddLoginEmail,
    AppealShown,
    DecideAppeal,
    GetAppeal,
    ProveByFace,
    ProveByPhone,
    ResetSecurityCheck,
    StartSearch,
    SubmitEnterpriseAppeal,
)
from flows.accounts.rules.recovery import QUERY_CODE_ALPHABET
from flows.accounts.simulator import RegisteredCompany

from .world import (
    COMPANY,
    EMAIL,
    ENTERPRISE,
    LI,
    NEW_PASSWORD,
    PERSONAL,
    PHONE,
    ROOT_ID,
    STAFF,
    STRANGER,
    WANG,
    World,
    account,
    methods,
    mfa,
)

HELD = "13600136000"
BY_REPRESENTATIVE = StartSearch(
    way="enterprise_representative",
    company_name=COMPANY.name,
    company_code=COMPANY.code,
    reason="lost",
    name=WANG.name,
    id_number=WANG.id_number,
)


async def search(world: World, way: Any, **inputs: Any) -> str:
    return (await world.done(StartSearch(way=way, **inputs), STRANGER)).search


async def shown(world: World, search_id: str, face: Person) -> Any:
    return await world.done(ProveByFace(search=search_id, face=world.face(face)), STRANGER)


async def submit(world: World, start: StartSearch = BY_REPRESENTATIVE, face: Person = WANG, **fields: Any) -> SubmitEnterpriseAppeal:
    started = await world.done(start, STRANGER)
    given: dict[str, Any] = {
        "search": started.search,
        "branch": "representative",
        "face": world.face(face),
        "phone": HELD,
        "code": await world.code("appeal_phone", HELD),
    }
    return SubmitEnterpriseAppeal(**(given | fields))


async def appeal(world: World) -> str:
    world.simulator.register(RegisteredCompany(code=COMPANY.code, name=COMPANY.name, representative=WANG))
    result = await world.done(await submit(world), STRANGER)
    assert result.query_code
    return result.query_code


async def progress(world: World, code: str) -> AppealShown:
    query = GetAppeal(query_code=code, phone=HELD, code=await world.code("appeal_query", HELD))
    return await world.done(query, STRANGER)


async def approved(world: World, **fields: Any) -> str:
    await world.add(account(verification=ENTERPRISE, **fields))
    code = await appeal(world)
    await world.done(DecideAppeal(query_code=code, approve=True), STAFF)
    assert (await progress(world, code)).outcome == "approved"
    return code


async def new_email(world: World, code: str, email: str = "new@example.com", **fields: Any) -> AddLoginEmail:
    given: dict[str, Any] = {"appeal": code, "account": ROOT_ID, "email": email, "password": NEW_PASSWORD, "repeat": NEW_PASSWORD}
    return AddLoginEmail(**(given | {"code": await world.code("login_email", email)} | fields))


async def new_check(world: World, code: str, phone: str = HELD) -> ResetSecurityCheck:
    return ResetSecurityCheck(appeal=code, account=ROOT_ID, phone=phone, code=await world.code("reset_phone", phone))


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"way": "personal", "name": "李明", "id_number": "1"}, "id_number"),
        ({"way": "personal", "id_number": LI.id_number}, "name"),
        ({"way": "domain", "domain": "x"}, "domain"),
        ({"way": "icp"}, "filing"),
        ({"way": "icp", "filing": "粤ICP证123456号"}, "filing"),
        ({"way": "server_ip", "server": "cvm", "ip": "192.168.1.1"}, "ip"),
        ({"way": "account_id", "account_id": "1"}, "account_id"),
        ({"way": "security_phone", "phone": "1"}, "phone"),
        ({"way": "enterprise_documents", "company_name": "x", "company_code": "1", "reason": "x"}, "company_code"),
    ],
)
async def test_rec_1_inputs_are_validated_first(world: World, inputs: dict[str, Any], field: str) -> None:
    refusal = await world.do(StartSearch(**inputs), STRANGER)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.reason, refusal.details["field"]) == ("REC-1", "bad_input", field)


@pytest.mark.parametrize(
    ("inputs", "resource"),
    [
        ({"way": "domain", "domain": "example.com"}, {"kind": "domain", "name": "example.com"}),
        ({"way": "icp", "filing": "粤ICP备12345678号-2"}, {"kind": "icp_filing", "name": "粤ICP备12345678号"}),
        ({"way": "icp", "domain": "example.com"}, {"kind": "icp_filing", "name": "粤ICP备12345678号", "site": "example.com"}),
        ({"way": "server_ip", "server": "cvm", "ip": "1.1.1.1"}, {"kind": "cvm", "name": "1.1.1.1"}),
        ({"way": "server_ip", "server": "lighthouse", "ip": "1.1.1.1"}, {"kind": "lighthouse", "name": "1.1.1.1"}),
    ],
)
async def test_rec_2_what_belongs_to_the_account_here_finds_it(world: World, inputs: dict[str, Any], resource: dict[str, Any]) -> None:
    here = Resource(id="r1", **resource)
    await world.add(account(verification=PERSONAL, resources=(here,)))
    assert (await shown(world, await search(world, **inputs), LI)).outcome == "shown"
    await world.add(account(verification=PERSONAL, resources=(here.but(under_account=False),)))
    assert (await shown(world, await search(world, **inputs), LI)).outcome == "not_matched"


async def test_rec_3_the_result_goes_to_the_whole_security_phone_only(world: World) -> None:
    await world.add(account())
    started = await search(world, "account_id", account_id=ROOT_ID)
    for number in (HELD, PHONE):
        assert (await world.done(ProveByPhone(search=started, number=number), STRANGER)).outcome == "message_sent"
    assert world.inbox.to(HELD) == ()
    assert world.inbox.to(PHONE)[0].values["accounts"] == f"{ROOT_ID} wechat"


async def test_rec_4_the_face_of_the_person_or_the_representative(world: World) -> None:
    await world.add(account(verification=PERSONAL))
    assert (await shown(world, await search(world, "account_id", account_id=ROOT_ID), WANG)).outcome == "not_matched"
    assert (await shown(world, await search(world, "account_id", account_id=ROOT_ID), LI)).outcome == "shown"
    await world.add(account(verification=ENTERPRISE))
    assert (await shown(world, await search(world, "account_id", account_id=ROOT_ID), WANG)).outcome == "shown"
    await world.add(account())
    assert (await shown(world, await search(world, "account_id", account_id=ROOT_ID), LI)).outcome == "not_matched"


async def test_rec_5_by_security_phone_the_page_never_shows_anything(world: World) -> None:
    await world.add(account(verification=PERSONAL), account("100000000002"))
    known = await world.done(StartSearch(way="security_phone", phone=PHONE), STRANGER)
    unknown = await world.done(StartSearch(way="security_phone", phone=HELD), STRANGER)
    assert known.outcome == unknown.outcome == "message_sent"
    assert set(vars(known)) == {"outcome", "search"}
    assert world.inbox.to(PHONE)[0].values["accounts"].count("wechat") == 2
    assert world.inbox.to(HELD) == ()
    assert (await shown(world, known.search, LI)).outcome == "not_matched"


async def test_rec_6_messages_name_the_way_on(world: World) -> None:
    await world.add(account())
    await search(world, "security_phone", phone=PHONE)
    assert world.inbox.to(PHONE)[0].values["next"] == "apply_for_login"


async def test_rec_7_an_unbound_registration_method_is_said(world: World) -> None:
    await world.add(account(verification=PERSONAL, methods=methods("qq", "email")))
    (found,) = (await shown(world, await search(world, "personal", name=LI.name, id_number=LI.id_number), LI)).accounts
    assert (found.registration_method, found.bound_kinds, found.verified_as) == (None, ("qq", "email"), "*明")
    await world.add(account(verification=PERSONAL))
    (found,) = (await shown(world, await search(world, "personal", name=LI.name, id_number=LI.id_number), LI)).accounts
    assert (found.registration_method, found.bound_kinds) == ("wechat", ())


async def test_rec_8_the_representative_is_the_one_in_the_registry_now(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    world.simulator.register(RegisteredCompany(code=COMPANY.code, name=COMPANY.name, representative=LI))
    assert (await world.done(await submit(world), STRANGER)).outcome == "not_matched"
    now = BY_REPRESENTATIVE.but(name=LI.name, id_number=LI.id_number)
    assert (await world.done(await submit(world, now, LI), STRANGER)).outcome == "in_review"


@pytest.mark.parametrize(("situation", "more"), [("normal", ()), ("deregistered", ("payment_records",)), ("renamed", ("approval_notice",))])
async def test_rec_9_documents_by_situation(world: World, situation: str, more: tuple[str, ...]) -> None:
    await world.add(account(verification=ENTERPRISE))
    start = StartSearch(way="enterprise_documents", company_name=COMPANY.name, company_code=COMPANY.code, reason="lost")
    handler = {"handler_name": LI.name, "handler_id": LI.id_number}
    command = await submit(world, start, LI, branch="documents", situation=situation, **handler)
    refusal = await world.do(command, STRANGER)
    assert isinstance(refusal, Refusal)
    papers = ("license", "letter_of_authorization", "handler_identity", *more)
    assert (refusal.rule, refusal.details["missing"]) == ("REC-9", papers)
    complete = command.but(papers=dict.fromkeys(papers, "p"))
    assert (await world.done(complete, STRANGER)).outcome == "in_review"


async def test_rec_10_a_contact_phone_is_proven_and_a_query_code_issued(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    command = await submit(world)
    wrong = "000000" if command.code.get_secret_value() != "000000" else "000001"
    assert await world.refused(command.but(code=wrong), STRANGER) == ("GEN-6", "wrong_code")
    assert (await progress(world, await appeal(world))).outcome == "in_review"


async def test_rec_11_progress_needs_query_code_phone_and_code(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    code = await appeal(world)
    other = GetAppeal(query_code=code, phone=PHONE, code=await world.code("appeal_query", PHONE))
    assert (await world.done(other, STRANGER)).outcome == "not_found"
    assert (await progress(world, "AAAAAAAAAA")).outcome == "not_found"
    await world.done(DecideAppeal(query_code=code, approve=False, reason="unreadable"), STAFF)
    result = await progress(world, code)
    assert (result.outcome, result.reason) == ("rejected", "unreadable")
    assert await world.refused(DecideAppeal(query_code=code, approve=True), STAFF) == ("REC-12", "wrong_state")


async def test_rec_12_the_review_takes_up_to_three_working_days(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    due = (await progress(world, await appeal(world))).due
    assert due
    assert due.isoformat() == "2026-11-26T00:00:00+08:00"


async def test_rec_13_a_login_email_is_added_once_and_the_rest_stays(world: World) -> None:
    code = await approved(world, methods=methods("wechat", registration="wechat"))
    await world.add(account("100000000002"))
    taken = await new_email(world, code, "02@example.com")
    assert await world.refused(taken, STRANGER) == ("LM-4", "identity_in_use")
    assert await world.refused(await new_email(world, code, repeat="x"), STRANGER) == ("PW-9", "not_repeated")
    assert (await world.done(await new_email(world, code), STRANGER)).outcome == "added"
    assert {method.kind for method in (await world.get()).methods} == {"wechat", "email"}
    assert world.inbox.to(PHONE)[0].what == "notice"
    assert await world.refused(await new_email(world, code, "x@example.com"), STRANGER) == ("REC-13", "used_once")


async def test_rec_14_the_check_becomes_phone_code_and_mfa_stays_bound(world: World) -> None:
    code = await approved(world, mfa=mfa(), protections=Protections(login="mfa", operation="mfa"))
    full = "13500135000"
    await world.add(*(account(f"10000000001{number}", contacts=Contacts(security_phone=full)) for number in range(5)))
    assert await world.refused(await new_check(world, code, full), STRANGER) == ("CT-3", "phone_quota")
    await world.done(await new_check(world, code), STRANGER)
    after = await world.get()
    assert (after.protections.login, after.protections.operation, after.contacts.security_phone) == ("phone_code", "phone_code", HELD)
    assert after.mfa.device
    assert await world.refused(await new_check(world, code), STRANGER) == ("REC-14", "used_once")


async def test_rec_15_only_within_24_hours(world: World) -> None:
    code = await approved(world)
    world.wait(hours=24)
    result = await progress(world, code)
    assert result.actions_left == {ROOT_ID: ()}
    assert await world.refused(await new_check(world, code), STRANGER) == ("REC-15", "too_late")
    assert await world.refused(await new_email(world, code, replace=True), STRANGER) == ("REC-15", "too_late")


async def test_rec_16_an_existing_email_is_replaced_only_when_confirmed(world: World) -> None:
    code = await approved(world)
    command = await new_email(world, code)
    assert await world.refused(command, STRANGER) == ("REC-16", "replaces_email")
    await world.done(command.but(replace=True), STRANGER)
    assert (await world.get()).email_login == "new@example.com"
    assert EMAIL not in {method.identity for method in (await world.get()).methods}


async def test_rec_17_only_an_approved_appeal_opens_the_two_actions(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    code = await appeal(world)
    assert await world.refused(await new_check(world, code), STRANGER) == ("REC-17", "no_approved_appeal")
    assert await world.refused(await new_email(world, "AAAAAAAAAA"), STRANGER) == ("REC-17", "no_approved_appeal")
    await world.done(DecideAppeal(query_code=code, approve=True), STAFF)
    assert await world.refused(await new_check(world, code), STRANGER) == ("REC-11", "not_proven")


async def test_rec_18_ten_tries_a_day(world: World) -> None:
    start = StartSearch(way="account_id", account_id="100000009999")
    for _ in range(10):
        started = await world.done(start, STRANGER)
    assert await world.refused(start, STRANGER) == ("REC-18", "too_many_tries")
    proof = ProveByFace(search=started.search, face=world.face(LI))
    assert await world.refused(proof, STRANGER) == ("REC-18", "too_many_tries")
    world.wait(days=1)
    await world.done(start, STRANGER)


async def test_rec_19_query_codes_have_ten_unmistakable_characters(world: World) -> None:
    await world.add(account(verification=ENTERPRISE))
    code = await appeal(world)
    assert len(code) == 10
    assert not set(QUERY_CODE_ALPHABET) & set("0O1I")
    assert set(code) <= set(QUERY_CODE_ALPHABET)

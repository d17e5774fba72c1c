import inspect

import pytest
from pydantic import SecretStr

from flows.accounts.account import Contacts, User
from flows.accounts.commands.contacts import (
    ConfirmContact,
    GetContactDetails,
    ReleaseRecycledNumber,
    SetContactEmail,
    SetContactPhone,
    SetSecurityEmail,
    SetSecurityPhone,
)
from flows.accounts.commands.ground import SendCode
from flows.accounts.notifier import message_to
from flows.accounts.protocol import AccountService
from flows.accounts.records import Ticket

from .world import EMAIL, PHONE, START, STRANGER, World, account, methods

NEW_PHONE = "13700137000"
NEW_EMAIL = "new@example.com"


async def new_phone(world: World, number: str = NEW_PHONE) -> SetSecurityPhone:
    return SetSecurityPhone(number=number, code=await world.code("security_phone", number))


async def security_email(world: World, address: str = NEW_EMAIL, *, sync: bool = False) -> SetSecurityEmail:
    return SetSecurityEmail(address=address, code=await world.code("security_email", address), sync_contact=sync)


async def test_ct_1_codes_go_to_security_details_only(world: World) -> None:
    await world.add(account())
    for factor in ("phone_code", "email_code"):
        await world.done(SendCode.model_validate({"purpose": "check", "factor": factor}), world.root())
    assert {message.to for message in world.inbox} == {PHONE, "sec@example.com"}
    shown = await world.done(GetContactDetails())
    assert (shown.security_phone, shown.contact_email) == ("138****8000", "l***@example.com")


async def test_ct_2_the_security_phone_changes_after_a_check_and_a_code_to_the_new_number(world: World) -> None:
    await world.add(account(checks=()))
    command = await new_phone(world)
    assert await world.refused(command) == ("GEN-4", "identity_check_needed")
    await world.add(account())
    await world.done(command)
    assert (await world.get()).contacts.security_phone == NEW_PHONE


async def test_ct_3_one_number_protects_at_most_five_accounts(world: World) -> None:
    others = [account(f"10000000001{number}", contacts=Contacts(security_phone=NEW_PHONE)) for number in range(5)]
    await world.add(account(), *others)
    assert await world.refused(await new_phone(world)) == ("CT-3", "phone_quota")


async def test_ct_4_the_security_email_may_take_the_contact_email_along(world: World) -> None:
    await world.add(account())
    await world.done(await security_email(world, sync=True))
    contacts = (await world.get()).contacts
    assert (contacts.security_email, contacts.contact_email) == (NEW_EMAIL, NEW_EMAIL)


async def test_ct_5_contact_details_change_when_the_link_is_opened(world: World) -> None:
    await world.add(account(checks=()))
    await world.done(SetContactPhone(number=NEW_PHONE))
    await world.done(SetContactEmail(address=NEW_EMAIL))
    assert (await world.get()).contacts.contact_phone == "13900139000"
    assert len((await world.done(GetContactDetails())).pending) == 2
    for target in (NEW_PHONE, NEW_EMAIL):
        token = SecretStr(world.inbox.newest(target, "token"))
        assert (await world.done(ConfirmContact(token=token), STRANGER)).outcome == "confirmed"
    contacts = (await world.get()).contacts
    assert (contacts.contact_phone, contacts.contact_email, contacts.pending) == (NEW_PHONE, NEW_EMAIL, ())


async def test_ct_6_the_link_lives_24_hours_works_once_and_is_voided_by_a_new_one(world: World) -> None:
    await world.add(account())
    await world.done(SetContactEmail(address=NEW_EMAIL))
    first = ConfirmContact(token=SecretStr(world.inbox.newest(NEW_EMAIL, "token")))
    await world.done(SetContactEmail(address="other@example.com"))
    assert (await world.done(first, STRANGER)).outcome == "expired"
    second = ConfirmContact(token=SecretStr(world.inbox.newest("other@example.com", "token")))
    world.wait(hours=24)
    assert (await world.done(second, STRANGER)).outcome == "expired"
    await world.done(SetContactEmail(address=NEW_EMAIL))
    third = ConfirmContact(token=SecretStr(world.inbox.newest(NEW_EMAIL, "token")))
    assert [(await world.done(third, STRANGER)).outcome for _ in range(2)] == ["confirmed", "expired"]


async def test_ct_7_taking_the_security_email_along_needs_a_check(world: World) -> None:
    await world.add(account(checks=()))
    command = SetContactEmail(address=NEW_EMAIL, sync_security=True)
    assert await world.refused(command) == ("CT-7", "identity_check_needed")
    await world.add(account())
    await world.done(command)
    await world.done(ConfirmContact(token=SecretStr(world.inbox.newest(NEW_EMAIL, "token"))), STRANGER)
    assert (await world.get()).contacts.security_email == NEW_EMAIL


async def test_ct_8_differing_emails_give_a_hint(world: World) -> None:
    await world.add(account())
    assert (await world.done(await security_email(world))).hint == "keep_addresses_equal"
    assert (await world.done(await security_email(world, EMAIL))).hint is None


async def test_ct_9_the_old_security_phone_gets_no_more_codes(world: World) -> None:
    await world.add(account(contacts=Contacts(security_phone=PHONE, contact_phone=PHONE)))
    await world.done(await new_phone(world))
    await world.done(SendCode(purpose="prove", account="100000000001", factor="phone_code"), STRANGER)
    assert [message.what for message in world.inbox.to(PHONE)] == ["notice"]
    assert world.inbox.newest(NEW_PHONE, "purpose") == "security_phone"
    world.wait(minutes=1)
    await world.done(SendCode(purpose="prove", account="100000000001", factor="phone_code"), STRANGER)
    assert world.inbox.newest(NEW_PHONE, "purpose") == "prove"
    assert (await world.get()).contacts.contact_phone == PHONE


def test_ct_10_nothing_removes_a_security_phone_or_email() -> None:
    names = [name for name, _ in inspect.getmembers(AccountService, inspect.isfunction)]
    assert not [name for name in names if "security" in name and ("remove" in name or "unbind" in name)]


async def test_ct_11_the_same_value_is_unchanged(world: World) -> None:
    await world.add(account())
    assert await world.refused(await new_phone(world, PHONE)) == ("CT-11", "unchanged")
    assert await world.refused(await security_email(world, "sec@example.com")) == ("CT-11", "unchanged")
    assert await world.refused(SetContactPhone(number="13900139000")) == ("CT-11", "unchanged")
    assert await world.refused(SetContactEmail(address=EMAIL)) == ("CT-11", "unchanged")


async def test_ct_12_a_first_security_phone_is_set_with_any_other_check(world: World) -> None:
    await world.add(account(contacts=Contacts(), checks=("wechat_scan",)))
    await world.done(await new_phone(world))
    await world.done(await security_email(world))


@pytest.mark.parametrize(("number", "kept"), [("+852 9123 4567", "+85291234567"), ("+86 137 0013 7000", NEW_PHONE)])
async def test_ct_13_numbers_of_other_countries_in_e164(world: World, number: str, kept: str) -> None:
    await world.add(account())
    code = await world.code("security_phone", kept)
    await world.done(SetSecurityPhone(number=number, code=code))
    assert (await world.get()).contacts.security_phone == kept
    assert await world.refused(SetSecurityPhone(number="+86 12800138000", code=code)) == ("VAL-MOBILE", "bad_phone")


@pytest.mark.parametrize("known", [True, False])
async def test_ct_14_a_recycled_number_is_a_ticket_that_names_no_account(world: World, known: bool) -> None:
    await world.add(account(contacts=Contacts(security_phone=NEW_PHONE if known else PHONE)))
    command = ReleaseRecycledNumber(number=NEW_PHONE, code=await world.code("recycled_number", NEW_PHONE))
    opened = await world.done(command, STRANGER)
    assert set(vars(opened)) == {"outcome", "ticket"}
    (ticket,) = await world.store.documents(Ticket)
    assert (ticket.category, ticket.about, ticket.opener_phone) == ("recycled_number", "", NEW_PHONE)


async def test_ct_16_mail_comes_from_one_sender(world: World) -> None:
    assert message_to("a@example.com", "notice").sender == "cloud_noreply@tencent.com"


async def test_ct_17_only_the_root_users_details_change_here(world: World) -> None:
    await world.add(account(users=(User(id="u1", kind="sub_user", name="a", created_at=START),), methods=methods("wechat")))
    assert await world.refused(SetContactPhone(number=NEW_PHONE), world.root(user="u1")) == ("GEN-13", "root_only")

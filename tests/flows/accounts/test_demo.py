from datetime import timedelta

from flows.accounts.account import Account
from flows.accounts.base import Outcome, Refusal, model_json
from flows.accounts.commands.account_info import GetAccount
from flows.accounts.commands.base import Anonymous, Proven
from flows.accounts.commands.ground import CheckIdentity, OfferEvidence, ProveIdentity, SendCode
from flows.accounts.demo import DEMO_PASSWORD, DemoCompany, demo_company
from flows.accounts.demo_accounts import COMPANIES, PERSONS, STRANGER
from flows.accounts.store_memory import MemoryStore
from flows.accounts.validators import Valid, id_card, uscc

from .world import PASSWORDS, START


async def demo(seed: int = 1) -> tuple[DemoCompany, tuple[Account, ...]]:
    store = MemoryStore()
    company = await demo_company(seed=seed, clock=lambda: START, store=store, passwords=PASSWORDS)
    return company, store.all_of(Account)


async def test_the_same_seed_and_time_give_the_same_company() -> None:
    (first, one), (second, two) = await demo(), await demo()
    assert [model_json(account) for account in one] == [model_json(account) for account in two]
    stranger = Anonymous(conversation="c")
    for company in (first, second):
        await company.service.send_code(stranger, SendCode(purpose="prove", account="100000000001", factor="phone_code"), "k")
    assert first.inbox.newest("13800138001", "code") == second.inbox.newest("13800138001", "code")


async def test_every_branch_has_its_account() -> None:
    _, accounts = await demo()
    assert {account.status for account in accounts} == {"active", "frozen", "cancelling", "cancelled"}
    assert {account.verification.status for account in accounts} == {"unverified", "in_progress", "personal", "enterprise", "revoked"}
    assert {account.cancellation.state for account in accounts} >= {"none", "cooling_off", "in_review", "cancelled"}
    assert any(not account.usable_checks for account in accounts)
    assert any(account.lock.locked_until and account.lock.locked_until > START for account in accounts)
    assert PASSWORDS.matches(accounts[0].password.hashes[0], DEMO_PASSWORD)


async def test_a_demo_identity_is_proven_through_the_inbox() -> None:
    company, _ = await demo()
    stranger = Anonymous(conversation="c")
    await company.service.send_code(stranger, SendCode(purpose="prove", account="user1@example.com", factor="email_code"), "k1")
    code = company.inbox.newest("security1@example.com", "code")
    command = ProveIdentity.model_validate({"account": "user1@example.com", "factor": "email_code", "code": code})
    proof = await company.service.prove_identity(stranger, command, "k2")
    assert not isinstance(proof, Refusal)
    assert proof.actor == Proven(conversation="c", account="100000000001", at=START)
    shown = await company.service.get_account(proof.actor, GetAccount())
    assert not isinstance(shown, Refusal)
    assert shown.nickname == "云图主账号"


async def test_demo_numbers_are_well_formed() -> None:
    today = (START + timedelta(days=1)).date()
    assert all(isinstance(id_card(person.id_number, today, adult=True), Valid) for person in (*PERSONS.values(), STRANGER))
    assert all(isinstance(uscc(company.code), Valid) for company in COMPANIES)


async def test_demo_people_pass_the_checks_of_their_own_accounts_only() -> None:
    company, _ = await demo()
    offered = await company.service.offer_evidence(Anonymous(conversation="c"), OfferEvidence(kind="wechat"))
    assert not isinstance(offered, Refusal)
    root = Proven(conversation="c", account="100000000003", at=START)
    results = {
        item.reference: await company.service.check_identity(root, CheckIdentity(method="wechat_scan", scan=item.reference), item.reference)
        for item in offered.items
    }
    passed = [reference for reference, result in results.items() if result == Outcome(outcome="passed")]
    assert passed == ["wechat-li"]
    assert len(offered.items) == len(PERSONS) + 1

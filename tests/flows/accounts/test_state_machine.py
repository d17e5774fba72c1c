"""Whatever is asked in whatever order, what must never happen does not."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import SecretStr

from flows.accounts.account import Account, Contacts, Kind, PassedCheck, Resource
from flows.accounts.base import Refusal
from flows.accounts.commands.cancellation import (
    CheckResources,
    Confirmation,
    ConfirmCancellation,
    ContinueCancellation,
    GiveUpResources,
    StartCancellation,
    WithdrawCancellation,
)
from flows.accounts.commands.contacts import SetSecurityPhone
from flows.accounts.commands.login_methods import BindLoginMethod, ChangeLoginMethod, UnbindLoginMethod
from flows.accounts.commands.protection import SetLoginProtection, SetOperationProtection
from flows.accounts.commands.verification import StartVerification
from flows.accounts.rules.limits import ACCOUNTS_PER_PERSON, ACCOUNTS_PER_SECURITY_PHONE
from flows.accounts.rules.login_methods import QUOTAS

from .world import LI, World, account, methods

T = TypeVar("T")
IDS = [f"10000000000{number}" for number in range(1, 9)]
who = st.sampled_from(IDS)
kinds = st.sampled_from(["wechat", "qq", "official_account", "wecom"])
identities = st.sampled_from(["x", "y", "wechat-a"])
phones = st.sampled_from(["13700137000", "13700137001"])
resources = st.sampled_from(["voucher", "cvm", "unsettled"])


class Accounts(RuleBasedStateMachine):
    """Eight accounts, a few identities and phones to fight over."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.made = 0
        self.cooling_since: dict[str, Any] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """One step to its end; the memory store never waits for anything."""
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(work)
        finally:
            loop.close()

    @initialize()
    def accounts(self) -> None:
        for number, account_id in enumerate(IDS):
            tag = "a" if number == 0 else str(number)
            made = account(account_id, methods=methods("wechat", "email", registration="wechat", tag=tag), contacts=Contacts())
            phone = made.contacts.but(security_phone=f"1380013800{number}", security_email="s@example.com")
            self.run(self.world.add(made.but(contacts=phone)))

    def do(self, account_id: str, command: Any) -> Any:
        """As somebody who has just proven everything."""
        stored = self.run(self.world.get(account_id))
        checks = tuple(
            PassedCheck(conversation="c", method=method, at=self.world.now, instead=True) for method in ("phone_code", "wechat_scan")
        )
        if stored.status != "cancelled":
            self.run(self.world.add(stored.but(checks=checks)))
        return self.run(self.world.do(command, self.world.root(account_id)))

    @rule(account_id=who, kind=kinds, identity=identities)
    def bind(self, account_id: str, kind: Kind, identity: str) -> None:
        self.do(account_id, BindLoginMethod(kind=kind, scan=self.world.scan(kind, identity, wecom_admin=True)))

    @rule(account_id=who, kind=kinds, identity=identities)
    def change(self, account_id: str, kind: Kind, identity: str) -> None:
        self.do(account_id, ChangeLoginMethod(kind=kind, scan=self.world.scan(kind, identity, wecom_admin=True)))

    @rule(account_id=who, kind=st.sampled_from(["wechat", "qq", "official_account", "wecom", "email"]))
    def unbind(self, account_id: str, kind: Kind) -> None:
        self.do(account_id, UnbindLoginMethod(kind=kind))

    @rule(account_id=who, type_=st.sampled_from(["off", "wechat_scan", "phone_code"]))
    def protect(self, account_id: str, type_: str) -> None:
        self.do(account_id, SetLoginProtection.model_validate({"type": type_}))
        self.do(account_id, SetOperationProtection.model_validate({"type": type_}))

    @rule(account_id=who, phone=phones)
    def move_phone(self, account_id: str, phone: str) -> None:
        self.world.wait(hours=3)
        code = self.run(self.world.code("security_phone", phone))
        again = SetSecurityPhone(number=phone, code=code)
        first = self.do(account_id, again)
        if not isinstance(first, Refusal):
            second = self.do(account_id, again)
            assert isinstance(second, Refusal)
            assert second.reason in {"wrong_code", "account_frozen", "not_proven"}

    @rule(account_id=who)
    def verify(self, account_id: str) -> None:
        self.do(account_id, StartVerification(method="face", holder=LI, proof=self.world.face(LI)))

    @rule(account_id=who, kind=resources)
    def buy(self, account_id: str, kind: Any) -> None:
        stored = self.run(self.world.get(account_id))
        if stored.status == "active":
            self.made += 1
            unsettled = kind == "unsettled"
            bought = Resource(id=f"r{self.made}", kind="cos" if unsettled else kind, postpaid=unsettled, unsettled=unsettled)
            self.run(self.world.add(stored.but(resources=(*stored.resources, bought))))

    @rule(account_id=who)
    def start_cancelling(self, account_id: str) -> None:
        self.do(account_id, StartCancellation(confirmations=get_args(Confirmation), reasons=("no_longer_using",)))

    @rule(account_id=who)
    def check(self, account_id: str) -> None:
        self.do(account_id, CheckResources())
        self.world.wait(minutes=3)
        self.do(account_id, CheckResources())

    @rule(account_id=who)
    def give_up(self, account_id: str) -> None:
        ids = tuple(item.id for item in self.run(self.world.get(account_id)).resources if item.kind == "voucher")
        self.do(account_id, GiveUpResources(ids=ids))

    @rule(account_id=who)
    def go_on(self, account_id: str) -> None:
        result = self.do(account_id, ContinueCancellation())
        if not isinstance(result, Refusal) and result.outcome == "cooling_off":
            self.cooling_since[account_id] = self.world.now

    @rule(account_id=who)
    def confirm(self, account_id: str) -> None:
        before = self.run(self.world.get(account_id))
        result = self.do(account_id, ConfirmCancellation(face=self.world.face(LI)))
        if not isinstance(result, Refusal) and result.outcome == "cancelled":
            assert before.resources == ()
            if before.cancellation.cooled_off:
                assert (self.world.now - self.cooling_since[account_id]).days >= 15

    @rule(account_id=who)
    def withdraw(self, account_id: str) -> None:
        self.do(account_id, WithdrawCancellation())

    @rule(days=st.sampled_from([1, 8, 15]))
    def wait(self, days: int) -> None:
        self.world.wait(days=days)

    @rule(code=st.sampled_from(["000000", "123456"]), account_id=who)
    def guess(self, code: str, account_id: str) -> None:
        self.do(account_id, SetSecurityPhone(number="13700137000", code=SecretStr(code)))

    @invariant()
    def every_account_can_log_in(self) -> None:
        assert all(one.methods for one in self.run(self.world.store.documents(Account)))

    @invariant()
    def no_quota_is_exceeded(self) -> None:
        live = [one for one in self.run(self.world.store.documents(Account)) if one.status != "cancelled"]
        bound = [(method.kind, method.key) for one in live for method in one.methods]
        assert all(bound.count((kind, key)) <= QUOTAS[kind] for kind, key in set(bound))
        phones = [one.contacts.security_phone for one in live]
        assert all(phones.count(phone) <= ACCOUNTS_PER_SECURITY_PHONE for phone in set(phones))
        assert sum(one.verification.person is not None for one in live) <= ACCOUNTS_PER_PERSON
        registered = [method.key for one in live for method in one.methods if method.is_registration]
        assert len(registered) == len(set(registered))

    @invariant()
    def protections_can_be_passed(self) -> None:
        for one in self.run(self.world.store.documents(Account)):
            types = {one.protections.login, one.protections.operation} - {"off"}
            assert types <= set(one.usable_checks)


TestAccounts = Accounts.TestCase
TestAccounts.settings = settings(max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))

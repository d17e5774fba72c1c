"""A small world to try the service in: a clock that is set by hand, an inbox, a simulator, accounts to order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from argon2 import PasswordHasher
from pydantic import SecretStr

from flows.accounts.account import (
    Account,
    Company,
    Contacts,
    Kind,
    LoginMethod,
    MfaDevice,
    MfaState,
    PassedCheck,
    Password,
    Person,
    Verification,
)
from flows.accounts.base import Refusal
from flows.accounts.chance import SeededChance
from flows.accounts.commands.base import Actor, Anonymous, Command, Proven, Staff
from flows.accounts.commands.ground import SendCode
from flows.accounts.notifier import DemoInbox
from flows.accounts.passwords import Passwords
from flows.accounts.protocol import AccountService
from flows.accounts.rules.mfa import code_at, step_of
from flows.accounts.simulator import DemoSimulator, Face, Scan
from flows.accounts.store import AccountStore, Commit, D
from flows.accounts.store_memory import MemoryStore
from flows.accounts.stub.service import StubAccounts
from flows.accounts.stub.services import Services

R = TypeVar("R")
START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""A Friday, ten o'clock in Shanghai."""
LI = Person(name="李明", id_number="110099190003070002")
WANG = Person(name="王芳", id_number="440399198506150011")
COMPANY = Company(name="示例科技有限公司", code="91440300MAXYXY019Q", representative=WANG)
MFA_SECRET = SecretStr("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
GOOD_PASSWORD = SecretStr("Right-1horse")
NEW_PASSWORD = SecretStr("Better-2horse")
PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
GOOD_HASH = PASSWORDS.hash(GOOD_PASSWORD)
PHONE = "13800138000"
EMAIL = "li.ming@example.com"
YEAR_AGO = START - timedelta(days=365)
ROOT_ID = "100000000001"
STRANGER = Anonymous(conversation="c")
STAFF = Staff(name="wu")
PERSONAL = Verification(status="personal", entity=LI, method="wechat_scan", verified_at=YEAR_AGO)
ENTERPRISE = Verification(status="enterprise", entity=COMPANY, method="bank_transfer", verified_at=YEAR_AGO)
CHECKS: Any = ("phone_code",)


def methods(*kinds: Kind, registration: Kind | None = None, tag: str = "a") -> tuple[LoginMethod, ...]:
    identities = {"email": EMAIL} | ({} if tag == "a" else {"email": f"{tag}@example.com"})
    return tuple(
        LoginMethod(kind=kind, identity=identities.get(kind, f"{kind}-{tag}"), is_registration=kind == registration, bound_at=YEAR_AGO)
        for kind in kinds
    )


def account(account_id: str = ROOT_ID, checks: Sequence[Any] = ("phone_code",), **fields: Any) -> Account:
    """Logs in by WeChat (registered so) and e-mail, unless told otherwise; one identity check passed just now."""
    tag = "a" if account_id == ROOT_ID else account_id[-2:]
    given: dict[str, Any] = {
        "appid": f"125{account_id[-7:]}",
        "nickname": "demo",
        "registered_at": YEAR_AGO,
        "registered_with": "wechat",
        "methods": methods("wechat", "email", registration="wechat", tag=tag),
        "contacts": Contacts(security_phone=PHONE, security_email="sec@example.com", contact_phone="13900139000", contact_email=EMAIL),
        "password": Password(hashes=(GOOD_HASH,), changed_at=YEAR_AGO),
        "checks": tuple(PassedCheck(conversation="c", method=method, at=START) for method in checks),
    }
    return Account(id=account_id, **(given | fields))


def mfa(**fields: Any) -> MfaState:
    given: dict[str, Any] = {"kind": "google", "secret": MFA_SECRET, "bound_at": YEAR_AGO, "bound_with": "phone_code"}
    return MfaState(device=MfaDevice(**(given | fields)))


class Kept(AccountStore, Protocol):
    """A store that also shows everything it has."""

    async def documents(self, kind: type[D]) -> Sequence[D]: ...


class KeptInMemory(MemoryStore):
    async def documents(self, kind: type[D]) -> Sequence[D]:
        return self.all_of(kind)


class World:
    """The service with everything around it in reach."""

    def __init__(self, store: Kept | None = None) -> None:
        self.now = START
        self.inbox = DemoInbox()
        self.simulator = DemoSimulator()
        self.store: Kept = store or KeptInMemory()
        self.services = Services(
            notifier=self.inbox, simulator=self.simulator, pepper=SecretStr("pepper"), chance=SeededChance(1), passwords=PASSWORDS
        )
        self.service: AccountService = StubAccounts(self.store, self.services, lambda: self.now)
        self._keys = 0

    async def add(self, *documents: Any) -> None:
        await self.store.commit(Commit(writes=documents))

    async def get(self, account_id: str = ROOT_ID) -> Account:
        stored = await self.store.load(Account, account_id)
        assert stored
        return stored.document

    def root(self, account_id: str = ROOT_ID, user: str | None = None) -> Proven:
        return Proven(conversation="c", account=account_id, at=self.now, user=user)

    async def do(self, command: Command[R], actor: Actor | None = None, key: str | None = None) -> R | Refusal:
        """As the proven root account, unless told otherwise, under a new key."""
        self._keys += 1
        return await self.service.perform(actor or self.root(), command, key or f"key-{self._keys}")

    async def done(self, command: Command[R], actor: Actor | None = None) -> R:
        result = await self.do(command, actor)
        assert not isinstance(result, Refusal), result
        return result

    async def refused(self, command: Command[Any], actor: Actor | None = None) -> tuple[str, str]:
        """The rule and the reason; and nothing of the account has changed but what is counted."""
        result = await self.do(command, actor)
        assert isinstance(result, Refusal), result
        return result.rule, result.reason

    async def code(self, purpose: Any, target: str, actor: Actor | None = None) -> SecretStr:
        """Have a code sent to a new number or address, and read it from the inbox."""
        self.wait(minutes=1)
        await self.done(SendCode(purpose=purpose, target=target), actor or STRANGER)
        return SecretStr(self.inbox.newest(target, "code"))

    def mfa_code(self, steps: int = 0, secret: SecretStr = MFA_SECRET) -> SecretStr:
        return SecretStr(code_at(secret, step_of(self.now) + steps))

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def scan(self, kind: Kind, identity: str, **fields: Any) -> str:
        return self.simulator.expect(f"scan-{kind}-{identity}", Scan(kind=kind, identity=identity, **fields))

    def face(self, person: Person) -> str:
        return self.simulator.expect(f"face-{person.name}", Face(person=person))

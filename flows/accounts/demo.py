"""A demo company whose accounts exercise every branch; the same for the same seed and time.

Faces and scans are references that always give the same evidence: ``face-li``, ``face-wang``, ``wechat-li`` and so on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from pydantic import SecretStr

from flows.accounts.account import Account, Person
from flows.accounts.base import Document
from flows.accounts.chance import SeededChance
from flows.accounts.commands.ground import EvidenceItem, EvidenceKind
from flows.accounts.demo_accounts import COMPANIES, MFA_SECRET, NAMES, PERSONS, SALT, STRANGER, demo_documents
from flows.accounts.notifier import DemoInbox
from flows.accounts.passwords import Passwords
from flows.accounts.simulator import DemoSimulator, Evidence, Face, RegisteredCompany, Scan
from flows.accounts.store import AccountStore, Commit
from flows.accounts.store_memory import MemoryStore
from flows.accounts.stub.service import StubAccounts
from flows.accounts.stub.services import Services

DEMO_PASSWORD = SecretStr("Demo-pass-2026")
"""Of every demo account with a login e-mail; it opens nothing else."""


GOOD_FOR = {
    "100000000001": ("公司主账号：子用户、项目、企业微信、离职交接", "A company's account: sub-users, projects, WeCom, handover"),
    "100000000002": ("公司的另一个账号，MFA 设备丢了", "The company's other account; its MFA device is lost"),
    "100000000003": ("李明的个人账号：绑定、改密、MFA、保护", "Li Ming's personal account: login methods, password, MFA, protection"),
    "100000000004": ("李明的旧账号，MFA 设备丢了", "Li Ming's old account; its MFA device is lost"),
    "100000000005": ("只有一种登录方式，未实名", "One login method only, not verified"),
    "100000000006": ("没有任何校验方式", "No way to check an identity"),
    "100000000007": ("欠费冻结", "Frozen for arrears"),
    "100000000008": ("密码已锁定一小时", "Password locked for an hour"),
    "100000000009": ("企业认证中，等待填写打款金额", "Enterprise verification waits for the transferred amount"),
    "100000000010": ("实名认证已撤销", "Verification was revoked"),
    "100000000011": ("可以注销，还有代金券和资源包", "Ready to cancel; vouchers and a package are left"),
    "100000000012": ("注销冷静期中", "In the cancellation's cooling-off period"),
    "100000000013": ("注销审核中", "Cancellation under review"),
    "100000000014": ("已注销，看上去像不存在", "Cancelled; looks as if it did not exist"),
    "100000000015": ("离职员工的账号", "The account of somebody who has left"),
    "100000000016": ("注销前还有服务器要处理", "To be cancelled; a server has to be dealt with first"),
    "100000000017": ("个人认证改企业，等待充值到账", "From a person to a company; waits for the recharge"),
}
"""The demo accounts, and what each shows."""


_LOST_DEVICES = frozenset({"100000000002", "100000000004"})


def device_at_hand(account: Account) -> SecretStr | None:
    """The secret of the MFA device that the demo holds for an account, bound or being bound; a lost device it holds not."""
    device = account.mfa.pending or account.mfa.device
    lost = account.id in _LOST_DEVICES and device is not None and device.secret == MFA_SECRET
    return None if device is None or lost else device.secret


@dataclass(frozen=True)
class DemoCompany:
    """The service, and everything that a demo page shows beside it."""

    service: StubAccounts
    store: AccountStore
    inbox: DemoInbox
    simulator: DemoSimulator


def company_as_new(now: datetime, passwords: Passwords | None = None) -> tuple[Document, ...]:
    """Everything the company has; dates lie around now."""
    return demo_documents(now, passwords.hash(DEMO_PASSWORD, salt=SALT) if passwords else _hashed())


@cache
def _hashed() -> str:
    """The demo password, as slow to hash as any other, but always the same."""
    return Passwords().hash(DEMO_PASSWORD, salt=SALT)


async def demo_company(
    *, seed: int, clock: Callable[[], datetime], store: AccountStore | None = None, passwords: Passwords | None = None
) -> DemoCompany:
    """The company as new, in an empty store."""
    inbox, simulator, kept = DemoInbox(), demo_simulator(), store or MemoryStore()
    await kept.commit(Commit(writes=company_as_new(clock(), passwords)))
    passwords = passwords or Passwords()
    pepper = SecretStr(f"demo-{seed}")
    services = Services(notifier=inbox, simulator=simulator, pepper=pepper, chance=SeededChance(seed), passwords=passwords)
    return DemoCompany(StubAccounts(kept, services, clock), kept, inbox, simulator)


def nobody() -> StubAccounts:
    """A service without any account, for answering without a database."""
    services = Services(notifier=DemoInbox(), simulator=DemoSimulator(), pepper=SecretStr("nobody"))
    return StubAccounts(MemoryStore(), services, lambda: datetime.now(UTC))


def demo_simulator() -> DemoSimulator:
    """Three people and a stranger, with faces and phones, and the registry that knows the companies."""
    simulator = DemoSimulator()
    for name, person in {**PERSONS, "stranger": STRANGER}.items():
        for kind, evidence in _evidence(name, person).items():
            zh, en = NAMES[name]
            simulator.offer(kind, EvidenceItem(reference=f"{kind}-{name}", zh=zh, en=en), evidence)
    for company in COMPANIES:
        simulator.register(RegisteredCompany(code=company.code, name=company.name, representative=company.representative))
    return simulator


def _evidence(name: str, person: Person) -> dict[EvidenceKind, Evidence]:
    """A person's face and phone; a stranger's WeCom and Official Account belong to nobody else either."""
    known = name != "stranger"
    enterprise, company_code = ("ww-demo", COMPANIES[0].code) if known else ("ww-elsewhere", None)
    return {
        "face": Face(person=person),
        "wechat": Scan(kind="wechat", identity=f"wechat-{name}", person=person),
        "qq": Scan(kind="qq", identity=f"qq-{name}", person=person),
        "wecom": Scan(kind="wecom", identity=name, wecom_enterprise=enterprise, wecom_admin=name == "wang"),
        "official_account": Scan(kind="official_account", identity=f"official-{name}", company_code=company_code),
    }

"""A demo company whose accounts exercise every branch; the same for the same seed and time.

Faces and scans are references that always give the same evidence: ``face-li``, ``face-wang``, ``wechat-li`` and so on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from flows.accounts.account import Person
from flows.accounts.chance import SeededChance
from flows.accounts.demo_accounts import COMPANIES, PERSONS, SALT, demo_documents
from flows.accounts.notifier import DemoInbox
from flows.accounts.passwords import Passwords
from flows.accounts.simulator import DemoSimulator, Face, RegisteredCompany, Scan
from flows.accounts.store import AccountStore, Commit
from flows.accounts.store_memory import MemoryStore
from flows.accounts.stub.service import StubAccounts
from flows.accounts.stub.services import Services

DEMO_PASSWORD = SecretStr("Demo-pass-2026")
"""Of every demo account with a login e-mail; it opens nothing else."""


@dataclass(frozen=True)
class DemoCompany:
    """The service, and everything that a demo page shows beside it."""

    service: StubAccounts
    store: AccountStore
    inbox: DemoInbox
    simulator: DemoSimulator


async def demo_company(
    *, seed: int, clock: Callable[[], datetime], store: AccountStore | None = None, passwords: Passwords | None = None
) -> DemoCompany:
    """The company as new, in an empty store."""
    passwords = passwords or Passwords()
    inbox, simulator, kept = DemoInbox(), _simulator(), store or MemoryStore()
    hashed = passwords.hash(DEMO_PASSWORD, salt=SALT)
    await kept.commit(Commit(writes=demo_documents(clock(), hashed)))
    pepper = SecretStr(f"demo-{seed}")
    services = Services(notifier=inbox, simulator=simulator, pepper=pepper, chance=SeededChance(seed), passwords=passwords)
    return DemoCompany(StubAccounts(kept, services, clock), kept, inbox, simulator)


def _simulator() -> DemoSimulator:
    simulator = DemoSimulator()
    for name, person in PERSONS.items():
        _give(simulator, name, person)
    for company in COMPANIES:
        simulator.register(RegisteredCompany(code=company.code, name=company.name, representative=company.representative))
    return simulator


def _give(simulator: DemoSimulator, name: str, person: Person) -> None:
    simulator.expect(f"face-{name}", Face(person=person))
    simulator.expect(f"wechat-{name}", Scan(kind="wechat", identity=f"wechat-{name}", person=person))
    simulator.expect(f"qq-{name}", Scan(kind="qq", identity=f"qq-{name}", person=person))
    simulator.expect(f"wecom-{name}", Scan(kind="wecom", identity=name, wecom_enterprise="ww-demo", wecom_admin=name == "wang"))
    simulator.expect(f"official-{name}", Scan(kind="official_account", identity=f"official-{name}", company_code=COMPANIES[0].code))

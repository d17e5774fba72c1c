"""Scans, face checks, authorizations and the business registry, whose outcome a test or the demo chooses. GEN-15."""

from collections import defaultdict
from datetime import date
from typing import Literal, Protocol, TypeAlias

from flows.accounts.account import Kind, Person
from flows.accounts.base import Model
from flows.accounts.commands.ground import EvidenceItem, EvidenceKind


class Face(Model):
    """A face check: whom it recognised. GEN-15."""

    person: Person


class Scan(Model):
    """A scan or authorization: which identity answered, and what its platform says about it."""

    kind: Kind
    identity: str
    person: Person | None = None
    company_code: str | None = None
    account_permission: bool = True
    wecom_enterprise: str | None = None
    wecom_admin: bool = False
    bank_card: bool = True


Evidence: TypeAlias = Face | Scan


class RegisteredCompany(Model):
    """A company as the business registry has it now. REC-8, RN-34."""

    code: str
    name: str
    representative: Person
    state: Literal["active", "deregistered", "incomplete"] = "active"
    licensed_on: date = date(2020, 1, 1)


class Simulator(Protocol):
    """Where evidence comes from; a command only carries a reference to it."""

    async def evidence(self, reference: str) -> Evidence | None:
        """What a finished scan or face check gave."""

    async def offered(self, kind: EvidenceKind, conversation: str) -> tuple[EvidenceItem, ...]:
        """The references to what has come of a kind, for this conversation."""

    async def company(self, code: str) -> RegisteredCompany | None:
        """The registry's entry."""


class DemoSimulator:
    """Answers what it was told to answer."""

    def __init__(self) -> None:
        self._evidence: dict[str, Evidence] = {}
        self._companies: dict[str, RegisteredCompany] = {}
        self._offered: dict[EvidenceKind, tuple[EvidenceItem, ...]] = defaultdict(tuple)

    def expect(self, reference: str, evidence: Evidence) -> str:
        """From now on this reference gives this evidence."""
        self._evidence[reference] = evidence
        return reference

    def offer(self, kind: EvidenceKind, item: EvidenceItem, evidence: Evidence) -> None:
        """Expect it, and let everybody choose it by name."""
        self.expect(item.reference, evidence)
        self._offered[kind] += (item,)

    def register(self, company: RegisteredCompany) -> None:
        """Put a company into the registry."""
        self._companies[company.code] = company

    async def evidence(self, reference: str) -> Evidence | None:
        """What the reference was told to give."""
        return self._evidence.get(reference)

    async def offered(self, kind: EvidenceKind, conversation: str) -> tuple[EvidenceItem, ...]:  # noqa: ARG002  the same for everybody
        """What may be chosen."""
        return self._offered[kind]

    async def company(self, code: str) -> RegisteredCompany | None:
        """The registry's entry."""
        return self._companies.get(code)

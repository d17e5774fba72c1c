"""Who an account is verified for."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import Field

from flows.accounts.base import Model

Region: TypeAlias = Literal["mainland", "hk_mo_tw", "overseas"]
Status: TypeAlias = Literal["unverified", "in_progress", "personal", "enterprise", "revoked"]
ChangeKind: TypeAlias = Literal[
    "personal_to_enterprise",
    "personal_to_personal",
    "enterprise_to_enterprise",
    "enterprise_name",
    "legal_representative",
    "enterprise_to_personal",
    "mainland_to_overseas_person",
]
VerificationMethod: TypeAlias = Literal[
    "wechat_scan",
    "qq_scan",
    "face",
    "official_account",
    "representative_wechat",
    "representative_face",
    "recharge",
    "bank_transfer",
]


class Person(Model):
    """A person by papers."""

    name: str
    id_number: str = Field(repr=False)
    region: Region = "mainland"


class Company(Model):
    """An enterprise, or a public institution, by papers."""

    name: str
    code: str
    representative: Person
    region: Region = "mainland"
    foreign_representative: bool = False
    institution: bool = False


class EnterpriseContact(Model):
    """Whom the provider asks at an enterprise. RN-31."""

    name: str
    id_number: str = Field(repr=False)
    mobile: str


class VerificationRequest(Model):
    """A verification or change under way. RN-13, RN-16, RN-28."""

    kind: Literal["first"] | ChangeKind
    state: Literal["transfer_pending", "recharge_pending", "in_review"]
    entity: Person | Company
    method: VerificationMethod | None = None
    opened_at: datetime
    deadline: datetime
    amount_fen: int = Field(default=0, repr=False)
    arrived_at: datetime | None = None
    tries_left: int = 2


class Verification(Model):
    """State of the real-name verification. RN."""

    status: Status = "unverified"
    entity: Person | Company | None = None
    method: VerificationMethod | None = None
    handler: Person | None = None
    contact: EnterpriseContact | None = None
    verified_at: datetime | None = None
    request: VerificationRequest | None = None
    short_name_approved: str = ""

    @property
    def person(self) -> Person | None:
        """The verified person, of a personal account."""
        return self.entity if self.status == "personal" and isinstance(self.entity, Person) else None

    @property
    def company(self) -> Company | None:
        """The verified company, of an enterprise account."""
        return self.entity if self.status == "enterprise" and isinstance(self.entity, Company) else None

"""Real-name verification."""

from datetime import date, datetime
from typing import ClassVar, Literal, Self, TypeAlias

from pydantic import Field

from flows.accounts.account import Company, Person
from flows.accounts.account.holder import ChangeKind, Region, Status, VerificationMethod
from flows.accounts.base import Model, Outcome, Refusal
from flows.accounts.commands.base import Change, Formats, Query, Who
from flows.accounts.validators import Invalid, id_card, uscc

Holder: TypeAlias = Person | Company


class VerificationShown(Model):
    """Status, masked entity, what is under way, and from when it may be changed. RN-22, RN-35."""

    status: Status
    name: str = ""
    code: str = ""
    method: VerificationMethod | None = None
    request: str | None = None
    request_state: str | None = None
    deadline: datetime | None = None
    recharge_fen: int | None = None
    earliest_change: datetime | None = None
    restrictions: tuple[str, ...] = ()


class GetVerification(Query[VerificationShown]):
    """How the account is verified."""


class MethodAdvice(Model):
    """A method, how long it takes, and why it stands where it stands."""

    method: VerificationMethod
    takes: Literal["at_once", "1_working_day", "1_to_5_working_days"]
    reason: Literal["recommended", "no_papers_needed", "no_face_needed", "by_payment", "only_way"]


class VerificationAdvice(Model):
    """Methods in order; for a recharge, how it can be paid. RN-19."""

    methods: tuple[MethodAdvice, ...]
    recharge_channels: tuple[str, ...] = ()


class AdviseVerification(Query[VerificationAdvice]):
    """Which methods suit, from a few facts. RN-4, RN-5, RN-6, RN-8."""

    who: ClassVar[Who] = "anyone"
    holder: Literal["person", "enterprise"]
    region: Region = "mainland"
    foreign_representative: bool = False
    institution: bool = False
    papers_at_hand: bool = True
    urgent: bool = False


def checked_holder(holder: Holder | None, today: date) -> Refusal | None:
    """Mainland ID numbers and credit codes have the right form. VAL-ID, VAL-USCC."""
    person = holder.representative if isinstance(holder, Company) else holder
    foreign = isinstance(holder, Company) and holder.foreign_representative
    if person is not None and person.region == "mainland" and not foreign:
        checked = id_card(person.id_number, today)
        if isinstance(checked, Invalid):
            return Refusal(rule=checked.rule, reason="bad_input", details={"field": "id_number", "why": checked.reason})
    if isinstance(holder, Company) and holder.region == "mainland":
        checked = uscc(holder.code)
        if isinstance(checked, Invalid):
            return Refusal(rule=checked.rule, reason="bad_input", details={"field": "code", "why": checked.reason})
    return None


class VerificationResult(Outcome[Literal["verified", "transfer_pending", "recharge_pending", "in_review", "not_matched"]]):
    """What came of it; a recharge names its amount, the others their deadline."""

    recharge_fen: int | None = None
    deadline: datetime | None = None


class StartVerification(Change[VerificationResult]):
    """Verify an account that is not verified, or whose verification was revoked. RN-1 to RN-19."""

    method: VerificationMethod
    holder: Holder
    proof: str | None = None
    licensed_on: date | None = None
    documents_marked_for: str | None = None

    def normalised(self, today: date) -> Self | Refusal:
        """The holder's numbers in the right form."""
        return checked_holder(self.holder, today) or self


class ReportedAmount(Outcome[Literal["verified", "wrong_one_left", "start_again"]]):
    """Whether the reported amount was right."""


class ReportTransferAmount(Change[ReportedAmount]):
    """How many fen arrived. RN-14."""

    fen: int


class ChangeConditions(Model):
    """Each condition of RN-21 to RN-26, met or not, and the day from which RN-22 is."""

    conditions: dict[str, bool]
    earliest: datetime | None = None


class PrecheckChange(Query[ChangeConditions]):
    """Whether this change would be possible now."""

    kind: ChangeKind


class StartChange(Change[VerificationResult]):
    """Change the verification. RN-21 to RN-29."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    kind: ChangeKind
    holder: Holder
    method: VerificationMethod | None = None
    proof: str | None = None
    papers: dict[str, str] = Field(default_factory=dict)
    licensed_on: date | None = None

    def normalised(self, today: date) -> Self | Refusal:
        """The holder's numbers in the right form."""
        return checked_holder(self.holder, today) or self


class WithdrawChange(Change[Outcome[Literal["withdrawn"]]]):
    """Stop what is under way. RN-28."""


class CompleteCreditCode(Change[Outcome[Literal["saved"]]]):
    """Complete a wrong or incomplete credit code. RN-27."""

    who: ClassVar[Who] = "checked"
    formats: ClassVar[Formats] = {"code": ("uscc", "bad_credit_code")}
    name: str
    code: str


class SetEnterpriseContact(Change[Outcome[Literal["saved"]]]):
    """Whom the provider asks; the handler cannot be changed. RN-31."""

    who: ClassVar[Who] = "checked"
    formats: ClassVar[Formats] = {"id_number": ("id_card", "bad_input"), "mobile": ("mobile", "bad_input")}
    name: str
    id_number: str = Field(repr=False)
    mobile: str
    handler: bool = False


class RemoveVerification(Change[Outcome[Literal["never"]]]):
    """Never; this says so. RN-20."""

    who: ClassVar[Who] = "checked"


class TransferSent(Change[Outcome[Literal["arrived"]]]):
    """The provider's payment has arrived at the company. RN-13."""

    who: ClassVar[Who] = "staff"
    account: str


class PaymentArrived(Change[Outcome[Literal["counted", "not_verified"]]]):
    """The company's recharge has arrived. RN-16."""

    who: ClassVar[Who] = "staff"
    account: str
    fen: int
    payer: str


class DecideChange(Change[Outcome[Literal["approved", "rejected"]]]):
    """Staff's decision on papers. RN-28."""

    who: ClassVar[Who] = "staff"
    tells: ClassVar[bool] = True
    account: str
    approve: bool


class RevokeVerification(Change[Outcome[Literal["revoked"]]]):
    """What the registry no longer supports. RN-34."""

    who: ClassVar[Who] = "staff"
    tells: ClassVar[bool] = True
    account: str

"""Recovering an account: searches, proofs, appeals."""

from datetime import date, datetime
from typing import ClassVar, Literal, Self

from pydantic import Field

from flows.accounts.account import Kind
from flows.accounts.base import Model, Outcome, Refusal, Secret
from flows.accounts.commands.base import Change, Formats, Who
from flows.accounts.records.recovery import Way

NEEDED: dict[Way, tuple[str, ...]] = {
    "enterprise_representative": ("company_name", "company_code", "reason", "name", "id_number"),
    "enterprise_documents": ("company_name", "company_code", "reason"),
    "personal": ("name", "id_number"),
    "security_phone": ("phone",),
    "domain": ("domain",),
    "icp": (),
    "server_ip": ("server", "ip"),
    "account_id": ("account_id",),
}
"""The inputs of each way. REC-1."""


class SearchStarted(Outcome[Literal["choose_proof", "message_sent", "face_needed", "representative_needed"]]):
    """What proof is needed next; the same whether or not anything was found. GEN-7."""

    search: str


class StartSearch(Change[SearchStarted]):
    """Search by one of the ways. REC-1."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {
        "company_code": ("organization_code", "bad_input"),
        "id_number": ("id_card", "bad_input"),
        "phone": ("mobile", "bad_input"),
        "domain": ("domain", "bad_input"),
        "filing": ("icp", "bad_input"),
        "ip": ("ip", "bad_input"),
        "account_id": ("account_id", "bad_input"),
    }
    way: Way
    company_name: str | None = None
    company_code: str | None = None
    reason: str | None = None
    name: str | None = None
    id_number: str | None = Field(default=None, repr=False)
    phone: str | None = None
    domain: str | None = None
    filing: str | None = None
    server: Literal["cvm", "lighthouse"] | None = None
    ip: str | None = None
    account_id: str | None = None

    def normalised(self, today: date) -> Self | Refusal:
        """Inputs pass the validators before anything is looked up. REC-1, guide-zh:1099, 1124, 1159."""
        missing = [field for field in NEEDED[self.way] if not getattr(self, field)]
        if self.way == "icp" and not (self.domain or self.filing):
            missing = ["filing"]
        if missing:
            return Refusal(rule="REC-1", reason="bad_input", details={"field": missing[0], "why": "missing"})
        checked = super().normalised(today)
        return checked.but(rule="REC-1") if isinstance(checked, Refusal) else checked


class ProveByPhone(Change[Outcome[Literal["message_sent"]]]):
    """The whole security phone number; the result goes there, if it is the one. REC-3."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"number": ("mobile", "bad_input")}
    search: str
    number: str


class FoundAccount(Model):
    """What a proven searcher sees of an account. REC-7."""

    account_id: str
    registration_method: Kind | None
    bound_kinds: tuple[Kind, ...] = ()
    verified_as: str = ""


class FaceProof(Outcome[Literal["shown", "not_matched"]]):
    """The accounts, if the face is the right one."""

    accounts: tuple[FoundAccount, ...] = ()


class ProveByFace(Change[FaceProof]):
    """A face check of the verified person or the legal representative. REC-4."""

    who: ClassVar[Who] = "anyone"
    search: str
    face: str


class AppealSubmitted(Outcome[Literal["in_review", "not_matched"]]):
    """The query code, if the face is the right one. REC-10."""

    query_code: str | None = None


class SubmitEnterpriseAppeal(Change[AppealSubmitted]):
    """By the legal representative, or with documents. REC-8, REC-9, REC-10."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {
        "phone": ("mobile", "bad_input"),
        "code": ("code", "bad_input"),
        "handler_id": ("id_card", "bad_input"),
    }
    search: str
    branch: Literal["representative", "documents"]
    situation: Literal["normal", "deregistered", "renamed"] = "normal"
    face: str
    papers: dict[str, str] = Field(default_factory=dict)
    handler_name: str = ""
    handler_id: str | None = Field(default=None, repr=False)
    phone: str
    code: Secret


class AppealShown(Outcome[Literal["in_review", "approved", "rejected", "not_found"]]):
    """How an appeal stands; once approved, the accounts and what can still be done, until when. REC-11, REC-15."""

    reason: str = ""
    due: datetime | None = None
    accounts: tuple[FoundAccount, ...] = ()
    actions_left: dict[str, tuple[Literal["add_login_email", "reset_security_check"], ...]] = Field(default_factory=dict)
    until: datetime | None = None


class GetAppeal(Change[AppealShown]):
    """Query code, its phone, and a code to it. REC-11."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"phone": ("mobile", "bad_input"), "code": ("code", "bad_input")}
    query_code: str
    phone: str
    code: Secret


class AddLoginEmail(Change[Outcome[Literal["added"]]]):
    """A new login e-mail for a found account. REC-13, REC-16."""

    who: ClassVar[Who] = "anyone"
    tells: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"email": ("email", "bad_input"), "code": ("code", "bad_input")}
    appeal: str
    account: str
    email: str
    code: Secret
    password: Secret
    repeat: Secret
    replace: bool = False


class ResetSecurityCheck(Change[Outcome[Literal["reset"]]]):
    """Phone codes instead of the old check, to a new security phone. REC-14."""

    who: ClassVar[Who] = "anyone"
    tells: ClassVar[bool] = True
    formats: ClassVar[Formats] = {"phone": ("phone", "bad_input"), "code": ("code", "bad_input")}
    appeal: str
    account: str
    phone: str
    code: Secret


class DecideAppeal(Change[Outcome[Literal["approved", "rejected"]]]):
    """Staff's decision."""

    who: ClassVar[Who] = "staff"
    query_code: str
    approve: bool
    reason: str = ""

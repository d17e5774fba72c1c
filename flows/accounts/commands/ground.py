"""Proving who one is: codes and identity checks."""

from datetime import date
from typing import ClassVar, Literal, Self, TypeAlias

from pydantic import Field

from flows.accounts.account import CheckMethod
from flows.accounts.base import Model, Outcome, Refusal, Secret
from flows.accounts.commands.base import Change, Formats, Proven, Query, Who
from flows.accounts.validators import Invalid, ValidatorName, email, phone

Purpose: TypeAlias = Literal[
    "prove",
    "check",
    "security_phone",
    "security_email",
    "login_email",
    "recycled_number",
    "appeal_phone",
    "appeal_query",
    "reset_phone",
    "application_phone",
    "application_protection",
    "ticket_phone",
    "ticket_query",
]
"""A code belongs to one purpose and one target. GEN-6."""

EvidenceKind: TypeAlias = Literal["face", "wechat", "qq", "wecom", "official_account"]

SentFactor: TypeAlias = Literal["phone_code", "email_code"]


class CheckMethods(Model):
    """The checks that a change accepts, default first; ``passed`` if this conversation needs none now."""

    methods: tuple[CheckMethod, ...]
    targets: dict[CheckMethod, str]
    """Every check of the account, with its masked target."""
    waits: dict[CheckMethod, int] = Field(default_factory=dict)
    """Seconds until a code can be sent, where one went out just now and cannot be entered. GEN-6."""
    passed: bool = False


class ListCheckMethods(Query[CheckMethods]):
    """Which identity checks the account can pass. GEN-5."""


class SendCode(Change[Outcome[Literal["sent"]]]):
    """Send a code to a new number or address (``target``), or to a factor of a hinted or proven account. GEN-6, GEN-7."""

    who: ClassVar[Who] = "anyone"
    purpose: Purpose
    target: str | None = None
    account: str | None = None
    factor: SentFactor | None = None

    def normalised(self, today: date) -> Self | Refusal:  # noqa: ARG002  every command is asked with the day
        """The target in normal form: a number or an address. CT-13."""
        if self.target is None:
            return self
        validator, reason = (email, "bad_email") if "@" in self.target else (phone, "bad_phone")
        checked = validator(self.target)
        if isinstance(checked, Invalid):
            return Refusal(rule=checked.rule, reason=reason, details={"field": "target", "why": checked.reason})
        return self.but(target=checked.value)


class CheckIdentity(Change[Outcome[Literal["passed", "wrong", "expired", "used_up"]]]):
    """Pass one of the account's own checks; ``instead`` says that the configured one cannot be used. GEN-4, GEN-5."""

    in_frozen: ClassVar[bool] = True
    in_review: ClassVar[bool] = True
    root_only: ClassVar[bool] = False
    formats: ClassVar[Formats] = {"code": ("code", "bad_code")}
    method: CheckMethod
    code: Secret | None = None
    scan: str | None = None
    instead: bool = False


class EvidenceItem(Model):
    """Something that a command can refer to as its scan or face check, and how to call it."""

    reference: str
    zh: str
    en: str


class EvidenceOffered(Model):
    """What there is, in the order to show it; nothing if no scan or face check has come yet."""

    items: tuple[EvidenceItem, ...] = ()


class OfferEvidence(Query[EvidenceOffered]):
    """Which finished scans or face checks there are: a real system has the one that this conversation waited for. GEN-15."""

    who: ClassVar[Who] = "anyone"
    kind: EvidenceKind


class Proof(Outcome[Literal["proven", "wrong", "expired", "used_up"]]):
    """The proven identity, if it is one."""

    actor: Proven | None = None


class ProveIdentity(Change[Proof]):
    """Prove an identity with a code that was sent to a factor of the hinted account. GEN-3."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"code": ("code", "bad_code")}
    account: str
    factor: SentFactor
    code: Secret


class Validation(Outcome[Literal["ok", "format", "region", "birth_date", "checksum", "under_18", "not_public", "license_not_filing"]]):
    """The normal form, or the reason."""

    value: str = ""


class Validate(Query[Validation]):
    """Whether a text has the right form; looks nothing up. VAL."""

    who: ClassVar[Who] = "anyone"
    validator: ValidatorName
    text: str

"""Applying for login."""

from typing import ClassVar, Literal

from pydantic import Field

from flows.accounts.base import Outcome, Secret
from flows.accounts.commands.base import Change, Formats, Who


class ApplicationStarted(Outcome[Literal["next"]]):
    """The draft's id."""

    application: str


class StartLoginApplication(Change[ApplicationStarted]):
    """Step 1: whose account, and who applies. APL-1, APL-2."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {
        "id_number": ("id_card", "bad_input"),
        "phone": ("mobile", "bad_input"),
        "code": ("code", "bad_input"),
    }
    type: Literal["personal", "enterprise", "unverified"]
    account: str = ""
    name: str = ""
    id_number: str | None = Field(default=None, repr=False)
    reason: str = ""
    phone: str | None = None
    code: Secret | None = None


class SetApplicationEmail(Change[Outcome[Literal["next"]]]):
    """Step 2: a new login e-mail and its password. APL-5."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"email": ("email", "bad_input"), "code": ("code", "bad_input")}
    application: str
    email: str
    code: Secret
    password: Secret
    repeat: Secret


class SetApplicationProtection(Change[Outcome[Literal["next", "next_with_warning"]]]):
    """Step 3: leave protection, or ask a new security phone. APL-6, APL-7."""

    who: ClassVar[Who] = "anyone"
    formats: ClassVar[Formats] = {"phone": ("phone", "bad_input"), "code": ("code", "bad_input")}
    application: str
    phone: str | None = None
    code: Secret | None = None


class FinishLoginApplication(Change[Outcome[Literal["done", "face_failed", "details_do_not_match"]]]):
    """Step 4: the face check; then everything applies. APL-8, APL-9."""

    who: ClassVar[Who] = "anyone"
    tells: ClassVar[bool] = True
    application: str
    face: str

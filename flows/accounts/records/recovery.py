"""What recovering an account and applying for login have to remember."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from pydantic import Field

from flows.accounts.account import Person
from flows.accounts.base import Document, Model

Way: TypeAlias = Literal[
    "enterprise_representative",
    "enterprise_documents",
    "personal",
    "security_phone",
    "domain",
    "icp",
    "server_ip",
    "account_id",
]
"""Seven ways, the first two being one. REC."""


class Tries(Document):
    """How often something was tried in a day. REC-18, APL-10."""

    day: date
    count: int = 0


class Search(Document):
    """A search under way: what it looks for, and what it has found so far."""

    way: Way
    conversation: str
    accounts: tuple[str, ...] = ()
    person: Person | None = None
    company_code: str = ""


class AppealOpened(Model):
    """A conversation that has proven to hold the appeal's phone. REC-11."""

    conversation: str
    at: datetime


class Appeal(Document):
    """An enterprise's appeal, by its query code. REC-10, REC-19."""

    phone: str
    company_code: str
    papers: tuple[str, ...] = ()
    state: Literal["in_review", "approved", "rejected"] = "in_review"
    reason: str = ""
    submitted_at: datetime
    due: datetime
    decided_at: datetime | None = None
    accounts: tuple[str, ...] = ()
    used: tuple[tuple[str, Literal["add_login_email", "reset_security_check"]], ...] = ()
    opened: tuple[AppealOpened, ...] = ()


class Application(Document):
    """A draft of an application for login. APL."""

    account: str
    person: Person
    phone: str
    reason: str = ""
    expires: datetime
    email: str | None = None
    password_hash: str | None = Field(default=None, repr=False)
    protection: Literal["keep", "phone"] | None = None
    new_phone: str | None = None

"""Basic information of an account."""

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from flows.accounts.account import FreezeReason, Kind
from flows.accounts.base import Model, Outcome
from flows.accounts.commands.base import Change, Query

Industry: TypeAlias = Literal[
    "e_commerce", "education", "finance", "games", "government", "healthcare", "internet", "manufacturing", "media", "retail", "other"
]
"""The fixed list. ACC-7, guide-zh:122-124."""


class AccountShown(Model):
    """Nickname, account ID, APPID, verification status, industry, registration time. ACC-4."""

    account_id: str
    appid: str
    nickname: str
    verification: str
    industry: str
    registered_at: datetime
    registered_with: Kind
    status: str
    advice: tuple[Literal["password_old"], ...] = ()


class GetAccount(Query[AccountShown]):
    """The basic information. ACC-4."""


class AppId(Model):
    """UIN and APPID. ACC-12."""

    account_id: str
    appid: str


class GetAppId(Query[AppId]):
    """What ``GetUserAppId`` answers. ACC-12."""


class SetNickname(Change[Outcome[Literal["saved", "saved_with_warning"]]]):
    """Change the nickname. ACC-5, ACC-6."""

    nickname: str


class SetIndustry(Change[Outcome[Literal["saved"]]]):
    """Choose the industry from the list. ACC-7."""

    industry: str


class Products(Model):
    """The activated products."""

    products: tuple[str, ...]


class ListProducts(Query[Products]):
    """Which products are activated, faq-zh:158."""


class LoginShown(Model):
    """One login, its address masked. ACC-13."""

    at: datetime
    method: Kind
    ip: str
    city: str


class Logins(Model):
    """Newest first."""

    logins: tuple[LoginShown, ...]


class ListLogins(Query[Logins]):
    """The logins of the last 90 days. ACC-13."""

    root_only: ClassVar[bool] = True
    since: datetime | None = None


class FreezeState(Model):
    """Why the account is frozen, and the way out of each. ACC-9."""

    next_steps: dict[FreezeReason, Literal["ticket", "verify_again", "pay", "withdraw_cancellation"]]


class GetFreezeState(Query[FreezeState]):
    """Whether and why the account is frozen. ACC-9."""

"""What belongs to an account: users, keys, projects, resources, money."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import Field

from flows.accounts.base import Model

UserKind: TypeAlias = Literal["sub_user", "collaborator", "message_recipient"]
"""SUB-1, faq-zh:83, 91."""

Policy: TypeAlias = Literal[
    "AdministratorAccess", "ReadOnlyAccess", "QCloudResourceFullAccess", "QCloudFinanceFullAccess", "QcloudCamFullAccess"
]
"""WX-9, SUB-3, guide-zh:2034-2048."""

ResourceKind: TypeAlias = Literal[
    "cvm",
    "lighthouse",
    "cos",
    "domain",
    "icp_filing",
    "voucher",
    "cash",
    "bonus_credit",
    "ssl_certificate",
    "cdn_package",
    "marketplace_mini_program",
    "load_testing",
    "sms_package",
    "vod_daily_package",
    "live_package",
    "site_hosting",
    "vod_storage",
]


class Key(Model):
    """An API key; deleted ones are gone. SUB-4."""

    id: str
    state: Literal["enabled", "disabled"] = "enabled"


class User(Model):
    """A user under the root account. SUB-1."""

    id: str
    kind: UserKind
    name: str
    created_at: datetime
    policies: tuple[Policy, ...] = ()
    groups: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    wecom_member: str | None = None
    own_account: str | None = None
    password_hash: str | None = Field(default=None, repr=False)

    @property
    def administers(self) -> bool:
        """Whether this user may manage users, keys and policies. SUB-3."""
        return bool({"QcloudCamFullAccess", "AdministratorAccess"} & set(self.policies))


class Project(Model):
    """A project; never deleted. PRJ-2."""

    id: str
    name: str
    description: str = ""
    disabled: bool = False


class Resource(Model):
    """Something the account has; domains, filings and servers carry the name they are found by. REC-2."""

    id: str
    kind: ResourceKind
    name: str = ""
    site: str = ""
    postpaid: bool = False
    unsettled: bool = False
    ends_at: datetime | None = None
    project: str | None = None
    under_account: bool = True


class Billing(Model):
    """What the Billing Center knows. CAN-2, RN-23."""

    arrears_fen: int = 0
    advance_fen: int = 0
    balance_fen: int = 0
    unfinished_orders: int = 0
    open_complaints: int = 0

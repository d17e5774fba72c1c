"""WeCom: the app, its scope, the linked account, members' sub-users."""

from typing import ClassVar, Literal

from flows.accounts.base import Model, Outcome, Secret
from flows.accounts.commands.base import Change, Query, Who

Step = Literal["add_app", "set_scope", "link_account", "request_sub_user", "assign_policies", "done"]


class Scope(Model):
    """Departments and tags are chosen on a computer, members on the phone. WX-12."""

    departments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class WecomSetup(Model):
    """What is done, what comes next, and who has to do it. WX-6."""

    enterprise: str
    done: tuple[Step, ...]
    next_step: Step
    who: Literal["wecom_administrator", "account_administrator", "member", "nobody"]


class GetWecomSetup(Query[WecomSetup]):
    """How far an enterprise is; whoever asks proves membership by a scan. WX-6."""

    who: ClassVar[Who] = "anyone"
    scan: str


class LinkedEnterprise(Model):
    """The name of the enterprise that an account is linked to, if it is."""

    name: str | None


class GetLinkedEnterprise(Query[LinkedEnterprise]):
    """Which enterprise one's own account is linked to. WX-3."""


class AddApp(Change[Outcome[Literal["added"]]]):
    """Add Tencent Cloud Assistant and authorize it, by a scan of an administrator. WX-1."""

    who: ClassVar[Who] = "anyone"
    scan: str
    scope: Scope = Scope()


class AccountLinked(Outcome[Literal["linked"]]):
    """The linked account."""

    account: str


class LinkAccount(Change[AccountLinked]):
    """Link the enterprise to one's own account, or register a new one. WX-3, WX-4."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = False
    scan: str
    register_new: bool = False


class SetVisibleScope(Change[Outcome[Literal["saved"]]]):
    """Change who sees the app. WX-12."""

    who: ClassVar[Who] = "anyone"
    scan: str
    device: Literal["computer", "phone"] = "computer"
    add: Scope = Scope()
    remove: Scope = Scope()


class RequestSubUser(Change[Outcome[Literal["link_created", "app_missing", "not_linked"]]]):
    """A member asks the account administrator for a sub-user. WX-6, WX-7."""

    who: ClassVar[Who] = "anyone"
    scan: str


class RequestDecided(Outcome[Literal["approved", "rejected"]]):
    """The new sub-user."""

    user: str | None = None


class DecideRequest(Change[RequestDecided]):
    """Approve or reject a member's request. WX-8."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = False
    link: Secret
    approve: bool
    make_administrator: bool = False


class AssignPolicies(Change[Outcome[Literal["saved"]]]):
    """What a sub-user may do. WX-9."""

    who: ClassVar[Who] = "checked"
    root_only: ClassVar[bool] = False
    in_cooling_off: ClassVar[bool] = False
    user: str
    policies: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

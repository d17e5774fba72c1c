"""WeCom. WX.

Only names of departments and members are read, never phone or e-mail (WX-11, ``records.wecom``).
"""

from datetime import datetime, timedelta
from typing import Literal

from flows.accounts.account import Account, User
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.base import Proven
from flows.accounts.commands.wecom import AssignPolicies, Scope, SetVisibleScope, Step, WecomSetup
from flows.accounts.records import SubUserRequest, WecomEnterprise
from flows.accounts.rules.users import refuse_manager, refuse_one_more, refuse_policies
from flows.accounts.simulator import Scan

APP = "Tencent Cloud Assistant"
"""WX-1, guide-zh:1947."""
LINK_LIFE = timedelta(hours=4)
"""WX-7, guide-zh:2009, 2022."""
WHO: dict[Step, Literal["wecom_administrator", "account_administrator", "member", "nobody"]] = {
    "add_app": "wecom_administrator",
    "set_scope": "wecom_administrator",
    "link_account": "wecom_administrator",
    "request_sub_user": "member",
    "assign_policies": "account_administrator",
    "done": "nobody",
}
"""Who has to do each step. WX-6, guide-zh:1991-2018."""


def setup(enterprise: WecomEnterprise, member: str, account: Account | None) -> WecomSetup:
    """App, scope, account, sub-user, policy: which step is next. WX-2, WX-6, WX-9."""
    user = user_of(account, member)
    steps: dict[Step, bool] = {
        "add_app": enterprise.app_added and enterprise.mode == "by_administrator",
        "set_scope": enterprise.sees(member),
        "link_account": account is not None,
        "request_sub_user": user is not None,
        "assign_policies": user is not None and bool(user.policies or user.groups),
    }
    next_step: Step = next((step for step, done in steps.items() if not done), "done")
    done = tuple(step for step, done in steps.items() if done)
    return WecomSetup(enterprise=enterprise.name or enterprise.id, done=done, next_step=next_step, who=WHO[next_step])


def user_of(account: Account | None, member: str) -> User | None:
    """The member's sub-user."""
    return next((user for user in account.users if user.wecom_member == member), None) if account else None


def is_administrator(enterprise: WecomEnterprise, scan: Scan) -> bool:
    """As WeCom itself says. WX-1, C67."""
    return scan.wecom_admin or scan.identity in enterprise.administrators


def add_app(enterprise: WecomEnterprise, scan: Scan, scope: Scope) -> WecomEnterprise | Refusal:
    """Adding it authorizes it. WX-1, WX-2, guide-zh:1947-1953, faq-zh:1240."""
    added = enterprise.but(
        app_added=True,
        mode="by_administrator",
        administrators=tuple(sorted({*enterprise.administrators, scan.identity})),
        departments=scope.departments,
        tags=scope.tags,
        scope_members=scope.members,
    )
    return refuse(not is_administrator(enterprise, scan), "WX-1", "not_wecom_admin") or added


def set_scope(enterprise: WecomEnterprise, scan: Scan, command: SetVisibleScope) -> WecomEnterprise | Refusal:
    """Departments and tags on a computer, members on the phone; nobody's sub-user is deleted. WX-12, guide-zh:2066-2107."""
    on_phone = command.device == "phone"
    elsewhere = any((scope.departments or scope.tags) if on_phone else scope.members for scope in (command.add, command.remove))

    def changed(now: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted((set(now) | set(add)) - set(remove)))

    saved = enterprise.but(
        departments=changed(enterprise.departments, command.add.departments, command.remove.departments),
        tags=changed(enterprise.tags, command.add.tags, command.remove.tags),
        scope_members=changed(enterprise.scope_members, command.add.members, command.remove.members),
    )
    return (
        refuse(not is_administrator(enterprise, scan), "WX-12", "not_wecom_admin")
        or refuse(elsewhere, "WX-12", "other_device", needed="computer" if on_phone else "phone")
        or saved
    )


def refuse_link(enterprise: WecomEnterprise, scan: Scan, account: Account, actor: Proven, quota: Refusal | None) -> Refusal | None:
    """By an administrator of both, once. WX-1, WX-3, WX-13, guide-zh:1957-1967."""
    return (
        refuse(not is_administrator(enterprise, scan), "WX-1", "not_wecom_admin")
        or refuse_manager(account, actor, "WX-3", "not_account_admin")
        or refuse(account.wecom is not None, "WX-3", "already_linked", taken="account")
        or refuse(enterprise.account is not None, "WX-3", "already_linked", taken="enterprise")
        or quota
    )


def linked(account: Account, enterprise: WecomEnterprise, scan: Scan, user_id: str, now: datetime) -> Account:
    """The administrator becomes an account administrator. WX-4, guide-zh:1968, C20."""
    administrator = User(
        id=user_id, kind="sub_user", name=scan.identity, created_at=now, policies=("AdministratorAccess",), wecom_member=scan.identity
    )
    return account.but(wecom=enterprise.id, users=(*account.users, administrator))


def refuse_request(enterprise: WecomEnterprise, account: Account, member: str) -> Refusal | None:
    """In the visible scope, and without a sub-user. WX-5, guide-zh:1996."""
    return refuse(not enterprise.sees(member), "WX-5", "not_in_scope") or refuse(
        user_of(account, member) is not None, "WX-6", "already_sub_user"
    )


def with_request(enterprise: WecomEnterprise, member: str, token_digest: str, now: datetime) -> WecomEnterprise:
    """A new link at once, four hours long. WX-7."""
    request = SubUserRequest(token_digest=token_digest, member=member, expires=now + LINK_LIFE)
    return enterprise.but(requests=(*enterprise.requests, request))


def refuse_decision(account: Account, actor: Proven, request: SubUserRequest | None, now: datetime) -> Refusal | None:
    """By an account administrator, within four hours, once. WX-4, WX-7, WX-8, SUB-2."""
    dead = request is None or request.state != "open" or now >= request.expires
    return refuse_manager(account, actor, "WX-8", "not_account_admin") or refuse(dead, "WX-7", "expired")


def approved(
    account: Account, enterprise: WecomEnterprise, member: str, user_id: str, now: datetime, *, promote: bool
) -> Account | Refusal:
    """A sub-user without policies; the WeCom administrator may become a CAM administrator. WX-8, guide-zh:2027-2032."""
    found = enterprise.member(member)
    user = User(id=user_id, kind="sub_user", name=found.name if found else member, created_at=now, wecom_member=member)
    users = tuple(
        other.but(policies=tuple(dict.fromkeys((*other.policies, "QcloudCamFullAccess"))))
        if promote and other.wecom_member in enterprise.administrators
        else other
        for other in account.users
    )
    return refuse_one_more(account, "sub_user") or account.but(users=(*users, user))


def assign_policies(account: Account, command: AssignPolicies, actor: Proven) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """Known policies, or groups; without any the member sees nothing. WX-9, guide-zh:2034-2048."""
    user = account.user(command.user)
    refusal = refuse_manager(account, actor, "WX-9", "not_account_admin") or refuse_policies(command.policies, "WX-9")
    if refusal or user is None:
        return refusal or Refusal(rule="WX-9", reason="not_account_admin")
    changed = user.but(policies=command.policies, groups=command.groups)
    return account.but(users=tuple(changed if other.id == user.id else other for other in account.users)), Outcome(outcome="saved")

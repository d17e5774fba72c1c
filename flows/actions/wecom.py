"""WeCom: how far an enterprise is, linking an account, the visible scope, a member's request and policies. WX."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue, SecretStr

from flows.accounts.base import Refusal
from flows.accounts.commands.ground import OfferEvidence
from flows.accounts.commands.users import ListUsers, UsersShown
from flows.accounts.commands.wecom import (
    AssignPolicies,
    DecideRequest,
    GetLinkedEnterprise,
    GetWecomSetup,
    LinkAccount,
    RequestSubUser,
    Scope,
    SetVisibleScope,
)
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, NotProven, Result, action
from flows.actions.labels import label

_POLICIES = {
    "view": "ReadOnlyAccess",
    "resources": "QCloudResourceFullAccess",
    "finance": "QCloudFinanceFullAccess",
    "everything": "AdministratorAccess",
}
"""By what the member needs to do. WX-9."""


@action(gives=("wecom_scans",))
async def offer_wecom_scans(call: Call) -> Result[Literal["offered"]]:
    """The WeCom scans to choose from. GEN-15."""
    offered = await granted(call, OfferEvidence(kind="wecom"))
    return Result("offered", {"wecom_scans": [{"id": item.reference, "label": {"zh": item.zh, "en": item.en}} for item in offered.items]})


@action(gives=("account", "enterprise"))
async def linked_already(call: Call) -> Result[Literal["free", "linked"]]:
    """What a proven account is linked to, to be said before any steps; somebody unknown reads the steps first. WX-3."""
    try:
        return await _link(call) if call.caller.proven else Result("free")
    except NotProven:  # a proof that has run out is asked for later, when something is to be done
        return Result("free")


@action(identity=True, gives=("account", "enterprise"))
async def look_at_link(call: Call) -> Result[Literal["free", "linked", "members"]]:
    """Whether the account that was proven can be linked at all, before anything else is asked. WX-3."""
    if call.text("task") != "connect":
        return Result("members")
    found = await _link(call)
    return Result(found.outcome, found.values)


async def _link(call: Call) -> Result[Literal["free", "linked"]]:
    account = call.caller.proven.account if call.caller.proven else ""
    linked = await granted(call, GetLinkedEnterprise())
    return Result("linked" if linked.name else "free", {"account": account, "enterprise": linked.name or ""})


@action(gives=("enterprise",))
async def wecom_way(call: Call) -> Result[Literal["connect", "taken", "join", "scope"]]:
    """What the scan is for; an enterprise that is linked already is named before anybody confirms. WX-3."""
    match call.text("task"):
        case "connect":
            found = await granted(call, GetWecomSetup(scan=call.text("wecom_scan")))
            return Result("taken" if "link_account" in found.done else "connect", {"enterprise": found.enterprise})
        case "scope":
            return Result("scope")
        case _:
            return Result("join")


@action()
async def wecom_checked(call: Call) -> Result[Literal["connect", "assign"]]:
    """What the check was for."""
    return Result("connect" if call.text("task") == "connect" else "assign")


@action(gives=("next_step",))
async def look_at_setup(call: Call) -> Result[Literal["administrator", "request", "policies", "done"]]:
    """Which step is next for whoever scanned, and whose it is. WX-6."""
    found = await granted(call, GetWecomSetup(scan=call.text("wecom_scan")))
    match found.next_step:
        case "request_sub_user":
            return Result("request")
        case "assign_policies":
            return Result("policies")
        case "done":
            return Result("done")
        case step:
            return Result("administrator", {"next_step": label("wecom_step", step, call.caller.lang)})


@action(changes=("requested",), identity=False, gives=("reason", "rule"))
async def request_sub_user(call: Call) -> Result[Literal["requested", "refused"]]:
    """Ask the account's administrators for a sub-user; their link works for four hours. WX-7."""
    asked = await perform(call, RequestSubUser(scan=call.text("wecom_scan")))
    return refused(call, asked) if isinstance(asked, Refusal) else Result("requested")


@action(changes=("saved",), identity=False, gives=("reason", "rule"))
async def change_visible_scope(call: Call) -> Result[Literal["saved", "refused"]]:
    """Add or remove a member, as on the phone; the administrator's scan is the proof. WX-12."""
    member = Scope(members=(call.text("member"),))
    add, remove = (member, Scope()) if call.text("scope_change") == "add" else (Scope(), member)
    saved = await perform(call, SetVisibleScope(scan=call.text("wecom_scan"), device="phone", add=add, remove=remove))
    return refused(call, saved) if isinstance(saved, Refusal) else Result("saved")


@action(changes=("linked",), checked=True, gives=("reason", "rule"))
async def link_wecom_account(call: Call) -> Result[Literal["linked", "refused"]]:
    """Link the enterprise of the scan to the account that was proven. WX-3, WX-4."""
    linked = await perform(call, LinkAccount(scan=call.text("wecom_scan")))
    return refused(call, linked) if isinstance(linked, Refusal) else Result("linked")


@action(identity=True, gives=("members", "reason", "rule"))
async def list_members(call: Call) -> Result[Literal["listed", "nobody"]]:
    """The sub-users, to whom policies are given."""
    found = await perform(call, ListUsers(kind="sub_user"))
    if isinstance(found, Refusal):
        return Result("nobody", refused(call, found).values)
    users = _named(found)
    return Result("listed", {"members": users}) if users else Result("nobody", {"reason": ""})


def _named(found: UsersShown) -> list[JsonValue]:
    return [{"id": user.id, "label": f"{user.name} · {user.id}"} for user in found.users]


@action(changes=("approved", "rejected"), checked=True, gives=("members", "sub_user", "reason", "rule"))
async def decide_request(call: Call) -> Result[Literal["approved", "rejected", "expired", "refused"]]:
    """Approve or reject a member's request by the link of the message; whoever is approved gets policies next. WX-7, WX-8."""
    link = SecretStr(call.text("request_link").split("/")[-1].split("=")[-1].strip())
    approve, promote = call.text("request_here") == "approve", call.text("promote") == "yes"
    decided = await perform(call, DecideRequest(link=link, approve=approve, make_administrator=approve and promote))
    if isinstance(decided, Refusal):
        return Result("expired") if decided.reason == "expired" else Result("refused", refused(call, decided).values)
    if decided.user is None:
        return Result("rejected")
    return Result("approved", {"members": _named(await granted(call, ListUsers(kind="sub_user"))), "sub_user": decided.user})


@action(changes=("assigned",), checked=True, gives=("reason", "rule"))
async def assign_policies(call: Call) -> Result[Literal["assigned", "refused"]]:
    """What a sub-user may do from now on. WX-9."""
    policies = (_POLICIES[call.text("access")],)
    saved = await perform(call, AssignPolicies(user=call.text("sub_user"), policies=policies))
    return refused(call, saved) if isinstance(saved, Refusal) else Result("assigned")

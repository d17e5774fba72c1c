"""Offboarding an employee: an item is done when the account's state says so. OFF.

A checklist belongs to whoever has proven an identity of the account; anonymous callers get the text only (OFF-9).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

from flows.accounts.account import Account, Checklist, Kind, Leaver
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.offboarding import (
    AdviseAfterLeaving,
    AfterLeavingAdvice,
    CloseOffboarding,
    GetOffboarding,
    Item,
    Items,
    OffboardingStarted,
    SetItemNotApplicable,
    StartOffboarding,
)
from flows.accounts.rules.login_methods import unbind_conditions
from flows.accounts.rules.verification import earliest_change

UNBINDINGS: dict[str, Kind] = {
    "unbind-email": "email",
    "unbind-wechat": "wechat",
    "unbind-qq": "qq",
    "unbind-wecom": "wecom",
    "unbind-official-account": "official_account",
}
"""OFF-1, offboarding-zh:15-21, faq-zh:1164-1171."""
ALL_WAYS = ("enterprise", "personal", "security_phone", "domain", "icp", "server_ip", "account_id")
"""All seven, enterprise information first. OFF-8, offboarding-zh:35-60, C10."""
_BY_UNBINDING = {"only_login_method": "LM-2", "used_by_protection": "LM-12", "no_security_phone": "LM-10"}


def items(account: Account, list_: Checklist, now: datetime) -> tuple[Item, ...]:
    """Successor's method first, protection next, then unbinding, sign-out last. OFF-1 to OFF-7, faq-zh:1179, C12."""
    raw = tuple(_sub_user_items(account, list_) if list_.kind == "sub_user" else _root_items(account, list_, now))
    shown = tuple(_set_aside(item, list_) for item in raw)
    return shown if list_.kind == "sub_user" else (*shown, _sign_out(account, list_, shown))


def _set_aside(item: Item, list_: Checklist) -> Item:
    """An item set aside stays so, until the state says otherwise. OFF-2."""
    reason = list_.set_aside.get(item.id)
    return item.but(status="not_applicable", blocked_by=None, note=reason) if reason and item.status != "done" else item


def _sign_out(account: Account, list_: Checklist, others: tuple[Item, ...]) -> Item:
    """Done after all others. OFF-3, SES-6, guide-zh:1890."""
    last = account.sessions.signed_out_at
    waiting = any(item.status in {"todo", "blocked"} for item in others)
    done = last is not None and last >= list_.opened_at and not waiting
    return Item(id="sign-out", status="done" if done else "todo")


def _root_items(account: Account, list_: Checklist, now: datetime) -> Iterator[Item]:
    yield _item("successor-method", has_it=True, done=_has_successor(account, list_))
    yield _protection(account, list_)
    yield from _contact_items(account, list_)
    for item_id, kind in UNBINDINGS.items():
        yield _unbinding(account, list_, item_id, kind)
    device = account.mfa.device
    had_mfa = list_.mfa_at_start is not None
    yield _item("mfa", has_it=had_mfa, done=device is None or device.bound_at >= list_.opened_at)
    changed = account.password.changed_at
    yield _item("password", has_it=account.email_login is not None, done=changed is not None and changed >= list_.opened_at)
    yield _verification(account, list_, now)


def _item(item_id: str, *, has_it: bool, done: bool, blocked_by: str | None = None) -> Item:
    """What does not exist is not applicable. OFF-2."""
    if not has_it:
        return Item(id=item_id, status="not_applicable")
    if done:
        return Item(id=item_id, status="done")
    return Item(id=item_id, status="blocked" if blocked_by else "todo", blocked_by=blocked_by)


def _is_leavers(account: Account, list_: Checklist, kind: Kind) -> bool:
    method = account.method(kind)
    return method is not None and list_.leaver.identities.get(kind) == method.identity


def _has_successor(account: Account, list_: Checklist) -> bool:
    """Two methods, one not the leaver's; or none of them any more. LM-2."""
    kept = [method for method in account.methods if not _is_leavers(account, list_, method.kind)]
    return bool(kept) and (len(account.methods) > 1 or len(kept) == len(account.methods))


def _protection(account: Account, list_: Checklist) -> Item:
    """No check uses the leaver's WeChat, phone or device. OFF-3, LP-3, LM-10, LM-12."""
    own_device = list_.mfa_at_start is not None and account.mfa.device is not None and account.mfa.device.bound_at == list_.mfa_at_start
    theirs: dict[str, bool] = {
        "wechat_scan": _is_leavers(account, list_, "wechat"),
        "phone_code": account.contacts.security_phone is not None and account.contacts.security_phone == list_.leaver.phone,
        "mfa": own_device,
    }
    types = (account.protections.login, account.protections.operation)
    uses = any(theirs.get(type_, False) for type_ in types)
    alternative = any(not theirs.get(check, False) for check in account.usable_checks if check != "email_code")
    return _item("protection", has_it=True, done=not uses, blocked_by=None if alternative else "LP-3")


def _contact_items(account: Account, list_: Checklist) -> Iterator[Item]:
    """Phone and security e-mail are changed, not removed. OFF-4, CT-5, CT-10, C11."""
    contacts, leaver = account.contacts, list_.leaver
    for item_id, value, theirs in (
        ("security-phone", contacts.security_phone, leaver.phone),
        ("security-email", contacts.security_email, leaver.email),
        ("contact-phone", contacts.contact_phone, leaver.contact_phone or leaver.phone),
        ("contact-email", contacts.contact_email, leaver.contact_email or leaver.email),
    ):
        waiting = any(f"contact-{pending.what}" == item_id for pending in contacts.pending)
        yield _item(item_id, has_it=value is not None and theirs is not None, done=value != theirs, blocked_by="CT-5" if waiting else None)


def _unbinding(account: Account, list_: Checklist, item_id: str, kind: Kind) -> Item:
    """Not bound any more; blocked by what unbinding needs. LM-2, LM-10, LM-12."""
    failing = next((condition.name for condition in unbind_conditions(account, kind) if not condition.met), None)
    blocked = _BY_UNBINDING[failing] if failing else None
    return _item(item_id, has_it=kind in list_.leaver.identities, done=not _is_leavers(account, list_, kind), blocked_by=blocked)


def _verification(account: Account, list_: Checklist, now: datetime) -> Item:
    """Verified for the company or the new person, if it is verified for the leaver. OFF-5, RN-22, RN-23, faq-zh:120-125."""
    earliest = earliest_change(account)
    early = list_.kind == "handover" and earliest is not None and now < earliest
    owes = account.billing.arrears_fen > 0 or account.billing.advance_fen > 0
    blocked = "RN-22" if early else "RN-23" if owes else None
    return _item("verification", has_it=list_.verified_at_start, done=not _is_holder(account, list_.leaver), blocked_by=blocked)


def _is_holder(account: Account, leaver: Leaver) -> bool:
    """Whether the account is verified for the leaver in person. OFF-5."""
    person = account.verification.person
    return person is not None and person.id_number == leaver.id_number


def _sub_user_items(account: Account, list_: Checklist) -> Iterator[Item]:
    """Every active key, then the sub-user, then the visible scope. OFF-6, OFF-7, offboarding-zh:28-30, guide-zh:1996, 2073."""
    user = account.user(list_.leaver.user or "")
    enabled = [key for key in user.keys if key.state == "enabled"] if user else []
    yield _item("keys", has_it=True, done=not enabled)
    yield _item("delete-user", has_it=True, done=user is None, blocked_by="SUB-5" if enabled else None)
    if list_.leaver.wecom_member:
        yield Item(id="visible-scope", status="todo")


def _leaver(account: Account, command: StartOffboarding) -> Leaver:
    """The leaver with what the account holds of them now: nobody has to spell out an identity. OFF-1."""
    contacts, person, user = account.contacts, account.verification.person, account.user(command.leaver.user or "")
    values = {
        "phone": ("security_phone", contacts.security_phone),
        "email": ("security_email", contacts.security_email),
        "contact_phone": ("contact_phone", contacts.contact_phone),
        "contact_email": ("contact_email", contacts.contact_email),
        "id_number": ("verification", person.id_number if person else None),
    }
    held = {field: value for field, (name, value) in values.items() if name in command.holds and value}
    identities = {method.kind: method.identity for method in account.methods if method.kind in command.holds}
    leaver = command.leaver.but(**held, identities={**command.leaver.identities, **identities})
    return leaver.but(wecom_member=user.wecom_member) if user else leaver


def start_offboarding(account: Account, command: StartOffboarding, now: datetime) -> tuple[Account, OffboardingStarted] | Refusal:
    """One at a time. OFF-5, OFF-6, OFF-9."""
    user = account.user(command.leaver.user or "")
    leaver = _leaver(account, command)
    device = account.mfa.device
    list_ = Checklist(
        kind=command.kind,
        leaver=leaver,
        opened_at=now,
        mfa_at_start=device.bound_at if device else None,
        verified_at_start=_is_holder(account, leaver),
    )
    return (
        refuse(command.kind == "sub_user" and user is None, "OFF-6", "unknown_user")
        or refuse(account.checklist is not None, "OFF-9", "already_open")
        or (account.but(checklist=list_), OffboardingStarted(outcome="started", items=items(account, list_, now)))
    )


def _refined(found: tuple[Item, ...], outside_scope: Callable[[str], bool] | None, list_: Checklist) -> tuple[Item, ...]:
    """The visible scope is WeCom's to know. OFF-7."""
    member = list_.leaver.wecom_member
    gone = member is not None and outside_scope is not None and outside_scope(member)
    return tuple(item.but(status="done") if gone and item.id == "visible-scope" and item.status == "todo" else item for item in found)


def get_offboarding(
    account: Account, _query: GetOffboarding, now: datetime, outside_scope: Callable[[str], bool] | None
) -> Items | Refusal:
    """Recomputed. OFF-9."""
    list_ = account.checklist
    if list_ is None:
        return Refusal(rule="OFF-9", reason="nothing_open")
    found = _refined(items(account, list_, now), outside_scope, list_)
    return Items(kind=list_.kind, opened_at=list_.opened_at, user=list_.leaver.user, items=found)


def set_item_not_applicable(
    account: Account, command: SetItemNotApplicable, now: datetime
) -> tuple[Account, Outcome[Literal["saved"]]] | Refusal:
    """Not while the state says that the leaver still has it. OFF-2."""
    list_ = account.checklist
    item = next((one for one in items(account, list_, now) if one.id == command.item), None) if list_ else None
    if list_ is None or item is None:
        return Refusal(rule="OFF-9", reason="nothing_open")
    still_true = item.id.startswith(("unbind-", "security-", "keys", "delete-user")) and item.status in {"todo", "blocked"}
    set_aside = {**list_.set_aside, command.item: command.reason.strip() or "-"}
    return refuse(still_true, "OFF-2", "still_true") or (account.but(checklist=list_.but(set_aside=set_aside)), Outcome(outcome="saved"))


def close_offboarding(
    account: Account, _command: CloseOffboarding, now: datetime, outside_scope: Callable[[str], bool] | None
) -> tuple[Account, Outcome[Literal["closed"]]] | Refusal:
    """When nothing is left. OFF-3, OFF-9."""
    list_ = account.checklist
    if list_ is None:
        return Refusal(rule="OFF-9", reason="nothing_open")
    found = _refined(items(account, list_, now), outside_scope, list_)
    left = tuple(item.id for item in found if item.status in {"todo", "blocked"})
    return refuse(bool(left), "OFF-3", "items_left", items=left) or (account.but(checklist=None), Outcome(outcome="closed"))


def advise_after_leaving(query: AdviseAfterLeaving) -> AfterLeavingAdvice:
    """Unknown account, no login, no check: each its ways. OFF-8, C1, C10, C12."""
    if query.problem == "account_unknown":
        return AfterLeavingAdvice(ways=tuple(f"recover_by_{way}" for way in ALL_WAYS))
    if query.problem == "cannot_log_in":
        reset = ("reset_password",) if query.reachable_email else ()
        by_holder = {"personal": ("apply_for_login",), "enterprise": ("recover_by_enterprise",)}
        return AfterLeavingAdvice(ways=(*reset, *by_holder.get(query.holder, ("apply_for_login", "recover_by_enterprise"))))
    inside = ("set_login_protection", "set_operation_protection") if query.somebody_still_in else ()
    way = {"personal": ("apply_for_login",), "enterprise": ("reset_security_check",)}
    return AfterLeavingAdvice(ways=(*inside, *way.get(query.holder, ("reset_security_check", "apply_for_login"))))

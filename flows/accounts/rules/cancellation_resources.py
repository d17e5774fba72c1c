"""The resource check of a cancellation: what must be handled, what may be given up. CAN-5 to CAN-8."""

from datetime import datetime, timedelta
from typing import Literal

from flows.accounts.account import Account, Resource, ResourceKind
from flows.accounts.base import Refusal, refuse
from flows.accounts.calendar import months_after
from flows.accounts.commands.cancellation import CheckResources, GiveUpResources, ResourceCheck, ResourceShown

CHECK_TAKES = timedelta(minutes=3)
"""The documents say 3-5 minutes. CAN-6, guide-zh:798."""
MAY_GIVE_UP: tuple[ResourceKind, ...] = (
    "voucher",
    "cash",
    "bonus_credit",
    "cdn_package",
    "marketplace_mini_program",
    "load_testing",
    "sms_package",
    "vod_daily_package",
    "live_package",
    "site_hosting",
    "vod_storage",
)
"""And certificates that end within three months. CAN-5, CAN-7, faq-zh:821, 825."""
CERTIFICATE_MONTHS = 3


def left(account: Account) -> tuple[Resource, ...]:
    """Everything that is still there. CAN-7."""
    return account.resources


def can_give_up(resource: Resource, now: datetime) -> bool:
    """The listed kinds, and certificates about to end. CAN-7."""
    if resource.kind == "ssl_certificate":
        return resource.ends_at is not None and resource.ends_at <= months_after(now, CERTIFICATE_MONTHS)
    return resource.kind in MAY_GIVE_UP


def _is_unsettled(account: Account, resource: Resource) -> bool:
    """A postpaid resource whose bill is still to come waits for the cooling-off, once. CAN-9."""
    return resource.postpaid and resource.unsettled and not account.cancellation.cooled_off


def must_handle(account: Account, now: datetime) -> tuple[Resource, ...]:
    """What its own console has to deal with. CAN-7, guide-zh:785, 809-812."""
    return tuple(item for item in left(account) if not can_give_up(item, now) and not _is_unsettled(account, item))


def may_give_up(account: Account, now: datetime) -> tuple[Resource, ...]:
    """What may be given up. CAN-5, CAN-7."""
    return tuple(item for item in left(account) if can_give_up(item, now) and not _is_unsettled(account, item))


def _shown(items: tuple[Resource, ...]) -> tuple[ResourceShown, ...]:
    return tuple(ResourceShown(id=item.id, kind=item.kind, name=item.name) for item in items)


def _result(account: Account, now: datetime) -> ResourceCheck:
    handle, give_up = must_handle(account, now), may_give_up(account, now)
    outcome: Literal["must_handle", "may_give_up", "clear"] = "must_handle" if handle else "may_give_up" if give_up else "clear"
    return ResourceCheck(outcome=outcome, must_handle=_shown(handle), may_give_up=_shown(give_up))


def check_resources(account: Account, _command: CheckResources, now: datetime, state: str) -> tuple[Account, ResourceCheck] | Refusal:
    """Takes three minutes; a resource added or deleted meanwhile restarts it. CAN-6, CAN-10."""
    request = account.cancellation
    ids = tuple(resource.id for resource in left(account))
    if state == "cooling_off" and request.cooling_until and now < request.cooling_until:
        return Refusal(rule="CAN-9", reason="wrong_state")
    if state == "cooling_off":
        return _begin(_settled(account), now)
    if state == "checking" and request.checked_resources == ids:
        if request.check_ends is not None and now < request.check_ends:
            return account, ResourceCheck(outcome="checking", check_ends=request.check_ends)
        found = _result(account, now)
        return account.but(cancellation=request.but(state=found.outcome, touched_at=now)), found
    startable = state in {"confirmed", "checking", "must_handle", "may_give_up", "clear"}
    return refuse(not startable, "CAN-6", "wrong_state") or _begin(account, now)


def _settled(account: Account) -> Account:
    """The bills that the cooling-off waited for are paid by its end. CAN-9, CAN-10, guide-zh:813, 833, C59."""
    kept = tuple(resource for resource in account.resources if not (resource.postpaid and resource.unsettled))
    return account.but(resources=kept, cancellation=account.cancellation.but(cooled_off=True))


def _begin(account: Account, now: datetime) -> tuple[Account, ResourceCheck]:
    request = account.cancellation.but(
        state="checking",
        touched_at=now,
        check_ends=now + CHECK_TAKES,
        checked_resources=tuple(resource.id for resource in left(account)),
    )
    return account.but(cancellation=request), ResourceCheck(outcome="checking", check_ends=request.check_ends)


def give_up(account: Account, command: GiveUpResources, now: datetime, state: str) -> tuple[Account, ResourceCheck] | Refusal:
    """Only when nothing is left to handle; given-up items never come back. CAN-7, CAN-8, guide-zh:802-807."""
    allowed = {resource.id for resource in may_give_up(account, now)}
    after = account.but(resources=tuple(resource for resource in account.resources if resource.id not in command.ids))
    found = _result(after, now)
    return (
        refuse(state not in {"must_handle", "may_give_up"}, "CAN-8", "wrong_state")
        or refuse(not set(command.ids) <= allowed, "CAN-7", "cannot_give_up", ids=tuple(sorted(set(command.ids) - allowed)))
        or refuse(bool(must_handle(account, now)), "CAN-8", "must_handle_first")
        or (after.but(cancellation=after.cancellation.but(state=found.outcome, touched_at=now)), found)
    )

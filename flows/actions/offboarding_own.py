"""The list of somebody whose identity is not proven: they tick items off themselves, and each tick says who and when. OFF-9."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from flows.actions.base import Call, Result, action
from flows.actions.offboarding_list import clock, open_items, options, own_list_id, shared_item, shared_list, text
from flows.desk import ItemStatus, SharedChecklist, SharedItem
from flows.model import Bilingual

_CONTACTS = ("security-phone", "security-email", "contact-phone", "contact-email")
_UNBINDINGS = ("unbind-email", "unbind-wechat", "unbind-qq", "unbind-wecom", "unbind-official-account")
_MARKS: dict[str, ItemStatus] = {"mark_blocked": "blocked", "mark_not_needed": "not_applicable", "mark_open": "todo"}


@action()
async def keep_own_list(call: Call) -> Result[Literal["kept", "nothing"]]:
    """A list of what the answers so far call for; a list of this conversation keeps its ticks."""
    items = {item.id: item for item in _wanted(call)}
    if not items:
        return Result("nothing")
    old = await call.desk.checklist(own_list_id(call))
    if old:
        kept = tuple(items.pop(item.id, item) if item.status == "todo" else item for item in old.items)
        items = {item.id: item for item in items.values() if item.id not in {one.id for one in kept}}
        await call.desk.keep(old.model_copy(update={"items": (*kept, *items.values())}))
    else:
        await call.desk.keep(shared_list(own_list_id(call), call, _kind(call), items.values()))
    return Result("kept")


def _kind(call: Call) -> str:
    return {"root": "root", "both": "both"}.get(call.text("holds"), "sub_user")


def _wanted(call: Call) -> Iterator[SharedItem]:
    holds = call.text("holds")
    if holds in {"sub", "both"} or call.text("problem") == "leftover":
        linked = call.text("member_kind") == "linked"
        yield shared_item("keys", "not_applicable" if linked else "done" if call.text("active_keys") == "no" else "todo")
        yield shared_item("delete-user")
    if holds in {"root", "both"}:
        yield shared_item("successor-method", "done" if call.text("successor_bound") == "yes" else "todo")
        yield shared_item("protection", "done" if call.text("leaver_check") == "not_the_leaver" else "todo")
        yield from map(shared_item, (*_CONTACTS, *_UNBINDINGS, "mfa", "password"))
        yield shared_item("verification", "not_applicable" if call.text("verified_as") == "company" else "todo")
        yield shared_item("sign-out")


@action(gives=("own_items", "all_items"))
async def show_own_list(call: Call) -> Result[Literal["open", "finished", "none"]]:
    """The list with everybody's ticks; ``own_items`` are those left."""
    list_ = await call.desk.checklist(own_list_id(call))
    if list_ is None:
        return Result("none")
    left = open_items(list_)
    values = {"own_items": options(left, "trouble", "later"), "all_items": options(list_.items)}
    return Result("open" if left else "finished", values, (list_.block(call.caller.lang),))


@action(changes=("ticked",), identity=False, gives=("marked", "marked_at"))
async def tick_own_item(call: Call) -> Result[Literal["ticked", "too_early", "trouble", "later"]]:
    """The visitor's word that an item is done; nothing is unbound before the successor has a way in. OFF-3."""
    match call.text("own_item"):
        case "trouble":
            return Result("trouble")
        case "later":
            return Result("later")
        case item_id if item_id in _UNBINDINGS and await _without_successor(call):
            return Result("too_early")
        case item_id:
            return Result("ticked", await _mark(call, item_id, "done", None))


async def _without_successor(call: Call) -> bool:
    list_ = await call.desk.checklist(own_list_id(call))
    return list_ is not None and any(item.id == "successor-method" for item in open_items(list_))


@action(changes=("marked",), identity=False, gives=("marked", "marked_at"))
async def mark_own_item(call: Call) -> Result[Literal["marked"]]:
    """The visitor's word that an item is blocked, not needed, or open again after all."""
    status, why = _MARKS[call.text("mark")], call.text("hindrance")
    reason = Bilingual(zh=why, en=why) if why and status == "blocked" else None
    return Result("marked", await _mark(call, call.text("marked_item"), status, reason))


async def _mark(call: Call, item_id: str, status: ItemStatus, reason: Bilingual | None) -> dict[str, str]:
    list_ = await call.desk.checklist(own_list_id(call))
    assert list_
    item, now = _item(list_, item_id), datetime.now(UTC)
    await call.desk.keep(
        list_.with_item(item.model_copy(update={"status": status, "by": "visitor", "who": "", "login": "", "at": now, "reason": reason}))
    )
    return {"marked": f"{item.label[call.caller.lang]} · {text('status', status)[call.caller.lang]}", "marked_at": clock(now)}


def _item(list_: SharedChecklist, item_id: str) -> SharedItem:
    return next(item for item in list_.items if item.id == item_id)

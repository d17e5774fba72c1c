"""The handover list that visitor and agent share: which items, who set them, and how it is kept. OFF."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from pydantic import JsonValue

from flows.accounts.calendar import SHANGHAI
from flows.accounts.commands.offboarding import Item, Items
from flows.actions.base import Call
from flows.actions.labels import labels
from flows.actions.labels import options as label_options
from flows.desk import ItemStatus, SharedChecklist, SharedItem
from flows.model import Bilingual

FLOW = "offboarding-checklist"
TITLES = {"root": "root", "handover": "root", "sub_user": "sub_user", "both": "both"}


def list_id(*owner: str) -> str:
    """The same for the same owner, so that a list is found again; it opens nothing."""
    return sha256("|".join((FLOW, *owner)).encode()).hexdigest()[:16]


def own_list_id(call: Call) -> str:
    """Of the list that an unproven visitor ticks off; it belongs to the conversation."""
    return list_id("conversation", call.caller.conversation)


def text(group: str, name: str) -> Bilingual:
    """A label in both languages."""
    label = labels()[f"offboarding_{group}"][name]
    return Bilingual(zh=label.zh, en=label.en)


def shared_item(item_id: str, status: ItemStatus = "todo") -> SharedItem:
    """An item as the visitor's own answers leave it."""
    set_by = {} if status == "todo" else {"by": "visitor", "at": datetime.now(UTC)}
    return SharedItem.model_validate({"id": item_id, "label": text("item", item_id), "status": status, **set_by})


def shared_list(id_: str, call: Call, kind: str, items: Iterable[SharedItem]) -> SharedChecklist:
    """A list as the desk keeps it."""
    title = text("title", TITLES[kind])
    return SharedChecklist(id=id_, conversation=call.caller.conversation, flow=FLOW, title=title, items=tuple(items))


def from_account(call: Call, found: Items, old: SharedChecklist | None) -> SharedChecklist:
    """What the account says, item by item, over what is kept already."""
    assert call.caller.proven
    before = {item.id: item for item in old.items} if old else {}
    items = tuple(_from_account(item, before.get(item.id)) for item in found.items)
    if old:
        return old.model_copy(update={"items": items})
    return shared_list(account_list_id(call, found), call, found.kind, items)


def account_list_id(call: Call, found: Items) -> str:
    """Of the list that the account service keeps."""
    assert call.caller.proven
    return list_id("account", call.caller.proven.account, found.opened_at.isoformat())


def _from_account(item: Item, old: SharedItem | None) -> SharedItem:
    """The account decides what is done (OFF-2); what a person knows of an item that is left stays, and so does who set it when."""
    if old and item.status == "todo" and old.status in {"blocked", "not_applicable"} and old.by in {"agent", "visitor"}:
        return old
    if old and (old.status, old.by) == (item.status, "account"):
        return old
    reason = text("block", item.blocked_by) if item.blocked_by else _note(item.note)
    new = SharedItem(id=item.id, label=text("item", item.id), status=item.status, reason=reason)
    return new if item.status == "todo" and old is None else new.model_copy(update={"by": "account", "at": datetime.now(UTC)})


def _note(note: str) -> Bilingual | None:
    return Bilingual(zh=note, en=note) if note else None


def open_items(list_: SharedChecklist) -> list[SharedItem]:
    """What is left to do."""
    return [item for item in list_.items if item.status in {"todo", "blocked"}]


def options(items: Iterable[SharedItem], *ways: str) -> list[JsonValue]:
    """Items to choose from, and other ways to go on."""
    return [*label_options("offboarding_item", (item.id for item in items)), *label_options("offboarding_way", ways)]


def clock(moment: datetime) -> str:
    """As people in China read it."""
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")

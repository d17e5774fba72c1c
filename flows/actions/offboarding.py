"""The offboarding list of a proven account: an item is done when the account's state says so. OFF."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from flows.accounts.account import Kind, Leaver
from flows.accounts.base import Refusal
from flows.accounts.commands.contacts import GetContactDetails
from flows.accounts.commands.login_methods import ListLoginMethods, UnbindLoginMethod
from flows.accounts.commands.offboarding import CloseOffboarding, GetOffboarding, Items, SetItemNotApplicable, StartOffboarding
from flows.accounts.commands.sessions import SignOutEverywhere
from flows.accounts.commands.users import DeleteKey, DeleteUser, ListUsers, SetKeyState, UserShown
from flows.accounts.commands.verification import GetVerification
from flows.accounts.rules.offboarding import UNBINDINGS
from flows.actions.asking import perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import names, option
from flows.actions.offboarding_list import account_list_id, from_account, open_items, options, text
from flows.model import Lang

_HERE = {*UNBINDINGS, "keys", "delete-user", "sign-out"}
"""What can be carried out from the list; everything else has a flow of its own."""


@action()
async def offboarding_way(call: Call) -> Result[Literal["root", "user", "saved"]]:
    """Which list the answers ask for, once the identity is proven."""
    if call.text("moment") == "saved":
        return Result("saved")
    return Result("root" if call.text("holds") in {"root", "both"} else "user")


@action(identity=True)
async def find_account_list(call: Call) -> Result[Literal["open", "none"]]:
    """Whether the account has a list that is not finished."""
    return Result("none" if isinstance(await perform(call, GetOffboarding()), Refusal) else "open")


@action(identity=True, gives=("theirs", "theirs_named", "held"))
async def list_held(call: Call) -> Result[Literal["listed"]]:
    """What the account has, which counts as the leaver's until somebody says otherwise."""
    shown = {**await _methods(call), **await _contacts(call), **await _holder(call)}
    return Result("listed", _inventory(shown, call.caller.lang))


async def _methods(call: Call) -> dict[str, str]:
    found = await perform(call, ListLoginMethods())
    return {} if isinstance(found, Refusal) else {method.kind: method.identity for method in found.methods}


async def _contacts(call: Call) -> dict[str, str]:
    found = await perform(call, GetContactDetails())
    values = {} if isinstance(found, Refusal) else found.model_dump(exclude={"pending"})
    return {name: value for name, value in values.items() if value}


async def _holder(call: Call) -> dict[str, str]:
    found = await perform(call, GetVerification())
    return {"verification": found.name} if not isinstance(found, Refusal) and found.status == "personal" else {}


def _inventory(shown: dict[str, str], lang: Lang) -> dict[str, JsonValue]:
    listed = [option("held", name, value) for name, value in shown.items()]
    theirs: JsonValue = {**shown}
    return {"theirs": theirs, "theirs_named": names("held", shown, lang), "held": [*options((), "all_theirs"), *listed]}


@action(gives=("theirs", "theirs_named", "held"))
async def spare_held(call: Call) -> Result[Literal["again", "settled"]]:
    """Take off the list what is not the leaver's."""
    theirs = call.slots.get("theirs")
    assert isinstance(theirs, dict)
    spared = call.text("not_theirs")
    left = {name: str(value) for name, value in theirs.items() if name != spared}
    return Result("again" if spared in theirs and left else "settled", _inventory(left, call.caller.lang))


@action(changes=("started",), gives=("reason", "rule"))
async def start_root_list(call: Call) -> Result[Literal["started", "refused"]]:
    """A list for everything that the account holds of the leaver. OFF-1."""
    theirs = call.slots.get("theirs")
    command = StartOffboarding.model_validate({"kind": "root", "holds": tuple(theirs if isinstance(theirs, dict) else ())})
    started = await perform(call, command)
    return refused(call, started) if isinstance(started, Refusal) else Result("started")


@action(identity=True, gives=("users", "reason", "rule"))
async def list_leaver_users(call: Call) -> Result[Literal["listed", "nobody"]]:
    """The sub-users and collaborators, of whom one leaves."""
    found = await perform(call, ListUsers())
    if isinstance(found, Refusal):
        return Result("nobody", refused(call, found).values)
    users = [user for user in found.users if user.kind != "message_recipient"]
    return Result("listed", {"users": [_user_option(user) for user in users]}) if users else Result("nobody", {"reason": ""})


def _user_option(user: UserShown) -> JsonValue:
    return {"id": user.id, "label": {lang: f"{user.name} · {text('user', user.kind)[lang]} · {user.id}" for lang in ("zh", "en")}}


@action(changes=("started",), gives=("reason", "rule"))
async def start_user_list(call: Call) -> Result[Literal["started", "refused"]]:
    """A list for one sub-user or collaborator. OFF-6."""
    started = await perform(call, StartOffboarding(kind="sub_user", leaver=Leaver(user=call.text("leaver_user"))))
    return refused(call, started) if isinstance(started, Refusal) else Result("started")


@action(identity=True, gives=("open_items",))
async def refresh_list(call: Call) -> Result[Literal["open", "finished", "none"]]:
    """The items as the account's state has them now; a list without open items is closed."""
    found = await perform(call, GetOffboarding())
    if isinstance(found, Refusal):
        return Result("none")
    list_ = from_account(call, found, await call.desk.checklist(account_list_id(call, found)))
    left = open_items(list_)
    closed = not left and not isinstance(await perform(call, CloseOffboarding()), Refusal)
    list_ = list_.model_copy(update={"closed": closed})
    await call.desk.keep(list_)
    values = {"open_items": options(left, "later")}
    return Result("finished" if closed else "open", values, (list_.block(call.caller.lang),))


@action(gives=("item_label", "item_how", "item_warning"))
async def choose_item(call: Call) -> Result[Literal["here", "keys", "elsewhere", "later"]]:
    """Whether the item can be done here, and what it takes otherwise."""
    item_id, lang = call.text("next_item"), call.caller.lang
    if item_id == "later":
        return Result("later")
    list_ = await perform(call, GetOffboarding())
    blocked = next((item.blocked_by for item in list_.items if item.id == item_id), None) if isinstance(list_, Items) else None
    values = {"item_label": text("item", item_id)[lang]}
    if blocked:
        return Result("elsewhere", {**values, "item_how": text("unblock", blocked)[lang]})
    if item_id not in _HERE:
        return Result("elsewhere", {**values, "item_how": text("how", item_id)[lang]})
    return Result("keys" if item_id == "keys" else "here", {**values, "item_warning": text("warning", item_id)[lang]})


@action(changes=("done",), checked=True, gives=("reason", "rule"))
async def carry_out_item(call: Call) -> Result[Literal["done", "refused"]]:
    """Do what the item says. LM-9, SUB-4, SUB-5, SES-6."""
    refusal = await _carry_out(call, call.text("next_item"))
    return refused(call, refusal) if refusal else Result("done")


async def _carry_out(call: Call, item_id: str) -> Refusal | None:
    done: object
    match item_id:
        case "keys":
            return await _retire_keys(call)
        case "delete-user":
            user = await _leaver(call)
            done = await perform(call, DeleteUser(user=user.id)) if user else None
        case "sign-out":
            done = await perform(call, SignOutEverywhere(confirmed=True))
        case _:
            kind: Kind = UNBINDINGS[item_id]
            done = await perform(call, UnbindLoginMethod(kind=kind))
    return done if isinstance(done, Refusal) else None


async def _leaver(call: Call) -> UserShown | None:
    list_, users = await perform(call, GetOffboarding()), await perform(call, ListUsers())
    if isinstance(list_, Refusal) or isinstance(users, Refusal):
        return None
    return next((user for user in users.users if user.id == list_.user), None)


async def _retire_keys(call: Call) -> Refusal | None:
    """Every enabled key of the leaver, disabled or deleted; one refusal ends it."""
    user = await _leaver(call)
    for key in user.keys if user else ():
        if key.state == "enabled":
            delete = call.text("key_way") == "delete"
            done = await (
                perform(call, DeleteKey(key=key.id), key.id) if delete else perform(call, SetKeyState(key=key.id, state="disabled"), key.id)
            )
            if isinstance(done, Refusal):
                return done
    return None


@action(changes=("saved",), gives=("reason", "rule"))
async def set_item_aside(call: Call) -> Result[Literal["saved", "refused"]]:
    """An item that this account does not need, with the reason. OFF-2."""
    saved = await perform(call, SetItemNotApplicable(item=call.text("next_item"), reason=call.text("aside_reason")))
    return refused(call, saved) if isinstance(saved, Refusal) else Result("saved")

"""Login methods: bind, change, unbind. LM."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import JsonValue

from flows.accounts.account import Kind
from flows.accounts.base import Refusal
from flows.accounts.commands.ground import OfferEvidence
from flows.accounts.commands.login_methods import (
    BindLoginMethod,
    ChangeLoginMethod,
    CheckUnbind,
    Condition,
    ListLoginMethods,
    UnbindLoginMethod,
)
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import label, names, option, options
from flows.actions.proofs import new_login, to_type_again

KINDS: tuple[Kind, ...] = get_args(Kind)


@action()
async def where_to_bind(call: Call) -> Result[Literal["here", "wechat", "qq", "email", "wecom", "official_account"]]:
    """Here for a proven identity, otherwise by the steps for the kind that was named."""
    return Result("here" if call.caller.proven else _kind(call, "new_method"))


@action(identity=True, gives=("methods", "method", "taken"))
async def plan_login_change(call: Call) -> Result[Literal["choose", "known", "nothing"]]:
    """What can be bound, changed or unbound; a kind that was named before is asked for again only if it does not do."""
    bound = {method.kind: method.identity for method in (await granted(call, ListLoginMethods())).methods}
    if call.text("task") != "bind":
        listed: dict[str, JsonValue] = {"methods": [option("login_kind", kind, identity) for kind, identity in bound.items()]}
        email = call.text("task") == "change" and call.text("email_change") == "yes" and "email" in bound
        return Result("known", {**listed, "method": "email"}) if email else Result("choose", listed)
    free, wanted = [kind for kind in KINDS if kind not in bound], _kind(call, "new_method")
    values: dict[str, JsonValue] = {"methods": options("login_kind", free)}
    if not free:
        return Result("nothing")
    if wanted in free:
        return Result("known", {**values, "method": wanted})
    return Result("choose", {**values, "taken": label("login_kind", wanted, call.caller.lang)})


def _kind(call: Call, slot: str = "method") -> Kind:
    return next(kind for kind in KINDS if kind == call.text(slot))


@action(identity=True, gives=("scans", "conditions"))
async def prepare_login_change(call: Call) -> Result[Literal["scan", "address", "sync", "unbind", "unmet"]]:
    """What the change needs: a scan, an address, or every condition of unbinding. LM-3, LM-10."""
    kind = _kind(call)
    if call.text("task") == "unbind":
        found = (await granted(call, CheckUnbind(kind=kind))).conditions
        met = all(condition.met for condition in found)
        return Result("unbind" if met else "unmet", {"conditions": "\n".join(_condition(call, one) for one in found)})
    if kind == "email":
        return Result("sync" if call.text("task") == "change" else "address")
    offered = await granted(call, OfferEvidence(kind=kind))
    return Result("scan", {"scans": [{"id": item.reference, "label": {"zh": item.zh, "en": item.en}} for item in offered.items]})


def _condition(call: Call, condition: Condition) -> str:
    """One line of the list: met, or what to do about it."""
    lang = call.caller.lang
    if condition.met:
        return f"- ✓ {label('unbind_condition', condition.name, lang)}"
    by = names("feature", condition.in_the_way, lang)
    what = f"（{by}）" if lang == "zh" else f" ({by})"
    return f"- ✗ {label('unbind_todo', condition.name, lang)}{what if by else ''}"


@action(changes=("bound", "changed"), checked=True, gives=("reason", "rule"))
async def save_login_scan(call: Call) -> Result[Literal["bound", "changed", "refused"]]:
    """Bind or change to what was scanned. LM-3, LM-7."""
    kind, scan = _kind(call), call.text("new_scan")
    if call.text("task") == "change":
        changed = await perform(call, ChangeLoginMethod(kind=kind, scan=scan))
        return refused(call, changed) if isinstance(changed, Refusal) else Result("changed")
    bound = await perform(call, BindLoginMethod(kind=kind, scan=scan))
    return refused(call, bound) if isinstance(bound, Refusal) else Result("bound")


@action(changes=("bound", "changed"), checked=True, gives=("reason", "rule"))
async def save_login_email(call: Call) -> Result[Literal["bound", "changed", "wrong", "refused"]]:
    """Bind or change the login e-mail, with a new password. LM-3, LM-8."""
    typed = new_login(call.text("email_secret"))
    if isinstance(typed, Refusal):
        return Result("wrong", refused(call, typed).values)
    if typed.password != typed.repeat:
        return Result("wrong", refused(call, Refusal(rule="PW-9", reason="not_repeated")).values)
    proof = {"kind": "email", "email": call.text("new_email"), "code": typed.code, "password": typed.password}
    in_step = call.text("email_sync") == "yes" or call.text("email_use") == "all"
    # Asking first which of the two it is would give another answer after a crash: the first one bound it already.
    bound = await perform(call, BindLoginMethod.model_validate(proof))
    change = isinstance(bound, Refusal) and bound.reason == "kind_taken"
    saved = await perform(call, ChangeLoginMethod.model_validate({**proof, "sync": in_step}), "change") if change else bound
    if isinstance(saved, Refusal):
        return Result("wrong", refused(call, saved).values) if to_type_again(saved) else refused(call, saved)
    return Result("changed" if change else "bound")


@action(changes=("unbound",), checked=True, gives=("reason", "rule"))
async def unbind_login_method(call: Call) -> Result[Literal["unbound", "refused"]]:
    """Take a method off; never the last one. LM-2, LM-9, LM-10."""
    unbound = await perform(call, UnbindLoginMethod(kind=_kind(call)))
    return refused(call, unbound) if isinstance(unbound, Refusal) else Result("unbound")

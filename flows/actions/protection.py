"""What guards an account: login and operation protection, the remote login check, how long logins last. LP, OP, RL, SES."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias, get_args

from pydantic import JsonValue

from flows.accounts.account import ProtectionType
from flows.accounts.base import Refusal
from flows.accounts.commands.base import Change
from flows.accounts.commands.ground import ListCheckMethods
from flows.accounts.commands.protection import (
    GetProtection,
    ProtectionShown,
    SetLoginProtection,
    SetOperationProtection,
    SetRemoteLoginCheck,
)
from flows.accounts.commands.sessions import GetSessionSettings, SetSessionLimits, SignOutEverywhere
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import label

_Plan: TypeAlias = Literal["trust", "check", "already", "missing", "idle", "maximum", "both", "sign_out", "review"]
_MISSING = {
    "mfa": Refusal(rule="LP-3", reason="no_mfa"),
    "phone_code": Refusal(rule="LP-3", reason="no_security_phone"),
    "wechat_scan": Refusal(rule="LP-2", reason="no_wechat"),
}


@action(identity=True, gives=("setting", "now_set", "new_setting", "idle_now", "hours_now", "overview", "reason", "rule"))
async def plan_setting(call: Call) -> Result[_Plan]:
    """What has to be asked before the wanted setting can be saved; what cannot be is said before any check is asked for."""
    match call.text("topic"):
        case "check_up":
            return Result("review", {"overview": await _overview(call)})
        case "sign_out":
            return Result("sign_out")
        case "session":
            shown = await granted(call, GetSessionSettings())
            limits: dict[str, JsonValue] = {"idle_now": shown.idle_minutes, "hours_now": shown.max_hours}
            wanted: dict[str, _Plan] = {"idle": "idle", "maximum": "maximum"}
            return Result(wanted.get(call.text("session_limit"), "both"), limits)
        case topic:
            return await _plan_protection(call, topic)


async def _plan_protection(call: Call, topic: str) -> Result[_Plan]:
    lang, now, wanted = call.caller.lang, _present(topic, await granted(call, GetProtection())), _wanted(call)
    values: dict[str, JsonValue] = {
        "setting": label("guard", topic, lang),
        "now_set": label("protection_type", now, lang),
        "new_setting": label("protection_type", wanted, lang),
    }
    if wanted in _MISSING and wanted not in await _usable(call):
        return Result("missing", refused(call, _MISSING[wanted]).values)
    if topic == "login_protection" and wanted != "off":
        return Result("trust", values)
    return Result("already" if wanted == now else "check", values)


async def _usable(call: Call) -> Collection[str]:
    """Every check that the account has."""
    listed = await perform(call, ListCheckMethods())
    return () if isinstance(listed, Refusal) else listed.targets


def _present(topic: str, shown: ProtectionShown) -> str:
    """The type of the check, or whether it is on."""
    if topic == "remote_login":
        return "on" if shown.remote else "off"
    return shown.login if topic == "login_protection" else shown.operation


def _wanted(call: Call) -> str:
    if call.text("topic") == "remote_login":
        return "on" if call.text("remote_switch") == "turn_on" else "off"
    return call.text("check")


async def _overview(call: Call) -> str:
    """Every guard with its state, one a line."""
    lang = call.caller.lang
    shown, sessions, usable = await granted(call, GetProtection()), await granted(call, GetSessionSettings()), await _usable(call)
    states = {topic: _present(topic, shown) for topic in ("login_protection", "operation_protection", "remote_login")}
    lines = [(label("guard", topic, lang), label("protection_type", state, lang), state != "off") for topic, state in states.items()]
    for method in ("phone_code", "email_code", "mfa"):
        bound = method in usable
        lines.append((label("guard", method, lang), label("protection_type", "bound" if bound else "unbound", lang), bound))
    lasts = label("guard", "session_lasts", lang).format(sessions.idle_minutes, sessions.max_hours)
    lines.append((label("guard", "session", lang), lasts, True))
    colon = "：" if lang == "zh" else ": "
    return "\n".join(f"- {'✓' if good else '✗'} {name}{colon}{state}" for name, state, good in lines)


@action(changes=("saved",), checked=True, gives=("reason", "rule"))
async def save_protection(call: Call) -> Result[Literal["saved", "refused"]]:
    """Set what is asked for at login, before sensitive operations, or from unusual cities. LP-1, OP-1, RL-1."""
    saved = await perform(call, _protection(call))
    return refused(call, saved) if isinstance(saved, Refusal) else Result("saved")


def _protection(call: Call) -> Change[object]:
    wanted = _wanted(call)
    known: tuple[ProtectionType, ...] = get_args(ProtectionType)
    type_: ProtectionType = next((type_ for type_ in known if type_ == wanted), "off")
    match call.text("topic"):
        case "remote_login":
            return SetRemoteLoginCheck(on=wanted == "on")
        case "operation_protection":
            return SetOperationProtection(type=type_)
        case _:
            return SetLoginProtection(type=type_, allow_trusted_devices=type_ != "off" and call.text("trust") == "yes")


@action(changes=("saved",), gives=("reason", "rule"))
async def save_session_limits(call: Call) -> Result[Literal["saved", "refused"]]:
    """How long the next login lasts. SES-1, SES-2, SES-4."""
    idle, hours = call.text("idle_minutes"), call.text("max_hours")
    saved = await perform(call, SetSessionLimits(idle_minutes=int(idle) if idle else None, max_hours=int(hours) if hours else None))
    return refused(call, saved) if isinstance(saved, Refusal) else Result("saved")


@action(changes=("signed_out",), checked=True, gives=("reason", "rule"))
async def sign_out_everywhere(call: Call) -> Result[Literal["signed_out", "refused"]]:
    """End every session, the caller's included. SES-6."""
    ended = await perform(call, SignOutEverywhere(confirmed=True))
    return refused(call, ended) if isinstance(ended, Refusal) else Result("signed_out")

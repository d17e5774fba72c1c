"""The MFA device: bind, check, unbind."""

from __future__ import annotations

from typing import Literal

import segno
from pydantic import SecretStr

from flows.accounts.account.access import MfaKind
from flows.accounts.base import Refusal
from flows.accounts.calendar import day_of
from flows.accounts.commands.mfa import CheckMfaCode, ConfirmMfaBinding, GetMfa, StartMfaBinding, UnbindMfa
from flows.accounts.protocol import ServiceUnavailable
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import label, names
from flows.blocks import Image
from flows.model import Lang

_Scope = tuple[Literal["login", "operation"], ...]
_SCOPES: dict[str, _Scope] = {"login": ("login",), "operation": ("operation",), "both": ("login", "operation")}
_DEVICES: dict[str, MfaKind] = {"mini_program": "mini_program", "authenticator": "google"}


@action(identity=True, gives=("bound_device", "bound_on", "used_by"))
async def read_mfa(call: Call) -> Result[Literal["bound", "none", "prepared"]]:
    """What is bound; ``prepared`` when nothing is and device and scope have been chosen already. MFA-4."""
    shown = await granted(call, GetMfa())
    if shown.device is None or shown.bound_at is None:
        return Result("prepared" if call.text("device") in _DEVICES and _scope_chosen(call) else "none")
    bound_on, lang = day_of(shown.bound_at).isoformat(), call.caller.lang
    device = label("mfa_device", shown.device, lang)
    return Result("bound", {"bound_device": device, "bound_on": bound_on, "used_by": names("protection", shown.used_by, lang)})


@action(checked=True, gives=("reason", "rule"))
async def start_mfa_binding(call: Call) -> Result[Literal["shown", "refused"]]:
    """The secret of a new device, once, as QR code and as text. MFA-5, MFA-6."""
    command = StartMfaBinding(device=_DEVICES.get(call.text("device"), "other_totp"))
    # After a crash the same key gives the same answer, but a secret is never shown again: then another one is drawn.
    for part in ("", "again", "once more"):
        started = await perform(call, command, part)
        if isinstance(started, Refusal):
            return refused(call, started)
        if not _is_hidden(started.secret):
            return Result("shown", blocks=(_qr_code(started.uri, started.secret, call.caller.lang),))
    raise ServiceUnavailable("the secret cannot be shown")


def _is_hidden(secret: SecretStr) -> bool:
    return not secret.get_secret_value().strip("*")


def _qr_code(uri: SecretStr, secret: SecretStr, lang: Lang) -> Image:
    plain = secret.get_secret_value()
    grouped = " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    alt = "用验证器扫描的二维码" if lang == "zh" else "QR code to scan with the authenticator"
    return Image(url=segno.make(uri.get_secret_value()).png_data_uri(scale=5), alt=alt, text=grouped, secret=True)


@action(changes=("bound",), gives=("protected",))
async def confirm_mfa_binding(call: Call) -> Result[Literal["bound", "wrong", "expired"]]:
    """The first code binds the device and sets its scope. MFA-5, MFA-7."""
    scope = _SCOPES.get(_scope_chosen(call), ())
    bound = await perform(call, ConfirmMfaBinding(code=SecretStr(call.text("first_code")), scope=scope))
    if isinstance(bound, Refusal) or bound.outcome == "expired":
        return Result("expired")  # nothing else can have come in between: the secret is gone
    return Result("bound", {"protected": names("protection", scope, call.caller.lang)}) if bound.outcome == "bound" else Result("wrong")


def _scope_chosen(call: Call) -> str:
    return call.text("scope_here") or call.text("scope")


@action(identity=True, gives=("seconds", "ahead", "reason", "rule"))
async def check_mfa_code(call: Call) -> Result[Literal["right", "expired", "clock_off", "wrong", "reused", "refused"]]:
    """Test a code against ten minutes to each side; ``ahead`` when the device's clock is fast. MFA-8, MFA-9, MFA-13."""
    checked = await perform(call, CheckMfaCode(code=SecretStr(call.text("tested_code"))))
    if isinstance(checked, Refusal):
        return Result("reused") if checked.reason == "code_reused" else refused(call, checked)
    return Result(checked.outcome, {"seconds": abs(checked.seconds_off), "ahead": checked.seconds_off > 0})


@action(changes=("unbound",), gives=("turned_off", "reason", "rule"))
async def unbind_mfa(call: Call) -> Result[Literal["unbound", "wrong", "refused"]]:
    """Unbind the device with a code of that very device. MFA-10, MFA-11."""
    unbound = await perform(call, UnbindMfa(code=SecretStr(call.text("mfa_code"))))
    if isinstance(unbound, Refusal):
        again = unbound.reason in ("wrong_code", "code_reused")
        return Result("wrong", refused(call, unbound).values) if again else refused(call, unbound)
    return Result("unbound", {"turned_off": names("protection", unbound.turned_off, call.caller.lang)})

"""Proving who one is (GEN-3), and passing one of the account's own checks before a change (GEN-4)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import JsonValue, SecretStr

from flows.accounts.account import CheckMethod
from flows.accounts.base import Refusal
from flows.accounts.commands.ground import CheckIdentity, ListCheckMethods, OfferEvidence, ProveIdentity, SendCode, SentFactor
from flows.accounts.protocol import NotConnected, Unconnected
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import option, options

_SENT: tuple[SentFactor, ...] = ("phone_code", "email_code")
_Sent: TypeAlias = Literal["sent", "sent_before", "refused"]


@action()
async def who_is_there(call: Call) -> Result[Literal["proven", "anonymous"]]:
    """Whether the identity is proven already."""
    return Result("proven" if call.caller.proven else "anonymous")


@action(gives=("factors",))
async def list_factors(call: Call) -> Result[Literal["proven", "listed"]]:
    """What a code can be sent to; the same for every account, known or not. GEN-7."""
    if isinstance(call.accounts, Unconnected):
        raise NotConnected
    return Result("proven") if call.caller.proven else Result("listed", {"factors": options("check_method", _SENT)})


@action(gives=("reason", "rule"))
async def send_proof_code(call: Call) -> Result[_Sent]:
    """A code to a factor of the account that was named; said alike for unknown ones."""
    return await _send(call, SendCode(purpose="prove", account=call.text("account_hint"), factor=_factor(call)))


async def _send(call: Call, command: SendCode) -> Result[_Sent]:
    """A new code, or the one of a moment ago if it can still be entered. GEN-6."""
    sent = await perform(call, command)
    if not isinstance(sent, Refusal):
        return Result("sent")
    return Result("sent_before") if sent.details.get("sent") else Result("refused", refused(call, sent).values)


@action()
async def prove_identity(call: Call) -> Result[Literal["proven", "wrong", "expired", "used_up"]]:
    """Thirty minutes of trust for the right code."""
    code = SecretStr(call.text("proof_code"))
    proof = await granted(call, ProveIdentity(account=call.text("account_hint"), factor=_factor(call), code=code))
    return Result(proof.outcome, proven=proof.actor)


def _factor(call: Call) -> SentFactor:
    return "email_code" if call.text("proof_factor") == "email_code" else "phone_code"


@action(identity=True, gives=("checks", "only_mfa", "reason", "rule"))
async def list_checks(call: Call) -> Result[Literal["passed", "choose", "none"]]:
    """The checks that count and can be made now, the default first; one that still counts is enough. GEN-4, GEN-5, OP-3."""
    listed = await perform(call, ListCheckMethods())
    if isinstance(listed, Refusal):
        return Result("none", refused(call, listed).values)
    if listed.passed:
        return Result("passed")
    only_mfa = listed.methods == ("mfa",)
    possible = [method for method in listed.methods if method not in listed.waits] or listed.methods
    checks = [_check(method, listed.targets[method]) for method in possible]
    return Result("choose", {"checks": [*checks, option("check_method", "no_device")] if only_mfa else checks, "only_mfa": only_mfa})


def _check(method: CheckMethod, target: str) -> JsonValue:
    return option("check_method", method, "" if method == "mfa" else target)


@action(identity=True, gives=("reason", "rule", "scans"))
async def begin_check(call: Call) -> Result[Literal["sent", "sent_before", "device", "no_device", "scan", "refused"]]:
    """Send the code, or say what else is asked for."""
    if call.text("check_method") == "no_device":
        return Result("no_device")
    match _method(call):
        case "mfa":
            return Result("device")
        case "wechat_scan":
            offered = await granted(call, OfferEvidence(kind="wechat"))
            return Result("scan", {"scans": [{"id": item.reference, "label": {"zh": item.zh, "en": item.en}} for item in offered.items]})
        case "phone_code" | "email_code" as factor:
            sent = await _send(call, SendCode(purpose="check", factor=factor))
            return Result(sent.outcome, sent.values)


@action(identity=True)
async def pass_check(call: Call) -> Result[Literal["passed", "wrong", "other_person", "late", "expired", "used_up"]]:
    """One success counts for thirty minutes in this conversation; a device shows its next code by itself."""
    code, method = call.text("check_code"), _method(call)
    secret = SecretStr(code) if code else None
    checked = await granted(call, CheckIdentity(method=method, code=secret, scan=call.text("check_scan") or None, instead=True))
    match method, checked.outcome:
        case "wechat_scan", "wrong":
            return Result("other_person")
        case "mfa", "expired":
            return Result("late")
        case _:
            return Result(checked.outcome)


def _method(call: Call) -> CheckMethod:
    known: tuple[CheckMethod, ...] = ("phone_code", "email_code", "mfa", "wechat_scan")
    return next((method for method in known if method == call.text("check_method")), "phone_code")

"""Real-name verification: how the account stands, whether a change is possible, the transferred amount. RN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from flows.accounts.account.holder import ChangeKind
from flows.accounts.base import Refusal
from flows.accounts.calendar import day_of
from flows.accounts.commands.verification import ChangeConditions, GetVerification, PrecheckChange, ReportTransferAmount, WithdrawChange
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import label
from flows.actions.times import minute
from flows.model import Lang

_Way: TypeAlias = Literal["to_company", "to_person", "entity", "name", "representative"]
_KINDS: dict[_Way, ChangeKind] = {
    "to_company": "personal_to_enterprise",
    "to_person": "personal_to_personal",
    "entity": "enterprise_to_enterprise",
    "name": "enterprise_name",
    "representative": "legal_representative",
}


@action(identity=True, gives=("holder_name", "waits_for", "deadline"))
async def read_verification(
    call: Call,
) -> Result[Literal["unverified", "personal", "enterprise", "revoked", "transfer", "waiting", "change"]]:
    """How the account is verified; ``change`` if the change that is wanted was named before. RN-35."""
    shown = await granted(call, GetVerification())
    values = {
        "holder_name": shown.name,
        "waits_for": label("verification_wait", shown.request_state, call.caller.lang) if shown.request_state else "",
        "deadline": minute(shown.deadline) if shown.deadline else "",
    }
    if shown.request_state:
        return Result("transfer" if shown.request_state == "transfer_pending" else "waiting", values)
    if shown.status in ("personal", "enterprise") and _wanted(call):
        return Result("change", values)
    return Result("unverified" if shown.status == "in_progress" else shown.status, values)


def _wanted(call: Call) -> _Way | None:
    return next((way for way in _KINDS if way in (call.text("personal_change"), call.text("enterprise_change"))), None)


@action(identity=True, gives=("conditions",))
async def precheck_change(call: Call) -> Result[Literal["to_company", "to_person", "entity", "name", "representative", "not_yet"]]:
    """Whether the wanted change is possible now; if not, every condition with what to do. RN-21 to RN-26."""
    way = _wanted(call) or "to_company"
    checked = await granted(call, PrecheckChange(kind=_KINDS[way]))
    if all(checked.conditions.values()):
        return Result(way)
    return Result("not_yet", {"conditions": "\n".join(_lines(checked, call.caller.lang))})


def _lines(checked: ChangeConditions, lang: Lang) -> Iterator[str]:
    day = day_of(checked.earliest).isoformat() if checked.earliest else ""
    for name, met in checked.conditions.items():
        text = label("change_condition" if met else "change_todo", name, lang)
        yield f"- {'✓' if met else '✗'} {text.format(day)}"


@action(changes=("verified", "start_again"), gives=("reason", "rule"))
async def report_transfer_amount(call: Call) -> Result[Literal["verified", "wrong_one_left", "start_again", "refused"]]:
    """The amount that arrived at the company's bank account; two tries. RN-14."""
    reported = await perform(call, ReportTransferAmount(fen=int(call.text("fen"))))
    return refused(call, reported) if isinstance(reported, Refusal) else Result(reported.outcome)


@action(changes=("withdrawn",), gives=("reason", "rule"))
async def withdraw_verification(call: Call) -> Result[Literal["withdrawn", "refused"]]:
    """Stop what is under way. RN-28."""
    withdrawn = await perform(call, WithdrawChange())
    return refused(call, withdrawn) if isinstance(withdrawn, Refusal) else Result("withdrawn")

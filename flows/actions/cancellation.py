"""Cancelling an account, step by step as the service allows it. CAN."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from pydantic import JsonValue

from flows.accounts.base import Refusal
from flows.accounts.commands.account_info import GetAccount
from flows.accounts.commands.cancellation import (
    CancellationReason,
    CancellationShown,
    CheckResources,
    Confirmation,
    ConfirmCancellation,
    ContinueCancellation,
    GetCancellation,
    GiveUpResources,
    PrecheckCancellation,
    ResourceShown,
    StartCancellation,
    SubmitCancellationPapers,
    WithdrawCancellation,
)
from flows.accounts.rules.cancellation import PAPERS
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action
from flows.actions.labels import label
from flows.actions.times import last_day, minute
from flows.model import Lang

_Stage: TypeAlias = Literal["start", "rejected", "resources", "cooling", "last_step", "reviewing", "withdraw", "nothing"]
_STAGES: dict[str, _Stage] = {
    "start": "start",
    "wait": "cooling",
    "confirm": "last_step",
    "submit_papers": "last_step",
    "wait_for_review": "reviewing",
}
"""By the service's next step; whatever else it names has to do with resources."""


@action(identity=True, gives=("account_number", "rejection", "days_left", "cooling_until", "review_until"))
async def cancellation_stage(call: Call) -> Result[_Stage]:
    """Where the request stands. CAN-10, CAN-16, CAN-17."""
    shown = await granted(call, GetCancellation())
    if call.text("goal") == "withdraw":
        return Result("nothing" if shown.next_step in {"start", "none"} else "withdraw", _stage_values(call, shown))
    stage = "rejected" if shown.state == "rejected" else _STAGES.get(shown.next_step, "resources")
    return Result(stage, _stage_values(call, shown))


def _stage_values(call: Call, shown: CancellationShown) -> dict[str, JsonValue]:
    return {
        "account_number": call.caller.proven.account if call.caller.proven else "",
        "rejection": shown.rejection,
        "days_left": shown.days_left,
        "cooling_until": minute(shown.cooling_until) if shown.cooling_until else "",
        "review_until": last_day(shown.review_until) if shown.review_until else "",
    }


@action(identity=True, gives=("conditions",))
async def check_conditions(call: Call) -> Result[Literal["met", "not_met"]]:
    """Each condition that the service checks by itself, met or not. CAN-2."""
    checked = await granted(call, PrecheckCancellation())
    lang = call.caller.lang
    conditions: list[JsonValue] = [
        {"met": met, "text": label("cancellation_condition" if met else "cancellation_obstacle", name, lang)}
        for name, met in checked.conditions.items()
    ]
    return Result("met" if all(checked.conditions.values()) else "not_met", {"conditions": conditions})


@action(identity=True)
async def cancellation_turn(call: Call) -> Result[Literal["start", "face", "direct", "papers", "withdraw"]]:
    """What the identity check was passed for; the last step depends on the verification. CAN-12 to CAN-14."""
    if "withdraw" in (call.text("goal"), call.text("check_wait")):
        return Result("withdraw")
    shown = await granted(call, GetCancellation())
    if shown.state != "identity":
        return Result("start")
    if shown.next_step == "submit_papers":
        return Result("papers")
    account = await granted(call, GetAccount())
    return Result("face" if account.verification == "personal" else "direct")


@action(changes=("started",), checked=True, gives=("reason", "rule"))
async def start_cancellation(call: Call) -> Result[Literal["started", "refused"]]:
    """With every notice confirmed. CAN-3, CAN-4."""
    reason = next((known for known in get_args(CancellationReason) if known == call.text("cancel_reason")), "other")
    start = StartCancellation(confirmations=get_args(Confirmation), reasons=(reason,), text=call.text("other_reason"))
    started = await perform(call, start)
    return refused(call, started) if isinstance(started, Refusal) else Result(started.outcome)


@action(identity=True, gives=("must_handle", "may_give_up", "give_up_ids", "check_ends", "reason", "rule"))
async def check_resources(call: Call) -> Result[Literal["checking", "must_handle", "may_give_up", "clear", "refused"]]:
    """Begin the resource check, or see what it found. CAN-6, CAN-7."""
    found = await perform(call, CheckResources())
    if isinstance(found, Refusal):
        return refused(call, found)
    lang = call.caller.lang
    return Result(
        found.outcome,
        {
            "must_handle": [_name(item, lang) for item in found.must_handle],
            "may_give_up": [_name(item, lang) for item in found.may_give_up],
            "give_up_ids": [item.id for item in found.may_give_up],
            "check_ends": minute(found.check_ends) if found.check_ends else "",
        },
    )


def _name(item: ResourceShown, lang: Lang) -> str:
    kind = label("resource_kind", item.kind, lang)
    return f"{kind} {item.name}".strip()


@action(changes=("given_up",), gives=("reason", "rule"))
async def give_up_resources(call: Call) -> Result[Literal["given_up", "refused"]]:
    """All that the check found to be given up; nothing of it comes back. CAN-8."""
    ids = call.slots.get("give_up_ids")
    given_up = await perform(call, GiveUpResources(ids=tuple(map(str, ids if isinstance(ids, list) else ()))))
    return refused(call, given_up) if isinstance(given_up, Refusal) else Result("given_up")


@action(changes=("cooling_off", "identity"), gives=("cooling_until", "reason", "rule"))
async def continue_cancellation(call: Call) -> Result[Literal["cooling_off", "identity", "refused"]]:
    """On to the cooling-off, or to the last step. CAN-9, CAN-11."""
    moved = await perform(call, ContinueCancellation())
    if isinstance(moved, Refusal):
        return refused(call, moved)
    shown = await granted(call, GetCancellation())
    return Result(moved.outcome, {"cooling_until": minute(shown.cooling_until) if shown.cooling_until else ""})


@action(changes=("cancelled",), checked=True, gives=("reason", "rule"))
async def confirm_cancellation(call: Call) -> Result[Literal["cancelled", "face_failed", "other_account", "refused"]]:
    """The last step of a personal or unverified account, once its ID is typed out. CAN-12, CAN-13, CAN-20."""
    if call.caller.proven is None or call.text("typed_account") != call.caller.proven.account:
        return Result("other_account")
    done = await perform(call, ConfirmCancellation(face=call.text("face") or None))
    return refused(call, done) if isinstance(done, Refusal) else Result(done.outcome)


@action(changes=("in_review",), checked=True, gives=("review_until", "reason", "rule"))
async def submit_cancellation_papers(call: Call) -> Result[Literal["in_review", "refused"]]:
    """A company's papers; then the review. CAN-14 to CAN-16."""
    deregistered, by_employee = call.text("registered") == "no", call.text("handler") == "employee"
    names = [paper for paper in PAPERS if not (deregistered and paper == "license")]
    names += ["deregistration_statement"] if deregistered else []
    names += ["employment_proof"] if by_employee else []
    # The originals are handed in where the service asks for them; here is only noted that they are at hand.
    papers = SubmitCancellationPapers(papers=dict.fromkeys(names, "at hand"), by_employee=by_employee, deregistered=deregistered)
    submitted = await perform(call, papers)
    if isinstance(submitted, Refusal):
        return refused(call, submitted)
    shown = await granted(call, GetCancellation())
    return Result(submitted.outcome, {"review_until": last_day(shown.review_until) if shown.review_until else ""})


@action(changes=("withdrawn",), checked=True, gives=("reason", "rule"))
async def withdraw_cancellation(call: Call) -> Result[Literal["withdrawn", "refused"]]:
    """Back to normal use. CAN-18."""
    withdrawn = await perform(call, WithdrawCancellation())
    return refused(call, withdrawn) if isinstance(withdrawn, Refusal) else Result(withdrawn.outcome)

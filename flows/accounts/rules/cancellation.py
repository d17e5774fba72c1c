"""Cancelling an account: the request and its states. CAN.

``cancelled`` is final (CAN-20): ``Account.status`` makes it unknown, ``Account.lookups`` frees its identities and slots (CAN-21),
and nothing else is touched (CAN-22). An account that cannot log in gets in first, by APL or REC (CAN-1); a code that cannot arrive
is solved by changing the security phone, which stays possible throughout (CAN-19, CAN-23).
"""

from datetime import datetime, timedelta
from typing import Literal, get_args

from flows.accounts.account import Account, Cancellation, Company, Person
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.cancellation import (
    CancellationShown,
    Confirmation,
    ContinueCancellation,
    GetCancellation,
    PrecheckCancellation,
    PrecheckResult,
    StartCancellation,
    SubmitCancellationPapers,
    WithdrawCancellation,
)
from flows.accounts.rules.cancellation_resources import left, must_handle

COOLING_OFF = timedelta(days=15)
"""Exactly. CAN-9, guide-zh:785 item 10, 813, C58."""
REVIEW_DAYS = 3
"""Working days. CAN-16, guide-zh:872-879."""
FORGOTTEN_AFTER = timedelta(days=7)
"""CAN-24."""
OPEN = ("confirmed", "checking", "must_handle", "may_give_up", "clear", "cooling_off", "identity", "in_review")
PAPERS = (
    "handler_id_front",
    "handler_id_back",
    "representative_id_front",
    "representative_id_back",
    "license",
    "letter_of_authorization",
)
"""Colour scans, no front-camera selfies. CAN-14, guide-zh:753-766, C62, C63."""
_STEPS = {
    "confirmed": "check_resources",
    "checking": "check_resources",
    "must_handle": "handle_resources",
    "may_give_up": "give_up",
    "clear": "continue",
    "cooling_off": "wait",
    "cooled": "check_resources",
    "in_review": "wait_for_review",
    "cancelled": "none",
}


def current(account: Account, now: datetime) -> Cancellation:
    """The request; left untouched for seven days before cooling-off or review, it is withdrawn. CAN-24."""
    request = account.cancellation
    waiting = request.state in OPEN and request.state not in {"cooling_off", "in_review"}
    forgotten = waiting and request.touched_at is not None and now - request.touched_at > FORGOTTEN_AFTER
    return request.but(state="withdrawn") if forgotten else request


def moved(account: Account, request: Cancellation, now: datetime, **changes: object) -> Account:
    """The account with its request one step on."""
    return account.but(cancellation=request.but(touched_at=now, **changes))


def get_cancellation(account: Account, _query: GetCancellation, now: datetime) -> CancellationShown:
    """State, deadlines, next step; after the 15 days nothing happens by itself. CAN-10, CAN-16."""
    request = current(account, now)
    state: str = request.state
    left_over = request.cooling_until - now if request.cooling_until and state == "cooling_off" else None
    if left_over is not None and left_over <= timedelta():
        state = "cooled"
    last = "submit_papers" if needs_papers(account) else "confirm"
    step = last if state == "identity" else _STEPS.get(state, "start")
    return CancellationShown.model_validate(
        {
            "state": state,
            "days_left": -(-left_over // timedelta(days=1)) if left_over is not None and state == "cooling_off" else None,
            "cooling_until": request.cooling_until,
            "review_until": request.review_until,
            "rejection": request.rejection,
            "next_step": step,
        }
    )


def conditions(account: Account) -> dict[str, bool]:
    """What the service checks by itself: met or not. CAN-2, CAN-5, guide-zh:785 items 1, 4, 5, 9, C56, C57."""
    billing = account.billing
    return {
        "unfinished_orders": billing.unfinished_orders == 0,
        "debts": billing.arrears_fen == 0 and billing.advance_fen == 0,
        "users_left": not account.users,
        "api_keys_left": not account.keys,
        "open_complaints": billing.open_complaints == 0,
    }


def precheck_cancellation(account: Account, _query: PrecheckCancellation, _now: datetime) -> PrecheckResult:
    """Every condition. CAN-2."""
    return PrecheckResult(conditions=conditions(account))


def _refuse_conditions(account: Account) -> Refusal | None:
    failing = tuple(name for name, met in conditions(account).items() if not met)
    return refuse(bool(failing), "CAN-2", "condition_failed", failing=failing)


def start_cancellation(
    account: Account, command: StartCancellation, now: datetime
) -> tuple[Account, Outcome[Literal["started"]]] | Refusal:
    """Conditions, notices, a reason, one request at a time. CAN-1 to CAN-4, CAN-17, CAN-24, guide-zh:772-790, C65."""
    needed = get_args(Confirmation)
    missing = tuple(name for name in needed if name not in command.confirmations)
    silent = not command.reasons or ("other" in command.reasons and not command.text.strip())
    fresh = Cancellation(state="confirmed", touched_at=now, reasons=command.reasons, text=command.text)
    return (
        _refuse_conditions(account)
        or refuse(bool(missing), "CAN-3", "not_confirmed", missing=missing)
        or refuse(silent, "CAN-4", "no_reason")
        or refuse(current(account, now).state in OPEN, "CAN-24", "already_open")
        or (account.but(cancellation=fresh), Outcome(outcome="started"))
    )


def continue_cancellation(
    account: Account, _command: ContinueCancellation, now: datetime
) -> tuple[Account, Outcome[Literal["cooling_off", "identity"]]] | Refusal:
    """Unsettled postpaid resources cool off for 15 days, once; otherwise straight to the identity. CAN-9, CAN-11, guide-zh:838."""
    request = current(account, now)
    cooling = request.state == "cooling_off" and request.cooling_until is not None and now < request.cooling_until
    in_the_way = tuple(resource for resource in left(account) if request.cooled_off or not (resource.postpaid and resource.unsettled))
    refusal = (
        refuse(cooling, "CAN-9", "still_cooling_off", until=request.cooling_until.isoformat() if request.cooling_until else "")
        or refuse(request.state != "clear", "CAN-10", "wrong_state")
        or refuse(bool(in_the_way), "CAN-8", "resources_left", ids=tuple(resource.id for resource in in_the_way))
    )
    if refusal:
        return refusal
    if left(account):
        return moved(account, request, now, state="cooling_off", cooling_until=now + COOLING_OFF), Outcome(outcome="cooling_off")
    return moved(account, request, now, state="identity"), Outcome(outcome="identity")


def needs_papers(account: Account) -> bool:
    """Enterprises hand in papers. CAN-14."""
    return isinstance(account.verification.entity, Company)


def _refuse_last_step(account: Account, now: datetime) -> Refusal | None:
    """Whatever came up meanwhile still counts. CAN-2, CAN-8."""
    ids = tuple(resource.id for resource in left(account))
    return (
        refuse(current(account, now).state != "identity", "CAN-10", "wrong_state")
        or _refuse_conditions(account)
        or refuse(bool(ids), "CAN-8", "resources_left", ids=ids)
    )


def confirm_cancellation(
    account: Account, face: Person | None, now: datetime
) -> tuple[Account, Outcome[Literal["cancelled", "face_failed"]]] | Refusal:
    """The verified person's face, or nothing if unverified; then cancelled at once. CAN-12, CAN-13, guide-zh:755-757, 848, 865."""
    refusal = _refuse_last_step(account, now) or refuse(needs_papers(account), "CAN-14", "papers_needed", papers=PAPERS)
    if refusal:
        return refusal
    person = account.verification.entity
    if isinstance(person, Person) and (face is None or (face.name, face.id_number) != (person.name, person.id_number)):
        return account, Outcome(outcome="face_failed")
    return cancelled(account, now), Outcome(outcome="cancelled")


def cancelled(account: Account, now: datetime) -> Account:
    """Final: nobody logs in any more. CAN-20, CAN-21, faq-zh:849, 857, 861."""
    return moved(account, account.cancellation, now, state="cancelled", review_until=None).but(
        sessions=account.sessions.but(running=()), checks=()
    )


def missing_papers(command: SubmitCancellationPapers) -> tuple[str, ...]:
    """An employee adds a proof; the statement replaces a deregistered company's license. CAN-14, CAN-15, C50, C62."""
    replaced = "deregistration_statement" if command.deregistered else "license"
    needed = tuple(replaced if paper == "license" else paper for paper in PAPERS)
    needed += ("employment_proof",) if command.by_employee else ()
    return tuple(paper for paper in needed if paper not in command.papers)


def submit_papers(
    account: Account, command: SubmitCancellationPapers, now: datetime, review_until: datetime
) -> tuple[Account, Outcome[Literal["in_review"]]] | Refusal:
    """Reviewed within three working days. CAN-14, CAN-15, CAN-16."""
    missing = missing_papers(command)
    request = account.cancellation
    return (
        _refuse_last_step(account, now)
        or refuse(not needs_papers(account), "CAN-12", "wrong_state")
        or refuse(bool(missing), "CAN-14", "papers_missing", missing=missing)
        or (
            moved(account, request, now, state="in_review", papers=tuple(command.papers.values()), review_until=review_until),
            Outcome(outcome="in_review"),
        )
    )


def withdraw(account: Account, _command: WithdrawCancellation, now: datetime) -> tuple[Account, Outcome[Literal["withdrawn"]]] | Refusal:
    """Restores normal use; what was given up stays gone. CAN-8, CAN-18, guide-zh:818, 826, 835, C60."""
    request = current(account, now)
    return refuse(request.state not in OPEN, "CAN-18", "nothing_to_withdraw") or (
        moved(account, request, now, state="withdrawn", papers=()),
        Outcome(outcome="withdrawn"),
    )


def decide(
    account: Account, reason: str, now: datetime, *, approve: bool
) -> tuple[Account, Outcome[Literal["cancelled", "rejected"]]] | Refusal:
    """A rejection names its reason, and the user may start again. CAN-16, CAN-17, faq-zh:865, 869."""
    request = account.cancellation
    refusal = refuse(request.state != "in_review", "CAN-16", "wrong_state") or refuse(
        approve and bool(must_handle(account, now)), "CAN-8", "resources_left"
    )
    if refusal:
        return refusal
    if approve:
        return cancelled(account, now), Outcome(outcome="cancelled")
    return moved(account, request, now, state="rejected", rejection=reason, papers=()), Outcome(outcome="rejected")

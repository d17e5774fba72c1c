"""Cancelling an account."""

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from pydantic import Field

from flows.accounts.account import CancellationState, ResourceKind
from flows.accounts.base import Model, Outcome
from flows.accounts.commands.base import Change, Query, Who

Confirmation: TypeAlias = Literal["benefits_lapse", "bindings_ended", "data_backed_up", "honest_purpose", "everything_settled"]
"""CAN-3, guide-zh:785 items 2, 3, 6, 7, 10."""
CancellationReason: TypeAlias = Literal["registered_by_mistake", "registering_anew", "no_longer_using", "other"]
"""CAN-4, guide-zh:788-790."""


class CancellationShown(Model):
    """Where the request stands, and what comes next."""

    state: CancellationState | Literal["cooled"]
    days_left: int | None = None
    cooling_until: datetime | None = None
    review_until: datetime | None = None
    rejection: str = ""
    next_step: Literal[
        "start", "check_resources", "handle_resources", "give_up", "continue", "wait", "confirm", "submit_papers", "wait_for_review", "none"
    ]


class GetCancellation(Query[CancellationShown]):
    """State, days left, deadlines, next step."""


class PrecheckResult(Model):
    """Each condition of CAN-2, met or not."""

    conditions: dict[str, bool]


class PrecheckCancellation(Query[PrecheckResult]):
    """What the service can check by itself. CAN-2."""


class StartCancellation(Change[Outcome[Literal["started"]]]):
    """All notices confirmed, a reason given. CAN-1 to CAN-4."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    confirmations: tuple[Confirmation, ...] = ()
    reasons: tuple[CancellationReason, ...] = ()
    text: str = ""


class ResourceShown(Model):
    """One resource that is in the way."""

    id: str
    kind: ResourceKind
    name: str


class ResourceCheck(Outcome[Literal["checking", "must_handle", "may_give_up", "clear"]]):
    """What has to be handled elsewhere, and what may be given up."""

    must_handle: tuple[ResourceShown, ...] = ()
    may_give_up: tuple[ResourceShown, ...] = ()
    check_ends: datetime | None = None


class CheckResources(Change[ResourceCheck]):
    """Start the resource check, or see what it found. CAN-6."""


class GiveUpResources(Change[ResourceCheck]):
    """Give resources up for good. CAN-7, CAN-8."""

    ids: tuple[str, ...]


class ContinueCancellation(Change[Outcome[Literal["cooling_off", "identity"]]]):
    """On to the cooling-off, or to the identity. CAN-9, CAN-11."""


class ConfirmCancellation(Change[Outcome[Literal["cancelled", "face_failed"]]]):
    """The last step of a personal or unverified account. CAN-12, CAN-13."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    face: str | None = None


class SubmitCancellationPapers(Change[Outcome[Literal["in_review"]]]):
    """An enterprise's papers, by name. CAN-14, CAN-15."""

    who: ClassVar[Who] = "checked"
    papers: dict[str, str] = Field(default_factory=dict)
    by_employee: bool = False
    deregistered: bool = False


class WithdrawCancellation(Change[Outcome[Literal["withdrawn"]]]):
    """Back to normal use. CAN-18."""

    who: ClassVar[Who] = "checked"
    tells: ClassVar[bool] = True
    in_review: ClassVar[bool] = True
    in_frozen: ClassVar[bool] = True


class DecideCancellation(Change[Outcome[Literal["cancelled", "rejected"]]]):
    """Staff's decision. CAN-16, CAN-17."""

    who: ClassVar[Who] = "staff"
    account: str
    approve: bool
    reason: str = ""

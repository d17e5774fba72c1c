"""Named actions: what a ``do`` may carry out.

``base`` says what an action is, ``run`` is the one door through which they run, ``asking`` talks to the account service on
an action's behalf; the other modules hold the actions themselves, one module per matter, listed in ``catalogue``.
"""

from flows.actions.base import (
    CHECK_REQUIRED,
    IDENTITY_REQUIRED,
    UNAVAILABLE,
    Call,
    Caller,
    Result,
    Services,
    Spec,
    Visitor,
    action,
    specs,
)
from flows.actions.run import Actions, Done

__all__ = [
    "CHECK_REQUIRED",
    "IDENTITY_REQUIRED",
    "UNAVAILABLE",
    "Actions",
    "Call",
    "Caller",
    "Done",
    "Result",
    "Services",
    "Spec",
    "Visitor",
    "action",
    "specs",
]

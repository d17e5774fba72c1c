"""Runs flows without any input or output of its own: a state and an event in, a ``Turn`` out.

``engine`` takes the events, ``orders`` carries out those that mean the same at every step. ``walk`` goes from step to step and
collects what to show. ``reading`` takes an utterance as the answer to the current step, ``changing`` as a change of an earlier one,
``show`` fills in texts with masked values.
"""

from flows.engine.engine import Engine
from flows.engine.events import Acceptance, Back, Cancel, Choice, Confirm, Event, PendingAction, Repeat, Restart, Skip, Turn, Utterance, Why
from flows.engine.walk import CANCEL_CHOICE, HUMAN_CHOICE, RETRY_CHOICE, TICKET_CHOICE

__all__ = [
    "CANCEL_CHOICE",
    "HUMAN_CHOICE",
    "RETRY_CHOICE",
    "TICKET_CHOICE",
    "Acceptance",
    "Back",
    "Cancel",
    "Choice",
    "Confirm",
    "Engine",
    "Event",
    "PendingAction",
    "Repeat",
    "Restart",
    "Skip",
    "Turn",
    "Utterance",
    "Why",
]

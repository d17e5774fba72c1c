"""What may happen to a running flow, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import JsonValue

from flows.actions import Done
from flows.blocks import Block
from flows.state import State


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something was said."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An option was tapped, also an old one further up; its bare name stands for an option of the current step."""

    id: str


@dataclass(frozen=True, slots=True)
class Back:
    """Take the last answer back."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Ask the current step again, for example after a digression; at a failed action, try it again."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why is this asked?"""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave an optional value out."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the flow."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin again."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Yes or no to a ``do`` that asks first."""

    yes: bool


Event: TypeAlias = Utterance | Choice | Back | Repeat | Why | Skip | Cancel | Restart | Confirm | Done

Acceptance: TypeAlias = Literal["accepted", "wrong", "not_accepted"]
"""``wrong``: a value that is not right, or an order that cannot be followed. ``not_accepted``: these words are no answer, so they
may be a question. The turn says what to say if they are none; if they are one, drop the turn, answer, and send ``Repeat`` to the
state before."""


@dataclass(frozen=True, slots=True)
class PendingAction:
    """An action to carry out now; its ``Done`` is the next event. The slots may hold secrets: never store or log them."""

    name: str
    step: str
    key: str
    """The same for the same visit of the same run, so that a repeated turn does nothing twice; unique within a conversation."""
    slots: Mapping[str, JsonValue] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """What an event leads to; only the state is stored."""

    state: State
    outputs: tuple[Block, ...]
    pending_action: PendingAction | None = None
    acceptance: Acceptance = "accepted"
    needs_person: bool = False
    rest: str = ""
    """A question that came along with the answer."""
    walked: tuple[str, ...] = ()
    """The steps that were entered, in order."""
    left: tuple[tuple[str, str], ...] = ()
    """The steps that were left, each with the name of the edge: an option, an outcome, ``next`` or ``declined``."""

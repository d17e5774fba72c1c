"""What an action is: an async function from a ``Call`` to a ``Result``, marked with ``@action``.

Its outcomes are a ``Literal``: mypy checks what it returns, and the flow's edges are checked against the same annotation.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from pydantic import JsonValue

from flows.accounts.commands.base import Anonymous, Proven
from flows.accounts.protocol import AccountService
from flows.blocks import Block
from flows.desk import Desk
from flows.model import Lang

UNAVAILABLE = "unavailable"
"""Outcome of any action when its service does not answer, after several attempts."""
IDENTITY_REQUIRED = "identity_required"
"""Outcome of an action that acts on an account while nobody has proven to be its holder."""
CHECK_REQUIRED = "check_required"
"""Outcome of an action that needs a fresh identity check first (GEN-4)."""

Outcome_co = TypeVar("Outcome_co", bound=str, covariant=True)
Visitor: TypeAlias = Anonymous | Proven


class NotProven(Exception):
    """Raised by an action when the identity does not hold (any more); the outcome is ``identity_required``."""


class CheckNeeded(Exception):
    """Raised by an action when the account wants to be asked first; the outcome is ``check_required``."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who talks, in which conversation and language."""

    actor: Visitor
    lang: Lang

    @property
    def conversation(self) -> str:
        """The conversation's id."""
        return self.actor.conversation

    @property
    def proven(self) -> Proven | None:
        """The proven identity, if there is one."""
        return self.actor if isinstance(self.actor, Proven) else None


@dataclass(frozen=True, slots=True)
class Services:
    """What actions act on."""

    accounts: AccountService
    desk: Desk


@dataclass(frozen=True, slots=True)
class Call:
    """One carrying out of an action; the same ``key`` again must do nothing twice."""

    key: str
    caller: Caller
    slots: Mapping[str, JsonValue] = field(repr=False)
    services: Services = field(repr=False)

    @property
    def accounts(self) -> AccountService:
        """The account service."""
        return self.services.accounts

    @property
    def desk(self) -> Desk:
        """What is shared with support agents."""
        return self.services.desk

    def text(self, slot: str) -> str:
        """A slot's text; empty when it was skipped."""
        value = self.slots.get(slot)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Result(Generic[Outcome_co]):
    """What came of an action; ``values`` become slots for later texts, so whatever is personal in them is masked already."""

    outcome: Outcome_co
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    proven: Proven | None = None
    """The identity that was proven by it; the conversation keeps it."""


class Action(Protocol[Outcome_co]):
    """What can be marked with ``@action``, once bound to its object."""

    def __call__(self, call: Call, /) -> Awaitable[Result[Outcome_co]]:
        """Carry it out."""
        ...


@dataclass(frozen=True, slots=True)
class Spec:
    """What is known of an action without running it."""

    name: str
    outcomes: frozenset[str]
    changes: frozenset[str]
    """The outcomes after which something is different."""
    identity: bool
    gives: frozenset[str]
    """The names of the values it returns."""


_Marked = TypeVar("_Marked", bound=Callable[..., Coroutine[Any, Any, Result[Any]]])


def action(
    *, changes: tuple[str, ...] = (), identity: bool | None = None, checked: bool = False, gives: tuple[str, ...] = ()
) -> Callable[[_Marked], _Marked]:
    """Mark an action; its name is the function's.

    One that ``changes`` something needs a proven identity unless ``identity=False`` says that anybody may do it (open a ticket);
    a ``checked`` one also needs a fresh identity check.
    """

    def mark(function: _Marked) -> _Marked:
        name = function.__name__
        own = _outcomes(function)
        if unknown := set(changes) - own:
            raise TypeError(f"{name}: {', '.join(sorted(unknown))} in `changes` is not among its outcomes")
        needs = (bool(changes) or checked) if identity is None else identity
        outcomes = own | {UNAVAILABLE} | ({IDENTITY_REQUIRED} if needs else set()) | ({CHECK_REQUIRED} if checked else set())
        vars(function)["action_spec"] = Spec(name, frozenset(outcomes), frozenset(changes), needs, frozenset(gives))
        return function

    return mark


def _outcomes(function: Callable[..., Any]) -> set[str]:
    returned = get_type_hints(function).get("return")
    (outcome,) = get_args(returned) or (None,)
    if get_origin(returned) is not Result or get_origin(outcome) is not Literal:
        raise TypeError(f'{function.__name__} must be annotated with its outcomes: -> Result[Literal["done", "refused"]]')
    return set(get_args(outcome))


def specs(*sources: object) -> dict[str, Spec]:
    """The marked actions of modules, classes or objects, by name."""
    found: dict[str, Spec] = {}
    for source in sources:
        for name in dir(source):
            spec = getattr(getattr(source, name, None), "action_spec", None)
            if isinstance(spec, Spec) and found.setdefault(spec.name, spec) is not spec:
                raise TypeError(f"two actions are called {spec.name}")
    return found

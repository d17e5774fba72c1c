"""Named actions: what a ``do`` may carry out, which outcomes it has, and the one door through which it runs.

An action is an async function or method, marked with ``@action``, from a ``Call`` to a ``Result`` whose outcome is a ``Literal``:
mypy checks what it returns, and the flow's edges are checked against the same annotation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, Literal, Protocol, TypeVar, get_args, get_origin, get_type_hints

from pydantic import JsonValue

from flows.blocks import Block
from flows.model import Lang

UNAVAILABLE = "unavailable"
"""Outcome of any action when its service does not answer, after several attempts."""
IDENTITY_REQUIRED = "identity_required"
"""Outcome of an action that acts on an account while nobody has proven to be its holder."""

WAITS = (0.2, 0.8)
"""Seconds before the second and the third attempt."""

Outcome_co = TypeVar("Outcome_co", bound=str, covariant=True)


class Unavailable(Exception):
    """Raised by an action whose service does not answer; it is tried again, then the outcome is ``unavailable``."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who talks; ``account`` is set while their identity is proven."""

    conversation: str
    lang: Lang
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One carrying out of an action; the same ``key`` again must do nothing twice."""

    key: str
    caller: Caller
    slots: Mapping[str, JsonValue] = field(repr=False)

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


def action(*, changes: tuple[str, ...] = (), identity: bool | None = None, gives: tuple[str, ...] = ()) -> Callable[[_Marked], _Marked]:
    """Mark an action; its name is the function's.

    One that ``changes`` something needs a proven identity unless ``identity=False`` says that anybody may do it (open a ticket).
    """

    def mark(function: _Marked) -> _Marked:
        name = function.__name__
        own = _outcomes(function)
        if unknown := set(changes) - own:
            raise TypeError(f"{name}: {', '.join(sorted(unknown))} in `changes` is not among its outcomes")
        needs = bool(changes) if identity is None else identity
        outcomes = own | {UNAVAILABLE} | ({IDENTITY_REQUIRED} if needs else set())
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


@dataclass(frozen=True, slots=True)
class Done:
    """A result as the engine wants it."""

    outcome: str
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    changed: bool = False


class Actions:
    """The actions of some objects or modules, ready to run."""

    def __init__(self, *sources: object, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.specs: Mapping[str, Spec] = MappingProxyType(specs(*sources))
        self._run: dict[str, Action[str]] = {name: _bound(name, sources) for name in self.specs}
        self._sleep = sleep

    async def run(self, name: str, key: str, slots: Mapping[str, JsonValue], caller: Caller) -> Done:
        """Carry an action out, with several attempts at a service that does not answer."""
        spec = self.specs[name]
        if spec.identity and caller.account is None:
            return Done(IDENTITY_REQUIRED)
        call = Call(f"{caller.conversation}:{key}", caller, slots)
        for wait in (*WAITS, None):
            try:
                result = await self._run[name](call)
            except Unavailable:
                if wait is not None:
                    await self._sleep(wait)
            else:
                return Done(result.outcome, result.values, result.blocks, result.outcome in spec.changes)
        return Done(UNAVAILABLE)


def _bound(name: str, sources: tuple[object, ...]) -> Action[str]:
    found: Action[str] = next(getattr(source, name) for source in sources if hasattr(source, name))
    return found

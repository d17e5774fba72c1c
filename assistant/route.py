"""Decides what to do with an utterance, in one visible order; carries out nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from assistant.message import SMALLTALK, Act
from assistant.session import Session
from assistant.understand import Understanding
from kb.search import Hit

ANSWER = 0.42
"""Confidence from which one hit is answered; fitted for the fewest misled people (docs/retrieval.md)."""
CLARIFY = 0.28
"""Confidence from which a hit is worth asking about."""
CLOSE = 0.10
"""Two hits nearer than this are asked about, unless the first is sure."""
SURE = 0.62
ACT = 0.5
"""Confidence from which small talk and control are taken as such."""
MOST_OPTIONS = 4

_ACTS: frozenset[str] = frozenset(get_args(Act))


@dataclass(frozen=True, slots=True)
class Answer:
    """Give one entry."""

    entry_id: str
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class StartFlow:
    """Start a guided flow."""

    flow_id: str
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarify:
    """Ask which of two to four hits is meant."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Perform:
    """Small talk or control."""

    act: Act


@dataclass(frozen=True, slots=True)
class HandOver:
    """Let a person take over."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """Say that nothing fits; ``nearest`` are offered all the same."""

    nearest: tuple[Hit, ...]
    readable: bool


@dataclass(frozen=True, slots=True)
class ExpiredChoice:
    """The chosen option does not exist any more."""


Route = Answer | StartFlow | Clarify | Perform | HandOver | Fallback | ExpiredChoice


def route(understood: Understanding, session: Session) -> Route:
    """The first that applies: a picked option, control and small talk, the best hit, a choice of close hits, fallback."""
    if understood.picked:
        return _picked(understood.picked)
    topics = tuple(hit for hit in understood.hits if hit.kind in ("entry", "flow"))
    best = understood.hits[0] if understood.hits else None
    if best and best.kind == "act" and best.confidence >= ACT:
        return _act(best.id, session)
    if not topics:
        return Fallback((), bool(understood.analysis.words))
    return _topic(topics)


def _topic(topics: tuple[Hit, ...]) -> Route:
    first = topics[0]
    rivals = tuple(hit for hit in topics[1:MOST_OPTIONS] if first.confidence - hit.confidence < CLOSE and hit.confidence >= CLARIFY)
    if first.confidence >= SURE or (first.confidence >= ANSWER and not rivals):
        return StartFlow(first.id, topics) if first.kind == "flow" else Answer(first.id, topics)
    likely = tuple(hit for hit in topics[:MOST_OPTIONS] if hit.confidence >= CLARIFY / 2)
    if first.confidence >= CLARIFY and len(likely) > 1:
        return Clarify(likely)
    if first.confidence >= ANSWER:
        return StartFlow(first.id, topics) if first.kind == "flow" else Answer(first.id, topics)
    return Fallback(tuple(hit for hit in topics[:3] if hit.confidence >= CLARIFY / 4), readable=True)


def _picked(choice: str) -> Route:
    kind, _, name = choice.partition(":")
    if kind == "entry" and name:
        return Answer(name)
    if kind == "flow" and name:
        return StartFlow(name)
    if choice == "act:human":
        return HandOver()
    return ExpiredChoice()


def _act(act: str, session: Session) -> Route:
    if act == "human":
        return HandOver()
    offered = session.offered[0] if session.offered else ""
    if act == "affirm" and offered.startswith("flow:"):
        return StartFlow(offered.removeprefix("flow:"))
    known = next(name for name in get_args(Act) if name == act)
    return Perform(known)


def is_smalltalk(act: Act) -> bool:
    """Whether an act is small talk; the rest is control."""
    return act in SMALLTALK

"""Decides what to do with an utterance, in one visible order; carries out nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from assistant.guide import DROP, RESUME, Guide, Guided
from assistant.knowledge import Knowledge
from assistant.message import SMALLTALK, Act
from assistant.session import Session
from assistant.understand import Understanding
from flows.engine import TICKET_CHOICE, Back, Cancel, Choice, Event, Restart, Utterance
from kb.search import Hit

ANSWER = 0.5
"""Confidence from which one hit is answered; fitted for the fewest misled people (docs/retrieval.md)."""
CLARIFY = 0.28
"""Confidence from which a hit is worth asking about."""
CLOSE = 0.10
"""Two hits nearer than this are asked about, unless the first is sure."""
SURE = 0.62
TWIN = 0.03
"""Two flows nearer than this are asked about, however sure the first is."""
ACT = 0.5
"""Confidence from which small talk and control are taken as such."""
HUMAN = 0.8
"""The same for handing over to a person, whose time is not taken for a misunderstanding; the fallback offers one anyway."""
ACT_IN_FLOW = 0.95
"""The same for all acts inside a flow, where "A" or "personal" are answers."""
ACT_BESIDE = 0.8
"""The same for what the flow has no use for."""
ANOTHER = 0.85
"""Confidence from which words inside a flow start another one; the first has to wait."""
MOST_OPTIONS = 4
OFFER = 0.05
"""Confidence from which a flow is offered among other choices: a tap decides better than a guess."""

_BEYOND_FLOWS = ("human", "switch-zh", "switch-en")
"""Acts that mean the same inside a flow; the flow itself understands the others."""
_ORDERS: Mapping[str, Event] = {"back": Back(), "cancel": Cancel(), "restart": Restart()}
"""Acts that a flow carries out, for the many ways to say them that it does not know itself."""


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
class GoOn:
    """The running flow has taken this; ``answer`` is a question in between, to be answered first, or ``act`` small talk."""

    guided: Guided
    answer: Answer | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a flow that waits, or forget it."""

    yes: bool


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
class LeaveTicket:
    """Let support carry on with the running flow, whose action the account service did not answer."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """Say that nothing fits; ``nearest`` are offered all the same."""

    nearest: tuple[Hit, ...]
    readable: bool


@dataclass(frozen=True, slots=True)
class ExpiredChoice:
    """The chosen option does not exist any more."""


Route = Answer | StartFlow | GoOn | Resume | Clarify | Perform | HandOver | LeaveTicket | Fallback | ExpiredChoice


def route(understood: Understanding, session: Session, knowledge: Knowledge) -> Route:
    """The first that applies.

    A picked option, control and small talk, the running flow, the best hit, a choice of close hits, fallback.
    """
    guide = knowledge.guide
    if understood.picked:
        return _picked(understood.picked, session, guide)
    topics = tuple(hit for hit in understood.hits if hit.kind in ("entry", "flow"))
    best = understood.hits[0] if understood.hits else None
    act = best.id if best and best.kind == "act" and best.confidence >= _needed(best.id, session) else None
    if session.flow and (act not in _BEYOND_FLOWS or guide.answers(understood.text, session)):
        return _in_flow(understood, topics, session, guide)
    if act:
        return _act(act, session)
    if not topics:
        return Fallback((), bool(understood.analysis.words))
    return _topic(topics, knowledge)


def _needed(act: str, session: Session) -> float:
    """Confidence from which an act is taken as such."""
    if session.flow:
        return ACT_IN_FLOW
    return HUMAN if act == "human" else ACT


def _in_flow(understood: Understanding, topics: tuple[Hit, ...], session: Session, guide: Guide) -> Route:
    """The step takes the words, or they are a question in between, or the flow says that it did not understand."""
    guided = guide.step(Utterance(understood.text), session)
    assert guided is not None
    if guided.turn.acceptance != "not_accepted":
        return GoOn(guided)
    again = guide.ask_again(session)
    assert again is not None
    best = understood.hits[0] if understood.hits else None
    if best and best.kind == "act" and best.confidence >= ACT_BESIDE:
        if order := _ORDERS.get(best.id):
            return GoOn(guide.step(order, session) or guided)
        # Yes, no and mere numbers are meant as answers, even wrong ones.
        if is_smalltalk(act := _known_act(best.id)) and act not in ("affirm", "deny") and any(map(str.isalpha, understood.text)):
            return GoOn(again, act=act)
    running = session.flow.flow if session.flow else None
    others = [hit for hit in topics if hit.id != running]
    if others and others[0].kind == "flow" and others[0].confidence >= ANOTHER:
        return StartFlow(others[0].id, topics)
    asked = next((hit for hit in others if hit.kind == "entry"), None)
    if asked is None or asked.confidence < (ANSWER if understood.analysis.asks else SURE):
        return GoOn(guided)
    return GoOn(again, Answer(asked.id, topics))


def _topic(topics: tuple[Hit, ...], knowledge: Knowledge) -> Route:
    first = topics[0]
    # An entry and the flow it offers are one intent: they are no rivals, and speak for each other.
    companions = [hit for hit in topics[1:MOST_OPTIONS] if _are_one(first, hit, knowledge)]
    sure = min(1.0, first.confidence + sum(hit.confidence for hit in companions))
    others = [hit for hit in topics[1:MOST_OPTIONS] if hit not in companions]
    rivals = [hit for hit in others if sure - hit.confidence < CLOSE and hit.confidence >= CLARIFY]
    # To begin with the wrong one of two tasks costs more than a tap.
    twin = first.kind == "flow" and any(hit.kind == "flow" and first.confidence - hit.confidence < TWIN for hit in others)
    if (sure >= SURE and not twin) or (sure >= ANSWER and not rivals):
        return StartFlow(first.id, topics) if first.kind == "flow" else Answer(first.id, topics)
    likely = tuple(hit for hit in topics[:MOST_OPTIONS] if hit.confidence >= CLARIFY / 2)
    if sure >= CLARIFY and len(likely) > 1:
        return Clarify(_with_flow(likely, topics, knowledge))
    if sure >= ANSWER:
        return StartFlow(first.id, topics) if first.kind == "flow" else Answer(first.id, topics)
    return Fallback(_with_flow(tuple(hit for hit in topics[:3] if hit.confidence >= CLARIFY / 4), topics, knowledge), readable=True)


def likely_flow(hits: tuple[Hit, ...]) -> Hit | None:
    """The flow worth offering beside whatever else is said."""
    return next((hit for hit in hits if hit.kind == "flow" and hit.confidence >= OFFER), None)


def _with_flow(chosen: tuple[Hit, ...], topics: tuple[Hit, ...], knowledge: Knowledge) -> tuple[Hit, ...]:
    """The choices with the likeliest flow among them, and the one that goes with the first."""
    companion = next((hit for hit in topics[1:] if chosen and hit.kind == "flow" and _are_one(chosen[0], hit, knowledge)), None)
    flows = dict.fromkeys(hit for hit in (likely_flow(topics), companion) if hit and hit not in chosen)
    return (*chosen[: MOST_OPTIONS - len(flows)], *flows)


def _are_one(one: Hit, other: Hit, knowledge: Knowledge) -> bool:
    entry_id, flow_id = (one.id, other.id) if one.kind == "entry" else (other.id, one.id)
    return one.kind != other.kind and knowledge.offers(entry_id, flow_id)


def _picked(choice: str, session: Session, guide: Guide) -> Route:
    kind, _, name = choice.partition(":")
    if kind == "entry" and name:
        again = guide.ask_again(session)
        return GoOn(again, Answer(name)) if again else Answer(name)
    if kind == "flow" and name:
        return StartFlow(name)
    if choice == "act:human":
        return HandOver()
    if choice == TICKET_CHOICE and session.flow:
        return LeaveTicket()
    if choice in (RESUME, DROP) and session.waiting:
        return Resume(choice == RESUME)
    guided = guide.step(Choice(choice), session)
    return GoOn(guided) if guided else ExpiredChoice()


def _act(act: str, session: Session) -> Route:
    if act == "human":
        return HandOver()
    offered = session.offered[0] if session.offered else ""
    if act == "affirm" and offered.startswith("flow:"):
        return StartFlow(offered.removeprefix("flow:"))
    if act in ("affirm", "deny") and offered == RESUME:
        return Resume(act == "affirm")
    return Perform(_known_act(act))


def _known_act(name: str) -> Act:
    """The act of this name."""
    return next(act for act in get_args(Act) if act == name)


def is_smalltalk(act: Act) -> bool:
    """Whether an act is small talk; the rest is control."""
    return act in SMALLTALK

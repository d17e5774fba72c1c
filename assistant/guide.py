"""Runs guided flows inside a conversation: the engine decides each step, this keeps its state in the session."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pydantic import TypeAdapter

from assistant.message import Block, now
from assistant.session import Session
from flows.accounts.commands.base import Anonymous, Proven
from flows.accounts.rules.ground import PROOF_LIFE
from flows.actions import Actions, Caller, Services
from flows.actions.catalogue import ACTIONS
from flows.answers.choices import mentioned, options_of
from flows.blocks import Choices
from flows.engine import Engine, Event, Repeat, Turn
from flows.formats import Formats
from flows.model import AskChoice, AskSlot, Flow, Step
from flows.run import settle
from flows.state import Suspended

_blocks = TypeAdapter(tuple[Block, ...])

RESUME, DROP = "resume:yes", "resume:no"
_CODE = re.compile(r"[A-Za-z0-9-]*\d[A-Za-z0-9-]*")
"""Letters and digits in one: nobody's order."""
_MARGIN = timedelta(seconds=5)
"""A proof about to end is not begun with."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue for a person: how many wait before, and how many agents are there."""

    before: int
    agents: int


class Queue(Protocol):
    """Where conversations wait for a person."""

    async def join(self, session: Session) -> Place:
        """Take a place, or keep the one taken before."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a turn acts on: its conversation, the services of the flows, and the queue for a person, where there is one."""

    conversation: str
    services: Services
    queue: Queue | None = None

    def caller(self, session: Session) -> Caller:
        """Who talks: somebody proven, as long as the proof lasts. GEN-3."""
        proven = session.identity
        if proven and now() - proven.at < PROOF_LIFE - _MARGIN:
            return Caller(proven, session.lang)
        return Caller(Anonymous(conversation=self.conversation), session.lang)


@dataclass(frozen=True, slots=True)
class Guided:
    """What a flow wants to say and do, before its actions are carried out."""

    turn: Turn
    session: Session


@dataclass(frozen=True, slots=True)
class Walked:
    """The steps of a flow's run that a turn entered, and how the run ended if it did; for the figures of Insights."""

    flow: str
    run: str
    steps: tuple[str, ...]
    ended: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a flow says, and the session afterwards."""

    flow_id: str
    blocks: tuple[Block, ...]
    session: Session
    needs_person: bool
    question: str
    """A question that came along with an answer."""
    walked: Walked


class Guide:
    """All flows that can be run."""

    def __init__(self, flows: Mapping[str, Flow], formats: Formats, actions: Actions = ACTIONS) -> None:
        self.engine = Engine(flows, formats)
        self._actions = actions
        self.watch: Callable[[Turn], None] | None = None
        """Hears of every finished turn: for measuring which ways are walked."""

    def runs(self, flow_id: str) -> bool:
        """Whether this flow has steps yet."""
        return flow_id in self.engine.flows

    def start(self, flow_id: str, session: Session, said: str) -> Guided:
        """Begin a flow, or go on with the one of this name that waits; a flow that is running waits meanwhile."""
        waiting = Suspended(waiting=session.waiting)
        if session.flow and session.flow.flow != flow_id:
            waiting = waiting.push(session.flow)
        paused, waiting = waiting.take(flow_id)
        session = session.model_copy(update={"waiting": waiting.waiting})
        if paused:
            return Guided(self.engine.resume(paused, session.lang), session)
        return Guided(self.engine.start(flow_id, session.lang, run=str(session.turn + 1), said=said), session)

    def step(self, event: Event, session: Session) -> Guided | None:
        """What an event leads to in the running flow; None when none runs."""
        return Guided(self.engine.step(session.flow, event, session.lang), session) if session.flow else None

    def ask_again(self, session: Session) -> Guided | None:
        """The current step once more, as after a question in between."""
        return self.step(Repeat(), session)

    def resume(self, session: Session) -> Guided | None:
        """Go on with the flow that waits on top."""
        paused, waiting = Suspended(waiting=session.waiting).pop()
        if paused is None:
            return None
        return Guided(self.engine.resume(paused, session.lang), session.model_copy(update={"waiting": waiting.waiting}))

    def drop(self, session: Session) -> Session:
        """Forget the flow that waits on top."""
        return session.model_copy(update={"waiting": Suspended(waiting=session.waiting).drop().waiting})

    def offer(self, session: Session) -> tuple[Block, ...]:
        """Ask whether to go on with the flow that waits on top, if one waits."""
        waiting = self.engine.offer_resume(session.waiting[-1], session.lang) if session.waiting else ()
        return _blocks.validate_python([block.model_dump() for block in waiting])

    def asks(self, session: Session) -> bool:
        """Whether the running flow has asked something."""
        return isinstance(self._step(session), AskChoice | AskSlot)

    def asked(self, session: Session) -> AskSlot | None:
        """The value that the running flow has asked for."""
        step = self._step(session)
        return step if isinstance(step, AskSlot) else None

    def answers(self, text: str, session: Session) -> bool:
        """Whether words name an option of the running step, or have the form of its value, whatever else they may mean."""
        match self._step(session):
            case AskChoice(choices=choices):
                return mentioned(text, options_of(choices)) is not None
            case AskSlot() as step:
                return self.engine.fits(step, text) or _CODE.fullmatch(text.strip()) is not None
            case _:
                return False

    def _step(self, session: Session) -> Step | None:
        flow = self.engine.flows.get(session.flow.flow) if session.flow else None
        return flow.steps.get(session.flow.step or "") if flow and session.flow else None

    async def settle(self, guided: Guided, stage: Stage) -> Settled:
        """Carry out the actions that a turn leads to, and tell what to say."""
        before = guided.session
        turn, caller = await settle(self.engine, self._actions, guided.turn, stage.caller(before), stage.services)
        if self.watch:
            self.watch(turn)
        blocks = _blocks.validate_python([block.model_dump() for block in turn.outputs])
        running = None if turn.state.ended else turn.state
        if running is None:
            blocks += self.offer(before)
        offered = tuple(option.id for block in blocks if isinstance(block, Choices) for option in block.options)
        kept: dict[str, object] = {
            "flow": running,
            "offered": offered,
            "fallbacks": 0,
            "taken_over": before.taken_over and running is not None,
        }
        if isinstance(caller.actor, Proven) and caller.actor != stage.caller(before).actor:
            before = before.proven_as(caller.actor)
        after = before.model_copy(update=kept)
        return Settled(turn.state.flow, blocks, after, turn.needs_person, turn.rest, _walked(turn, guided.session))


def _walked(turn: Turn, before: Session) -> Walked:
    """Where a turn led; a run that was stopped ends at the step where it was."""
    state, steps = turn.state, turn.walked
    if state.ended and not steps and before.flow and before.flow.step:
        steps = (before.flow.step,)
    return Walked(state.flow, state.run, steps, state.ended)

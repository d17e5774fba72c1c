"""Runs guided flows inside a conversation: the engine decides each step, this keeps its state in the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from assistant.message import Block
from assistant.session import Session
from flows.blocks import Choices
from flows.engine import Acceptance, Engine, Event, Repeat, Turn
from flows.model import Flow
from flows.state import Suspended

_blocks = TypeAdapter(tuple[Block, ...])

RESUME, DROP = "resume:yes", "resume:no"


@dataclass(frozen=True, slots=True)
class Guided:
    """What a flow says, and the session afterwards."""

    flow_id: str
    blocks: tuple[Block, ...]
    session: Session
    acceptance: Acceptance
    needs_person: bool
    question: str
    """A question that came along with an answer."""


class Guide:
    """All flows that can be run."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._engine = Engine(flows)

    def runs(self, flow_id: str) -> bool:
        """Whether this flow has steps yet."""
        return flow_id in self._engine.flows

    def start(self, flow_id: str, session: Session, said: str) -> Guided:
        """Begin a flow, or go on with the one of this name that waits; a flow that is running waits meanwhile."""
        waiting = Suspended(waiting=session.waiting)
        if session.flow and session.flow.flow != flow_id:
            waiting = waiting.push(session.flow)
        paused, waiting = waiting.take(flow_id)
        session = session.model_copy(update={"waiting": waiting.waiting})
        if paused:
            return self._guided(self._engine.resume(paused, session.lang), session)
        return self._guided(self._engine.start(flow_id, session.lang, run=str(session.turn + 1), said=said), session)

    def step(self, event: Event, session: Session) -> Guided | None:
        """What an event leads to in the running flow; None when none runs."""
        return self._guided(self._engine.step(session.flow, event, session.lang), session) if session.flow else None

    def ask_again(self, session: Session) -> Guided | None:
        """The current step once more, as after a question in between."""
        return self.step(Repeat(), session)

    def resume(self, session: Session) -> Guided | None:
        """Go on with the flow that waits on top."""
        paused, waiting = Suspended(waiting=session.waiting).pop()
        if paused is None:
            return None
        return self._guided(self._engine.resume(paused, session.lang), session.model_copy(update={"waiting": waiting.waiting}))

    def drop(self, session: Session) -> Session:
        """Forget the flow that waits on top."""
        return session.model_copy(update={"waiting": Suspended(waiting=session.waiting).drop().waiting})

    def _guided(self, turn: Turn, session: Session) -> Guided:
        blocks = _blocks.validate_python(
            [block.model_dump(exclude={"secret"} if block.type == "image" else None) for block in turn.outputs]
        )
        running = None if turn.state.ended else turn.state
        if running is None and session.waiting:
            blocks += _blocks.validate_python(
                [block.model_dump() for block in self._engine.offer_resume(session.waiting[-1], session.lang)]
            )
        offered = tuple(option.id for block in blocks if isinstance(block, Choices) for option in block.options)
        after = session.model_copy(update={"flow": running, "offered": offered, "fallbacks": 0})
        return Guided(turn.state.flow, blocks, after, turn.acceptance, turn.needs_person, turn.rest)

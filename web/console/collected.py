"""What guided flows have asked of a visitor so far: masked, one value at a time to reveal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.knowledge import Knowledge
from assistant.privacy import mask
from assistant.session import Session
from flows.engine.show import shown, slot_name
from flows.model import AskChoice, AskSlot, Flow, Lang
from flows.state import Slot, State
from web.console.step_names import first_words, step_name

IDENTITY = "identity.account"
"""Reveals whose holder has proven to be here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the question in short, and the value as anybody may see it; ``key`` reveals a masked one."""

    key: str
    label: str
    value: str
    masked: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One flow that runs or waits, and the step where it is."""

    flow: str
    title: str
    step: str | None
    waits: bool
    answers: tuple[Answer, ...]


def collected(session: Session, knowledge: Knowledge, lang: Lang) -> list[Run]:
    """The running flow, then those that wait for it, the next one first."""
    states = [*([session.flow] if session.flow else []), *reversed(session.waiting)]
    return [_run(state, knowledge, lang, waits=state is not session.flow) for state in states]


def reveal(session: Session, key: str) -> str | None:
    """The value behind a masked answer, or the account whose holder is here."""
    if key == IDENTITY:
        return session.identity.account if session.identity else None
    flow_id, _, name = key.partition(".")
    for state in (session.flow, *session.waiting):
        if state and state.flow == flow_id and name in state.slots:
            return str(state.slots[name].value)
    return None


def called(key: str, knowledge: Knowledge, lang: Lang) -> str | None:
    """What the answer that ``key`` reveals is called; None when it is no flow's."""
    flow_id, _, name = key.partition(".")
    flow = knowledge.flows.get(flow_id)
    asking = ((step_id, step) for step_id, step in flow.steps.items() if isinstance(step, AskChoice | AskSlot)) if flow else ()
    return next((_label(step_id, step, lang) for step_id, step in asking if slot_name(step_id, step) == name), None)


def _run(state: State, knowledge: Knowledge, lang: Lang, *, waits: bool) -> Run:
    flow = knowledge.flows.get(state.flow)
    answers = tuple(_answers(state, flow, knowledge, lang)) if flow else ()
    step = step_name(flow, state.step, lang) if flow and state.step else None
    return Run(state.flow, flow.title[lang] if flow else state.flow, step, waits, answers)


def _answers(state: State, flow: Flow, knowledge: Knowledge, lang: Lang) -> Iterator[Answer]:
    """What the flow's own questions were answered with, in the order of the flow; what actions returned is not shown."""
    formats, here = knowledge.guide.engine.formats, state.model_copy(update={"lang": lang})
    for step_id, step in flow.steps.items():
        if not isinstance(step, AskChoice | AskSlot):
            continue
        slot = state.slots.get(slot_name(step_id, step))
        if slot is None or slot.value is None:
            continue
        safe = str(shown(step_id, slot, flow, formats, here))
        value = safe if isinstance(step, AskChoice) else mask(safe)
        yield Answer(f"{flow.id}.{slot_name(step_id, step)}", _label(step_id, step, lang), value, _hides(slot, value, step))


def _hides(slot: Slot, value: str, step: AskChoice | AskSlot) -> bool:
    free = isinstance(step, AskSlot) and not step.options
    return free and str(slot.value) != value


def _label(step_id: str, step: AskChoice | AskSlot, lang: Lang) -> str:
    """The question in short; what the flow calls the value, where the question is filled in at run time or goes on and on."""
    question = first_words(step, lang)
    names = (step.names.zh if lang == "zh" else step.names.en) if isinstance(step, AskSlot) else ()
    return names[0] if names and "…" in question else question or slot_name(step_id, step).replace("_", " ")

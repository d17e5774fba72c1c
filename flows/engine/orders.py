"""What the engine does at an event, whatever the step: orders, refusals, results, new versions of a definition."""

from __future__ import annotations

from typing import TypeGuard

from flows.actions import IDENTITY_REQUIRED, UNAVAILABLE, Done
from flows.answers.values import Wrong
from flows.answers.words import agrees, clauses, is_question, normalise, words, yes_no
from flows.engine.events import Back, Cancel, Event, Turn, Why
from flows.engine.walk import BACK_CHOICE, CANCEL_CHOICE, HUMAN_CHOICE, RESTART_CHOICE, Walk
from flows.formats import Formats
from flows.model import AskChoice, AskSlot, Do, Flow
from flows.state import Slot, State

TRIES = 3
"""Wrong values after which a person is offered."""


def follow(walk: Walk, event: Event) -> Turn:
    """Back, why, cancel, or the question again."""
    match event:
        case Back():
            return _back(walk)
        case Why():
            step = walk.step
            if isinstance(step, AskChoice | AskSlot) and step.why:
                walk.tell(step.why)
            else:
                walk.say("why", title=walk.title())
            walk.prompt()
        case Cancel():
            steps = (walk.flow.steps.get(step_id) for step_id in walk.state.done)
            done = [step.label[walk.state.lang] for step in steps if isinstance(step, Do) and step.label]
            walk.say("cancelled", title=walk.title(), done=list(dict.fromkeys(done)))
            walk.end("cancelled")
        case _:
            if isinstance(walk.step, Do) and not walk.state.confirming and walk.state.step:
                walk.go(walk.state.step)
            else:
                walk.prompt()
    return walk.turn()


def _back(walk: Walk) -> Turn:
    asked = [at for at, visit in enumerate(walk.state.trail) if isinstance(walk.flow.steps[visit.step], AskChoice | AskSlot)]
    # A code that was wrong is asked for again: back means the question before, not the same one.
    while asked and asked[-1] >= walk.state.sealed and walk.state.trail[asked[-1]].step == walk.state.step:
        asked.pop()
    if not asked or asked[-1] < walk.state.sealed:
        walk.say("sealed" if walk.state.sealed else "first-step")
        walk.prompt()
        return walk.turn("wrong")
    walk.take_back(asked[-1])
    walk.prompt()
    return walk.turn()


def refuse(walk: Walk, reading: Wrong | None) -> Turn:
    """The reason and an example; after three tries, help and a person."""
    attempts = walk.state.attempts + 1
    walk.change(attempts=attempts)
    lang = walk.state.lang
    if reading is None:
        walk.say("choose")
    else:
        walk.say("wrong", reason=reading.reason.text[lang].rstrip("。."), example=reading.reason.example)
    walk.prompt(question=False)
    if attempts >= TRIES:
        walk.needs_person = True
        walk.say("three-wrong", optional=isinstance(walk.step, AskSlot) and walk.step.optional)
        walk.offer((HUMAN_CHOICE, "person"), (BACK_CHOICE, "back"))
    return walk.turn("wrong" if reading and reading.attempted else "not_accepted")


def finish(walk: Walk, done: Done) -> Turn:
    """Keep what an action returned, and go where its outcome leads."""
    step, step_id = walk.step, walk.state.step
    if not isinstance(step, Do) or not walk.state.pending or step_id is None:
        raise ValueError(f"{walk.flow.id}: no action is pending at {step_id}")
    walk.blocks += done.blocks
    walk.change(pending=False)
    target = step.outcomes.get(done.outcome) or walk.flow.outcomes.get(done.outcome)
    if target or done.changed:
        walk.visit(step_id, {name: Slot(value=value) for name, value in done.values.items()})
    if done.changed:
        walk.change(done=(*walk.state.done, step_id), sealed=len(walk.state.trail))
    if target:
        walk.left.append((step_id, done.outcome))
        walk.go(target)
    elif done.outcome == IDENTITY_REQUIRED:
        walk.say("identity-required")
        walk.offer((RESTART_CHOICE, "restart"), (CANCEL_CHOICE, "cancel"))
    else:
        walk.stuck("unavailable" if done.outcome == UNAVAILABLE else "stuck")
    return walk.turn()


def perform_again(walk: Walk) -> Turn:
    """The process stopped between an action and its result: the same key again does nothing twice."""
    last = walk.flow.steps[walk.state.trail[-1].step] if walk.state.trail else None
    if is_secret(last):
        # What the action needs was never stored, so it is asked for again.
        walk.take_back(len(walk.state.trail) - 1)
        walk.prompt()
    else:
        walk.perform()
    return walk.turn()


def adopt(walk: Walk) -> None:
    """Go on under a new version of the definition that still has the current step."""
    state, flow, step = walk.state, walk.flow, walk.step
    known = [visit.step in flow.steps for visit in state.trail]
    walk.change(
        version=flow.version,
        trail=tuple(visit for visit, kept in zip(state.trail, known, strict=True) if kept),
        sealed=sum(known[: state.sealed]),
        early={step_id: slot for step_id, slot in state.early.items() if step_id in flow.steps},
        confirming=state.confirming and isinstance(step, Do) and step.confirm is not None,
        pending=state.pending and isinstance(step, Do),
    )


def gone(state: State, formats: Formats) -> Turn:
    """The end of a flow whose definition does not exist any more."""
    nothing = Flow.model_validate({"id": state.flow, "title": {"zh": state.flow, "en": state.flow}, "phrasings": {}})
    walk = Walk(nothing, formats, state)
    walk.say("gone")
    walk.end("gone")
    return walk.turn()


def is_secret(step: object) -> TypeGuard[AskSlot]:
    """Whether a step asks for what must not be kept."""
    return isinstance(step, AskSlot) and step.secret


def sure(text: str) -> bool | None:
    """Yes to a change only when the whole message means it."""
    parts = [part for part in clauses(text) if normalise(part) not in words("tail")]
    if parts and all(map(agrees, parts)) and not is_question(text):
        return True
    return False if parts and yes_no(parts[0]) is False else None

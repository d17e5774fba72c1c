"""Changes of earlier answers: "不对，是企业", "actually the email is x@y.z", "change the phone to ...", a tap on an old option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flows.answers.choices import choose, options_of
from flows.answers.values import find_value, named
from flows.answers.words import normalise, words
from flows.engine.reading import names_of
from flows.engine.show import shown
from flows.engine.walk import Walk
from flows.model import AskChoice, AskSlot
from flows.state import Slot

Strength = Literal["strong", "weak"]


@dataclass(frozen=True, slots=True)
class Change:
    """An earlier answer to change: its place in the trail and the new value, when one was given."""

    place: int
    slot: Slot | None


def find_change(walk: Walk, text: str, strength: Strength | None) -> Change | None:
    """The earlier answer that a message wants changed: by the name of the value, by its form, or by an option."""
    if change := _by_name(walk, text, strength):
        return change
    if strength is None:
        return None
    return _by_form(walk, text) or _by_option(walk, text)


def change(walk: Walk, wanted: Change) -> None:
    """Answer an earlier step anew and walk on from there; answers to the steps after it are used again where they fit."""
    if wanted.place < walk.state.sealed:
        walk.say("sealed")
        walk.prompt()
        return
    answers = walk.take_back(wanted.place)
    step_id = walk.state.step
    assert step_id
    answers.pop(step_id, None)
    walk.change(early={**walk.state.early, **answers})
    if wanted.slot is None:
        walk.say("reopened")
        walk.prompt()
        return
    following = walk.answer(step_id, wanted.slot)
    walk.say("corrected", value=str(shown(step_id, wanted.slot, walk.flow, walk.formats, walk.state)))
    walk.go(following)


def last_place(walk: Walk, step_id: str) -> int | None:
    """Where a step was walked last."""
    return next((at for at, visit in _backwards(walk) if visit == step_id), None)


def _backwards(walk: Walk) -> Iterator[tuple[int, str]]:
    for at in range(len(walk.state.trail) - 1, -1, -1):
        yield at, walk.state.trail[at].step


def _answered_slots(walk: Walk) -> Iterator[tuple[int, AskSlot]]:
    for at, step_id in _backwards(walk):
        step = walk.flow.steps[step_id]
        if isinstance(step, AskSlot) and step.accepts and not step.secret:
            yield at, step


def _by_name(walk: Walk, text: str, strength: Strength | None) -> Change | None:
    best, at, step = 0, -1, None
    for place, candidate in _answered_slots(walk):
        length = named(text, names_of(candidate, walk.formats))
        if length > best:
            best, at, step = length, place, candidate
    current = walk.step
    asked = named(text, names_of(current, walk.formats)) if isinstance(current, AskSlot) else 0
    if step is None or (asked >= best and _takes(walk, current, text)):
        return None
    value = _value_in(walk, step, text)
    if value is None:
        return Change(at, None) if strength == "strong" else None
    return Change(at, value) if value != walk.state.slots.get(step.slot) else None


def _takes(walk: Walk, current: object, text: str) -> bool:
    """Whether the step that asks now can use the words itself."""
    if not isinstance(current, AskSlot) or not current.accepts:
        return False
    form = walk.formats[current.accepts]
    return form.pattern is None or find_value(text, form) is not None


def _value_in(walk: Walk, step: AskSlot, text: str) -> Slot | None:
    assert step.accepts
    form = walk.formats[step.accepts]
    if form.pattern is not None:
        found = find_value(text, form)
        return Slot(value=found.value, sensitive=step.sensitive) if found else None
    # Free text starts where the sentence says what the value becomes.
    becomes = "|".join(rf"\b{re.escape(word)}\b" if word.isalpha() and word.isascii() else re.escape(word) for word in words("becomes"))
    parts = re.split(rf"\s*(?:{becomes}|[:：])\s*", text, maxsplit=1, flags=re.IGNORECASE)
    checked = form.check(parts[1]) if len(parts) > 1 and parts[1].strip() else None
    return Slot(value=checked, sensitive=step.sensitive) if isinstance(checked, str) else None


def _by_form(walk: Walk, text: str) -> Change | None:
    for at, step in _answered_slots(walk):
        assert step.accepts
        found = find_value(text, walk.formats[step.accepts])
        if found and Slot(value=found.value, sensitive=step.sensitive) != walk.state.slots.get(step.slot):
            return Change(at, Slot(value=found.value, sensitive=step.sensitive))
    return None


def _by_option(walk: Walk, text: str) -> Change | None:
    newest = True
    for at, step_id in _backwards(walk):
        step = walk.flow.steps[step_id]
        if not isinstance(step, AskChoice):
            newest = newest and not isinstance(step, AskSlot)
            continue
        options = options_of(step.choices)
        found = choose(text, options, strict=True)
        if found and _is_yes_or_no(found.id, step, text) and not (newest and not _asks_yes_or_no(walk)):
            # A bare yes or no takes back the last answer only, and only where it cannot be the answer to the question at hand.
            found = None
        if found and Slot(value=found.id) != walk.state.slots.get(step_id):
            return Change(at, Slot(value=found.id))
        newest = False
    return None


def _is_yes_or_no(option: str, step: AskChoice, text: str) -> bool:
    if option not in ("yes", "no"):
        return False
    said = normalise(text)
    labels = {normalise(label) for label in (step.choices[option].label.zh, step.choices[option].label.en)}
    return not any(len(label) > 3 and label in said for label in labels)


def _asks_yes_or_no(walk: Walk) -> bool:
    current = walk.step
    return isinstance(current, AskChoice) and "yes" in current.choices

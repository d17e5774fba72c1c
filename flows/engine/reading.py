"""Takes words as the answer to a step: the current one, the next, or one still to come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from flows.answers.choices import Option, choose, mentioned, options_of
from flows.answers.values import Value, Wrong, find_value, named, read_value
from flows.answers.words import clauses, control, core, is_question, normalise, unwilling, words
from flows.formats import Format, Formats
from flows.model import AskChoice, AskSlot, Flow
from flows.state import Slot, State


@dataclass(frozen=True, slots=True)
class Given:
    """An answer and the words after and before it that it did not need; not ``sure`` when free text sounds like a question."""

    slot: Slot
    rest: str = ""
    before: str = ""
    sure: bool = True


def read_answer(step: AskChoice | AskSlot, text: str, options: Sequence[Option], formats: Formats) -> Given | Wrong | None:
    """What a message answers to the step that asks; None when it chooses no option."""
    if isinstance(step, AskSlot) and step.accepts:
        return _read_slot(step, text, formats[step.accepts])
    if isinstance(step, AskSlot) and step.optional and declines(text):
        return Given(Slot(value=None))
    found = choose(text, options)
    return Given(Slot(value=found.id), found.rest, found.before) if found else None


def read_rest(step: AskChoice | AskSlot, text: str, options: Sequence[Option], formats: Formats) -> Given | None:
    """What words left over from an earlier answer say to the step that comes next; never a secret."""
    if isinstance(step, AskSlot) and step.accepts:
        value = None if step.secret else find_value(text, formats[step.accepts])
        return Given(_slot(step, value.value), value.rest) if value else None
    found = choose(text, options, strict=True)
    return Given(Slot(value=found.id), found.rest) if found else None


def names_of(step: AskSlot, formats: Formats) -> tuple[str, ...]:
    """What people call the value of a step."""
    return (*step.names.all, *(formats[step.accepts].names.all if step.accepts else ()))


def declines(text: str) -> bool:
    """Whether somebody has nothing to give, or does not want to."""
    return control(text) == "skip" or unwilling(text) or core(normalise(text)) in words("no")


def _read_slot(step: AskSlot, text: str, form: Format) -> Given | Wrong:
    if step.optional and declines(text):
        return Given(Slot(value=None))
    reading = read_value(text, form, step.names.all)
    if isinstance(reading, Wrong):
        return reading
    rest = "" if step.secret else reading.rest
    return Given(_slot(step, reading.value), rest, sure=form.pattern is not None or step.secret or not is_question(text))


def _slot(step: AskSlot, value: str) -> Slot:
    return Slot(value=value, sensitive=step.sensitive)


class _Place(Protocol):
    """Where a conversation stands; a ``Walk`` is one."""

    flow: Flow
    formats: Formats
    state: State


def find_early(place: _Place, text: str, start: str) -> dict[str, Slot]:
    """Answers to steps that are still to come from ``start`` on: options by name, and values that fit one slot only."""
    ahead = place.flow.following(start) - {visit.step for visit in place.state.trail}
    asks = {name: step for name in sorted(ahead) if isinstance(step := place.flow.steps[name], AskChoice | AskSlot)}
    asked = [clause for clause in clauses(text) if not is_question(clause)]
    found = {
        **_early_choices({name: step for name, step in asks.items() if isinstance(step, AskChoice)}, ", ".join(asked)),
        **_early_values({name: step for name, step in asks.items() if isinstance(step, AskSlot)}, text, place),
    }
    return {name: slot for name, slot in found.items() if place.state.early.get(name) != slot}


def _early_choices(asks: dict[str, AskChoice], text: str) -> dict[str, Slot]:
    found: dict[str, Slot] = {}
    used: list[set[str]] = []
    for name, step in asks.items():
        options = options_of(step.choices)
        if option := mentioned(text, options):
            found[name] = Slot(value=option)
            used.append(set(next(one.texts for one in options if one.id == option)))
    # The same words for options of two steps: nobody can tell which was meant.
    shared = any(one & other for at, one in enumerate(used) for other in used[at + 1 :])
    return {} if shared else found


def _early_values(asks: dict[str, AskSlot], text: str, place: _Place) -> dict[str, Slot]:
    claims: dict[str, dict[str, tuple[int, str]]] = {}
    for name, step in asks.items():
        if step.secret or not step.accepts or step.slot in place.state.slots:
            continue
        if value := find_value(text, place.formats[step.accepts]):
            claims.setdefault(_bare(value), {})[name] = (named(text, names_of(step, place.formats)), value.value)
    found: dict[str, Slot] = {}
    for claim in claims.values():
        best = max(length for length, _ in claim.values())
        owners = {name: value for name, (length, value) in claim.items() if length == best}
        if len(_slots(owners, asks)) == 1:
            found |= {name: _slot(asks[name], value) for name, value in owners.items()}
    return found


def _slots(owners: Collection[str], asks: dict[str, AskSlot]) -> set[str]:
    return {asks[name].slot for name in owners}


def _bare(value: Value) -> str:
    return "".join(char for char in value.value if char.isalnum()).casefold()

"""Values as people see them: options by their label, sensitive values masked, secret ones never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from pydantic import JsonValue

from flows.answers.choices import Option
from flows.answers.words import normalise
from flows.formats import Formats, mask_middle
from flows.model import AskChoice, AskSlot, Flow, Lang, Step
from flows.state import Slot, State
from flows.texts import Chosen


def shown(step_id: str, slot: Slot, flow: Flow, formats: Formats, state: State) -> object:
    """One answer as a text may show it."""
    step = flow.steps[step_id]
    if isinstance(step, AskChoice):
        choice = step.choices.get(str(slot.value))
        return Chosen(choice.label[state.lang], str(slot.value)) if choice else str(slot.value)
    if isinstance(step, AskSlot) and step.options:
        labels = dict(listed(step, state))
        return Chosen(labels.get(str(slot.value), str(slot.value)), str(slot.value))
    if slot.sensitive and isinstance(slot.value, str):
        mask = formats[step.accepts].mask if isinstance(step, AskSlot) and step.accepts else mask_middle
        return mask(slot.value)
    return slot.value


def context(flow: Flow, formats: Formats, state: State) -> dict[str, object]:
    """All slots under their names, for the texts of the steps."""
    values: dict[str, object] = {}
    for name, slot in state.slots.items():
        owner = next((step_id for step_id, step in flow.steps.items() if _asks(step) and slot_name(step_id, step) == name), None)
        values[name] = slot.value if owner is None else "" if slot.value is None else shown(owner, slot, flow, formats, state)
    return values


def slot_name(step_id: str, step: AskChoice | AskSlot) -> str:
    """The slot that a step fills."""
    return step.slot if isinstance(step, AskSlot) else step_id


def _asks(step: Step) -> TypeGuard[AskChoice | AskSlot]:
    return isinstance(step, AskChoice | AskSlot)


def listed(step: AskSlot, state: State) -> Iterator[tuple[str, str]]:
    """The options that an action has returned for a step, with their labels."""
    for option in _returned(step, state):
        yield str(option["id"]), _label(option.get("label", option["id"]), state.lang)


def named(step: AskSlot, state: State) -> list[Option]:
    """The same options under all their names, in both languages: people mix them."""
    return [
        Option(str(option["id"]), tuple(normalise(text) for value in option.values() for text in _texts(value)))
        for option in _returned(step, state)
    ]


def _returned(step: AskSlot, state: State) -> Iterator[Mapping[str, JsonValue]]:
    slot = state.slots.get(step.options or "")
    options = slot.value if slot else None
    for option in options if isinstance(options, list) else ():
        yield option if isinstance(option, dict) and "id" in option else {"id": option}


def _texts(value: JsonValue) -> Iterator[str]:
    """Every text in a label or in a list of synonyms."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    else:
        yield str(value)


def _label(label: JsonValue, lang: Lang) -> str:
    return str(label.get(lang, "")) if isinstance(label, dict) else str(label)

"""A flow as a reader sees it: its steps in order, each with its text and the ways on, in one language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from flows.model import AskChoice, AskSlot, Do, Edge, Flow, Lang, Step

StepKind = Literal["ask", "do", "say", "end"]


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a step to another; ``label`` is the option or outcome that leads there, empty when there is only this way.

    A ``shared`` way belongs to the flow's own outcomes, which every action has alike.
    """

    label: str
    target: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Outlined:
    """One step; ``end`` is a ``say`` with nothing after it."""

    id: str
    kind: StepKind
    text: str
    ways: tuple[Way, ...]


def outline(flow: Flow, lang: Lang) -> list[Outlined]:
    """All steps, as the definition orders them."""
    ways: dict[str, list[Way]] = defaultdict(list)
    for edge in flow.edges:
        ways[edge.source].append(Way(_label(flow.steps[edge.source], edge, lang), edge.target, edge.where[0] == "outcomes"))
    return [Outlined(step_id, *_show(step, lang), tuple(ways[step_id])) for step_id, step in flow.steps.items()]


def _show(step: Step, lang: Lang) -> tuple[StepKind, str]:
    match step:
        case AskChoice() | AskSlot():
            return "ask", step.ask[lang]
        case Do():
            return "do", step.do
        case _:
            return "say" if step.next else "end", step.say[lang]


def _label(step: Step, edge: Edge, lang: Lang) -> str:
    if isinstance(step, AskChoice):
        return step.choices[edge.name].label[lang]
    return "" if edge.name == "next" else edge.name

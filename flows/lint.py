"""Checks of the definitions: each rule looks at one flow and yields what is wrong, with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jinja2 import TemplateSyntaxError

from flows.actions import CHECK_REQUIRED, IDENTITY_REQUIRED, UNAVAILABLE, Spec
from flows.formats import DEFAULTS, Formats
from flows.load import DEFINITIONS, Definition, Problem, read_flows
from flows.model import LANGS, AskChoice, AskSlot, Bilingual, Do, Phrases, Say
from flows.texts import names_in

_HAN = re.compile(r"[\u4e00-\u9fff]")
_ANSWERED = {IDENTITY_REQUIRED, UNAVAILABLE}
"""Outcomes that the engine answers itself where a flow says nothing about them."""
_Where: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the definitions may refer to; without ``actions``, the rules about actions are left out."""

    formats: Collection[str]
    actions: Mapping[str, Spec] | None = None


Rule: TypeAlias = Callable[[Definition, Known], Iterator[Problem]]


def lint(folder: Path = DEFINITIONS, formats: Formats = DEFAULTS, actions: Mapping[str, Spec] | None = None) -> list[Problem]:
    """Every mistake in the definitions of a folder, by file and line."""
    definitions, problems = read_flows(folder)
    known = Known(formats.keys(), actions)
    for definition in definitions:
        problems += check(definition, known)
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.text))


def check(definition: Definition, known: Known) -> Iterator[Problem]:
    """Every mistake in one definition."""
    for rule in RULES if definition.flow.built else (missing_language,):
        yield from rule(definition, known)


def unreachable_steps(definition: Definition, known: Known) -> Iterator[Problem]:  # noqa: ARG001  # all rules are alike
    """Every step can be reached from the start."""
    flow = definition.flow
    for step_id in flow.steps.keys() - flow.following(flow.start or ""):
        yield definition.problem(("steps", step_id), f"{step_id}: no way leads here")


def dead_ends(definition: Definition, known: Known) -> Iterator[Problem]:  # noqa: ARG001
    """From every step, the flow can end."""
    flow = definition.flow
    ends = {step_id for step_id, step in flow.steps.items() if isinstance(step, Say) and step.next is None}
    for step_id, step in flow.steps.items():
        if isinstance(step, Do) and not any(edge.source == step_id and edge.name != "declined" for edge in flow.edges):
            yield definition.problem(("steps", step_id), f"{step_id}: no outcome leads on from here")
        elif not flow.following(step_id) & ends:
            yield definition.problem(("steps", step_id), f"{step_id}: from here the flow never ends")


def loops_without_ask(definition: Definition, known: Known) -> Iterator[Problem]:  # noqa: ARG001
    """Going round needs a person's word: an ``ask``, or a ``do`` that asks for confirmation; a check that was asked for is one too."""
    flow = definition.flow
    waits = {name for name, step in flow.steps.items() if isinstance(step, AskChoice | AskSlot) or (isinstance(step, Do) and step.confirm)}
    edges = [edge for edge in flow.edges if edge.name != CHECK_REQUIRED]
    onward = {name: {edge.target for edge in edges if edge.source == name} - waits for name in flow.steps.keys() - waits}
    for step_id in sorted(onward):
        seen: set[str] = set()
        waiting = list(onward[step_id])
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                waiting += onward[current]
        if step_id in seen:
            yield definition.problem(("steps", step_id), f"{step_id}: a loop without an `ask`")


def missing_language(definition: Definition, known: Known) -> Iterator[Problem]:  # noqa: ARG001
    """Both languages say something, each in its own script; the schema has seen to it that both are there."""
    for where, text in _texts(definition):
        if _HAN.search(re.sub(r"\{[{%].*?[%}]\}", "", text.en)):
            yield definition.problem((*where, "en"), f"{'.'.join(where)}: Chinese in the English text")
        if text.zh == text.en and re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", text.zh):
            yield definition.problem((*where, "zh"), f"{'.'.join(where)}: the Chinese text is English")
    for lang in LANGS:
        phrasings: Phrases = definition.flow.phrasings
        if not (phrasings.zh if lang == "zh" else phrasings.en):
            yield definition.problem(("phrasings",), f"phrasings: none in {lang}")


def unknown_formats(definition: Definition, known: Known) -> Iterator[Problem]:
    """Every ``accepts`` names a format."""
    for step_id, step in definition.flow.steps.items():
        if isinstance(step, AskSlot) and step.accepts and step.accepts not in known.formats:
            yield definition.problem(("steps", step_id, "accepts"), f"{step_id}: there is no format {step.accepts}")


def unknown_actions(definition: Definition, known: Known) -> Iterator[Problem]:
    """Every ``do`` names an action."""
    for step_id, step in definition.flow.steps.items():
        if isinstance(step, Do) and known.actions is not None and step.do not in known.actions:
            yield definition.problem(("steps", step_id, "do"), f"{step_id}: there is no action {step.do}")


def outcomes(definition: Definition, known: Known) -> Iterator[Problem]:
    """Every outcome has an edge, and every edge an outcome."""
    flow = definition.flow
    possible: set[str] = set()
    for step_id, step, spec in _actions(definition, known):
        possible |= spec.outcomes
        here = ("steps", step_id, "outcomes")
        for outcome in sorted(spec.outcomes - step.outcomes.keys() - flow.outcomes.keys() - _ANSWERED):
            yield definition.problem(here, f"{step_id}: the outcome {outcome} of {step.do} has no edge")
        for outcome in sorted(step.outcomes.keys() - spec.outcomes):
            yield definition.problem((*here, outcome), f"{step_id}: {step.do} has no outcome {outcome}")
    for outcome in sorted(flow.outcomes.keys() - possible) if known.actions is not None else ():
        yield definition.problem(("outcomes", outcome), f"outcomes: no action of this flow has the outcome {outcome}")


def unconfirmed_changes(definition: Definition, known: Known) -> Iterator[Problem]:
    """Nothing is changed without a confirmation and a name for what was done; the identity is asked for before any action runs."""
    for step_id, step, spec in _actions(definition, known):
        here = ("steps", step_id)
        if spec.changes and not step.confirm and not step.confirmed_by:
            yield definition.problem(here, f"{step_id}: {step.do} changes something: add `confirm`")
        if spec.changes and not step.label:
            yield definition.problem(here, f"{step_id}: {step.do} changes something: add `label`, so that a cancel can say what was done")


def false_confirmations(definition: Definition, known: Known) -> Iterator[Problem]:  # noqa: ARG001
    """The ``ask`` that confirms a ``do`` is on every way to it."""
    flow = definition.flow
    for step_id, step in flow.steps.items():
        if isinstance(step, Do) and step.confirmed_by and step_id in flow.following(flow.start or "", without=step.confirmed_by):
            where = ("steps", step_id, "confirmed_by")
            yield definition.problem(where, f"{step_id}: a way leads here that does not pass {step.confirmed_by}")


def lasting_secrets(definition: Definition, known: Known) -> Iterator[Problem]:  # noqa: ARG001
    """A secret goes straight into a ``do`` that does not wait, and into no text."""
    flow = definition.flow
    secrets = {step.slot for step in flow.steps.values() if isinstance(step, AskSlot) and step.secret}
    for step_id, step in flow.steps.items():
        if isinstance(step, AskSlot) and step.secret:
            after = flow.steps[step.next]
            if not isinstance(after, Do):
                yield definition.problem(("steps", step_id, "next"), f"{step_id}: a secret is forgotten unless a `do` follows at once")
            elif after.confirm:
                forgotten = f"{step_id}: the secret is forgotten before {step.next} is confirmed; use `confirmed_by`"
                yield definition.problem(("steps", step_id, "next"), forgotten)
    for where, text in _texts(definition):
        for lang in LANGS:
            for name in sorted(_names(text[lang]) & secrets):
                yield definition.problem((*where, lang), f"{'.'.join(where)}: shows the secret {name}")


def broken_texts(definition: Definition, known: Known) -> Iterator[Problem]:
    """Every text is a template, and asks only for slots of this flow or values of its actions."""
    flow = definition.flow
    names = {step.slot if isinstance(step, AskSlot) else step_id for step_id, step in flow.steps.items() if not isinstance(step, Do | Say)}
    names |= {name for _, _, spec in _actions(definition, known) for name in spec.gives}
    for where, text in _texts(definition):
        for lang in LANGS:
            try:
                unknown = names_in(text[lang]) - names
            except TemplateSyntaxError as error:
                yield definition.problem((*where, lang), f"{'.'.join(where)}: {error.message}")
            else:
                for name in sorted(unknown) if known.actions is not None else ():
                    yield definition.problem((*where, lang), f"{'.'.join(where)}: {name} is no slot, and no value of an action here")


def unknown_options(definition: Definition, known: Known) -> Iterator[Problem]:
    """Every ``options`` names a value that an action of the flow returns."""
    gives = {name for _, _, spec in _actions(definition, known) for name in spec.gives}
    for step_id, step in definition.flow.steps.items():
        if isinstance(step, AskSlot) and step.options and known.actions is not None and step.options not in gives:
            yield definition.problem(("steps", step_id, "options"), f"{step_id}: no action of this flow returns {step.options}")


RULES: tuple[Rule, ...] = (
    unreachable_steps,
    dead_ends,
    loops_without_ask,
    missing_language,
    unknown_formats,
    unknown_actions,
    outcomes,
    unconfirmed_changes,
    false_confirmations,
    lasting_secrets,
    broken_texts,
    unknown_options,
)


def _actions(definition: Definition, known: Known) -> Iterator[tuple[str, Do, Spec]]:
    for step_id, step in definition.flow.steps.items():
        if isinstance(step, Do) and known.actions and step.do in known.actions:
            yield step_id, step, known.actions[step.do]


def _texts(definition: Definition) -> Iterator[tuple[_Where, Bilingual]]:
    yield ("title",), definition.flow.title
    for step_id, step in definition.flow.steps.items():
        for field in ("ask", "why", "confirm", "label", "say"):
            if isinstance(text := getattr(step, field, None), Bilingual):
                yield ("steps", step_id, field), text
        if isinstance(step, AskChoice):
            for option, choice in step.choices.items():
                yield ("steps", step_id, "choices", option, "label"), choice.label


def _names(text: str) -> frozenset[str]:
    try:
        return names_in(text)
    except TemplateSyntaxError:
        return frozenset()

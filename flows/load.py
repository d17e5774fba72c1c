"""Reads flow definitions; a mistake becomes a ``Problem`` with its file and line, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from flows.model import AskChoice, AskSlot, Do, Flow
from flows.parts import UnknownPart, expand, is_part

DEFINITIONS = Path(__file__).with_name("definitions")

_KINDS = frozenset({"AskChoice", "AskSlot", "Do", "Say"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a definition; ``line`` counts from 1."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class BrokenFlows(Exception):
    """The definitions cannot be used; holds every ``Problem`` found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Definition:
    """A flow with its file, for those who must point at a line of it."""

    flow: Flow
    path: Path
    node: yaml.Node

    def problem(self, where: tuple[int | str, ...], text: str) -> Problem:
        """A mistake at a place inside the definition, such as ``("steps", "done", "say")``."""
        return Problem(self.path, line_of(self.node, where), text)


def load_flows(folder: Path = DEFINITIONS) -> dict[str, Flow]:
    """All flows by id.

    Raises ``BrokenFlows`` with every problem when one file is wrong.
    """
    definitions, problems = read_flows(folder)
    if problems:
        raise BrokenFlows(problems)
    return {definition.flow.id: definition.flow for definition in definitions}


def read_flows(folder: Path = DEFINITIONS) -> tuple[list[Definition], list[Problem]]:
    """The definitions that can be read, and what is wrong with the others."""
    definitions: list[Definition] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        found = read_flow(path)
        if isinstance(found, Definition):
            definitions.append(found)
        else:
            problems += found
    if not definitions and not problems:
        problems.append(Problem(folder, 1, "no flows: expected <flow-id>.yaml"))
    return definitions, problems


def read_flow(path: Path) -> Definition | list[Problem]:
    """One definition, or what is wrong with it."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.CBaseLoader)
    except UnicodeDecodeError as error:
        return [Problem(path, 1, f"not UTF-8: byte {error.start} cannot be read; save the file as UTF-8")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [Problem(path, mark.line + 1 if mark else 1, f"YAML: {getattr(error, 'problem', None) or error}")]
    if not isinstance(node, yaml.MappingNode):
        return [Problem(path, 1, "a flow is a mapping: id, title, phrasings, start, steps")]
    if problems := [Problem(path, line, f"{key} stands here twice") for line, key in _twice(node)]:
        return problems
    return _validate(path, node)


def line_of(node: yaml.Node, where: tuple[int | str, ...]) -> int:
    """The line of the deepest node on the way to a place."""
    line = node.start_mark.line
    for part in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
    return line + 1


def _validate(path: Path, node: yaml.Node) -> Definition | list[Problem]:
    plain = _plain(node)
    if problems := _include_parts(path, node, plain):
        return problems
    try:
        flow = Flow.model_validate(plain)
    except ValidationError as error:
        return list(_mistakes(path, node, error, ()))
    definition = Definition(flow, path, node)
    return list(_inconsistent(definition)) or definition


def _mistakes(path: Path, node: yaml.Node, error: ValidationError, place: tuple[int | str, ...]) -> Iterator[Problem]:
    for mistake in error.errors():
        where = (*place, *(part for part in mistake["loc"] if part not in _KINDS and part != "[key]"))
        text = mistake["msg"].removeprefix("Value error, ")
        yield Problem(path, line_of(node, where), f"{'.'.join(map(str, where))}: {text}" if where else text)


def _include_parts(path: Path, node: yaml.Node, plain: Any) -> list[Problem]:
    """Put the steps of parts in the place of those that include them."""
    steps = plain.get("steps")
    problems: list[Problem] = []
    for step_id in [step_id for step_id, step in steps.items() if is_part(step)] if isinstance(steps, dict) else ():
        where = ("steps", step_id)
        try:
            part = steps[step_id]["part"]
            included = dict(expand(step_id, steps.pop(step_id)))
        except ValidationError as error:
            problems += _mistakes(path, node, error, where)
        except UnknownPart as error:
            problems.append(Problem(path, line_of(node, where), f"{step_id}: {error}"))
        else:
            problems += [Problem(path, line_of(node, where), f"{name} stands here twice") for name in included.keys() & steps.keys()]
            steps.update(included)
            plain.setdefault("shared", {}).update({name: part + name.removeprefix(step_id) for name in included})
    return problems


def _plain(node: yaml.Node) -> object:
    """The texts, lists and mappings of a node: no is ``"no"``, 0123 is ``"0123"``."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return str(node.value)


def _twice(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """Keys that a mapping has twice: the second would silently win."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.start_mark.line + 1, str(key.value)
            seen.add(str(key.value))
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)


def _inconsistent(definition: Definition) -> Iterator[Problem]:
    """What would make a running flow stumble: the schema cannot see it, because it spans steps."""
    flow = definition.flow
    if definition.path.stem != flow.id:
        yield definition.problem(("id",), f"the file is called {definition.path.stem}, the flow {flow.id}")
    for edge in dict.fromkeys(flow.edges):
        if edge.target not in flow.steps:
            yield definition.problem(edge.where, f"{edge.source}: there is no step {edge.target}")
    for step_id, step in flow.steps.items():
        if isinstance(step, AskSlot) and isinstance(flow.steps.get(step.slot), AskChoice):
            yield definition.problem(("steps", step_id, "slot"), f"{step_id}: the slot {step.slot} has the name of a step with choices")
        if isinstance(step, Do) and step.confirmed_by and not isinstance(flow.steps.get(step.confirmed_by), AskChoice | AskSlot):
            yield definition.problem(("steps", step_id, "confirmed_by"), f"{step_id}: there is no `ask` called {step.confirmed_by}")

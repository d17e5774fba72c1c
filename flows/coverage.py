"""Which steps and edges recorded conversations have walked, per language.

A record is one line of JSON per turn: ``{"flow", "lang", "entered": [step], "left": [[step, edge]], "path"}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flows.actions import IDENTITY_REQUIRED, UNAVAILABLE
from flows.engine import Turn
from flows.model import LANGS, Do, Flow, Lang

Ways = frozenset[tuple[str, str]]
"""Steps (with an empty edge) and edges."""
_Place = tuple[str, str, str]
"""A flow, or nothing for what stands in a part; a step; an edge."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is to walk in one flow, and what was not walked."""

    flow: str
    lang: Lang
    ways: Ways
    missing: Ways

    @property
    def percent(self) -> float:
        """Walked steps and edges, of all."""
        return 100 * (1 - len(self.missing) / len(self.ways))


def record(turn: Turn, lang: Lang, path: str) -> str:
    """The line that a turn of the conversation at ``path`` leaves."""
    return json.dumps({"flow": turn.state.flow, "lang": lang, "entered": turn.walked, "left": turn.left, "path": path})


def coverage(flows: Mapping[str, Flow], records: Iterable[str]) -> Iterator[Coverage]:
    """How far each flow was walked, in each language; what a part does is walked once, in any of the flows that include it."""
    walked: set[tuple[str, _Place]] = set()
    for line in records:
        turn = json.loads(line)
        ways = [(step, "") for step in turn["entered"]] + [(step, edge) for step, edge in turn["left"]]
        walked |= {(turn["lang"], _place(flows[turn["flow"]], way)) for way in ways if turn["flow"] in flows}
    for flow in flows.values():
        for lang in LANGS if flow.built else ():
            there_are = frozenset(_ways(flow))
            yield Coverage(flow.id, lang, there_are, frozenset(way for way in there_are if (lang, _place(flow, way)) not in walked))


def _place(flow: Flow, way: tuple[str, str]) -> _Place:
    """Where a way is: in a part, or in its flow."""
    step, edge = way
    return ("", flow.shared[step], edge) if step in flow.shared else (flow.id, step, edge)


def _ways(flow: Flow) -> Iterable[tuple[str, str]]:
    yield from ((step_id, "") for step_id in flow.steps)
    # What every action can meet is tested once, with the engine: a service that is down, a proof that ends in between.
    everywhere = {*flow.outcomes, UNAVAILABLE, IDENTITY_REQUIRED}
    for edge in flow.edges:
        if not (isinstance(flow.steps[edge.source], Do) and edge.name in everywhere):
            yield edge.source, edge.name

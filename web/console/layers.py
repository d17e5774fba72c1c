"""Places a directed graph in layers, from top to bottom, so that few lines cross (after Sugiyama)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[str, str]
Point = tuple[float, float]
Size = tuple[float, float]

_APART = 26.0
"""Between neighbours in a layer."""
_BELOW = 58.0
"""Between layers: room for the words on the lines."""
_SWEEPS = 12
_BEND: Size = (14.0, 0.0)
"""A line that crosses a layer takes this room there."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The middle of each node, the points that each edge passes, and the size of it all."""

    nodes: Mapping[str, Point]
    edges: Mapping[Edge, Sequence[Point]]
    width: float
    height: float


def lay_out(sizes: Mapping[str, Size], edges: Iterable[Edge], start: str) -> Layout:
    """Place nodes of these sizes; ``start`` comes first, lines back to earlier nodes are drawn upwards."""
    kept = [edge for edge in dict.fromkeys(edges) if edge[0] != edge[1]]
    upwards = _returning(sizes, kept, start)
    down = [(target, source) if (source, target) in upwards else (source, target) for source, target in kept]
    layer = _layers(sizes, down)
    chains = {edge: _chain(one, layer) for edge, one in zip(kept, down, strict=True)}
    room = defaultdict(lambda: _BEND, sizes)
    rows = _rows(layer, chains.values())
    links = _links(chains.values())
    _reorder(rows, links)
    x = _across(rows, links, room)
    y, tall, height = _downwards(rows, room)
    left = min(x[node] - room[node][0] / 2 for node in x)
    place = {node: (x[node] - left, y[node]) for node in x}
    width = max(place[node][0] + room[node][0] / 2 for node in place)
    routes = {
        edge: [
            point
            for node in (chain[::-1] if edge in upwards else chain)
            for point in _passing(place[node], tall.get(node), edge in upwards)
        ]
        for edge, chain in chains.items()
    }
    return Layout({node: place[node] for node in sizes}, routes, width, height)


def _returning(nodes: Iterable[str], edges: Sequence[Edge], start: str) -> set[Edge]:
    """The edges that lead back to a node on the way to them."""
    onward: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        onward[source].append(target)
    found: set[Edge] = set()
    done: set[str] = set()
    for first in (start, *nodes):
        if first in done:
            continue
        way, waiting = [first], [iter(onward[first])]
        while way:
            target = next(waiting[-1], "")
            if not target:
                done.add(way.pop())
                waiting.pop()
            elif target in way:
                found.add((way[-1], target))
            elif target not in done:
                way.append(target)
                waiting.append(iter(onward[target]))
    return found


def _layers(nodes: Iterable[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Each node below all that lead to it."""
    layer = dict.fromkeys(nodes, 0)
    for _ in layer:
        lower = {target: layer[source] + 1 for source, target in edges if layer[target] <= layer[source]}
        if not lower:
            break
        layer |= lower
    return layer


def _chain(edge: Edge, layer: Mapping[str, int]) -> list[str]:
    """An edge as nodes of neighbouring layers: its ends and a bend in each layer between."""
    source, target = edge
    return [source, *(f"{source}>{target}@{level}" for level in range(layer[source] + 1, layer[target])), target]


def _rows(layer: Mapping[str, int], chains: Iterable[Sequence[str]]) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(layer.values()) + 1)]
    for node, level in layer.items():
        rows[level].append(node)
    for chain in chains:
        for level, bend in enumerate(chain[1:-1], layer[chain[0]] + 1):
            rows[level].append(bend)
    return rows


def _links(chains: Iterable[Sequence[str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The neighbours above and below each node."""
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for upper, lower in pairwise(chain):
            above[lower].append(upper)
            below[upper].append(lower)
    return above, below


def _reorder(rows: list[list[str]], links: tuple[dict[str, list[str]], dict[str, list[str]]]) -> None:
    """Sort each layer by where the neighbours stand, downwards and upwards in turn."""
    for sweep in range(_SWEEPS):
        neighbours = links[sweep % 2]
        place = {node: (index + 0.5) / len(row) for row in rows for index, node in enumerate(row)}
        for row in rows if sweep % 2 == 0 else reversed(rows):
            row.sort(key=lambda node: _mean([place[other] for other in neighbours[node]], place[node]))
            place |= {node: (index + 0.5) / len(row) for index, node in enumerate(row)}


def _across(rows: list[list[str]], links: tuple[dict[str, list[str]], dict[str, list[str]]], room: Mapping[str, Size]) -> dict[str, float]:
    """Each node as near to its neighbours as those beside it allow."""
    x: dict[str, float] = {}
    for row in rows:
        _spread(row, dict.fromkeys(row, 0.0), room, x)
    for sweep in range(2 * _SWEEPS):
        neighbours = links[sweep % 2]
        for row in rows if sweep % 2 == 0 else reversed(rows):
            _spread(row, {node: _mean([x[other] for other in neighbours[node]], x[node]) for node in row}, room, x)
    return x


def _spread(row: Sequence[str], wanted: Mapping[str, float], room: Mapping[str, Size], x: dict[str, float]) -> None:
    """Place a row in its order: halfway between pushing everything to the right and everything to the left."""

    def pushed(nodes: Sequence[str], sign: int) -> dict[str, float]:
        placed: dict[str, float] = {}
        edge = float("-inf")
        for node in nodes:
            half = room[node][0] / 2
            placed[node] = sign * max(sign * wanted[node], edge + half)
            edge = sign * placed[node] + half + _APART
        return placed

    right, left = pushed(row, 1), pushed(row[::-1], -1)
    x |= {node: (right[node] + left[node]) / 2 for node in row}


def _downwards(rows: Sequence[Sequence[str]], room: Mapping[str, Size]) -> tuple[dict[str, float], dict[str, float], float]:
    """The middle of each node, how tall the row of each bend is, and the height of it all."""
    y: dict[str, float] = {}
    tall: dict[str, float] = {}
    top = 0.0
    for row in rows:
        height = max(room[node][1] for node in row)
        y |= dict.fromkeys(row, top + height / 2)
        tall |= {node: height for node in row if room[node] == _BEND}
        top += height + _BELOW
    return y, tall, top - _BELOW


def _passing(middle: Point, tall: float | None, up: bool) -> list[Point]:
    """A line goes straight through the row of a bend."""
    if tall is None:
        return [middle]
    x, y = middle
    half = -tall / 2 if up else tall / 2
    return [(x, y - half), (x, y + half)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise

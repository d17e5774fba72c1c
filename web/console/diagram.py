"""Draws a flow as an SVG of its own, for the console: no script, no styles but the console's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from flows.model import Flow, Lang
from flows.outline import outline
from web.console.layers import Layout, Point, Size, lay_out
from web.console.step_names import plain

_WIDTH, _LINE, _PAD = 168.0, 16.0, 10.0
_MOST_LINES, _LABEL_LINES = 3, 2
_LABEL_WIDTH = 110.0
_MARGIN = 12.0
_SHADES = 5
_PIECE = re.compile(r"[\u2e80-\uffff][、，。？！：；）」”’]*\s*|[^\s\u2e80-\uffff]+\s*")


def draw_svg(flow: Flow, lang: Lang, counts: Mapping[str, int] | None = None) -> str:
    """The diagram of a flow's steps; with ``counts`` (step id to visits) steps are shaded by them and say how many.

    It is a picture for the eyes: give its content as text beside it. A flow without steps is an empty string.
    """
    if not flow.start:
        return ""
    steps = outline(flow, lang)
    texts = {step.id: _lines(step.text, _WIDTH - 2 * _PAD, _MOST_LINES) for step in steps}
    sizes: dict[str, Size] = {step_id: (_WIDTH, _LINE * len(lines) + 2 * _PAD) for step_id, lines in texts.items()}
    # What every action has alike would cover the picture with lines: it is drawn once, where nothing else leads there.
    reached = {way.target for step in steps for way in step.ways if not way.shared}
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in steps:
        for way in step.ways:
            if not way.shared or way.target not in reached:
                labels[step.id, way.target].append(way.label)
                reached.add(way.target)
    layout = lay_out(sizes, labels, flow.start)
    lines = [_line(flow.id, layout, edge, words, sizes) for edge, words in labels.items() if edge in layout.edges]
    most = max((counts or {}).values(), default=0)
    boxes = []
    for step in steps:
        visits = None if counts is None else counts.get(step.id, 0)
        shade = round(_SHADES * visits / most) if visits else 0
        boxes.append(_box(step.kind, layout.nodes[step.id], sizes[step.id], texts[step.id], visits, shade))
    return _frame(flow, lang, layout, [*lines, *boxes])


def _frame(flow: Flow, lang: Lang, layout: Layout, parts: Sequence[str]) -> str:
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    start = layout.nodes[flow.start or ""][0] + _MARGIN
    return (
        f'<svg class="diagram" role="img" aria-label="{escape(flow.title[lang])}" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-_MARGIN:.0f} {-_MARGIN:.0f} {width:.0f} {height:.0f}" data-start="{start:.0f}">'
        f'<defs><marker id="arrow-{flow.id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path class="head" d="M0 0 8 4 0 8Z"/></marker></defs>{"".join(parts)}</svg>'
    )


def _box(kind: str, middle: Point, size: Size, lines: Sequence[str], visits: int | None, shade: int) -> str:
    (x, y), (width, height) = middle, size
    left, top = x - width / 2, y - height / 2
    round_corners = {"ask": 8, "do": 0, "say": 4, "end": 18}[kind]
    rectangle = f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.0f}" height="{height:.0f}" rx="{round_corners}"/>'
    first = y - _LINE * (len(lines) - 1) / 2 + 4.5
    rows = "".join(f'<tspan x="{x:.1f}" y="{first + _LINE * row:.1f}">{escape(line)}</tspan>' for row, line in enumerate(lines))
    count = "" if visits is None else f'<text class="visits" x="{left + width:.1f}" y="{top - 4:.1f}">{visits}</text>'
    return f'<g class="step {kind} shade-{shade}">{rectangle}<text>{rows}</text>{count}</g>'


def _line(name: str, layout: Layout, edge: tuple[str, str], words: Sequence[str], sizes: Mapping[str, Size]) -> str:
    points = list(layout.edges[edge])
    down = 1 if points[0][1] < points[-1][1] else -1
    points[0] = (points[0][0], points[0][1] + down * sizes[edge[0]][1] / 2)
    points[-1] = (points[-1][0], points[-1][1] - down * sizes[edge[1]][1] / 2)
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}" + "".join(_curve(one, other) for one, other in pairwise(points))
    (x1, y1), (x2, y2) = points[:2]
    rows = _lines(" / ".join(filter(None, dict.fromkeys(words))), _LABEL_WIDTH, _LABEL_LINES)
    x, y = x1 + 0.62 * (x2 - x1), y1 + 0.62 * (y2 - y1) - 6 * (len(rows) - 1) + 4
    spans = "".join(f'<tspan x="{x:.1f}" y="{y + 13 * row:.1f}">{escape(line)}</tspan>' for row, line in enumerate(rows))
    label = f"<text>{spans}</text>" if spans else ""
    return f'<g class="way"><path d="{path}" marker-end="url(#arrow-{name})"/>{label}</g>'


def _curve(one: Point, other: Point) -> str:
    (x1, y1), (x2, y2) = one, other
    middle = (y1 + y2) / 2
    return f"C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"


def _lines(text: str, width: float, most: int) -> list[str]:
    """A text in lines of at most this width; Chinese may break anywhere but before a mark, English between words."""
    lines, line = [], ""
    for piece in _PIECE.findall(" ".join(plain(text).split())):
        if line and _width(line + piece.rstrip()) > width:
            lines.append(line.strip())
            line = ""
        line += piece
    lines.append(line.strip())
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1].rstrip('，。；：、,.;: ')}…"]


def _width(text: str) -> float:
    return sum(13.0 if letter > "\u2e80" else 7.2 for letter in text)

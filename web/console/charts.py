"""The geometry of the charts; ``charts.html`` draws it as inline SVG, so that no script and no library is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 560, 190
LEFT, BOTTOM, TOP = 46, 30, 10
"""Room for the labels of the axes."""
GAP = 0.25
"""Of a day's width."""
TICKS = 4
LABELS = 6

ROW, BAR = 26, 14
"""Heights in a chart of lying bars."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar; ``series`` numbers its colour."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Bar:
    """All that belongs to one day or one row, with what a pointer over it shows."""

    tip: str
    segments: tuple[Segment, ...]
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word at an axis."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked bars by day."""

    bars: tuple[Bar, ...]
    values: tuple[Label, ...]
    days: tuple[Label, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Row:
    """A lying bar: what it stands for, how long it is (0..1), and its figure."""

    name: str
    share: float
    count: int


def stacked(days: Sequence[date], counts: Mapping[str, Mapping[date, int]], names: Mapping[str, str]) -> Chart:
    """A chart of the counts by series and day; ``names`` are what readers call the series."""
    highest = max((sum(series.get(day, 0) for series in counts.values()) for day in days), default=0)
    step = _step(highest)
    top = step * TICKS
    room = HEIGHT - BOTTOM - TOP
    each = (WIDTH - LEFT) / max(1, len(days))
    bars = tuple(_bar(day, LEFT + place * each, each, counts, names, room / top) for place, day in enumerate(days))
    values = tuple(Label(f"{step * number:,}", HEIGHT - BOTTOM - room * number / TICKS) for number in range(TICKS + 1))
    every = max(1, -(-len(days) // LABELS))
    labels = tuple(Label(f"{day:%m-%d}", LEFT + (place + 0.5) * each) for place, day in enumerate(days) if place % every == 0)
    return Chart(bars, values, labels)


def rows(counts: Sequence[tuple[str, int]]) -> list[Row]:
    """Lying bars, as long as their share of the longest."""
    longest = max((count for _, count in counts), default=0) or 1
    return [Row(name, count / longest, count) for name, count in counts]


def _bar(day: date, x: float, width: float, counts: Mapping[str, Mapping[date, int]], names: Mapping[str, str], scale: float) -> Bar:
    segments, y, said = [], float(HEIGHT - BOTTOM), []
    for number, (series, by_day) in enumerate(counts.items()):
        if count := by_day.get(day, 0):
            y -= count * scale
            segments.append(
                Segment(round(x + width * GAP / 2, 2), round(y, 2), round(width * (1 - GAP), 2), round(count * scale, 2), number)
            )
            said.append(f"{names[series]} {count}")
    return Bar(f"{day}: {', '.join(said) or 0}", tuple(segments), round(x, 2), round(width, 2))


def _step(highest: int) -> int:
    """The round distance of the lines, so that a few of them reach the highest bar."""
    least = max(1, -(-highest // TICKS))
    size: int = 10 ** (len(str(least)) - 1)
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= least)

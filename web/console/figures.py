"""The figures of Insights as a page shows them: a chart, its table, and what readers call each series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.store.insights import Daily, Period
from web.console.charts import Chart, stacked
from web.console.page import Page
from web.console.texts import TEXTS

ORDER = ("answer", "flow", "clarify", "fallback", "handoff", "control", "smalltalk", "helpful", "unhelpful")
"""A series keeps its place and its colour from period to period."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart with its table: the series by name, and a row per day with something in it."""

    name: str
    chart: Chart
    series: tuple[str, ...]
    table: list[tuple[date, list[int]]]
    totals: list[int]


def tiles(daily: Mapping[str, Sequence[Daily]], unclear: int, wait: timedelta | None) -> dict[str, int | None]:
    """The figures to read first; shares in per cent, the wait in seconds, None where there is nothing to share or nobody waited.

    A question back is part of the question that it led to an answer of; ``unclear`` are those that led nowhere.
    """

    def total(name: str, *series: str) -> int:
        return sum(one.count for one in daily[name] if not series or one.series in series)

    thumbs, answered = total("verdicts"), total("kinds", "answer")
    asked = answered + total("kinds", "fallback") + unclear
    return {
        "conversations": total("conversations"),
        "messages": total("messages"),
        "answered": round(100 * answered / asked) if asked else None,
        "helpful": round(100 * total("verdicts", "helpful") / thumbs) if thumbs else None,
        "handoffs": total("handoffs"),
        "wait": round(wait.total_seconds()) if wait is not None else None,
    }


def daily_figure(page: Page, name: str, counted: Sequence[Daily], period: Period) -> Figure:
    """The chart and the table of daily counts, each series in its usual place."""
    by_series: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for one in counted:
        by_series[one.series][one.day] = one.count
    ordered = dict(sorted(by_series.items(), key=lambda item: (ORDER.index(item[0]) if item[0] in ORDER else len(ORDER), item[0])))
    names = {series: series_name(page, series) for series in ordered}
    chart = stacked(period.days, ordered, names)
    days = sorted({one.day for one in counted}, reverse=True)
    table = [(day, [by_day.get(day, 0) for by_day in ordered.values()]) for day in days]
    return Figure(name, chart, tuple(names.values()), table, [sum(by_day.values()) for by_day in ordered.values()])


def series_name(page: Page, series: str) -> str:
    """What a channel, a kind of reply or a verdict is called; one without a name goes by its id."""
    key = f"insights.series_{series}"
    return page.t(key) if key in TEXTS else series


def title_of(page: Page, kind: str, name: str) -> str:
    """What an entry or a flow is called; one that is gone goes by its id."""
    knowledge = page.shared.knowledge
    if kind == "flow":
        return knowledge.flows[name].title[page.lang] if name in knowledge.flows else name
    entry = knowledge.entry(name, page.lang)
    return entry.question if entry else name

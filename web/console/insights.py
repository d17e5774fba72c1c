"""Insights: how the assistant does, by day and channel; every chart has its table and its CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from assistant.message import now
from assistant.store.insights import Daily, Funnel, InsightStore, Period
from flows.accounts.calendar import day_of
from web.console.charts import rows
from web.console.diagram import draw_svg
from web.console.figures import daily_figure, series_name, tiles, title_of
from web.console.page import AsAgent, Page, Refused
from web.console.step_names import step_name

router = APIRouter(prefix="/insights")

PERIODS = (7, 30, 90)
LONGEST = 366
TOP = 10
"""Topics in the chart; the table has all."""


def _period(
    days: Annotated[int, Query(ge=1, le=LONGEST)] = 30,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    channel: str = "",
) -> Period:
    """The period asked for: from and to, or so many days up to today; one of more than a year is cut."""
    end = last or day_of(now())
    begin = first or end - timedelta(days=days - 1)
    begin, end = min(begin, end), max(begin, end)
    return Period(max(begin, end - timedelta(days=LONGEST - 1)), end, channel or None)


Chosen = Annotated[Period, Depends(_period)]


DAILY: dict[str, Callable[[InsightStore, Period], Awaitable[list[Daily]]]] = {
    "conversations": InsightStore.conversations,
    "messages": InsightStore.messages,
    "kinds": InsightStore.kinds,
    "verdicts": InsightStore.verdicts,
    "handoffs": InsightStore.handoffs,
}


@router.get("")
async def insights(page: AsAgent, period: Chosen) -> Response:
    """All figures of a period."""
    store = InsightStore(page.shared.database)
    daily = {name: await read(store, period) for name, read in DAILY.items()}
    topics = [(topic, title_of(page, topic.kind, topic.id)) for topic in await store.topics(period)]
    return page.render(
        "insights.html",
        **_choice(page, period, await store.channels()),
        tiles=tiles(daily, await store.unclear(period), await store.median_wait(period)),
        figures=[daily_figure(page, name, counted, period) for name, counted in daily.items()],
        topics=topics,
        top=rows([(title, topic.count) for topic, title in topics[:TOP]]),
        funnels=[(funnel, title_of(page, "flow", funnel.flow)) for funnel in await store.funnels(period)],
    )


@router.get("/flows/{flow_id}")
async def funnel(page: AsAgent, flow_id: str, period: Chosen) -> Response:
    """How far people came in one flow, drawn on its own diagram."""
    flow = page.shared.knowledge.flows.get(flow_id)
    if flow is None:
        raise Refused(404, "frame.nothing_here")
    store = InsightStore(page.shared.database)
    found = next((one for one in await store.funnels(period) if one.flow == flow_id), Funnel(flow_id, 0))
    return page.render(
        "funnel.html",
        step_name=step_name,
        **_choice(page, period, await store.channels()),
        flow=flow,
        funnel=found,
        diagram=draw_svg(flow, page.lang, found.steps),
    )


@router.get("/{figure}.csv")
async def download(page: AsAgent, figure: str, period: Chosen) -> Response:
    """The rows behind a chart; ids, days and counts, nothing personal."""
    store = InsightStore(page.shared.database)
    if figure in DAILY:
        counted = await DAILY[figure](store, period)
        return _csv(figure, ("day", "series", "count"), [(one.day, one.series, one.count) for one in counted])
    if figure == "topics":
        topics = await store.topics(period)
        lines = [(one.kind, one.id, title_of(page, one.kind, one.id), one.count, one.helpful, one.unhelpful) for one in topics]
        return _csv(figure, ("kind", "id", "title", "conversations", "helpful", "unhelpful"), lines)
    if figure == "funnels":
        return _csv(figure, ("flow", "what", "name", "runs"), _funnel_lines(await store.funnels(period)))
    raise Refused(404, "frame.nothing_here")


def _funnel_lines(funnels: Iterable[Funnel]) -> list[tuple[object, ...]]:
    lines: list[tuple[object, ...]] = []
    for one in funnels:
        lines.append((one.flow, "begun", "", one.runs))
        lines += [(one.flow, "step", step, runs) for step, runs in sorted(one.steps.items(), key=lambda item: (-item[1], item[0]))]
        lines += [(one.flow, "ended", how, runs) for how, runs in sorted(one.ended.items())]
    return lines


def _csv(name: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> Response:
    written = io.StringIO()
    csv.writer(written).writerows([head, *lines])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    # Spreadsheets read UTF-8 only when the file begins with this mark.
    return Response("\ufeff" + written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _choice(page: Page, period: Period, channels: list[str]) -> dict[str, Any]:
    """What the period and channel form shows."""
    whole = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return {
        "period": period,
        "channels": channels,
        "series": lambda name: series_name(page, name),
        "periods": PERIODS,
        "is_today": period.last == day_of(now()),
        "query": urlencode(whole | ({"channel": period.channel} if period.channel else {})),
    }

"""Improve: what was added, what wants a review, which pairs have drifted apart, which answers nobody got."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from assistant.message import now
from assistant.store.insights import InsightStore, Period
from assistant.upkeep import drifted, due_reviews, never_given
from flows.accounts.calendar import day_of
from kb.lint import REVIEW_DUE
from web.console.page import AsEditor, Refused

router = APIRouter(prefix="/improve")

PERIODS = (30, 90, 365)


@router.get("/phrasings")
async def phrasings(page: AsEditor) -> Response:
    """Phrasings added in the console, in force until somebody withdraws them."""
    added = await page.shared.phrasings.store.in_force()
    return page.render("phrasings.html", added=added, entry=lambda one: page.shared.knowledge.entry(one.entry_id, page.lang))


@router.post("/phrasings/{phrasing_id}/withdraw")
async def withdraw(page: AsEditor, phrasing_id: int) -> Response:
    """Take one out of force."""
    if not await page.shared.phrasings.store.withdraw(phrasing_id):
        raise Refused(404, "improve.not_in_force")
    await page.shared.phrasings.refresh()
    await page.record("phrasing.withdraw", str(phrasing_id))
    return page.redirect("/console/improve/phrasings", "improve.withdrawn")


@router.get("/reviews")
async def reviews(page: AsEditor) -> Response:
    """Entries to check against their sources."""
    due = due_reviews(page.shared.knowledge, day_of(now()))
    return page.render("reviews.html", due=due, interval=REVIEW_DUE.days)


@router.get("/drift")
async def drift(page: AsEditor) -> Response:
    """Pairs whose languages differ."""
    return page.render("drift.html", pairs=drifted(page.shared.knowledge))


@router.get("/unused")
async def unused(page: AsEditor, days: Annotated[int, Query(ge=1, le=3660)] = 90) -> Response:
    """Entries that were no answer to anybody."""
    today = day_of(now())
    given = await InsightStore(page.shared.database).entries_hit(Period(today - timedelta(days=days - 1), today))
    entries = never_given(page.shared.knowledge, given, page.lang)
    return page.render("unused.html", entries=entries, days=days, periods=PERIODS, total=page.shared.knowledge.count(page.lang))

"""The inbox: who waits for a person, who is with whom, and what was closed lately."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from assistant.handover import RETURNED
from assistant.message import now
from assistant.store.inbox import InboxStore, Listed
from web.console.figures import series_name, title_of
from web.console.page import AsAgent, Page
from web.console.texts import TEXTS

router = APIRouter(prefix="/inbox")

LATELY = timedelta(days=1)
POLL_SECONDS = 2
COUNT_SECONDS = 5
"""So often every page asks how many wait."""


@router.get("")
async def show(page: AsAgent) -> Response:
    """The whole page."""
    return page.render("inbox.html", **await _lists(page))


@router.get("/list")
async def changed(page: AsAgent, seen: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The lists alone, if they have changed since they were ``seen``."""
    lists = await _lists(page)
    return Response(status_code=204) if lists["seen"] == seen else page.render("inbox_lists.html", **lists)


@router.get("/waiting")
async def waiting(page: AsAgent, seen: int = -1) -> Response:
    """How many wait for a person, if that has changed since it was ``seen``."""
    count = await InboxStore(page.shared.database).waiting()
    return Response(status_code=204) if count == seen else page.render("waiting.html", count=count, poll=COUNT_SECONDS)


async def _lists(page: Page) -> dict[str, Any]:
    store = InboxStore(page.shared.database)
    at = now()
    found, closed = await store.open(), await store.closed(at - LATELY)
    lists = {
        "waiting": [one for one in found if one.handoff.state == "waiting"],
        "mine": [one for one in found if one.handoff.agent_id == page.agent.id],
        "others": [one for one in found if one.handoff.state == "taken" and one.handoff.agent_id != page.agent.id],
        "closed": closed,
    }
    waits = {one.handoff.id: int((at - one.handoff.requested_at).total_seconds() // 60) for one in lists["waiting"]}
    return {
        "lists": lists,
        "waits": waits,
        "seen": hashlib.sha256(repr((lists, waits, page.lang)).encode()).hexdigest(),
        "poll": POLL_SECONDS,
        "channel": lambda name: series_name(page, name),
        "topic": lambda one: _topic(page, one),
        "outcome": lambda outcome: outcome_of(page, outcome),
    }


def _topic(page: Page, listed: Listed) -> str | None:
    return title_of(page, "flow", listed.handoff.flow) if listed.handoff.flow else None


def outcome_of(page: Page, outcome: str | None) -> str:
    """How a handoff ended, with the words that the agent added."""
    reason, _, words = (outcome or RETURNED).partition("\n")
    key = f"inbox.reason_{reason}"
    named = page.t(key) if key in TEXTS else reason
    return page.t("inbox.outcome_with", reason=named, words=words) if words else named

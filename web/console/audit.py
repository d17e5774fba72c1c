"""The audit trail, to read, filter and download."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from assistant.store.agents import AgentStore
from assistant.store.audit import SYSTEM, AuditTrail, Filter, Record
from flows.accounts.calendar import SHANGHAI
from web.console.audit_words import action_in_words, details_in_words
from web.console.page import AsAdmin

router = APIRouter(prefix="/audit")

SHOWN = 100

Text = Annotated[str, Query(max_length=64)]


@router.get("")
async def show(page: AsAdmin, by: Text = "", action: Text = "", since: Text = "", until: Text = "", before: int | None = None) -> Response:
    """The newest lines."""
    trail = AuditTrail(page.shared.database)
    records = await trail.read(_filter(by, action, since, until), SHOWN + 1, before)
    people = [agent.name for agent in await AgentStore(page.shared.database).all()]
    return page.render(
        "audit.html",
        records=records[:SHOWN],
        older=records[SHOWN - 1].id if len(records) > SHOWN else None,
        people=[*people, SYSTEM],
        actions=await trail.actions(),
        action_in_words=lambda name: action_in_words(page, name),
        details_in_words=lambda record: details_in_words(page, record),
        chosen={"by": by, "action": action, "since": since, "until": until},
    )


@router.get("/audit.csv")
async def download(page: AsAdmin, by: Text = "", action: Text = "", since: Text = "", until: Text = "") -> Response:
    """All lines of the filter; the download is itself a line of the trail."""
    records = await AuditTrail(page.shared.database).read(_filter(by, action, since, until))
    await page.record("audit.download", lines=str(len(records)))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(to_csv(records), media_type="text/csv; charset=utf-8", headers=headers)


def to_csv(records: list[Record]) -> str:
    """With a byte order mark, by which spreadsheets know that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["at", "agent", "action", "object", "details"])
    for record in records:
        details = "; ".join(f"{name}={value}" for name, value in record.details.items())
        row = [record.at.isoformat(timespec="seconds"), record.agent, record.action, record.object, details]
        writer.writerow([harmless(cell) for cell in row])
    return f"\ufeff{text.getvalue()}"


def harmless(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


def _filter(by: str, action: str, since: str, until: str) -> Filter:
    first, last = _day(since), _day(until)
    return Filter(by, action, since=first, until=last + timedelta(days=1) if last else None)


def _day(text: str) -> datetime | None:
    """The beginning of a day; a date that cannot be read filters nothing."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), SHANGHAI)
    except ValueError:
        return None

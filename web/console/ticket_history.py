"""What has happened to a ticket, in order: what its opener did, what agents said, and who of them changed what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.privacy import mask
from assistant.store.audit import Record
from assistant.store.tickets import Comment
from flows.accounts.commands.tickets import TicketInspected
from flows.actions.labels import label
from web.console.page import Page

SHOWN_ACTIONS = ("ticket.assign", "ticket.state")
"""What agents do that is not a comment."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``reveal`` names the whole text where it is masked, ``public`` is for comments only."""

    at: datetime
    who: str
    title: str = ""
    text: str = ""
    reveal: str = ""
    public: bool | None = None


def history(page: Page, inspected: TicketInspected | None, comments: Sequence[Comment], records: Sequence[Record]) -> list[Event]:
    """All events, the oldest first."""
    decided_here = {record.details.get("state") for record in records}
    events = [
        *(_at_service(page, inspected, decided_here) if inspected else ()),
        *(Event(one.at, one.agent or page.t("tickets.deleted_agent"), text=one.body, public=one.public) for one in comments),
        *(Event(record.at, record.agent, _done(page, record)) for record in records if record.action in SHOWN_ACTIONS),
    ]
    return sorted(events, key=lambda event: event.at)


def _at_service(page: Page, inspected: TicketInspected, decided_here: set[str | None]) -> Iterator[Event]:
    """What the account service knows; of a decision made here the desk knows more."""
    for number, entry in enumerate(inspected.history):
        if entry.who == "staff" and entry.what in decided_here:
            continue
        what, text = label("ticket_event", entry.what, page.lang), mask(entry.text) if entry.who == "opener" else entry.text
        reveal = f"history-{number}" if text != entry.text else ""
        yield Event(entry.at, page.t(f"tickets.by_{entry.who}"), what[0].upper() + what[1:], text, reveal)


def _done(page: Page, record: Record) -> str:
    if record.action == "ticket.assign":
        return page.t("tickets.did_assign", agent=record.details["to"]) if record.details["to"] else page.t("tickets.did_unassign")
    return page.t("tickets.did_state", state=page.t(f"tickets.state_{record.details['state']}"))

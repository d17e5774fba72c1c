"""Tickets: a list to work through, and one ticket with what was said, what it holds and what can be done with it."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from assistant.privacy import mask, mask_secrets
from assistant.store.agents import Agent, AgentStore
from assistant.store.audit import AuditTrail
from assistant.store.audit import Filter as Lines
from assistant.store.tickets import OPEN, STATES, Filter, Ticket, TicketStore
from assistant.ticketing import NoTicket, Ticketing, WrongStep, next_states
from flows.accounts.commands.tickets import TicketInspected
from flows.accounts.masking import mask_code, mask_phone
from flows.accounts.protocol import ServiceUnavailable
from flows.accounts.records.tickets import TicketState
from flows.actions.labels import label
from flows.formats import mask_middle
from kb.text import clean
from web.console.audit import harmless
from web.console.figures import series_name, title_of
from web.console.page import AsAgent, Page, Refused
from web.console.texts import TEXTS
from web.console.ticket_history import history

router = APIRouter(prefix="/tickets")

LONGEST = 2000
"""Characters of a comment, as of any message."""
CHOICES = ("unfinished", "", *STATES)

Word = Annotated[str, Query(max_length=64)]
Words = Annotated[str, Form(max_length=LONGEST)]
Assigned = Literal["", "mine", "unassigned"]


@router.get("")
async def show(page: AsAgent, state: Word = "unfinished", assigned: Assigned = "", flow: Word = "", number: Word = "") -> Response:
    """The list."""
    store, chosen = TicketStore(page.shared.database), Filter(state, assigned, flow, number.strip(), page.agent.id)
    return page.render(
        "tickets.html",
        tickets=await store.find(chosen),
        chosen={"state": state, "assigned": assigned, "flow": flow, "number": number.strip()},
        states=CHOICES,
        flows=[(flow_id, title_of(page, "flow", flow_id)) for flow_id in await store.flows()],
        title=lambda flow_id: title_of(page, "flow", flow_id),
        channel=lambda name: series_name(page, name),
    )


@router.get("/tickets.csv")
async def download(page: AsAgent, state: Word = "unfinished", assigned: Assigned = "", flow: Word = "", number: Word = "") -> Response:
    """The list as a file; nothing personal is in it."""
    found = await TicketStore(page.shared.database).find(Filter(state, assigned, flow, number.strip(), page.agent.id))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["number", "state", "flow", "lang", "channel", "assigned", "opened", "updated"])
    for one in found:
        times = [at.isoformat(timespec="seconds") for at in (one.opened_at, one.updated_at)]
        row = [one.number, one.state, one.flow, one.lang, one.channel, one.agent or "", *times]
        writer.writerow([harmless(cell) for cell in row])
    await page.record("ticket.download", lines=str(len(found)))
    headers = {"Content-Disposition": 'attachment; filename="tickets.csv"', "Cache-Control": "no-store"}
    # Spreadsheets read UTF-8 only when the file begins with this mark.
    return Response(f"\ufeff{text.getvalue()}", media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{number}")
async def show_one(page: AsAgent, number: str) -> Response:
    """One ticket."""
    return await _show(page, number)


@router.post("/{number}/assign")
async def assign(page: AsAgent, number: str, agent: Annotated[str, Form(max_length=64)] = "") -> Response:
    """Give a ticket to an agent; an empty name to nobody."""
    await _find(page, number)
    found = await AgentStore(page.shared.database).named(agent) if agent else None
    if agent and (found is None or not _works(found)):
        return await _show(page, number, page.t("tickets.no_such_agent"))
    await TicketStore(page.shared.database).assign(number, found.id if found else None)
    await page.record("ticket.assign", number, to=found.name if found else "")
    return page.redirect(f"/console/tickets/{number}", "tickets.assigned_done")


@router.post("/{number}/comment")
async def comment(page: AsAgent, number: str, public: Annotated[Literal["yes", "no"], Form()], text: Words = "") -> Response:
    """Say something about it, to its opener or among colleagues."""
    words = mask_secrets(clean(text)) if public == "yes" else mask(clean(text))
    if not words:
        return await _show(page, number, page.t("tickets.nothing_written"))
    await _find(page, number)
    await _ticketing(page).comment(number, page.agent, words, public=public == "yes")
    await page.record("ticket.comment", number, public=public)
    return page.redirect(f"/console/tickets/{number}", "tickets.told" if public == "yes" else "tickets.noted")


@router.post("/{number}/state")
async def move(
    page: AsAgent,
    number: str,
    state: Annotated[TicketState, Form()],
    key: Annotated[str, Form(pattern=r"^[\w-]{8,64}$")],
    text: Words = "",
    confirmed: Annotated[str, Form(max_length=8)] = "",
    instead_of: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Bring it to another state: solved with a check, turned down with words, a colleague's knowingly."""
    ticket, words = await _find(page, number), mask_secrets(clean(text))
    others = ticket.agent if ticket.agent_id != page.agent.id else None
    if mistake := _objection(page, state, words, confirmed, others if others != instead_of else None):
        return await _show(page, number, mistake, given={"state": state, "text": text, "instead_of": instead_of})
    try:
        moved = await _ticketing(page).move(number, page.agent, state, words, key)
    except WrongStep:
        return await _show(page, number, page.t("tickets.wrong_step"), 409)
    except ServiceUnavailable:
        return await _show(page, number, page.t("tickets.unavailable"), 503)
    if moved == "settled":
        return await _show(page, number, page.t("tickets.settled"), 409)
    await page.record("ticket.state", number, state=state, **({"instead_of": others} if others else {}))
    return page.redirect(f"/console/tickets/{number}", f"tickets.moved_{state}")


@router.post("/{number}/reveal")
async def reveal(page: AsAgent, number: str, field: Annotated[str, Form(max_length=64)]) -> Response:
    """Show one value of the ticket, on this page only."""
    await _find(page, number)
    inspected, _ = await _inspected(page, number)
    values = _values(inspected) if inspected else {}
    if field not in values:
        raise Refused(404, "tickets.no_value")
    await page.record("ticket.reveal", number, field=field)
    return await _show(page, number, revealed={field: values[field]})


def _objection(page: Page, state: TicketState, words: str, confirmed: str, others: str | None) -> str | None:
    """Why a ticket does not go to a state yet; ``others`` has it."""
    if others:
        return page.t("tickets.with_other", agent=others)
    if state == "refused" and not words:
        return page.t("tickets.words_needed")
    return page.t("tickets.not_confirmed") if state == "resolved" and not confirmed else None


def _works(agent: Agent) -> bool:
    """Whether a ticket can be given to this agent."""
    return agent.enrolled and not agent.disabled


def _ticketing(page: Page) -> Ticketing:
    return Ticketing(page.shared.database, page.shared.store)


async def _find(page: Page, number: str) -> Ticket:
    found = await TicketStore(page.shared.database).get(number)
    if found is None:
        raise Refused(404, "tickets.unknown")
    return found


async def _inspected(page: Page, number: str) -> tuple[TicketInspected | None, bool]:
    """What the account service knows of the ticket, and whether it answers."""
    try:
        return await _ticketing(page).inspect(number, page.agent), True
    except (NoTicket, ServiceUnavailable):
        return None, False


async def _show(page: Page, number: str, mistake: str = "", status: int = 422, **given: dict[str, str]) -> Response:
    ticket, comments = await _find(page, number), await TicketStore(page.shared.database).comments(number)
    done = await AuditTrail(page.shared.database).read(Lines(object=number, since=ticket.opened_at))
    inspected, answers = await _inspected(page, number)
    over = inspected is not None and inspected.state not in OPEN
    steps = next_states(inspected.state if inspected and over else ticket.state, known=inspected is not None) if answers else ()
    return page.render(
        "ticket.html",
        status if mistake else 200,
        mistake=mistake,
        ticket=ticket,
        state=inspected.state if inspected and over else ticket.state,
        inspected=inspected,
        answers=answers,
        steps=steps,
        fields=_fields(page, inspected) if inspected else [],
        revealed=given.get("revealed", {}),
        given={"state": "", "text": "", "instead_of": "", **given.get("given", {})},
        others=ticket.agent if ticket.agent_id != page.agent.id else None,
        checked=_checked(page, inspected),
        effect=_effect(page, inspected),
        history=history(page, inspected, comments, done),
        agents=[agent.name for agent in await AgentStore(page.shared.database).all() if _works(agent) or agent.id == ticket.agent_id],
        key=secrets.token_urlsafe(12),
        named=lambda group, name: label(group, name, page.lang),
        title=title_of(page, "flow", ticket.flow),
        channel=series_name(page, ticket.channel),
        limit=LONGEST,
    )


def _effect(page: Page, inspected: TicketInspected | None) -> str:
    """What resolving does to the account."""
    key = f"tickets.does_{inspected.category if inspected else 'nothing'}"
    account = mask_code(inspected.account) if inspected and inspected.account else ""
    return page.t(key if key in TEXTS else "tickets.does_nothing", account=account)


def _checked(page: Page, inspected: TicketInspected | None) -> str | None:
    """What the account service has compared before it took the ticket."""
    key = f"tickets.checked_{inspected.category if inspected else ''}"
    return page.t(key) if key in TEXTS else None


def _values(inspected: TicketInspected) -> dict[str, str]:
    """Everything personal in a ticket, under the name that reveals it."""
    texts = {f"history-{number}": entry.text for number, entry in enumerate(inspected.history) if entry.text != mask(entry.text)}
    return {"account": inspected.account or "", "phone": inspected.phone or "", **inspected.fields, **texts}


def _fields(page: Page, inspected: TicketInspected) -> list[tuple[str, str, str, bool]]:
    """Name, what it is called, the value masked, and whether there is more to reveal."""
    kinds = partial(label, "login_kind", lang=page.lang)
    codes = dict.fromkeys(("account", "id_number", "company_code"), mask_code)
    masks: dict[str, Callable[[str], str]] = {**codes, "phone": mask_phone, "login_kind": kinds}
    found = {name: value for name, value in _values(inspected).items() if value and not name.startswith("history-")}
    return [(name, _called(page, name), masks.get(name, mask_middle)(value), name != "login_kind") for name, value in found.items()]


def _called(page: Page, name: str) -> str:
    return page.t(f"tickets.field_{name}") if f"tickets.field_{name}" in TEXTS else name

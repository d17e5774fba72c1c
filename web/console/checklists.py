"""Checklists that visitors and agents share: how far each is, and setting an item as an agent."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from assistant.checklists import as_csv, as_markdown, lines
from assistant.handover import tell_of_item
from assistant.message import now
from assistant.privacy import mask
from assistant.store import Unknown
from assistant.store.checklists import ChecklistStore, Kept
from flows.desk import ItemStatus, SharedChecklist, SharedItem
from flows.model import Bilingual
from kb.entry import Lang
from kb.text import clean
from web.api.checklists import as_page
from web.console.figures import series_name, title_of
from web.console.page import AsAgent, Page, Refused

router = APIRouter(prefix="/tickets/checklists")

STATES: tuple[ItemStatus, ...] = ("todo", "done", "blocked", "not_applicable")
Reason = Annotated[str, Form(max_length=200)]


@router.get("")
async def show(page: AsAgent) -> Response:
    """All lists."""
    return page.render(
        "checklists.html",
        kept=await ChecklistStore(page.shared.database).all(),
        states=STATES,
        flow_title=lambda flow_id: title_of(page, "flow", flow_id),
        channel=lambda name: series_name(page, name),
    )


@router.get("/{checklist_id}")
async def show_one(page: AsAgent, checklist_id: str) -> Response:
    """One list, item by item."""
    return await _show(page, checklist_id)


@router.get("/{checklist_id}/export")
async def export(
    page: AsAgent,
    request: Request,
    checklist_id: str,
    form: Annotated[Literal["md", "csv", "html"], Query(alias="format")] = "md",
    lang: Lang | None = None,
) -> Response:
    """The list to take away: Markdown, CSV or a page to print."""
    found, chosen = (await _find(page, checklist_id)).checklist, lang or page.lang
    if form == "html":
        return as_page(request, found, chosen)
    text, kind = (as_csv(found, chosen), "text/csv") if form == "csv" else (as_markdown(found, chosen), "text/markdown")
    headers = {"Content-Disposition": f'attachment; filename="checklist.{form}"', "Cache-Control": "no-store"}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


@router.post("/{checklist_id}/{item_id}")
async def set_item(
    page: AsAgent, checklist_id: str, item_id: str, status: Annotated[ItemStatus, Form()], zh: Reason = "", en: Reason = ""
) -> Response:
    """Say how far an item is, here and in the conversation; a reason in one language stands for both."""
    kept = await _find(page, checklist_id)
    reason = tuple(mask(clean(text)) for text in (zh or en, en or zh))
    if status == "blocked" and not all(reason):
        return await _show(page, checklist_id, page.t("checklists.reason_needed"))
    try:
        async with page.shared.store.locked(kept.conversation_id) as conversation:
            found = await conversation.desk.checklist(checklist_id)
            if found is None or found.closed:
                return await _show(page, checklist_id, page.t("checklists.closed_already"), 409)
            item = _item(found, item_id)
            changed = _changed(page, item, status, reason)
            after = found.with_item(changed)
            await conversation.desk.keep(after)
            if (changed.status, changed.reason) != (item.status, item.reason):
                await tell_of_item(conversation, page.agent, after, changed)
    except Unknown as error:
        raise Refused(404, "checklists.unknown") from error
    await page.record("checklist.set", checklist_id, item=item_id, status=status)
    return page.redirect(f"/console/tickets/checklists/{checklist_id}", "checklists.saved")


def _item(found: SharedChecklist, item_id: str) -> SharedItem:
    item = next((one for one in found.items if one.id == item_id), None)
    if item is None:
        raise Refused(404, "checklists.unknown")
    return item


def _changed(page: Page, item: SharedItem, status: ItemStatus, reason: tuple[str, ...]) -> SharedItem:
    why = Bilingual(zh=reason[0], en=reason[1]) if all(reason) else None
    by = {"by": "agent", "who": page.agent.display_name, "login": page.agent.name, "at": now()}
    return item.model_copy(update={"status": status, "reason": why, **by})


async def _find(page: Page, checklist_id: str) -> Kept:
    found = await ChecklistStore(page.shared.database).get(checklist_id)
    if found is None:
        raise Refused(404, "checklists.unknown")
    return found


async def _show(page: Page, checklist_id: str, mistake: str = "", status: int = 422) -> Response:
    kept = await _find(page, checklist_id)
    return page.render(
        "checklist.html",
        status if mistake else 200,
        mistake=mistake,
        kept=kept,
        checklist=kept.checklist,
        lines=lines(kept.checklist, page.lang),
        states=STATES,
        channel=series_name(page, kept.channel),
    )

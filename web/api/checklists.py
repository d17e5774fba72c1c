"""Checklists to take away: Markdown, CSV and a page to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.templating import Jinja2Templates

from assistant.checklists import as_csv, as_markdown, lines
from flows.desk import SharedChecklist
from kb.entry import Lang
from web.context import Authenticated, Shared
from web.origins import FromKnownPage
from web.problems import Problem

router = APIRouter(prefix="/api/v1/conversations", tags=["chat"], dependencies=[FromKnownPage])
_templates = Jinja2Templates(Path(__file__).parents[1] / "templates")


@router.get("/{conversation_id}/checklists/{checklist_id}", response_class=Response)
async def export_checklist(
    conversation_id: str,
    checklist_id: str,
    session: Authenticated,
    request: Request,
    shared: Shared,
    form: Annotated[Literal["md", "csv", "html"], Query(alias="format")] = "md",
    lang: Lang | None = None,
) -> Response:
    """A checklist of this conversation: item states, who set them and when, what stands in the way."""
    checklist = await shared.store.checklist(conversation_id, checklist_id)
    if checklist is None:
        raise Problem(404, "没有这份清单。", "There is no such checklist.")
    chosen = lang or session.lang
    if form == "html":
        return as_page(request, checklist, chosen)
    text, kind = (as_csv(checklist, chosen), "text/csv") if form == "csv" else (as_markdown(checklist, chosen), "text/markdown")
    headers = {"Content-Disposition": f'attachment; filename="checklist.{form}"'}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


def as_page(request: Request, checklist: SharedChecklist, lang: Lang) -> Response:
    """A page to print."""
    shown = {"title": checklist.title[lang], "lines": lines(checklist, lang), "lang": lang}
    return _templates.TemplateResponse(request, "checklist.html", shown)

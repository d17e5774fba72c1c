"""Improve: drafts of entries that the knowledge base lacks, in both languages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from assistant.message import now
from assistant.privacy import mask
from assistant.store.improve import Draft
from flows.accounts.calendar import day_of
from kb.edit import NewEntry, entry_text
from kb.entry import EntryId, Lang
from kb.text import clean
from web.console.page import AsEditor, Page, Refused

router = APIRouter(prefix="/improve/drafts")

FIELDS = ("entry_id", "flow", "question_zh", "phrasings_zh", "body_zh", "question_en", "phrasings_en", "body_en")

Field = Annotated[str, Form(max_length=20_000)]
_entry_id = TypeAdapter(EntryId)


@router.get("")
async def drafts(page: AsEditor) -> Response:
    """All drafts."""
    return page.render("drafts.html", drafts=await page.shared.phrasings.store.drafts())


@router.get("/new")
async def new(page: AsEditor, question_zh: str = "", question_en: str = "") -> Response:
    """The form, begun with a question in one of the languages."""
    zh, en = (mask(clean(question))[:400] for question in (question_zh, question_en))
    return _form(page, {"question_zh": zh, "phrasings_zh": zh, "question_en": en, "phrasings_en": en})


@router.post("/new")
async def draft(
    page: AsEditor,
    entry_id: Field = "",
    flow: Field = "",
    question_zh: Field = "",
    phrasings_zh: Field = "",
    body_zh: Field = "",
    question_en: Field = "",
    phrasings_en: Field = "",
    body_en: Field = "",
) -> Response:
    """Keep a draft, whose languages must both have a question and an answer."""
    given = {
        "entry_id": entry_id.strip(),
        "flow": flow.strip(),
        "question_zh": question_zh,
        "phrasings_zh": phrasings_zh,
        "body_zh": body_zh,
        "question_en": question_en,
        "phrasings_en": phrasings_en,
        "body_en": body_en,
    }
    if mistakes := _mistakes(page, given):
        return _form(page, given, mistakes)
    today = day_of(now())
    zh, en = (entry_text(_side(given, lang), today) for lang in ("zh", "en"))
    number = await page.shared.phrasings.store.add_draft(given["entry_id"], zh, en, page.agent.name)
    await page.record("draft.add", given["entry_id"], draft=str(number))
    return page.redirect("/console/improve/drafts", "improve.drafted")


@router.get("/{draft_id}/{lang}.md")
async def download(page: AsEditor, draft_id: int, lang: Lang) -> Response:
    """One language of a draft as a file."""
    found = await _find(page, draft_id)
    name = f"{found.entry_id.replace('/', '.')}.{lang}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(found.markdown(lang), media_type="text/markdown; charset=utf-8", headers=headers)


async def _find(page: Page, draft_id: int) -> Draft:
    for found in await page.shared.phrasings.store.drafts():
        if found.id == draft_id:
            return found
    raise Refused(404, "frame.nothing_here")


def _mistakes(page: Page, given: dict[str, str]) -> dict[str, str]:
    """The fields with a mistake and the sentence for each."""
    mistakes = {name: "improve.missing" for name in ("question_zh", "body_zh", "question_en", "body_en") if not given[name].strip()}
    if page.shared.knowledge.entry(given["entry_id"], "zh"):
        mistakes["entry_id"] = "improve.id_taken"
    try:
        _entry_id.validate_python(given["entry_id"])
    except ValidationError:
        mistakes["entry_id"] = "improve.id_wrong"
    if given["flow"] and given["flow"] not in page.shared.knowledge.flows:
        mistakes["flow"] = "improve.no_such_flow"
    return mistakes


def _side(given: dict[str, str], lang: Lang) -> NewEntry:
    """One language of the form; without phrasings, the question is the first."""
    question = mask(" ".join(given[f"question_{lang}"].split()))
    lines = [mask(clean(line)) for line in given[f"phrasings_{lang}"].splitlines()]
    phrasings = tuple(dict.fromkeys(line for line in lines if line)) or (question,)
    return NewEntry(question, phrasings, given[f"body_{lang}"].replace("\r\n", "\n"), given["flow"] or None)


def _form(page: Page, given: dict[str, str], mistakes: dict[str, str] | None = None) -> Response:
    knowledge = page.shared.knowledge
    sections = sorted({entry.section for entry in knowledge.entries("zh")})
    flows = [(flow.id, flow.title[page.lang]) for flow in knowledge.flows.values()]
    status = 422 if mistakes else 200
    shown = dict.fromkeys(FIELDS, "") | given
    return page.render("draft.html", status, given=shown, mistakes=mistakes or {}, sections=sections, flows=flows)

"""The front page: answers while the agent types, both languages side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from assistant.knowledge import Knowledge
from assistant.respond import sources
from kb.entry import LANGS, Entry, Lang
from kb.search import Hit
from kb.text import clean
from web.console.copying import as_markdown, as_plain
from web.console.page import AsAgent, Page
from web.console.spoken import said
from web.render import to_html

router = APIRouter()

SHOWN = 6
LONGEST = 2000
"""Characters of a query that are looked at, as in the look-up API."""
FAINTEST = 0.03
"""What is less likely than this is no help to anyone."""

_ID = "^[0-9a-f]{0,64}$"

Words = Annotated[str, Form()]
Conversation = Annotated[str, Form(pattern=_ID)]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry found, in both languages, and why."""

    id: str
    pair: Mapping[Lang, Entry]
    confidence: float
    matched: str
    matched_lang: Lang
    field: str


@router.get("")
async def show(page: AsAgent, conversation: Annotated[str, Query(pattern=_ID)] = "") -> Response:
    """The page; for a conversation, with what answers the visitor's last words."""
    return page.render("lookup.html", **_results(page, await _last_words(page, conversation), conversation))


# What is looked up may be a visitor's ID number: it never is part of an address, which browsers and proxies keep.


@router.post("")
async def ask(page: AsAgent, q: Words = "", conversation: Conversation = "") -> Response:
    """The page, with the results of ``q``."""
    return page.render("lookup.html", **_results(page, q, conversation))


@router.post("/search")
async def search(page: AsAgent, q: Words = "", conversation: Conversation = "") -> Response:
    """The results alone, for every key that is pressed."""
    return page.render("lookup_results.html", **_results(page, q, conversation))


async def _last_words(page: Page, conversation: str) -> str:
    rows = await page.shared.store.transcript(conversation) if conversation else []
    return next(iter(said(rows)), "")


def _results(page: Page, q: str, conversation: str) -> dict[str, Any]:
    query = clean(q)[:LONGEST]
    return {
        "query": q,
        "asked": bool(query),
        "conversation": conversation,
        "found": find(query, page.shared.knowledge) if query else [],
        "flows": page.shared.knowledge.flows,
        "html": to_html,
        "sources": sources,
        "as_plain": as_plain,
        "as_markdown": as_markdown,
    }


def find(query: str, knowledge: Knowledge, limit: int = SHOWN) -> list[Found]:
    """The entries that answer a query, most confident first."""
    hits = knowledge.searcher.search(query, limit)
    return [_found(hit, knowledge) for hit in hits if hit.confidence >= FAINTEST]


def _found(hit: Hit, knowledge: Knowledge) -> Found:
    pair = pair_of(hit.id, knowledge)
    matched = pair.get(hit.matched.lang)
    field = "question" if matched and matched.question == hit.matched.text else "phrasing"
    return Found(hit.id, pair, hit.confidence, hit.matched.text, hit.matched.lang, field)


def pair_of(entry_id: str, knowledge: Knowledge) -> dict[Lang, Entry]:
    """The entry in each language that it exists in."""
    found = ((lang, knowledge.entry(entry_id, lang)) for lang in LANGS)
    return {lang: entry for lang, entry in found if entry and entry.lang == lang}

"""Look-up: search the knowledge base, read entries, list flows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from assistant.knowledge import Knowledge
from assistant.message import SourceItem
from assistant.respond import sources
from flows.draw import draw
from flows.outline import StepKind, outline
from kb.entry import Entry, Lang
from kb.search import Hit
from kb.text import clean
from web.context import Shared
from web.limits import client_address
from web.origins import FromKnownPage
from web.problems import Problem, request_language
from web.render import to_html

router = APIRouter(prefix="/api/v1", tags=["look-up"], dependencies=[FromKnownPage])

QUERY_LIMIT = 2000


class Result(BaseModel):
    """One entry found for a query."""

    id: str
    lang: Lang
    question: str
    snippet: str
    confidence: float
    matched: str
    section: str
    flow: str | None
    updated: date


class Results(BaseModel):
    """Entries found, best first."""

    query: str
    lang: Lang
    results: list[Result]


class Listed(BaseModel):
    """An entry in the catalogue."""

    id: str
    lang: Lang
    question: str
    section: str
    flow: str | None
    updated: date


class Catalogue(BaseModel):
    """All entries of a language."""

    lang: Lang
    entries: list[Listed]


class EntryPage(Listed):
    """An entry with its answer."""

    markdown: str
    html: str
    sources: list[SourceItem]
    related: list[str]
    version: str


class FlowPage(BaseModel):
    """A guided flow."""

    id: str
    title: str


class Way(BaseModel):
    """A way on from a step, by an option or an outcome."""

    label: str
    target: str
    shared: bool


class FlowStep(BaseModel):
    """One step; ``end`` is where the flow is over."""

    id: str
    kind: StepKind
    text: str
    ways: list[Way]


class FlowDetails(FlowPage):
    """A guided flow with its steps and its diagram."""

    steps: list[FlowStep]
    mermaid: str


class Flows(BaseModel):
    """All guided flows."""

    flows: list[FlowPage]


@router.get("/search")
async def search(
    request: Request,
    shared: Shared,
    q: str = "",
    lang: Lang | None = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
    section: str | None = None,
) -> Results:
    """Entries that answer a query, in the query's language unless ``lang`` says otherwise."""
    await shared.limits.check(shared.limits.lookups, "lookups", client_address(request))
    query = clean(q)
    if not query:
        raise Problem(422, "请输入要查的问题。", "Please type what to look for.", errors=[{"pointer": "/q", "detail": "empty"}])
    if len(query) > QUERY_LIMIT:
        raise Problem(413, f"查询最多 {QUERY_LIMIT} 个字符。", f"A query may have {QUERY_LIMIT} characters at most.")
    analysis = shared.knowledge.searcher.index.analyser.analyse(query)
    chosen: Lang = lang or analysis.lang or request_language(request)
    hits = shared.knowledge.searcher.rank(analysis, limit if section is None else 50, ("entry",))
    results = [_result(hit, chosen, shared.knowledge) for hit in hits if section is None or hit.id.startswith(f"{section}/")]
    return Results(query=query, lang=chosen, results=results[:limit])


@router.get("/entries")
async def list_entries(request: Request, shared: Shared, section: str | None = None, lang: Lang | None = None) -> Catalogue:
    """The catalogue, by id."""
    chosen = lang or request_language(request)
    entries = [entry for entry in shared.knowledge.entries(chosen) if section in (None, entry.section)]
    return Catalogue(lang=chosen, entries=[Listed(**_listed(entry)) for entry in entries])


@router.get("/entries/{entry_id:path}")
async def read_entry(entry_id: str, request: Request, shared: Shared, lang: Lang | None = None) -> EntryPage:
    """One entry with its answer and where that comes from."""
    entry = shared.knowledge.entry(entry_id, lang or request_language(request))
    if entry is None:
        raise Problem(404, "没有这个词条。", "There is no such entry.")
    return EntryPage(
        **_listed(entry),
        markdown=entry.body,
        html=to_html(entry.body),
        sources=list(sources(entry).items),
        related=list(entry.related),
        version=entry.version,
    )


@router.get("/flows")
async def list_flows(request: Request, shared: Shared, lang: Lang | None = None) -> Flows:
    """All guided flows by title."""
    chosen = lang or request_language(request)
    return Flows(flows=[FlowPage(id=flow.id, title=flow.title[chosen]) for flow in shared.knowledge.flows.values()])


@router.get("/flows/{flow_id}")
async def read_flow(flow_id: str, request: Request, shared: Shared, lang: Lang | None = None) -> FlowDetails:
    """One guided flow with its steps and its diagram as Mermaid text."""
    flow = shared.knowledge.flows.get(flow_id)
    if flow is None:
        raise Problem(404, "没有这个流程。", "There is no such flow.")
    chosen = lang or request_language(request)
    steps = [FlowStep.model_validate(asdict(step)) for step in outline(flow, chosen)]
    return FlowDetails(id=flow.id, title=flow.title[chosen], steps=steps, mermaid=draw(flow, chosen))


def _result(hit: Hit, lang: Lang, knowledge: Knowledge) -> Result:
    entry = knowledge.entry(hit.id, lang)
    assert entry is not None, "the index and the entries were loaded together"
    return Result(**_listed(entry), snippet=entry.summary, confidence=hit.confidence, matched=hit.matched.text)


def _listed(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "lang": entry.lang,
        "question": entry.question,
        "section": entry.section,
        "flow": entry.flow,
        "updated": entry.updated,
    }

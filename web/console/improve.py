"""Improve: questions that were served badly, put together; attach one to an entry, or say how far the work has come."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from assistant.clusters import Cluster, clusters
from assistant.message import now
from assistant.privacy import mask
from assistant.route import CLARIFY, SURE
from assistant.store.questions import PROGRESS, Progress, QuestionStore
from kb.entry import Lang
from kb.text import clean
from web.console.lookup import find
from web.console.page import AsEditor, Page

router = APIRouter(prefix="/improve")

PERIODS = (7, 30, 90)
SHOWN = 40
"""Clusters on one page."""
WORDINGS = 8
"""Wordings of a cluster that can be chosen; the rarer ones are mostly the same with a slip."""
NEAR = 4
"""Entries offered for words that are no id."""
LONGEST = 400
"""Characters of a phrasing, as in the files."""


@router.get("")
async def questions(
    page: AsEditor, progress: Progress = "new", days: Annotated[int, Query(ge=1, le=366)] = 30, first: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Clusters of questions at one stage of work."""
    return await _list(page, progress, days, first)


async def _list(page: Page, progress: Progress = "new", days: int = 30, first: int = 0, mistake: str = "") -> Response:
    store = QuestionStore(page.shared.database)
    asked, marks = await store.asked(now() - timedelta(days=days), SURE), await store.marks()
    analyser = page.shared.knowledge.searcher.index.analyser
    # Reading thousands of questions takes a moment in which others go on.
    found = {stage: await asyncio.to_thread(clusters, asked, marks, stage, analyser) for stage in PROGRESS}
    chosen = found[progress]
    return page.render(
        "improve.html",
        422 if mistake else 200,
        mistake=mistake,
        clusters=chosen[first : first + SHOWN],
        counts={stage: len(group) for stage, group in found.items()},
        entries=page.shared.knowledge.entries(page.lang),
        nearest=lambda cluster: _title(page, cluster),
        progress=progress,
        days=days,
        periods=PERIODS,
        more=urlencode({"progress": progress, "days": days, "first": first + SHOWN}) if len(chosen) > first + SHOWN else None,
        wordings=WORDINGS,
        worth_asking=CLARIFY,
        longest=LONGEST,
    )


@router.post("/entries")
async def entries(
    page: AsEditor, entry: Annotated[str, Form()] = "", field: Annotated[str, Form(pattern=r"^entry-\d{1,3}$")] = "entry-1"
) -> Response:
    """What may be meant while somebody types: an id needs no help."""
    query = clean(entry)[:LONGEST]
    known = page.shared.knowledge.entry(query, page.lang) is not None
    found = find(query, page.shared.knowledge, NEAR) if query and not known else []
    return page.render("entries_near.html", found=found, field=field)


@router.post("/attach")
async def attach(
    page: AsEditor,
    entry: Annotated[str, Form()] = "",
    lang: Annotated[Lang, Form()] = "zh",
    text: Annotated[list[str] | None, Form()] = None,
    keys: Annotated[str, Form()] = "",
) -> Response:
    """Make wordings phrasings of an entry, at once, and their questions done."""
    analyse = page.shared.knowledge.searcher.index.analyser.analyse
    phrasings = [phrasing for one in text or () if analyse(phrasing := mask(clean(one))).words]
    entry_id = entry.strip()
    if page.shared.knowledge.entry(entry_id, lang) is None:
        return await _list(page, mistake=_no_such_entry(page, entry_id))
    if not phrasings or any(len(phrasing) > LONGEST for phrasing in phrasings):
        return await _list(page, mistake=page.t("improve.no_wording", longest=LONGEST))
    owners = {phrasing: _owner(page, phrasing) for phrasing in phrasings}
    for phrasing, owner in owners.items():
        if owner not in (None, entry_id):
            return await _list(page, mistake=page.t("improve.claimed", phrasing=phrasing, entry=owner))
    new = [phrasing for phrasing, owner in owners.items() if owner is None]
    for phrasing in new:
        number = await page.shared.phrasings.store.attach(entry_id, lang, phrasing, page.agent.name)
        await page.record("phrasing.attach", entry_id, phrasing=str(number), lang=lang)
    await page.shared.phrasings.refresh()
    await QuestionStore(page.shared.database).mark(keys.split(), "done", page.agent.name)
    return page.redirect("/console/improve", "improve.attached" if new else "improve.known_already")


@router.post("/mark")
async def mark(page: AsEditor, progress: Annotated[Progress, Form()], keys: Annotated[str, Form()] = "") -> Response:
    """Say how far the work on some questions has come."""
    named = keys.split()
    await QuestionStore(page.shared.database).mark(named, progress, page.agent.name)
    await page.record("question.mark", named[0] if named else "", progress=progress, wordings=str(len(named)))
    return page.redirect("/console/improve", "improve.marked", progress=progress)


def _no_such_entry(page: Page, words: str) -> str:
    near = " · ".join(hit.id for hit in find(clean(words)[:LONGEST], page.shared.knowledge, NEAR)) if clean(words) else ""
    return page.t("improve.no_such_entry_near", entry=words, near=near) if near else page.t("improve.no_such_entry", entry=words)


def _owner(page: Page, phrasing: str) -> str | None:
    """The entry that has this phrasing already: a phrasing belongs to one entry."""
    searcher = page.shared.knowledge.searcher
    analyse = searcher.index.analyser.analyse
    analysis = analyse(phrasing)
    best = next(iter(searcher.rank(analysis, 1, ("entry",))), None)
    return best.id if best and analyse(best.matched.text).words == analysis.words else None


def _title(page: Page, cluster: Cluster) -> str | None:
    """What the nearest entry or flow of a cluster is called."""
    knowledge, nearest = page.shared.knowledge, cluster.nearest or ""
    if entry := knowledge.entry(nearest, page.lang):
        return entry.question
    flow = knowledge.flows.get(nearest)
    return flow.title[page.lang] if flow else None

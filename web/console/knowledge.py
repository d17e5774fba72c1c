"""The knowledge base to browse: sections, entries in both languages, and how an answer looks to a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from assistant.knowledge import Knowledge
from assistant.message import Message, Text, now
from assistant.respond import sources
from kb.entry import LANGS, Entry, Lang
from web.channels.wecom_reply import for_app
from web.console.copying import as_markdown, as_plain
from web.console.lookup import pair_of
from web.console.page import AsAgent, Refused
from web.render import to_html

router = APIRouter(prefix="/knowledge")


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry in each language that it exists in."""

    id: str
    sides: Mapping[Lang, Entry]

    @property
    def any(self) -> Entry:
        """One of the two."""
        return next(iter(self.sides.values()))


@router.get("")
async def browse(page: AsAgent, section: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Sections, and the entries of one or of all."""
    groups = by_section(page.shared.knowledge)
    if section and section not in groups:
        raise Refused(404, "frame.nothing_here")
    entries = [entry for lang in LANGS for entry in page.shared.knowledge.entries(lang)]
    return page.render(
        "knowledge.html",
        groups=groups,
        shown={section: groups[section]} if section else groups,
        chosen=section,
        phrasings={lang: sum(len(entry.phrasings) for entry in entries if entry.lang == lang) for lang in LANGS},
        pairs=sum(len(group) for group in groups.values()),
    )


@router.get("/{section_name}/{slug}")
async def show(page: AsAgent, section_name: str, slug: str) -> Response:
    """One entry: both languages, where it comes from, how it is found, how it looks."""
    knowledge = page.shared.knowledge
    sides = pair_of(f"{section_name}/{slug}", knowledge)
    if not sides:
        raise Refused(404, "frame.nothing_here")
    pair = Pair(f"{section_name}/{slug}", sides)
    return page.render(
        "entry.html",
        pair=pair,
        title=sides.get(page.lang, pair.any).question,
        flow=knowledge.flows.get(pair.any.flow or ""),
        related=[other for entry_id in pair.any.related if (other := knowledge.entry(entry_id, page.lang))],
        wecom={lang: wecom_texts(entry) for lang, entry in sides.items()},
        html=to_html,
        sources=sources,
        as_plain=as_plain,
        as_markdown=as_markdown,
    )


def by_section(knowledge: Knowledge) -> dict[str, list[Pair]]:
    """All entries, grouped, by id."""
    groups: dict[str, list[Pair]] = {}
    for entry_id in sorted({entry.id for lang in LANGS for entry in knowledge.entries(lang)}):
        pair = Pair(entry_id, pair_of(entry_id, knowledge))
        groups.setdefault(pair.any.section, []).append(pair)
    return groups


def wecom_texts(entry: Entry) -> list[tuple[str, int]]:
    """The messages that WeCom members get for this answer, with their bytes."""
    message = Message(role="assistant", lang=entry.lang, blocks=(Text(markdown=entry.body), sources(entry)), at=now())
    return [(text, len(text.encode())) for text in for_app([message], entry.lang, entry.id).texts]

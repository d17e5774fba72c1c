"""What an utterance means on its own and after the turn before: language, ranked hits, a pick among offered options."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.knowledge import Knowledge
from assistant.message import Incoming
from assistant.session import Session
from kb.entry import Lang
from kb.search import Hit
from kb.text import Analysis, clean

_CHINESE_DIGITS = "一二三四五六七八九"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_PICK_NUMBER = re.compile(r"^(?:第|选项?|option|number|no\.?|#)?\s*([1-9一二三四五六七八九])\s*(?:个|项|条|号|吧|的|那个)*[.。)）、]?$")
_PICK_ORDINAL = re.compile(r"^(?:the\s+)?(first|second|third|fourth|fifth|sixth|last)(?:\s+(?:one|option|choice))?(?:\s+please)?[.!]?$")
_PICK_LAST = re.compile(r"^(?:最后)(?:一)?(?:个|项|条)?$")

FEW_WORDS = 4
FOLLOW_UP_WORDS = 16
"""A longer utterance says all it means by itself."""


REPEATED = 75
"""Likeness 0..100 from which an utterance repeats the question before."""
RELATED, SAME_SECTION = 0.25, 0.1
"""Shares of the doubt about a follow-up that being a neighbour of the last entry takes away."""
SURE_ACT = 0.8
"""Small talk that no question before makes any less sure."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the router decides on; ``picked`` is a choice id, whether tapped or said."""

    text: str
    analysis: Analysis
    lang: Lang
    hits: tuple[Hit, ...]
    picked: str | None = None


def understand(incoming: Incoming, session: Session, knowledge: Knowledge) -> Understanding:
    """Analyse an utterance in its conversation."""
    text = clean(incoming.text or "")
    analysis = knowledge.searcher.index.analyser.analyse(text)
    # "ok" or "MFA" inside a flow does not ask for another language.
    brief = session.flow is not None and len(analysis.words) < FEW_WORDS
    lang = session.lang if session.lang_chosen or analysis.lang is None or brief else analysis.lang
    # A running flow reads numbers and labels itself: it knows what it asked.
    picked = incoming.choice or (None if session.flow else pick(analysis.text, session.offered))
    if picked:
        return Understanding(text, analysis, session.lang, (), picked)
    alone = knowledge.searcher.rank(analysis, limit=8)
    hits = in_context(alone, analysis, session, knowledge) if session.entry_id else alone
    return Understanding(text, analysis, lang, tuple(hits))


def pick(text: str, offered: tuple[str, ...]) -> str | None:
    """The offered choice that a number or an ordinal in either language points at ("2", "第二个", "the second one")."""
    if not offered:
        return None
    if match := _PICK_NUMBER.match(text):
        place = int(match[1]) - 1 if match[1].isdigit() else _CHINESE_DIGITS.index(match[1])
    elif match := _PICK_ORDINAL.match(text):
        place = len(offered) - 1 if match[1] == "last" else _ORDINALS.index(match[1])
    elif _PICK_LAST.match(text):
        place = len(offered) - 1
    else:
        return None
    return offered[place] if place < len(offered) else None


def in_context(alone: list[Hit], analysis: Analysis, session: Session, knowledge: Knowledge) -> list[Hit]:
    """The hits of a possible follow-up: what it finds together with the question before, where that is more certain."""
    if not session.question or len(analysis.words) > FOLLOW_UP_WORDS:
        return alone
    if alone and alone[0].kind == "act" and alone[0].confidence > SURE_ACT:
        return alone
    analyser = knowledge.searcher.index.analyser
    continued = analyser.continued(session.question, analysis) or f"{session.question} {analysis.text}"
    together = knowledge.searcher.rank(analyser.analyse(continued), limit=8)
    # Whoever repeats the question means the same entry; whoever adds to it means a neighbour.
    repeated = fuzz.ratio(session.question, analysis.text) > REPEATED
    merged: dict[tuple[str, str], Hit] = {(hit.kind, hit.id): hit for hit in alone}
    for hit in together:
        if hit.kind == "act" or (hit.id == session.entry_id and not repeated):
            continue
        known = merged.get((hit.kind, hit.id))
        if known is None or known.confidence < hit.confidence:
            merged[hit.kind, hit.id] = hit
    return sorted((_nearer(hit, session, knowledge) for hit in merged.values()), key=lambda hit: -hit.confidence)


def _nearer(hit: Hit, session: Session, knowledge: Knowledge) -> Hit:
    """A follow-up is likelier to mean a neighbour of the entry given last."""
    given = knowledge.entry(session.entry_id or "", session.lang)
    if given is None or hit.kind != "entry" or hit.id == given.id:
        return hit
    bonus = RELATED if hit.id in given.related else SAME_SECTION if hit.id.startswith(f"{given.section}/") else 0.0
    return replace(hit, confidence=round(hit.confidence + bonus * (1 - hit.confidence), 4))

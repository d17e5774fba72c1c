"""What an utterance means on its own and after the turn before: language, ranked hits, a pick among offered options."""

from __future__ import annotations

import re
from collections.abc import Collection
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

_CLAUSE = re.compile(r"[,.;!?，。；！？、\n]+")
MOST_CLAUSES = 6
MANNERS = ("greeting", "thanks")

FEW_WORDS = 4
FOLLOW_UP_WORDS = 16
"""A longer utterance says all it means by itself."""


ADDED = 0.15
"""Confidence that a follow-up's own words have to add."""
REPEATED = 75
"""Likeness 0..100 from which an utterance repeats the question before."""
RELATED, SAME_SECTION = 0.5, 0.25
"""Shares of the doubt about a follow-up that being a neighbour of the last entry takes away."""
LOOKED_AT = 20
"""Hits that a follow-up is compared by."""
SUPPORTED = 0.3
"""Confidence, together with the question before, from which such words may mean another topic all the same."""
FAINT, AHEAD, ECHO = 0.05, 2.0, 0.6
"""Such words mean the one neighbour that they find at all, this many times surer than the next; with this confidence."""
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
    # "ok" or "MFA" inside a flow does not ask for another language, unless it is a question.
    brief = session.flow is not None and len(analysis.words) < FEW_WORDS and not (analysis.lang == "zh" and analysis.asks)
    # Nor does a password, however English it looks.
    asked = knowledge.guide.asked(session)
    silent = brief or (asked is not None and asked.secret)
    lang = session.lang if session.lang_chosen or analysis.lang is None or silent else analysis.lang
    # A step that asks reads numbers and labels itself: it knows what it asked.
    picked = incoming.choice or (None if knowledge.guide.asks(session) else pick(analysis.text, session.offered))
    if picked:
        return Understanding(text, analysis, session.lang, (), picked)
    alone = knowledge.searcher.rank(analysis, limit=LOOKED_AT)
    if rest := _beside_manners(analysis.text, alone, knowledge):
        analysis = knowledge.searcher.index.analyser.analyse(rest)
        alone = knowledge.searcher.rank(analysis, limit=LOOKED_AT)
    hits = in_context(alone, analysis, session, knowledge) if session.question else alone
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


def _beside_manners(text: str, alone: list[Hit], knowledge: Knowledge) -> str | None:
    """What is meant beside a greeting or thanks ("thanks, how do I ..."), or the wish for a person among other words."""
    clauses = [clause for clause in map(str.strip, _CLAUSE.split(text)) if clause]
    unclear = not alone or alone[0].kind == "act" or alone[0].confidence < SURE_ACT
    if not unclear or not 1 < len(clauses) <= MOST_CLAUSES:
        return None
    acts = [_act(clause, knowledge) for clause in clauses]
    if "human" in acts:
        return clauses[acts.index("human")]
    rest = [clause for clause, act in zip(clauses, acts, strict=True) if act not in MANNERS]
    return ", ".join(rest) if 0 < len(rest) < len(clauses) else None


def _act(clause: str, knowledge: Knowledge) -> str | None:
    """The act that a clause surely is."""
    hits = knowledge.searcher.search(clause, limit=1, kinds=("entry", "flow", "act"))
    return hits[0].id if hits and hits[0].kind == "act" and hits[0].confidence > SURE_ACT else None


def in_context(alone: list[Hit], analysis: Analysis, session: Session, knowledge: Knowledge) -> list[Hit]:
    """The hits of a possible follow-up: what it finds together with the question before, where that is more certain."""
    if len(analysis.words) > FOLLOW_UP_WORDS:
        return alone
    if alone and alone[0].kind == "act" and alone[0].confidence > SURE_ACT:
        return alone
    analyser = knowledge.searcher.index.analyser
    replaced = analyser.continued(session.question, analysis)
    together = knowledge.searcher.rank(analyser.analyse(replaced or f"{session.question} {analysis.text}"), limit=LOOKED_AT)
    before = {(hit.kind, hit.id): hit.confidence for hit in knowledge.searcher.rank(analyser.analyse(session.question), limit=LOOKED_AT)}
    # Whoever repeats the question means the same entry; whoever adds to it means a neighbour.
    repeated = fuzz.ratio(session.question, analysis.text) > REPEATED
    near = _neighbours(session, knowledge)
    if analysis.only_asks or (replaced and len(analysis.words) < FEW_WORDS):
        alone = _of_the_topic(alone, {*near, *(hit.id for hit in together if hit.confidence >= SUPPORTED)})
    merged: dict[tuple[str, str], Hit] = {(hit.kind, hit.id): hit for hit in alone}
    for hit in together:
        if hit.kind == "act" or (hit.id == session.entry_id and not repeated):
            continue
        # What the question before found by itself is no answer to this one: "tell me a joke" adds nothing to it.
        if hit.confidence - before.get((hit.kind, hit.id), 0.0) < ADDED and not repeated:
            continue
        known = merged.get((hit.kind, hit.id))
        if known is None and analysis.only_asks:
            continue
        if known is None or known.confidence < hit.confidence:
            merged[hit.kind, hit.id] = hit
    return sorted((_nearer(hit, near.get(hit.id, 0.0)) for hit in merged.values()), key=lambda hit: -hit.confidence)


def _of_the_topic(alone: list[Hit], near: Collection[str]) -> list[Hit]:
    """Hits of words that only make sense in context: "how long does it take?" by itself finds whatever others asked like this."""
    kept = [hit if hit.id in near or hit.kind == "act" else replace(hit, confidence=hit.confidence / 2) for hit in alone]
    meant = sorted((hit for hit in kept if hit.kind == "entry" and hit.id in near), key=lambda hit: -hit.confidence)[:2]
    if meant and meant[0].confidence >= max(FAINT, *(AHEAD * hit.confidence for hit in meant[1:]), 0.0):
        kept = [replace(hit, confidence=max(hit.confidence, ECHO)) if hit is meant[0] else hit for hit in kept]
    return kept


def _neighbours(session: Session, knowledge: Knowledge) -> dict[str, float]:
    """Entries that a follow-up is likelier to mean, and how much: those beside the entry given last, those of the running flow."""
    given = knowledge.entry(session.entry_id or "", session.lang)
    flow = session.flow.flow if session.flow else None
    beside = [
        entry for entry in knowledge.entries(session.lang) if (given and entry.section == given.section) or (flow and entry.flow == flow)
    ]
    near = dict.fromkeys((entry.id for entry in beside), SAME_SECTION)
    near |= dict.fromkeys(given.related if given else (), RELATED)
    near.pop(session.entry_id or "", None)
    return near


def _nearer(hit: Hit, bonus: float) -> Hit:
    if hit.kind != "entry" or hit.confidence < ADDED:
        return hit
    return replace(hit, confidence=round(hit.confidence + bonus * (1 - hit.confidence), 4))

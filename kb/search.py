"""From a query to ranked hits: the index proposes, a fuzzy comparison and learned weights decide.

The index scores every target that shares a feature with the query. The best few are looked at closely: how near is their
nearest phrasing (rapidfuzz), how far ahead are they, how much of the query is known at all. Weights learned by
``assistant eval tune`` turn that into a confidence: of the hits given at 0.8, about 80 % are right.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rapidfuzz import fuzz, process

from kb.index import Index, Kind, Phrasing, Target
from kb.text import Analysis

WEIGHTS = Path(__file__).with_name("weights.json")
CANDIDATES = 6
"""Targets looked at closely; the right one is almost never further down (docs/retrieval.md)."""

EXACT = 0.97
"""Confidence in a query that is a phrasing, word for word."""
ONE_WORD = 0.45
"""Highest confidence of one bare word in an entry: it names a topic, not what about it is asked."""
DOUBT = 0.8
"""Below this confidence a second opinion by meaning is asked for, if there is one."""

FEATURES = (
    "bias",
    "score",
    "lead",
    "elsewhere",
    "likeness",
    "overlap",
    "known",
    "length",
    "flow",
    "act",
    "long act",
    "request",
    "question",
    "kin",
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A target found for a query; ``matched`` is the phrasing nearest to it."""

    kind: Kind
    id: str
    confidence: float
    matched: Phrasing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target, by its number in the index, with what speaks for it, in the order of ``FEATURES``."""

    number: int
    target: Target
    evidence: tuple[float, ...]
    matched: Phrasing
    exact: bool
    """The query is one of the target's phrasings, word for word."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What ``assistant eval tune`` learned: one weight for each of ``FEATURES``."""

    values: tuple[float, ...]

    def total(self, evidence: Sequence[float]) -> float:
        """The weighted evidence: the logarithm of the odds that a candidate is what was meant."""
        return sum(weight * value for weight, value in zip(self.values, evidence, strict=True))

    def confidence(self, evidence: Sequence[float]) -> float:
        """Probability that a candidate with this evidence is what was meant."""
        return probability(self.total(evidence))


@dataclass(frozen=True, slots=True)
class MeaningWeights:
    """How much a second opinion by meaning counts where words leave doubt; learned like ``Weights``."""

    bias: float
    total: float
    meaning: float
    lead: float

    def weigh(self, totals: Sequence[float], meanings: Sequence[float]) -> list[float]:
        """Probabilities of candidates from their weighted evidence and their likeness in meaning."""
        weighed = []
        for place, (total, meaning) in enumerate(zip(totals, meanings, strict=True)):
            rival = max((other for at, other in enumerate(meanings) if at != place), default=0.0)
            weighed.append(probability(self.bias + self.total * total + self.meaning * meaning + self.lead * (meaning - rival)))
        return weighed


class SecondOpinion(Protocol):
    """Judges by meaning instead of words (``kb.semantic``)."""

    def likeness(self, query: str, numbers: Sequence[int]) -> list[float]:
        """How near each target's nearest phrasing is to the query."""


class Overlay(Protocol):
    """Knows phrasings that the compiled index does not have yet."""

    def match(self, analysis: Analysis) -> Hit | None:
        """The entry whose phrasing the text is, or nearly is."""


def probability(total: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def load_weights(path: Path = WEIGHTS) -> tuple[Weights, MeaningWeights]:
    """The learned weights; raises ``ValueError`` when the file does not fit this version."""
    content = json.loads(path.read_text(encoding="utf-8"))
    named = content["weights"]
    if set(named) != set(FEATURES):
        raise ValueError(f"{path}: expected weights for {', '.join(FEATURES)}; run 'assistant eval tune'")
    return Weights(tuple(float(named[name]) for name in FEATURES)), MeaningWeights(**content["meaning"])


class Searcher:
    """Ranks the targets of an index."""

    def __init__(self, index: Index, weights: Weights, meaning: tuple[SecondOpinion, MeaningWeights] | None = None) -> None:
        self.index = index
        self._weights = weights
        self._meaning = meaning
        self._overlay: Overlay | None = None

    def with_overlay(self, overlay: Overlay) -> Searcher:
        """The same searcher that knows these phrasings too."""
        searcher = Searcher(self.index, self._weights, self._meaning)
        searcher._overlay = overlay
        return searcher

    def search(self, query: str, limit: int = 5, kinds: Sequence[Kind] = ("entry",)) -> list[Hit]:
        """The best hits of these kinds, most confident first; nothing for a text without known words."""
        return self.rank(self.index.analyser.analyse(query), limit, kinds)

    def rank(self, analysis: Analysis, limit: int = 5, kinds: Sequence[Kind] = ("entry", "flow", "act")) -> list[Hit]:
        """The same for a text that is analysed already."""
        found = list(candidates(self.index, analysis, kinds, max(CANDIDATES, limit)))
        hits = [
            Hit(candidate.target.kind, candidate.target.id, round(confidence, 4), candidate.matched)
            for candidate, confidence in zip(found, self._confidences(analysis, found), strict=True)
        ]
        if len(analysis.words) == 1:
            hits = [replace(hit, confidence=min(hit.confidence, ONE_WORD)) if hit.kind == "entry" else hit for hit in hits]
        # What an author wrote as a phrasing finds its entry, whatever the rest of the base says.
        hits = [replace(hit, confidence=max(hit.confidence, EXACT)) if one.exact else hit for one, hit in zip(found, hits, strict=True)]
        if self._overlay and "entry" in kinds and (added := self._overlay.match(analysis)):
            hits = _joined(added, hits)
        hits.sort(key=lambda hit: -hit.confidence)
        return hits[:limit]

    def _confidences(self, analysis: Analysis, found: Sequence[Candidate]) -> list[float]:
        totals = [self._weights.total(candidate.evidence) for candidate in found]
        if self._meaning is None or not totals or probability(max(totals)) >= DOUBT:
            return [probability(total) for total in totals]
        opinion, weights = self._meaning
        return weights.weigh(totals, opinion.likeness(analysis.text, [candidate.number for candidate in found]))


def _joined(added: Hit, hits: Sequence[Hit]) -> list[Hit]:
    """The hits with one more, which takes the place of its target's own."""
    sure = max([added.confidence, *(hit.confidence for hit in hits if (hit.kind, hit.id) == (added.kind, added.id))])
    return [replace(added, confidence=sure), *(hit for hit in hits if (hit.kind, hit.id) != (added.kind, added.id))]


def candidates(index: Index, analysis: Analysis, kinds: Sequence[Kind], most: int = CANDIDATES) -> Iterator[Candidate]:
    """The best-scored targets with their evidence."""
    vector, known = index.vector(analysis)
    if not vector:
        return
    scores = index.scores(vector)
    ranked = _ranked(index, scores, kinds, most)
    elsewhere = -1.0 if index.elsewhere is None else scores.get(index.elsewhere, -1.0)
    request = -1.0 if index.request is None else scores.get(index.request, -1.0)
    words = " ".join(analysis.words)
    length = math.log(1 + len(analysis.words))
    for score, target, number in ranked:
        # A flow and the entry that offers it mean the same topic: they are no rivals.
        rival = max((other for other, at, _ in ranked if at is not target and not _are_kin(target, at)), default=-1.0)
        kin = max((other for other, at, _ in ranked if _are_kin(target, at)), default=-1.0)
        likeness, nearest = _nearest(words, target)
        overlap = fuzz.token_set_ratio(words, target.normal[nearest]) / 100
        flow, act, entry = (float(target.kind == kind) for kind in ("flow", "act", "entry"))
        kind = (flow, act, act * length, flow * request, entry * request, flow * (1 + kin))
        evidence = (1.0, score, score - rival, elsewhere, likeness, overlap, known, length, *kind)
        yield Candidate(number, target, evidence, Phrasing(*target.phrasings[nearest]), words == target.normal[nearest])


def _ranked(index: Index, scores: Mapping[int, float], kinds: Sequence[Kind], most: int) -> list[tuple[float, Target, int]]:
    """The best-scored targets, and the flows that the entries among them offer."""
    ranked = sorted(((score, number) for number, score in scores.items() if index.targets[number].kind in kinds), reverse=True)
    found = [(score, index.targets[number], number) for score, number in ranked]
    offered = {target.flow for _, target, _ in found[:most] if target.flow}
    return found[:most] + [one for one in found[most:] if one[1].kind == "flow" and one[1].id in offered]


def _are_kin(one: Target, other: Target) -> bool:
    """Whether one is the flow that the other offers: the same topic, no rivals."""
    flow, entry = (one, other) if one.kind == "flow" else (other, one)
    return flow.kind == "flow" and entry.kind == "entry" and entry.flow == flow.id


def _nearest(words: str, target: Target) -> tuple[float, int]:
    """Likeness 0..1 of the nearest phrasing, and its place."""
    found = process.extractOne(words, target.normal, scorer=fuzz.ratio)
    return found[1] / 100, found[2]

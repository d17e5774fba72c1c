"""From a query to ranked hits: the index proposes, a fuzzy comparison and learned weights decide.

The index scores every target that shares a feature with the query. The best few are looked at closely: how near is their
nearest phrasing (rapidfuzz), how far ahead are they, how much of the query is known at all. Weights learned by
``assistant eval tune`` turn that into a confidence: of the hits given at 0.8, about 80 % are right.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from kb.index import Index, Kind, Phrasing, Target
from kb.text import Analysis

WEIGHTS = Path(__file__).with_name("weights.json")
CANDIDATES = 6
"""Targets looked at closely; the right one is almost never further down (docs/retrieval.md)."""

FEATURES = ("bias", "score", "lead", "elsewhere", "likeness", "overlap", "known", "length", "flow", "act", "long act")


@dataclass(frozen=True, slots=True)
class Hit:
    """A target found for a query; ``matched`` is the phrasing nearest to it."""

    kind: Kind
    id: str
    confidence: float
    matched: Phrasing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target with what speaks for it, in the order of ``FEATURES``."""

    target: Target
    evidence: tuple[float, ...]
    matched: Phrasing


@dataclass(frozen=True, slots=True)
class Weights:
    """What ``assistant eval tune`` learned: one weight for each of ``FEATURES``."""

    values: tuple[float, ...]

    def confidence(self, evidence: Sequence[float]) -> float:
        """Probability that a candidate with this evidence is what was meant."""
        total = sum(weight * value for weight, value in zip(self.values, evidence, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def load_weights(path: Path = WEIGHTS) -> Weights:
    """The learned weights; raises ``ValueError`` when the file does not fit this version."""
    named = json.loads(path.read_text(encoding="utf-8"))["weights"]
    if set(named) != set(FEATURES):
        raise ValueError(f"{path}: expected weights for {', '.join(FEATURES)}; run 'assistant eval tune'")
    return Weights(tuple(float(named[name]) for name in FEATURES))


class Searcher:
    """Ranks the targets of an index."""

    def __init__(self, index: Index, weights: Weights) -> None:
        self.index = index
        self._weights = weights

    def search(self, query: str, limit: int = 5, kinds: Sequence[Kind] = ("entry",)) -> list[Hit]:
        """The best hits of these kinds, most confident first; nothing for a text without known words."""
        return self.rank(self.index.analyser.analyse(query), limit, kinds)

    def rank(self, analysis: Analysis, limit: int = 5, kinds: Sequence[Kind] = ("entry", "flow", "act")) -> list[Hit]:
        """The same for a text that is analysed already."""
        hits = [
            Hit(found.target.kind, found.target.id, round(self._weights.confidence(found.evidence), 4), found.matched)
            for found in candidates(self.index, analysis, kinds, max(CANDIDATES, limit))
        ]
        hits.sort(key=lambda hit: -hit.confidence)
        return hits[:limit]


def candidates(
    index: Index, analysis: Analysis, kinds: Sequence[Kind], most: int = CANDIDATES, without: frozenset[int] = frozenset()
) -> Iterator[Candidate]:
    """The best-scored targets with their evidence; ``without`` leaves targets out, as measurements do."""
    vector, known = index.vector(analysis)
    if not vector:
        return
    scores = index.scores(vector)
    ranked = sorted((score, number) for number, score in scores.items() if index.targets[number].kind in kinds and number not in without)[
        : -most - 1 : -1
    ]
    elsewhere = -1.0 if index.elsewhere is None else scores.get(index.elsewhere, -1.0)
    words = " ".join(analysis.words)
    length = math.log(1 + len(analysis.words))
    for place, (score, number) in enumerate(ranked):
        rival = ranked[1 if place == 0 else 0][0] if len(ranked) > 1 else -1.0
        target = index.targets[number]
        likeness, nearest = _nearest(words, target)
        overlap = fuzz.token_set_ratio(words, target.normal[nearest]) / 100
        act = float(target.kind == "act")
        kind = (float(target.kind == "flow"), act, act * length)
        evidence = (1.0, score, score - rival, elsewhere, likeness, overlap, known, length, *kind)
        yield Candidate(target, evidence, Phrasing(*target.phrasings[nearest]))


def _nearest(words: str, target: Target) -> tuple[float, int]:
    """Likeness 0..1 of the nearest phrasing, and its place."""
    found = process.extractOne(words, target.normal, scorer=fuzz.ratio)
    return found[1] / 100, found[2]

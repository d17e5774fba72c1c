"""Phrasings added since the index was compiled: in force at once, beside the compiled search."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from assistant.store.improve import AddedPhrasing, ImproveStore
from kb.index import Phrasing
from kb.search import Hit
from kb.text import Analyser, Analysis

ALIKE = 92
"""Likeness 0..100 from which a query is nearly an added phrasing: a slip, a particle."""
SAME, NEARLY = 1.0, 0.95
"""Confidence in an added phrasing said word for word, and in one nearly so, which yields to a phrasing of the compiled base."""

_TELLING = re.compile(r"\d|^(?:不|没|未|无|非|别|勿)|^(?:not?|never|without)$")
"""Words that turn a meaning round, however alike two texts look."""


@dataclass(frozen=True, slots=True)
class _Added:
    """A phrasing as it is compared."""

    entry_id: str
    phrasing: Phrasing
    words: str
    meaning: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The phrasings by their words, and by the number of characters of these."""

    exact: dict[str, _Added] = field(default_factory=dict)
    by_length: dict[int, list[str]] = field(default_factory=dict)


class Overlay:
    """The added phrasings of the entries that exist; replaced as a whole, so that searches never see half of a change."""

    def __init__(self, analyser: Analyser, entry_ids: Collection[str]) -> None:
        self._analyser = analyser
        self._entry_ids = entry_ids
        self._read: dict[int, _Added] = {}
        self._lookup = _Lookup()
        self._revision = (0, 0)

    async def refresh(self, store: ImproveStore) -> None:
        """Read the phrasings again when they have changed."""
        revision = await store.revision()
        if revision != self._revision:
            self.replace(await store.in_force())
            self._revision = revision

    def replace(self, phrasings: Iterable[AddedPhrasing]) -> None:
        """Let these be in force, and no others; of two that read the same, the first."""
        self._read = {added.id: self._read.get(added.id) or self._read_one(added) for added in phrasings}
        exact: dict[str, _Added] = {}
        by_length: defaultdict[int, list[str]] = defaultdict(list)
        for read in self._read.values():
            if read.words and read.words not in exact and read.entry_id in self._entry_ids:
                exact[read.words] = read
                by_length[len(read.words)].append(read.words)
        self._lookup = _Lookup(exact, dict(by_length))

    def _read_one(self, added: AddedPhrasing) -> _Added:
        analysis = self._analyser.analyse(added.text)
        return _Added(added.entry_id, Phrasing(added.lang, added.text), " ".join(analysis.words), _meaning(analysis))

    def match(self, analysis: Analysis) -> Hit | None:
        """The entry whose added phrasing was said, word for word or nearly."""
        lookup = self._lookup
        if not lookup.exact or not analysis.words:
            return None
        words = " ".join(analysis.words)
        if added := lookup.exact.get(words):
            return Hit("entry", added.entry_id, SAME, added.phrasing)
        near = process.extractOne(words, _of_length(lookup, len(words)), scorer=fuzz.ratio, score_cutoff=ALIKE)
        added = lookup.exact[near[0]] if near else None
        return Hit("entry", added.entry_id, NEARLY, added.phrasing) if added and added.meaning == _meaning(analysis) else None


def _of_length(lookup: _Lookup, length: int) -> list[str]:
    """The phrasings that are neither too short nor too long to be alike."""
    # fuzz.ratio falls by the difference in length over the sum of lengths.
    slack = 1 - ALIKE / 100
    shortest, longest = math.ceil(length * (1 - slack) / (1 + slack)), math.floor(length * (1 + slack) / (1 - slack))
    return [words for size in range(shortest, longest + 1) for words in lookup.by_length.get(size, ())]


def _meaning(analysis: Analysis) -> frozenset[str]:
    """What two texts must share to mean the same: the concepts they name, their figures, their negations."""
    concepts = {feature for feature in analysis.features if feature[0] == "k"}
    return frozenset(concepts | {word for word in analysis.words if _TELLING.search(word)})

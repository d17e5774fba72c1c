"""What the assistant knows of words: concepts with their synonyms in both languages, and how Chinese characters sound.

``terms.tsv`` has one concept a line with its Chinese and English names; ``pinyin.txt`` has one reading a line with its
characters. Both are data for authors to edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent

# Readings that typists in much of China do not keep apart: zh/z, ch/c, sh/s, n/l at the start, ng/n at the end.
_FUZZY = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"^n(?=[aeiouv])"), "l"), (re.compile(r"(?<=[aei])ng$"), "n"))
_PLURAL = re.compile(r"(?<=[a-z])(?:(ie)s|(?<!s)s)$")
_LONGEST_TERM = 5
"""Words in the longest English name of a concept."""


@lru_cache(maxsize=1024)
def fuzzy(syllable: str) -> str:
    """The syllable with the differences levelled that typists often miss."""
    for pattern, replacement in _FUZZY:
        syllable = pattern.sub(replacement, syllable)
    return syllable


@dataclass(frozen=True)
class Lexicon:
    """Concepts and readings.

    ``names`` maps a name (words joined by blanks) to its concepts, ``contrasts`` a concept to its groups of things that take
    each other's place (number of the group, number of the alternative).
    """

    names: dict[str, tuple[str, ...]]
    readings: dict[str, str]
    contrasts: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    _syllables: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_syllables", frozenset(self.readings.values()))

    @property
    def chinese_words(self) -> frozenset[str]:
        """Every Chinese name of a concept."""
        return frozenset(name for name in self.names if not name.isascii())

    @property
    def english_words(self) -> frozenset[str]:
        """Every word in an English name of a concept."""
        return frozenset(word for name in self.names if name.isascii() for word in name.split())

    def sound(self, han: str) -> str:
        """The fuzzy syllables of Chinese characters, joined by blanks."""
        return " ".join(fuzzy(self.readings.get(char, char)) for char in han)

    def fuzzy(self, syllable: str) -> str:
        """The syllable as ``sound`` writes it."""
        return fuzzy(syllable)

    def is_syllable(self, word: str) -> bool:
        """Whether letters spell exactly one Chinese syllable."""
        return word in self._syllables

    def syllables(self, letters: str) -> list[str] | None:
        """Letters cut into Chinese syllables, fewest first; None when they do not spell any."""
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 6), end):
                before = best[start]
                if before is None or letters[start:end] not in self._syllables:
                    continue
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = [*before, letters[start:end]]
        return best[-1]

    def concepts(self, words: Sequence[str]) -> Iterator[str]:
        """Concepts named by one word or by several in a row."""
        for start in range(len(words)):
            name = ""
            for word in words[start : start + _LONGEST_TERM]:
                name = f"{name} {word}" if name and word.isascii() else name + word
                yield from self._named(name)

    def _named(self, name: str) -> tuple[str, ...]:
        """The concepts of a name, which may stand in the plural."""
        return self.names.get(name) or self.names.get(_PLURAL.sub(lambda match: "y" if match[1] else "", name), ())

    def continued(self, before: Sequence[str], now: Sequence[str]) -> list[str] | None:
        """The words before, with what ``now`` puts in the place of something else; None when it replaces nothing."""
        places = {group: (alternative, words) for words, at in self._mentions(now) for group, alternative in at}
        result: list[str] = []
        replaced = False
        start = 0
        while start < len(before):
            length, at = self._mention(before, start)
            new = next((places[group] for group, alternative in at if group in places and places[group][0] != alternative), None)
            result += new[1] if new else before[start : start + length]
            replaced = replaced or new is not None
            start += length
        return result if replaced else None

    def _mentions(self, words: Sequence[str]) -> Iterator[tuple[list[str], tuple[tuple[int, int], ...]]]:
        start = 0
        while start < len(words):
            length, at = self._mention(words, start)
            if at:
                yield list(words[start : start + length]), at
            start += length

    def _mention(self, words: Sequence[str], start: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """How many words from here name something that has a contrast (the longest name), and its places; else one word."""
        for length in range(min(_LONGEST_TERM, len(words) - start), 0, -1):
            span = words[start : start + length]
            name = " ".join(span) if span[0].isascii() else "".join(span)
            at = tuple(place for concept in self._named(name) for place in self.contrasts.get(concept, ()))
            if at:
                return length, at
        return 1, ()


def load_lexicon(folder: Path = HERE) -> Lexicon:
    """The lexicon as its files stand."""
    readings: dict[str, str] = {}
    for line in (folder / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            syllable, characters = line.split(" ")
            readings.update(dict.fromkeys(characters, syllable))
    names: dict[str, dict[str, None]] = {}
    for line in (folder / "terms.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        concept, *columns = line.split("\t")
        for name in "|".join(columns).split("|"):
            names.setdefault(re.sub(r"[-/]", " ", name.casefold()).strip(), {})[concept] = None
    contrasts: dict[str, list[tuple[int, int]]] = {}
    groups = [line for line in (folder / "contrasts.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for group, line in enumerate(groups):
        for alternative, concepts in enumerate(line.split("|")):
            for concept in concepts.split():
                contrasts.setdefault(concept, []).append((group, alternative))
    return Lexicon(
        {name: tuple(concepts) for name, concepts in names.items()},
        readings,
        {concept: tuple(places) for concept, places in contrasts.items()},
    )

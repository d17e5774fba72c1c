"""From what a person typed to words and features: script, language, spelling, tokens.

The features of a text are strings with a one-letter kind: ``w`` word (Chinese word, English stem), ``b`` two words in a row,
``u`` one Chinese character, ``c`` two or three, ``p`` two syllables, ``g`` four letters of an English word, ``k`` a concept of the
lexicon, which both languages share. Two texts are alike as far as they share features that few other entries have.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import opencc
import snowballstemmer
from rapidfuzz.distance import DamerauLevenshtein

from kb.entry import Lang
from kb.lexicon import Lexicon

# jieba 0.42 imports setuptools' slow pkg_resources only to open its own files and does without it just as well.
_absent = "pkg_resources" not in sys.modules
if _absent:
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]  # None makes the import fail at once
import jieba  # noqa: E402  # must follow the line above

if _absent:
    del sys.modules["pkg_resources"]

_to_simplified = opencc.OpenCC("t2s")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+(?:'[a-z]+)?")
_ASKING = "kasking"
_FORMS = frozenset(("khow-long", "khow-many", "kwhere", "kwhy", "kagain"))
"""Concepts that say what is asked, not about what."""
_SHORT_WORD = 6
"""Letters; a longer English word may have two slips."""
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_IRREGULAR_NOT = re.compile(r"\b(ca|wo|sha)n't\b")
_IRREGULAR = {"ca": "can not", "wo": "will not", "sha": "shall not"}
_NOT = re.compile(r"n't\b")
_stemmer = snowballstemmer.stemmer("english")


def clean(text: str) -> str:
    """The text without control characters, lone surrogates and surplus blanks; what may be stored and shown."""
    kept = "".join(char if char in "\n\t" or unicodedata.category(char)[0] != "C" or char == "\u200d" else " " for char in text)
    return re.sub(r"[^\S\n]+", " ", kept).strip()


def normalise(text: str) -> str:
    """One spelling for one meaning: NFKC, lower case, simplified script, single blanks."""
    folded = unicodedata.normalize("NFKC", clean(text)).casefold().replace("’", "'").replace("‘", "'")
    if _HAN.search(folded):
        folded = _to_simplified.convert(folded)
    return re.sub(r"\s+", " ", folded).strip()


def detect(text: str) -> Lang | None:
    """The language most of the words are in; None when there are no words (digits, emoji, an e-mail address)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"\S+@\S+|https?://\S+", " ", folded)
    han, latin = len(_HAN.findall(folded)), len(_LATIN_WORD.findall(folded))
    if not han and not latin:
        return None
    # A Chinese word has about two characters; names such as MFA, QQ or WeChat stand in Chinese sentences too.
    return "zh" if han and han >= latin * 1.3 else "en"


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of an English word (Snowball)."""
    return str(_stemmer.stemWord(word))


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text as the index sees it."""

    text: str
    lang: Lang | None
    words: tuple[str, ...]
    features: frozenset[str]

    @property
    def asks(self) -> bool:
        """Whether it has the form of a question."""
        return _ASKING in self.features

    @property
    def only_asks(self) -> bool:
        """Whether it asks something and names nothing that it could be about ("and how long does that take?")."""
        concepts = {feature for feature in self.features if feature[0] == "k"} - {_ASKING}
        return bool(concepts) and concepts <= _FORMS


class Analyser:
    """Cuts texts with a jieba dictionary of just the words that the knowledge base and the lexicon use.

    ``words`` maps each Chinese word to its frequency; ``english`` are the words that a misspelling may be corrected to.
    """

    def __init__(self, lexicon: Lexicon, words: Mapping[str, int], english: Collection[str]) -> None:
        self._lexicon = lexicon
        self._cutter = _cutter(words)
        self._words = frozenset(words)
        self._english = frozenset(english)
        self._sounds = _index_sounds(lexicon, words)
        self._spelling = _index_spelling(self._english)

    def continued(self, before: str, now: Analysis) -> str | None:
        """The text before with what ``now`` puts in the place of something else ("... WeChat?" "And QQ?")."""
        words = self._lexicon.continued(self.analyse(before).words, now.words)
        return None if words is None else " ".join(words)

    def analyse(self, text: str) -> Analysis:
        """Words and features of a text in either language or both."""
        folded = normalise(text)
        words = tuple(self._tokenise(folded))
        return Analysis(folded, detect(folded), words, frozenset(self._features(words)))

    def _tokenise(self, folded: str) -> Iterator[str]:
        folded = _IRREGULAR_NOT.sub(lambda match: _IRREGULAR[match[1]], folded)
        folded = _NOT.sub(" not", folded)
        typed: list[str] = []
        for run in _RUN.findall(folded):
            syllables = self._as_syllables(run)
            if syllables:
                typed += syllables
                continue
            yield from self._spelt(typed)
            typed = []
            if _HAN.match(run):
                yield from self._cut(run)
            else:
                yield self._corrected(run.removesuffix("'s").replace("'", ""))
        yield from self._spelt(typed)

    def _cut(self, run: str) -> Iterator[str]:
        """Chinese words, with homophones put right where the characters as typed make no word."""
        words = list(self._cutter.cut(run, HMM=False))
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + 4), start + 1, -1):
                piece = "".join(words[start:end])
                if len(piece) > 4 or not any(len(word) == 1 for word in words[start:end]):
                    continue
                right = self._sounds.get(self._lexicon.sound(piece))
                if right and right != piece:
                    yield right
                    start = end
                    break
            else:
                yield words[start]
                start += 1

    def _as_syllables(self, run: str) -> list[str] | None:
        """The syllables of letters that are no English word but spell Chinese ("weixin")."""
        if not run.isalpha() or not run.isascii() or run in self._english:
            return None
        return self._lexicon.syllables(run)

    def _spelt(self, syllables: list[str]) -> Iterator[str]:
        """Typed syllables as the longest known words with these sounds; a lone syllable stays as it is."""
        start = 0
        while start < len(syllables):
            for end in range(min(len(syllables), start + 4), start + 1, -1):
                word = self._sounds.get(" ".join(self._lexicon.fuzzy(syllable) for syllable in syllables[start:end]))
                if word:
                    yield word
                    start = end
                    break
            else:
                yield syllables[start]
                start += 1

    def _corrected(self, word: str) -> str:
        """The known word one or two slips away, else the word as it stands."""
        if len(word) < 4 or word.isdigit() or word in self._english:
            return word
        allowed = 1 if len(word) <= _SHORT_WORD else 2
        candidates = {known for key in _spelling_keys(word) for known in self._spelling.get(key, ())}
        best = min(
            ((DamerauLevenshtein.distance(word, known, score_cutoff=allowed), known[0] != word[0], known) for known in candidates),
            default=None,
        )
        return best[2] if best and best[0] <= allowed else word

    def _features(self, words: tuple[str, ...]) -> Iterator[str]:
        lexicon = self._lexicon
        previous = ""
        han = ""
        for word in (*words, ""):
            if word and _HAN.match(word):
                han += word
            elif han:
                yield from _characters(han)
                yield from self._sound_pairs(han)
                han = ""
            if not word:
                break
            unit = word if _HAN.match(word) else stem(word)
            yield "w" + unit
            if previous:
                yield f"b{previous} {unit}"
            previous = unit
            if unit.isascii() and len(word) > 2:
                padded = f" {word} "
                for at in range(len(padded) - 3):
                    yield "g" + padded[at : at + 4]
        yield from (f"k{concept}" for concept in lexicon.concepts(words))
        letters = [word for word in words if lexicon.is_syllable(word)]
        if len(letters) > 1:
            yield from (f"p{lexicon.fuzzy(a)} {lexicon.fuzzy(b)}" for a, b in pairwise(letters))

    def _sound_pairs(self, han: str) -> Iterator[str]:
        sounds = self._lexicon.sound(han).split(" ")
        for first, second in pairwise(sounds):
            yield f"p{first} {second}"


def _characters(han: str) -> Iterator[str]:
    for char in han:
        yield "u" + char
    for size in (2, 3):
        for at in range(len(han) - size + 1):
            yield "c" + han[at : at + size]


def _cutter(words: Mapping[str, int]) -> Any:
    """A jieba tokenizer that knows just these words, so that nothing has to load jieba's own 350,000."""
    cutter = jieba.Tokenizer()
    frequencies: dict[str, int] = {}
    for word, count in words.items():
        frequencies[word] = count
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    cutter.FREQ, cutter.total, cutter.initialized = frequencies, max(1, sum(frequencies.values())), True
    return cutter


def _index_sounds(lexicon: Lexicon, words: Mapping[str, int]) -> dict[str, str]:
    """Sound → the most frequent word of two to four characters with it."""
    sounds: dict[str, str] = {}
    for word in sorted(words, key=lambda word: -words[word]):
        if 2 <= len(word) <= 4 and _HAN.fullmatch(word[0]):
            sounds.setdefault(lexicon.sound(word), word)
    return sounds


def _spelling_keys(word: str) -> set[str]:
    """Keys that survive a slip: the word with one letter or two neighbouring letters left out."""
    keys = {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}
    if len(word) > _SHORT_WORD:
        keys |= {word[:at] + word[at + 2 :] for at in range(len(word) - 1)}
    return keys


def _index_spelling(words: Iterable[str]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= 4 and word.isascii():
            for key in _spelling_keys(word):
                index.setdefault(key, []).append(word)
    return index

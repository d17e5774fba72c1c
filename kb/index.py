"""The inverted index: features of phrasings and answers → the targets they speak for.

A target is whatever an utterance can mean: an entry, a flow, an act such as "thanks", or ``none`` for questions that belong
elsewhere. Both languages of an entry share one target. The index is compiled once for a content (some seconds, cached in a
file) and then only read.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Literal

from kb.entry import Entry, Lang
from kb.lexicon import Lexicon, load_lexicon
from kb.text import Analyser, Analysis, normalise

Kind = Literal["entry", "flow", "act", "none", "request"]

FORMAT = 3
"""Raise it when the file's layout or the features change."""

# How much a kind of feature counts beside the others; measured by ``assistant eval tune`` (docs/retrieval.md).
KIND_WEIGHTS = {"w": 1.0, "b": 0.5, "u": 0.3, "c": 0.7, "p": 0.4, "g": 0.5, "k": 0.6}
_RAREST = 2
"""Features in fewer examples than this are noise to a scorer."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to say something, as written."""

    lang: Lang
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """What goes into the index for one target: ``answers`` teach more weakly than phrasings and are never shown as matched."""

    kind: Kind
    id: str
    phrasings: tuple[Phrasing, ...]
    answers: tuple[Phrasing, ...] = ()
    flow: str | None = None
    """The flow that carries out what an entry explains."""


@dataclass(frozen=True, slots=True)
class Target:
    """An indexed item: its phrasings (language, text), and each as the fuzzy comparison reads it (words joined by blanks)."""

    kind: Kind
    id: str
    phrasings: tuple[tuple[Lang, str], ...]
    normal: tuple[str, ...]
    flow: str | None = None


_REQUEST = Target("request", "request", (), ())
"""Scores the form of a text, whatever its topic: above 0 somebody wants a thing done, below they want to be told something."""


def entry_items(entries: Iterable[Entry]) -> list[Item]:
    """One item for each entry id, with the phrasings of both languages."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.id, []).append(entry)
    return [
        Item(
            "entry",
            entry_id,
            tuple(Phrasing(entry.lang, text) for entry in pair for text in (entry.question, *entry.phrasings)),
            tuple(Phrasing(entry.lang, entry.summary) for entry in pair),
            pair[0].flow,
        )
        for entry_id, pair in sorted(grouped.items())
    ]


class Index:
    """Features, postings and targets, from the plain ``data`` that ``compile_index`` makes and ``marshal`` can keep."""

    def __init__(self, data: dict[str, Any], lexicon: Lexicon) -> None:
        self.data = data
        self.analyser = Analyser(lexicon, data["words"], data["english"])
        self.features: dict[str, int] = {feature: number for number, feature in enumerate(data["features"])}
        self.idf = _array("f", data["idf"])
        self.starts = _array("I", data["starts"])
        self.targets_at = _array("H", data["targets_at"])
        self.weights = _array("f", data["weights"])
        self.biases = _array("f", data["biases"])
        self.targets = tuple(Target(*fields) for fields in data["targets"])
        self.elsewhere = self._only("none")
        self.request = self._only("request")

    def _only(self, kind: Kind) -> int | None:
        return next((number for number, target in enumerate(self.targets) if target.kind == kind), None)

    def vector(self, analysis: Analysis) -> tuple[list[tuple[int, float]], float]:
        """The text's known features with their values (squares sum to 1), and the share of its weight that is known."""
        known, square, unknown = [], 0.0, 0.0
        for feature in analysis.features:
            number = self.features.get(feature)
            if number is not None:
                value = self.idf[number]
                known.append((number, value))
                square += value * value
            elif feature[0] == "w":
                unknown += 1
        length = math.sqrt(square) or 1.0
        words = sum(1 for feature in analysis.features if feature[0] == "w")
        return [(number, value / length) for number, value in known], (1 - unknown / words) if words else 0.0

    def scores(self, vector: Sequence[tuple[int, float]]) -> dict[int, float]:
        """Scores of the targets that share a feature with the text: reads only the matching postings."""
        found: defaultdict[int, float] = defaultdict(float)
        starts, targets, weights = self.starts, self.targets_at, self.weights
        for number, value in vector:
            start, end = starts[number], starts[number + 1]
            for target, weight in zip(targets[start:end], weights[start:end], strict=True):
                found[target] += value * weight
        return {target: score + self.biases[target] for target, score in found.items()}


def compile_index(items: Sequence[Item], lexicon: Lexicon | None = None) -> Index:
    """Learn the index of a content; deterministic, about half a millisecond a phrasing."""
    from kb.head import learn

    lexicon = lexicon or load_lexicon()
    texts = [normalise(phrasing.text) for item in items for phrasing in (*item.phrasings, *item.answers)]
    words, english = _vocabulary(texts, lexicon)
    analyser = Analyser(lexicon, words, english)
    examples: list[frozenset[str]] = []
    labels: list[tuple[int, ...]] = []
    targets: list[Target] = []
    for number, item in enumerate(items):
        analyses = [analyser.analyse(phrasing.text) for phrasing in item.phrasings]
        examples += [analysis.features for analysis in analyses]
        examples += [analyser.analyse(answer.text).features for answer in item.answers]
        label = (number, len(items)) if item.kind == "flow" else (number,)
        labels += [label] * (len(item.phrasings) + len(item.answers))
        phrasings = tuple((phrasing.lang, phrasing.text) for phrasing in item.phrasings)
        targets.append(Target(item.kind, item.id, phrasings, tuple(" ".join(analysis.words) for analysis in analyses), item.flow))
    targets.append(_REQUEST)
    frequency = Counter(feature for example in examples for feature in example)
    features = sorted(feature for feature, count in frequency.items() if count >= _RAREST)
    numbers = {feature: number for number, feature in enumerate(features)}
    idf = array("f", (math.log(1 + len(examples) / frequency[feature]) * KIND_WEIGHTS[feature[0]] for feature in features))
    postings = learn([_example(example, numbers, idf) for example in examples], labels, len(features), len(targets))
    return Index(
        {
            "words": words,
            "english": tuple(sorted(english)),
            "features": features,
            "idf": idf.tobytes(),
            "starts": postings.starts.tobytes(),
            "targets_at": postings.targets.tobytes(),
            "weights": postings.weights.tobytes(),
            "biases": postings.biases.tobytes(),
            "targets": tuple(astuple(target) for target in targets),
        },
        lexicon,
    )


def _example(features: Iterable[str], numbers: dict[str, int], idf: array[float]) -> list[tuple[int, float]]:
    known = [(numbers[feature], idf[numbers[feature]]) for feature in sorted(features) if feature in numbers]
    length = math.sqrt(sum(value * value for _, value in known)) or 1.0
    return [(number, value / length) for number, value in known]


def _vocabulary(texts: Sequence[str], lexicon: Lexicon) -> tuple[dict[str, int], frozenset[str]]:
    """Jieba's words that the content uses, with jieba's frequencies, and the English words seen more than once."""
    import jieba

    pieces: set[str] = set()
    english: Counter[str] = Counter()
    for text in texts:
        english.update(re.findall(r"[a-z]{3,}", text))
        for run in re.findall(r"[\u4e00-\u9fff]+", text):
            pieces.update(run[start:end] for start in range(len(run)) for end in range(start + 1, min(start + 7, len(run) + 1)))
    words: dict[str, int] = {}
    dictionary = Path(str(jieba.__file__)).parent / "dict.txt"
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ", 2)
        if word in pieces:
            words[word] = int(count) + 1
    usual = sorted(words.values())[len(words) // 2] if words else 1
    # A concept's name stays in one piece, however rare jieba's newspapers found it.
    words.update({word: max(words.get(word, 0), usual * 50) for word in sorted(lexicon.chinese_words)})
    known = {word for word, count in english.items() if count > 1} | lexicon.english_words
    return words, frozenset(known)


def _array(code: str, data: bytes) -> array[Any]:
    values: array[Any] = array(code)
    values.frombytes(data)
    return values

"""Puts questions that say the same in different words together, so that one piece of work serves them all.

Deliberately simple, so that whoever reads the list understands it: the most frequent question leads, and the others join the
leader in their language whose words, in any order and without those that only ask, are most like theirs.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from assistant.store.questions import Asked, Marked, Progress, Reason
from kb.entry import Lang
from kb.text import Analyser, stem

ALIKE = 62
"""Likeness 0..100 of the sorted words from which two questions are one matter."""

_ONLY_ASKING = frozenset(
    [
        "怎么",
        "怎样",
        "怎么样",
        "怎么办",
        "如何",
        "请问",
        "什么",
        "哪",
        "哪里",
        "哪儿",
        "在哪",
        "可以",
        "可不可以",
        "能",
        "能不能",
        "吗",
        "呢",
        "吧",
        "啊",
        "我",
        "我们",
        "我的",
        "你",
        "你们",
        "的",
        "了",
        "是",
        "要",
        "想",
        "去",
        "how",
        "what",
        "where",
        "when",
        "why",
        "who",
        "which",
        "do",
        "does",
        "did",
        "can",
        "could",
        "should",
        "would",
        "will",
        "is",
        "are",
        "am",
        "i",
        "we",
        "you",
        "my",
        "our",
        "your",
        "me",
        "us",
        "to",
        "the",
        "a",
        "an",
        "of",
        "for",
        "in",
        "on",
        "it",
        "this",
        "that",
        "please",
        "get",
    ]
)


@dataclass(frozen=True)
class Cluster:
    """Questions of one matter, in one language and at one stage of work."""

    lang: Lang
    asked: tuple[Asked, ...]
    marked: Marked | None

    @cached_property
    def texts(self) -> list[tuple[str, int]]:
        """The different wordings, the most frequent first."""
        return Counter(asked.text for asked in self.asked).most_common()

    @property
    def title(self) -> str:
        """The most frequent wording."""
        return self.texts[0][0]

    @property
    def keys(self) -> list[str]:
        """The keys of its questions."""
        return [question_key(self.lang, text) for text, _ in self.texts]

    @property
    def reasons(self) -> list[tuple[Reason, int]]:
        """Why its questions are here, and how often."""
        return Counter(asked.reason for asked in self.asked).most_common()

    @property
    def nearest(self) -> str | None:
        """The entry or flow that came nearest most often."""
        named = Counter(asked.nearest for asked in self.asked if asked.nearest)
        return named.most_common(1)[0][0] if named else None

    @property
    def confidence(self) -> float:
        """The highest confidence in that entry or flow."""
        return max((asked.confidence or 0.0 for asked in self.asked if asked.nearest == self.nearest), default=0.0)

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return max(asked.at for asked in self.asked)

    @property
    def comments(self) -> list[str]:
        """What people wrote beside a thumbs-down."""
        return list(dict.fromkeys(asked.comment for asked in self.asked if asked.comment))


def question_key(lang: Lang, text: str) -> str:
    """Names a wording without holding it, so that marks may outlive the question itself."""
    return hashlib.sha256(f"{lang} {' '.join(text.split()).casefold()}".encode()).hexdigest()


def clusters(asked: Iterable[Asked], marks: Mapping[str, Marked], progress: Progress, analyser: Analyser) -> list[Cluster]:
    """The questions at this stage, put together; the most asked first."""
    wordings: defaultdict[tuple[Lang, str], list[Asked]] = defaultdict(list)
    for one in asked:
        mark = marks.get(question_key(one.lang, one.text))
        if (mark.progress if mark else "new") == progress:
            wordings[one.lang, one.text].append(one)
    groups: dict[Lang, dict[str, list[Asked]]] = {"zh": {}, "en": {}}
    for (lang, text), same in sorted(wordings.items(), key=lambda item: -len(item[1])):
        words = _telling(text, analyser)
        led = groups[lang]
        leader = process.extractOne(words, led.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
        led.setdefault(leader[0] if leader else words, []).extend(same)
    made = [
        Cluster(lang, tuple(group), marks.get(question_key(lang, group[0].text))) for lang, led in groups.items() for group in led.values()
    ]
    return sorted(made, key=lambda cluster: (-len(cluster.asked), -cluster.last.timestamp()))


@lru_cache(maxsize=10_000)
def _telling(text: str, analyser: Analyser) -> str:
    """The words of a question that say what it is about, sorted."""
    words = analyser.analyse(text).words
    return " ".join(sorted(stem(word) for word in words if word not in _ONLY_ASKING)) or " ".join(sorted(words)) or text

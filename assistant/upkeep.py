"""Entries that want an editor's attention: a review that is due, a pair that has drifted apart, an answer nobody got."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from assistant.knowledge import Knowledge
from kb.entry import LANGS, Entry, Lang
from kb.lint import REVIEW_DUE, figures

SOON = 30
"""Days ahead that due reviews are shown."""


@dataclass(frozen=True, slots=True)
class DueReview:
    """An entry to check against its sources; ``overdue`` counts the days since it was due, negative when it will be."""

    entry: Entry
    due: date
    overdue: int


@dataclass(frozen=True, slots=True)
class Drift:
    """A pair whose languages no longer say the same, or were not checked together."""

    zh: Entry
    en: Entry
    only_zh: tuple[str, ...]
    only_en: tuple[str, ...]

    @property
    def dates_differ(self) -> bool:
        """Whether one side was reviewed without the other, or rests on another edition of the same document."""
        zh, en = _editions(self.zh), _editions(self.en)
        return self.zh.reviewed != self.en.reviewed or any(zh[doc] != en[doc] for doc in zh.keys() & en.keys())


def due_reviews(knowledge: Knowledge, today: date, within: int = SOON) -> list[DueReview]:
    """Entries whose review is due or will be soon, the longest overdue first; so are those older than their sources."""
    found = []
    for lang in LANGS:
        for entry in knowledge.entries(lang):
            due = entry.updated if entry.reviewed < entry.updated else entry.reviewed + REVIEW_DUE
            if (due - today).days <= within:
                found.append(DueReview(entry, due, (today - due).days))
    return sorted(found, key=lambda review: (review.due, review.entry.id, review.entry.lang))


def drifted(knowledge: Knowledge) -> list[Drift]:
    """Pairs with other figures or other dates in one language than in the other; those with other figures first."""
    english = {entry.id: entry for entry in knowledge.entries("en")}
    found = []
    for zh in knowledge.entries("zh"):
        if en := english.get(zh.id):
            chinese, other = figures(zh.body), figures(en.body)
            drift = Drift(zh, en, tuple(sorted(chinese - other)), tuple(sorted(other - chinese)))
            if drift.only_zh or drift.only_en or drift.dates_differ:
                found.append(drift)
    return sorted(found, key=lambda drift: (not (drift.only_zh or drift.only_en), drift.zh.id))


def never_given(knowledge: Knowledge, given: Container[str], lang: Lang) -> list[Entry]:
    """Entries that were no answer to anybody."""
    return [entry for entry in knowledge.entries(lang) if entry.id not in given]


def _editions(entry: Entry) -> dict[str, date]:
    """The newest date of each document that an entry cites."""
    return {source.doc: source.updated for source in sorted(entry.sources, key=lambda source: source.updated)}

"""Entries that want attention are found, and no others."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.knowledge import Knowledge
from assistant.upkeep import drifted, due_reviews, never_given

DAY = date(2026, 1, 1)


@pytest.fixture
def changed(knowledge: Knowledge) -> Knowledge:
    """The base with one entry reviewed long ago and another that says other figures in English."""
    entries = {(entry.id, entry.lang): entry for lang in ("zh", "en") for entry in knowledge.entries(lang)}
    for key, entry in entries.items():
        entries[key] = entry.model_copy(update={"reviewed": date(2026, 6, 1)})
    old = entries["mfa/bind", "zh"]
    entries["mfa/bind", "zh"] = old.model_copy(update={"reviewed": date(2025, 6, 1)})
    other = entries["mfa/lost-phone", "en"]
    entries["mfa/lost-phone", "en"] = other.model_copy(update={"body": f"{other.body}\n\nAt most 4711 of them."})
    return Knowledge(entries.values(), knowledge.flows.values(), knowledge.searcher)


def test_reviews_come_due_after_a_year_and_are_announced_before(changed: Knowledge) -> None:
    def due(today: date) -> list[tuple[str, str]]:
        return [(review.entry.id, review.entry.lang) for review in due_reviews(changed, today)]

    assert due(date(2026, 4, 1)) == []
    assert due(date(2026, 5, 15)) == [("mfa/bind", "zh")]
    (overdue,) = due_reviews(changed, date(2026, 6, 11))
    assert overdue.overdue == 10


def test_an_entry_older_than_its_source_is_due_at_once(knowledge: Knowledge) -> None:
    entry = knowledge.entries("zh")[0]
    stale = entry.model_copy(update={"reviewed": date(2000, 1, 1)})
    (review,) = due_reviews(Knowledge([stale], [], knowledge.searcher), entry.updated)
    assert (review.due, review.overdue) == (entry.updated, 0)


def test_pairs_that_differ_in_figures_or_review_are_found_and_the_figures_come_first(changed: Knowledge) -> None:
    figures, dates = drifted(changed)
    assert (figures.zh.id, figures.only_zh, figures.only_en) == ("mfa/lost-phone", (), ("4711",))
    assert (dates.zh.id, dates.dates_differ, dates.only_en) == ("mfa/bind", True, ())


def test_the_base_itself_has_not_drifted(knowledge: Knowledge) -> None:
    assert drifted(knowledge) == []


def test_entries_nobody_got_are_listed(knowledge: Knowledge) -> None:
    ids = {entry.id for entry in knowledge.entries("en")}
    assert {entry.id for entry in never_given(knowledge, ids - {"mfa/bind"}, "en")} == {"mfa/bind"}

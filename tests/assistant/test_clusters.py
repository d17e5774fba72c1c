"""Questions that say the same are one piece of work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.clusters import clusters, question_key
from assistant.knowledge import Knowledge
from assistant.message import now
from assistant.store.questions import Asked, Marked
from kb.entry import Lang

NOW = now()


def asked(*texts: str, lang: Lang = "zh") -> list[Asked]:
    return [
        Asked(f"c{number}", 1, "unanswered", lang, text, "mfa/bind", 0.1, NOW - timedelta(minutes=number))
        for number, text in enumerate(texts)
    ]


def groups(knowledge: Knowledge, questions: list[Asked], **marks: Marked) -> list[set[str]]:
    found = clusters(questions, marks, "new", knowledge.searcher.index.analyser)
    return [{text for text, _ in cluster.texts} for cluster in found]


@pytest.mark.parametrize(
    ("lang", "alike", "other"),
    [
        ("zh", {"发票怎么开", "怎么开发票", "请问如何开发票呢"}, "今天会下雪吗"),
        ("zh", {"换了手机号收不到验证码", "手机换了收不到验证码怎么办"}, "域名怎么备案"),
        ("en", {"how do I get an invoice", "where is my invoice", "Invoice please"}, "will it snow tomorrow"),
        ("en", {"change the billing address", "how can I change billing address please"}, "where is my invoice"),
    ],
)
def test_the_same_matter_in_other_words_is_one_cluster(knowledge: Knowledge, lang: Lang, alike: set[str], other: str) -> None:
    assert groups(knowledge, asked(*sorted(alike), other, lang=lang)) == [alike, {other}]


def test_the_most_asked_leads_and_comes_first(knowledge: Knowledge) -> None:
    questions = asked("今天会下雪吗", "发票怎么开", "怎么开发票", "怎么开发票")
    first, second = clusters(questions, {}, "new", knowledge.searcher.index.analyser)
    assert (first.title, len(first.asked), second.title) == ("怎么开发票", 3, "今天会下雪吗")
    assert first.nearest == "mfa/bind"


def test_a_marked_wording_leaves_its_cluster_and_new_ones_come_back(knowledge: Knowledge) -> None:
    questions = asked("怎么开发票", "发票怎么开")
    done = {question_key("zh", "怎么开发票"): Marked("done", "ada", NOW)}
    analyser = knowledge.searcher.index.analyser
    assert [cluster.title for cluster in clusters(questions, done, "new", analyser)] == ["发票怎么开"]
    (marked,) = clusters(questions, done, "done", analyser)
    assert marked.marked == done[question_key("zh", "怎么开发票")]

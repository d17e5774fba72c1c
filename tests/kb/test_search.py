from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.knowledge import Knowledge
from kb.index import Item, Phrasing, compile_index
from kb.search import Searcher, load_weights


def test_every_phrasing_finds_its_own_entry(knowledge: Knowledge) -> None:
    lost = []
    for lang in ("zh", "en"):
        for entry in knowledge.entries("zh" if lang == "zh" else "en"):
            for phrasing in entry.phrasings:
                hits = knowledge.searcher.search(phrasing, limit=1)
                if not hits or hits[0].id != entry.id:
                    lost.append((entry.id, phrasing, hits[0].id if hits else None))
    total = sum(len(entry.phrasings) for entry in (*knowledge.entries("zh"), *knowledge.entries("en")))
    assert len(lost) <= total * 0.01, lost[:20]


@pytest.mark.parametrize(
    ("query", "entry_id"),
    [
        ("手机丢了，mfa 登不进去", "mfa/lost-phone"),
        ("手機丟了，mfa 登不進去", "mfa/lost-phone"),
        ("lost the phone with my authenticator", "mfa/lost-phone"),
        ("注销冷静期是几天", "cancellation/cooling-off"),
        ("passwrod rules", "password/rules"),
        ("怎么把 security phone 换掉", "contact/change-security-phone"),
    ],
)
def test_people_find_what_they_mean(knowledge: Knowledge, query: str, entry_id: str) -> None:
    assert knowledge.searcher.search(query)[0].id == entry_id


def test_a_hit_names_a_phrasing_of_its_entry(knowledge: Knowledge) -> None:
    hit = knowledge.searcher.search("怎么注销账号")[0]
    entry = knowledge.entry(hit.id, hit.matched.lang)
    assert entry is not None
    assert hit.matched.text in (entry.question, *entry.phrasings)


@pytest.mark.parametrize("query", ["", "   ", "🙃🙃", "\ud800", "qqqqxxzz"])
def test_nothing_known_finds_nothing_or_little(knowledge: Knowledge, query: str) -> None:
    hits = knowledge.searcher.search(query)
    assert not hits or hits[0].confidence < 0.3


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_query_gets_ordered_confidences(knowledge: Knowledge, query: str) -> None:
    confidences = [hit.confidence for hit in knowledge.searcher.search(query)]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


def test_compiling_twice_gives_the_same_index() -> None:
    items = [
        Item("entry", "a/bind", tuple(Phrasing("zh", text) for text in ("怎么绑定微信", "绑定微信登录", "微信绑定在哪"))),
        Item("entry", "a/close", tuple(Phrasing("en", text) for text in ("close my account", "delete the account", "cancel account"))),
    ]
    first, second = compile_index(items), compile_index(items)
    assert first.data == second.data
    assert Searcher(first, load_weights()[0]).search("想绑定微信")[0].id == "a/bind"

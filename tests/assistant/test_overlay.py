"""Added phrasings find their entry at once, and steal nothing from others."""

from __future__ import annotations

import pytest

from assistant.knowledge import Knowledge
from assistant.message import now
from assistant.overlay import Overlay
from assistant.store.improve import AddedPhrasing
from kb.entry import Lang

INVOICE = "我司想要开具增值税专用发票咋整"


def with_added(knowledge: Knowledge, *phrasings: tuple[str, Lang, str]) -> Knowledge:
    overlay = Overlay(knowledge.searcher.index.analyser, {entry.id for entry in knowledge.entries("zh")})
    overlay.replace(
        AddedPhrasing(number, entry_id, lang, text, "ada", now(), None) for number, (entry_id, lang, text) in enumerate(phrasings)
    )
    return knowledge.with_overlay(overlay)


def best(knowledge: Knowledge, query: str) -> tuple[str, float, str]:
    hit = knowledge.searcher.search(query, 1)[0]
    return hit.id, hit.confidence, hit.matched.text


@pytest.mark.parametrize("said", [INVOICE, f"  {INVOICE}？？", "我司想要開具增值稅專用發票咋整"])
def test_an_added_phrasing_is_the_first_hit_however_it_is_typed(knowledge: Knowledge, said: str) -> None:
    assert best(with_added(knowledge, ("mfa/bind", "zh", INVOICE)), said) == ("mfa/bind", 1.0, INVOICE)


def test_a_phrasing_with_a_slip_still_finds_its_entry(knowledge: Knowledge) -> None:
    phrasing = "where can our bookkeeper download the monthly statement of charges"
    changed = with_added(knowledge, ("mfa/bind", "en", phrasing))
    assert best(changed, phrasing.replace("download", "downlod"))[0] == "mfa/bind"
    assert best(changed, f"{phrasing} pls")[0] == "mfa/bind"


@pytest.mark.parametrize(
    ("phrasing", "said"),
    [
        ("企业实名认证以后能不能再把主体改成个人", "企业实名认证以后能不能再把主体改成企业"),
        ("为什么我的子用户可以看到全部项目的账单", "为什么我的子用户不可以看到全部项目的账单"),
        ("can I have 3 phones for one account of our company", "can I have 9 phones for one account of our company"),
    ],
)
def test_what_sounds_alike_but_means_something_else_does_not_match(knowledge: Knowledge, phrasing: str, said: str) -> None:
    changed = with_added(knowledge, ("mfa/bind", "zh", phrasing))
    assert best(changed, said) == best(knowledge, said)


def test_other_questions_find_what_they_found_before(knowledge: Knowledge) -> None:
    changed = with_added(knowledge, ("mfa/bind", "zh", INVOICE), ("mfa/bind", "en", "an invoice for my company please"))
    for entry in knowledge.entries("zh")[::7]:
        assert changed.searcher.search(entry.question) == knowledge.searcher.search(entry.question)


def test_the_entry_that_was_added_to_appears_once(knowledge: Knowledge) -> None:
    phrasing = "手机丢了 MFA 验证码看不了该咋办呀各位"
    hits = with_added(knowledge, ("mfa/lost-phone", "zh", phrasing)).searcher.search(phrasing, 5)
    assert [hit.id for hit in hits].count("mfa/lost-phone") == 1
    assert hits[0].id == "mfa/lost-phone"


def test_phrasings_of_entries_that_are_gone_match_nothing(knowledge: Knowledge) -> None:
    changed = with_added(knowledge, ("gone/entry", "zh", INVOICE))
    assert changed.searcher.search(INVOICE) == knowledge.searcher.search(INVOICE)


def test_the_shared_knowledge_stays_as_it_was(knowledge: Knowledge) -> None:
    before = knowledge.searcher.search(INVOICE)
    with_added(knowledge, ("mfa/bind", "zh", INVOICE))
    assert knowledge.searcher.search(INVOICE) == before

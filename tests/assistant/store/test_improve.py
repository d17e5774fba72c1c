"""Questions, phrasings and drafts on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.message import Incoming, now
from assistant.overlay import Overlay
from assistant.store import ConversationStore, Database
from assistant.store.improve import ImproveStore
from assistant.store.questions import QuestionStore
from tests.conftest import store_on

SINCE = now() - timedelta(days=1)
ALL_ANSWERS_ARE_UNSURE = 1.01


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return store_on(database)


@pytest.fixture
def dialogue(store: ConversationStore, knowledge: Knowledge) -> Dialogue:
    return Dialogue(knowledge, store)


async def ask(dialogue: Dialogue, *texts: str) -> str:
    conversation, _ = await dialogue.open("web", None)
    for number, text in enumerate(texts):
        await dialogue.handle(conversation.id, Incoming(message_id=f"m{number}", text=text))
    return conversation.id


async def test_badly_served_questions_are_collected_once_each_and_masked(
    dialogue: Dialogue, store: ConversationStore, database: Database
) -> None:
    unanswered = await ask(dialogue, "明天 13800138000 那边会下雪吗")
    disliked = await ask(dialogue, "怎么注销账号")
    await store.record_feedback(disliked, 1, helpful=False, comment="没说多久")
    liked = await ask(dialogue, "怎么绑定 MFA 设备")
    await store.record_feedback(liked, 1, helpful=True, comment=None)
    found = {one.conversation: one for one in await QuestionStore(database).asked(SINCE, unsure_below=0.62)}
    assert set(found) == {unanswered, disliked}
    assert found[unanswered].reason == "unanswered"
    assert "13800138000" not in found[unanswered].text
    assert (found[disliked].reason, found[disliked].text, found[disliked].nearest) == ("unhelpful", "怎么注销账号", "cancellation/how-to")
    assert found[disliked].comment == "没说多久"


async def test_unsure_answers_are_known_by_their_confidence(dialogue: Dialogue, database: Database) -> None:
    await ask(dialogue, "怎么绑定 MFA 设备", "谢谢")
    found = await QuestionStore(database).asked(SINCE, ALL_ANSWERS_ARE_UNSURE)
    assert [(one.reason, one.text, one.nearest) for one in found] == [("unsure", "怎么绑定 MFA 设备", "mfa/bind")]
    assert found[0].confidence is not None
    assert await QuestionStore(database).asked(SINCE, found[0].confidence) == []
    assert await QuestionStore(database).asked(now() + timedelta(minutes=1), ALL_ANSWERS_ARE_UNSURE) == []


async def test_marks_say_who_and_the_last_counts(database: Database) -> None:
    store = QuestionStore(database)
    await store.mark(["a", "b", "a"], "in-work", "ada")
    await store.mark(["a"], "done", "grace")
    await store.mark([], "done", "grace")
    marks = await store.marks()
    assert {key: (mark.progress, mark.by) for key, mark in marks.items()} == {"a": ("done", "grace"), "b": ("in-work", "ada")}


async def test_a_phrasing_is_in_force_from_attaching_to_withdrawing_in_every_process(knowledge: Knowledge, database: Database) -> None:
    store = ImproveStore(database)
    other = Overlay(knowledge.searcher.index.analyser, {"mfa/bind"})
    elsewhere = knowledge.with_overlay(other)
    text = "咱们家的令牌要怎么弄到号上去哟"

    async def found_elsewhere() -> bool:
        await other.refresh(store)
        return any(hit.confidence == 1.0 and hit.id == "mfa/bind" for hit in elsewhere.searcher.search(text))

    assert not await found_elsewhere()
    number = await store.attach("mfa/bind", "zh", text, "ada")
    assert await found_elsewhere()
    await store.mark_promoted([number])
    assert await found_elsewhere()
    assert await store.withdraw(number)
    assert not await found_elsewhere()
    assert not await store.withdraw(number)


async def test_drafts_are_kept_and_marked(database: Database) -> None:
    store = ImproveStore(database)
    first, second = await store.add_draft("a/b", "中文", "English", "ada"), await store.add_draft("a/c", "二", "two", "ada")
    await store.mark_draft_promoted(first)
    newest, oldest = await store.drafts()
    assert (newest.id, newest.promoted_at, newest.markdown("en")) == (second, None, "two")
    assert (oldest.markdown("zh"), oldest.promoted_at is None) == ("中文", False)

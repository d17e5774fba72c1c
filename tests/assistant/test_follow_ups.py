"""A question before helps to understand the next one, and makes no answer of what does not belong to it."""

from __future__ import annotations

import pytest

from assistant.evaluate import answer
from assistant.knowledge import Knowledge


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("how do I bind an MFA device", "tell me a joke"),
        ("how do I bind an MFA device", "will it snow tomorrow"),
        ("how do I change the security phone", "how do I cook rice"),
        ("怎么绑定MFA", "推荐一部电影"),
        ("怎么注销账号", "明天会下雪吗"),
        ("怎么注销账号", "多少钱一个月"),
    ],
)
def test_what_belongs_nowhere_gets_no_answer_in_a_conversation_either(knowledge: Knowledge, first: str, then: str) -> None:
    asked = answer(knowledge, first)
    assert asked.decision.kind in ("answer", "flow")
    session = asked.session.model_copy(update={"flow": None})
    assert answer(knowledge, then, session).decision.kind not in ("answer", "flow")


@pytest.mark.parametrize(
    ("first", "then", "entry_id"),
    [
        ("我月底离职，把主账号交给同事，一步步带我", "子账号呢", "offboarding/sub-account-handover"),
        (
            "walk me through changing the legal representative in our verification",
            "and the enterprise contact?",
            "verification/change-enterprise-contact",
        ),
    ],
)
def test_a_question_after_the_start_of_a_flow_is_understood_by_what_started_it(
    knowledge: Knowledge, first: str, then: str, entry_id: str
) -> None:
    started = answer(knowledge, first)
    assert started.decision.kind == "flow"
    following = answer(knowledge, then, started.session)
    assert (following.decision.kind, following.decision.entry_id) == ("answer", entry_id)
    assert following.session.flow == started.session.flow

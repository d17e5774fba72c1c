"""Whoever wants a thing done gets the flow, whoever wants to know gets the answer, of the same topic."""

from __future__ import annotations

import pytest

from assistant.evaluate import answer, offered
from assistant.knowledge import Knowledge

REQUESTS = {
    "麻烦你带我把登录保护关了": "security-settings",
    "turn the login protection off, please": "security-settings",
    "我想把绑着的微信登录换成公司的微信": "login-methods",
    "I'd like to create a project for our new team": "projects",
    "装验证器的手机被偷走了，控制台登不进去": "mfa-loss-ticket",
    "guide me through cancelling my account": "cancel-account",
}
QUESTIONS = {
    "登录保护有哪几种？": "security-settings",
    "what is login protection?": "security-settings",
    "注销审核一般要多久？": "cancel-account",
    "what is an MFA device and why would I need one?": "bind-mfa",
}


@pytest.mark.parametrize("words", REQUESTS)
def test_a_request_starts_the_flow(knowledge: Knowledge, words: str) -> None:
    assert answer(knowledge, words).decision.flow == REQUESTS[words]


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_question_is_answered_and_the_flow_offered(knowledge: Knowledge, words: str) -> None:
    response = answer(knowledge, words)
    assert response.decision.kind == "answer"
    assert f"flow:{QUESTIONS[words]}" in offered(response)

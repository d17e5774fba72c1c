"""The plainest questions get an answer or their guide at once: whoever fails at these is not asked again."""

from __future__ import annotations

import pytest

from assistant.evaluate import answer
from assistant.knowledge import Knowledge

PLAIN = {
    "怎么注销账号": "cancellation/how-to cancel-account",
    "如何注销账号？": "cancellation/how-to cancel-account",
    "账号怎么注销": "cancellation/how-to cancel-account",
    "how to delete my account": "cancellation/how-to cancel-account",
    "how do I close my account": "cancellation/how-to cancel-account",
    "怎么登录": "login/how-to",
    "how to log in": "login/how-to",
    "忘记密码了怎么办": "password/reset-forgot password",
    "I forgot my password": "password/reset-forgot password",
    "怎么改密码": "password/change password",
    "how to change my password": "password/change password",
    "怎么实名认证": "verification/choose-method verification-advisor",
    "how do I verify my account": "verification/choose-method verification-advisor",
    "怎么绑定MFA": "mfa/bind bind-mfa",
    "how to set up MFA": "mfa/bind bind-mfa",
    "怎么解绑MFA": "mfa/unbind unbind-mfa",
    "how to remove MFA": "mfa/unbind unbind-mfa",
    "收不到验证码": "contact/code-not-received",
    "I don't get the verification code": "contact/code-not-received",
    "怎么注册账号": "registration/how-to-register",
    "how to register": "registration/how-to-register",
    "忘记账号了": "login/forgot-account recovery-picker",
    "I forgot my account": "login/forgot-account recovery-picker",
    "怎么找回账号": "recovery/overview recovery-picker",
    "how to recover my account": "recovery/overview recovery-picker",
    "怎么换手机号": "contact/change-security-phone contact-details",
    "how to change my phone number": "contact/change-security-phone contact-details account/change-on-mobile",
    "怎么绑定微信": "login-methods/bind-wechat login-methods",
    "怎么解绑微信": "login-methods/change-or-unbind login-methods/unbind-registration-method login-methods",
    "账号ID在哪看": "account/account-id",
    "where is my account id": "account/account-id",
    "账号被冻结了怎么办": "account/frozen-reasons account/frozen-impact",
    "why is my account frozen": "account/frozen-reasons",
    "员工离职了账号怎么办": "offboarding/overview offboarding/recover-account offboarding/root-account-handover offboarding-checklist",
    "an employee is leaving, what about the account": "offboarding/overview offboarding/root-account-handover offboarding-checklist",
    "怎么创建项目": "projects/create projects",
    "how to create a project": "projects/create projects",
    "怎么停用项目": "projects/disable projects",
    "怎么开启登录保护": "protection/set-login-protection security-settings",
    "what is login protection": "protection/login-protection",
    "怎么联系客服": "support/contact contact-support",
    "how to contact support": "support/contact contact-support",
    "实名认证要多久": "verification/review-time verification/enterprise-duration",
    "how long does verification take": "verification/review-time verification/enterprise-duration",
    "注销要多久": "cancellation/review-time cancellation/cooling-off",
    "手机丢了怎么登录": "mfa/lost-phone mfa-loss-ticket login/phone-unavailable",
    "lost my phone": "mfa/lost-phone mfa-loss-ticket login/phone-unavailable",
    "密码要求": "password/rules",
    "password requirements": "password/rules",
    "怎么创建子账号": "account/create-sub-user",
    "how to create a sub-account": "account/create-sub-user",
}


@pytest.mark.parametrize(("question", "right"), PLAIN.items())
def test_a_plain_question_is_answered_at_once(knowledge: Knowledge, question: str, right: str) -> None:
    response = answer(knowledge, question)
    shown = response.decision.entry_id if response.decision.kind == "answer" else response.decision.flow
    assert shown in right.split(), response.decision


@pytest.mark.parametrize("word", ["子账号", "备案", "email", "ICP"])
def test_one_bare_word_is_not_taken_for_a_question(knowledge: Knowledge, word: str) -> None:
    assert answer(knowledge, word).decision.kind != "answer"


@pytest.mark.parametrize("words", ["xyzzy please", "zzxqqqhkcqbkknkqgrrsngdccnlhgfkkkjbt please"])
def test_no_person_is_called_for_words_that_nobody_understands(knowledge: Knowledge, words: str) -> None:
    assert answer(knowledge, words).decision.kind == "fallback"

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.knowledge import Knowledge
from kb.text import Analyser, clean, detect, normalise


@pytest.fixture(scope="module")
def analyser(knowledge: Knowledge) -> Analyser:
    return knowledge.searcher.index.analyser


def test_width_case_and_script_do_not_matter() -> None:
    assert normalise("ＭＦＡ　驗證碼") == normalise("mfa 验证码")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("MFA 验证码收不到", "zh"),
        ("how do I bind MFA", "en"),
        ("我 account 里都 enable 了哪些 service", "zh"),
        ("my number is 二次放号, how to unbind from the old account", "en"),
        ("12345 🙃", None),
        ("someone@example.com", None),
    ],
)
def test_the_language_is_the_one_most_words_are_in(text: str, lang: str | None) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("实明认证", "实名认证"),
        ("绑订微信", "绑定微信"),
        ("怎么注消", "怎么注销"),
        ("验正码", "验证码"),
        ("员公", "员工"),
        ("bangding shouji", "绑定手机"),
    ],
)
def test_words_that_sound_right_are_read_right(analyser: Analyser, typed: str, meant: str) -> None:
    assert "".join(analyser.analyse(typed).words) == "".join(analyser.analyse(meant).words)


@pytest.mark.parametrize(
    ("typed", "meant"), [("verfication", "verification"), ("pasword", "password"), ("registraton emial", "registration email")]
)
def test_misspelt_english_is_read_right(analyser: Analyser, typed: str, meant: str) -> None:
    assert analyser.analyse(typed).words == analyser.analyse(meant).words


def test_contractions_keep_their_not(analyser: Analyser) -> None:
    assert analyser.analyse("I can't log in").words == ("i", "can", "not", "log", "in")


def test_both_languages_share_concepts(analyser: Analyser) -> None:
    def concepts(text: str) -> set[str]:
        return {feature for feature in analyser.analyse(text).features if feature[0] == "k"}

    assert concepts("人脸识别") & concepts("facial recognition")
    assert concepts("两步验证") & concepts("2FA")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    normalise(text).encode("utf-8")
    detect(text)


@pytest.mark.parametrize(
    ("before", "now", "continued"),
    [
        ("怎么绑定微信", "那QQ呢", "qq"),
        ("个人认证能认几个号", "那企业呢", "企业"),
        ("how do I change the legal representative", "and the handler?", "handler"),
        ("how many accounts per person with a personal verification", "and for companies?", "companies"),
    ],
)
def test_what_is_named_now_takes_the_place_of_what_was_named_before(analyser: Analyser, before: str, now: str, continued: str) -> None:
    text = analyser.continued(before, analyser.analyse(now))
    assert text is not None
    assert continued in text
    assert "微信" not in text
    assert "个人" not in text
    assert "legal" not in text


def test_what_replaces_nothing_continues_nothing(analyser: Analyser) -> None:
    assert analyser.continued("怎么绑定微信", analyser.analyse("要多久")) is None

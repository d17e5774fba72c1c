from __future__ import annotations

import pytest

from flows.answers.choices import Option, choose, mentioned, options_of
from flows.answers.values import Value, Wrong, find_value, read_value
from flows.answers.words import control, core, cue, is_question, yes_no
from flows.formats import DEFAULTS, LONGEST_TEXT, mask_middle
from flows.load import load_flows
from tests.flows.talking import SAMPLES

FLOWS = load_flows(SAMPLES)


def options(step_id: str) -> list[Option]:
    return options_of(getattr(FLOWS["lost-phone"].steps[step_id], "choices"))  # noqa: B009  # a step of another kind fails the test


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("2", "company"),
        ("２", "company"),
        ("2.", "company"),
        ("选2", "company"),
        ("第二个", "company"),
        ("第二个吧", "company"),
        ("我要第二个", "company"),
        ("二", "company"),
        ("最后一个", "company"),
        ("the second one", "company"),
        ("the second one please", "company"),
        ("option 2", "company"),
        ("number two", "company"),
        ("2nd", "company"),
        ("last", "company"),
        ("the last one", "company"),
        ("b", "company"),
        ("B.", "company"),
        ("选B", "company"),
        ("the first", "personal"),
        ("1", "personal"),
        ("a", "personal"),
        ("企业", "company"),
        ("企业的", "company"),
        ("企業的", "company"),
        ("是企业账号", "company"),
        ("公司的吧", "company"),
        ("我们公司的", "company"),
        ("enterprise", "company"),
        ("Enterprise, please", "company"),
        ("it's a company account", "company"),
        ("a corporate one", "company"),
        ("enterprize", "company"),
        ("persnal", "personal"),
        ("companny", "company"),
        ("个人", "personal"),
        ("自己的", "personal"),
        ("my own", "personal"),
        ("不是企业，是个人", "personal"),
        ("不是企业的", "personal"),
        ("not a company", "personal"),
        ("it isn't a company account", "personal"),
        ("account is personal", "personal"),
        ("企业帐号", "company"),
    ],
)
def test_an_option_is_understood_however_it_is_said(words: str, option: str) -> None:
    found = choose(words, options("holder"))
    assert found is not None
    assert found.id == option


@pytest.mark.parametrize(
    "words",
    [
        "",
        "3",
        "第五个",
        "不知道",
        "I'm not sure",
        "个人还是企业有什么区别",
        "企业认证要多久？",
        "what is a company account?",
        "随便",
        "hello",
        "企业或个人",
        "c",
        "why",
        "怎么注销账号",
        "how do I close a company account",
    ],
)
def test_what_chooses_nothing_is_left_to_others(words: str) -> None:
    assert choose(words, options("holder")) is None


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("有", "yes"),
        ("有的", "yes"),
        ("嗯", "yes"),
        ("还有一个", "yes"),
        ("我有", "yes"),
        ("yes please", "yes"),
        ("yep", "yes"),
        ("I do", "yes"),
        ("sure, I have one", "yes"),
        ("yes I still have another account", "yes"),
        ("没问题", "yes"),
        ("当然有", "yes"),
        ("没有", "no"),
        ("没有了", "no"),
        ("没了", "no"),
        ("没", "no"),
        ("no", "no"),
        ("nope", "no"),
        ("no I don't", "no"),
        ("I don't have one", "no"),
        ("我没有别的账号", "no"),
        ("none", "no"),
        ("不", "no"),
        ("not any more", "no"),
        ("2", "no"),
        ("the first one", "yes"),
    ],
)
def test_yes_and_no_are_understood_however_they_are_said(words: str, option: str) -> None:
    found = choose(words, options("other_account"))
    assert found is not None
    assert found.id == option


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("执照", "business_licence"),
        ("the licence", "business_licence"),
        ("只有授权书", "authorisation"),
        ("letter", "authorisation"),
        ("都没有", "neither"),
        ("neither", "neither"),
        ("I have the business licence here", "business_licence"),
        ("none of them", "neither"),
        ("营业执照丢了，只有授权书", "authorisation"),
        ("营业执招", "business_licence"),
        ("busines license", "business_licence"),
    ],
)
def test_a_part_of_a_label_is_enough_where_it_is_clear(words: str, option: str) -> None:
    found = choose(words, options("licence"))
    assert found is not None
    assert found.id == option


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("企业的", "company"),
        ("我是企业用户", "company"),
        ("我们公司的账号", "company"),
        ("the company one", "company"),
        ("我公司执照丢了", None),
        ("我公司执照丢了怎么办", None),
        ("企业微信的密码忘了", None),
        ("公司规定账号必须有二次验证", None),
        ("forgot our company's password", None),
        ("how do I delete an API key", None),
        ("my company wants MFA for each of its administrators", None),
    ],
)
def test_an_option_is_not_taken_from_words_about_something_else(words: str, option: str | None) -> None:
    found = choose(words, options("holder"))
    assert (found.id if found else None) == option


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("没有了", "no"),
        ("yes please", "yes"),
        ("yes, and the phone that I registered with back then works too", "yes"),
        ("没有设置过安全邮箱和安全手机", None),
        ("I have to unbind my hardware token", None),
        ("可以帮我用手机重置密码不", None),
    ],
)
def test_a_sentence_about_something_else_is_no_yes_or_no(words: str, option: str | None) -> None:
    found = choose(words, options("other_account"))
    assert (found.id if found else None) == option


def test_a_lost_thing_is_not_chosen() -> None:
    assert choose("营业执照丢了", options("licence")) is None


def test_words_after_the_answer_are_handed_on() -> None:
    found = choose("enterprise, and yes I still have another account", options("holder"))
    assert found is not None
    assert (found.id, found.rest) == ("company", "yes I still have another account")


def test_words_left_over_are_taken_by_name_only() -> None:
    assert choose("2", options("holder"), strict=True) is None
    assert choose("persnal", options("holder"), strict=True) is None
    assert mentioned("my company's phone is gone", options("holder")) == "company"


@pytest.mark.parametrize("words", ["不确定", "maybe", "是吗？", "什么意思", "is it needed?"])
def test_doubt_is_neither_yes_nor_no(words: str) -> None:
    assert yes_no(words) is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("返回", "back"),
        ("go back", "back"),
        ("为什么要问？", "why"),
        ("why do you ask?", "why"),
        ("跳过", "skip"),
        ("skip it please", "skip"),
        ("重复", "repeat"),
        ("取消吧", "cancel"),
        ("start over", "restart"),
        ("back pain", None),
        ("为什么会被冻结", None),
    ],
)
def test_orders_are_whole_messages(words: str, kind: str | None) -> None:
    assert control(words) == kind


@pytest.mark.parametrize(
    ("words", "strength", "rest"),
    [
        ("不对，是企业", "strong", "是企业"),
        ("actually the email is x@y.z", "weak", "the email is x@y.z"),
        ("No wait, it's 2", "strong", "it's 2"),
        ("change the phone to 123", "strong", "the phone to 123"),
        ("no, it is personal", "weak", "it is personal"),
        ("手机号写错了", "strong", "手机号写错了"),
        ("sorry, I meant the first", "strong", "the first"),
    ],
)
def test_what_takes_an_answer_back_is_heard(words: str, strength: str, rest: str) -> None:
    assert cue(words) == (strength, rest)


def test_an_ordinary_answer_takes_nothing_back() -> None:
    assert cue("company") is None


@pytest.mark.parametrize(
    ("words", "form", "value"),
    [
        ("我的邮箱是 a@b.com", "email", "a@b.com"),
        ("my e-mail is A.b@Example.COM, thanks", "email", "A.b@example.com"),
        ("a@b.com。", "email", "a@b.com"),
        ("手机号13800138000", "phone", "13800138000"),
        ("+86 138-0013-8000", "phone", "13800138000"),
        ("call me on +44 7911 123456", "phone", "+447911123456"),
        ("１３８００１３８０００", "phone", "13800138000"),
        ("验证码是 012 345", "code", "012345"),
        ("code: 012345", "code", "012345"),
        ("我叫张三", "text", "张三"),
        ("my name is Ann", "text", "Ann"),
        ("lost on the train", "text", "lost on the train"),
        ("嗯", "yes_no", "yes"),
        ("不要", "yes_no", "no"),
    ],
)
def test_a_value_is_found_in_its_sentence(words: str, form: str, value: str) -> None:
    reading = read_value(words, DEFAULTS[form])
    assert isinstance(reading, Value)
    assert reading.value == value


@pytest.mark.parametrize(
    ("words", "form", "attempted"),
    [
        ("a@b", "email", True),
        ("12345", "phone", True),
        ("1380013800", "phone", True),
        ("12 34", "code", True),
        ("怎么找回账号", "phone", False),
        ("where do I find it?", "email", False),
        ("what", "yes_no", False),
        ("   ", "text", False),
        ("x" * (LONGEST_TEXT + 1), "text", False),
    ],
)
def test_a_wrong_value_has_a_reason_in_both_languages(words: str, form: str, attempted: bool) -> None:
    reading = read_value(words, DEFAULTS[form])
    assert isinstance(reading, Wrong)
    assert reading.attempted is attempted
    assert reading.reason.text.zh
    assert reading.reason.text.en


def test_free_text_is_never_found_inside_other_words() -> None:
    assert find_value("anything", DEFAULTS["text"]) is None


def test_masks_show_little() -> None:
    assert DEFAULTS["email"].mask("ann@example.com") == "a***@example.com"
    assert DEFAULTS["phone"].mask("13800138000") == "138****8000"
    assert DEFAULTS["code"].mask("123456") == "******"
    assert mask_middle("ab") == "***"


def test_words_around_the_answer_fall_away_but_never_all() -> None:
    assert core("the enterprise one please") == "enterprise"
    assert core("我选企业的吧") == "企业"
    assert core("是的")
    assert is_question("要多久")


@pytest.mark.parametrize("words", ["cancel", "取消", "back"])
def test_stopping_or_going_back_is_no_short_form_of_an_option(words: str) -> None:
    ways = [
        Option("keep", ("keep it",)),
        Option("removal", ("cancel the verification", "取消认证")),
        Option("person", ("back to personal",)),
    ]
    assert choose(words, ways) is None


def test_the_whole_option_still_counts() -> None:
    found = choose("取消认证", [Option("keep", ("keep it",)), Option("removal", ("cancel the verification", "取消认证"))])
    assert found
    assert found.id == "removal"

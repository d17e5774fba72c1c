from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from flows.accounts.validators import VALIDATORS
from flows.accounts.validators.result import Reason as Why
from flows.answers.values import Value, Wrong, read_value
from flows.official import official

FORMATS = official(lambda: date(2026, 11, 21))


@pytest.mark.parametrize("name", sorted(VALIDATORS))
def test_every_example_is_right_also_inside_a_sentence(name: str) -> None:
    form = FORMATS[name]
    for sentence in (
        form.example,
        f"我的{form.names.zh[0]}是{form.example}",
        f"my {form.names.en[0]} is {form.example}, thanks",
        f"{form.example}。谢谢",
    ):
        reading = read_value(sentence, form)
        assert isinstance(reading, Value), (sentence, reading)
        assert reading.value == form.example
    assert form.example not in form.mask(form.example)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("id_card", "我的身份证是 110105194912310021", "校验不通过"),
        ("id_card", "990105194912310021", "地区码"),
        ("adult_id_card", "11010520200307002X", ""),
        ("uscc", "91350100M000100Y44", "校验不通过"),
        ("ip", "我的服务器是 192.168.1.1", "公网 IP"),
        ("icp", "粤ICP证12345678号", "许可证"),
        ("mobile", "+85251234567", "中国大陆"),
        ("account_id", "账号 ID 是 1234567", "9 到 12 位"),
    ],
)
def test_a_wrong_one_is_an_attempt_with_its_reason(name: str, text: str, reason: str) -> None:
    reading = read_value(text, FORMATS[name])
    assert isinstance(reading, Wrong)
    assert reading.attempted
    assert reason in reading.reason.text.zh


def test_every_reason_has_words() -> None:
    spoken = {reason for name in VALIDATORS for reason in _reasons(name)}
    assert spoken == set(get_args(Why))


def _reasons(name: str) -> set[str]:
    from flows.official import _described  # the words are not public

    return set(_described()[name].reasons)

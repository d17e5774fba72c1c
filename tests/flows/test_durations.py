from __future__ import annotations

import pytest

from flows.answers.values import Value, Wrong, find_value, read_value
from flows.durations import DURATIONS


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("idle_minutes", "90", "90"),
        ("idle_minutes", "改成 30 分钟", "30"),
        ("idle_minutes", "改成 45 吧", "45"),
        ("idle_minutes", "两个小时", "120"),
        ("idle_minutes", "半小时吧", "30"),
        ("idle_minutes", "1.5 hours please", "90"),
        ("idle_minutes", "make it half an hour", "30"),
        ("session_hours", "８", "8"),
        ("session_hours", "一天", "24"),
        ("session_hours", "120 minutes", "2"),
        ("session_hours", "12h", "12"),
    ],
)
def test_a_length_of_time_is_read_in_any_unit(name: str, text: str, value: str) -> None:
    reading = read_value(text, DURATIONS[name])
    assert isinstance(reading, Value), reading
    assert reading.value == value


@pytest.mark.parametrize(
    ("name", "text", "range_"),
    [
        ("idle_minutes", "14", "15 到 720"),
        ("idle_minutes", "13 小时", "15 到 720"),
        ("session_hours", "3 天", "1 到 48"),
        ("session_hours", "90 分钟", "1 到 48"),
        ("session_hours", "0", "1 到 48"),
    ],
)
def test_outside_the_limits_the_reason_names_them(name: str, text: str, range_: str) -> None:
    reading = read_value(text, DURATIONS[name])
    assert isinstance(reading, Wrong)
    assert range_ in reading.reason.text.zh


def test_a_number_without_a_unit_is_no_length_of_time_elsewhere() -> None:
    assert find_value("选 9", DURATIONS["session_hours"]) is None

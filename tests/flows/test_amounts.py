from __future__ import annotations

import pytest

from flows.amounts import TRANSFER_AMOUNT
from flows.answers.values import Value, Wrong, read_value

FORM = TRANSFER_AMOUNT["transfer_amount"]


@pytest.mark.parametrize(
    ("text", "fen"), [("0.37", "37"), ("收到 0.05 元", "5"), ("37 分", "37"), ("it was 0.9 yuan", "90"), ("￥0.08", "8")]
)
def test_an_amount_is_read_in_yuan_and_fen(text: str, fen: str) -> None:
    reading = read_value(text, FORM)
    assert isinstance(reading, Value), reading
    assert reading.value == fen


@pytest.mark.parametrize("text", ["1.20", "0", "37", "0.375"])
def test_an_amount_that_no_transfer_has_is_refused(text: str) -> None:
    assert isinstance(read_value(text, FORM), Wrong)

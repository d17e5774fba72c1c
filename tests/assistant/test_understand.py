from __future__ import annotations

import pytest

from assistant.understand import pick

OFFERED = ("flow:cancel-account", "entry:cancellation/how-to", "act:human")


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("1", 0),
        ("2.", 1),
        ("第一个", 0),
        ("第2个", 1),
        ("选项三", 2),
        ("the second one", 1),
        ("first", 0),
        ("last one please", 2),
        ("最后一个", 2),
    ],
)
def test_a_number_or_an_ordinal_picks_what_was_offered(said: str, choice: int) -> None:
    assert pick(said, OFFERED) == OFFERED[choice]


@pytest.mark.parametrize("said", ["4", "第一个手机号收不到验证码", "2fa", "first time here", "一个手机号能绑几个账号", ""])
def test_other_words_pick_nothing(said: str) -> None:
    assert pick(said, OFFERED) is None


def test_nothing_is_picked_when_nothing_was_offered() -> None:
    assert pick("1", ()) is None

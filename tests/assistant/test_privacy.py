from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy import mask

SECRETS = [
    ("我的身份证是 11010519491231002X，帮我看看", "11010519491231002X"),
    ("手机13800138000收不到", "13800138000"),
    ("call me at +86 138-0013-8000", "0013-8000"),
    ("my phone is +1 415 555 2671", "555 2671"),
    ("邮箱 zhang.san@example.com 收不到", "zhang.san"),
    ("验证码是 482913", "482913"),
    ("482913", "482913"),
    ("收到482913这个码", "482913"),
    ("密码是Abc!2345x 还是登不上", "Abc!2345x"),
    ("密码：iloveyou", "iloveyou"),
    ("my password is hunter2", "hunter2"),
    ("password=correcthorse", "correcthorse"),
    ("Alt-pass-2026 Neu-pass-2027", "Neu-pass-2027"),
    ("6222 0212 3456 7890 123", "3456 7890"),
    ("卡号6222021234567890123", "6222021234567890123"),
    ("SecretId AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "z8krbsJ5yKBZQpn74"),
    ("护照 E12345678", "12345678"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "eyJzdWIiOiIxIn0"),
    ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXP"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_unreadable(text: str, secret: str) -> None:
    assert secret not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "密码总是提示错误",
        "my password is wrong",
        "拨打 4009100100 或 95716",
        "15 天冷静期，30 天后可改",
        "what is the code for",
        "账号 ID 在哪看",
        "2024-03-28",
    ],
)
def test_ordinary_words_and_the_hotlines_stay(text: str) -> None:
    assert mask(text) == text


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)

"""Masks what must never be kept: identity numbers, phones, e-mail addresses, cards, codes, passwords, keys."""

from __future__ import annotations

import re
from collections.abc import Callable

_Replacement = str | Callable[[re.Match[str]], str]


def _keep(start: int, end: int) -> Callable[[re.Match[str]], str]:
    def mask(match: re.Match[str]) -> str:
        value = match[0]
        return value[:start] + "*" * max(3, len(value) - start - end) + (value[-end:] if end else "")

    return mask


def _email(match: re.Match[str]) -> str:
    return f"{match[1][0]}***@{match[2]}"


# What follows a word such as "password is" up to the next blank or sentence mark.
_SECRET_WORDS = r"(?:密码|口令|验证码|动态码|校验码|安全码|password|passwd|passcode|pwd|pw|otp|verification code|one[- ]time code|\bcode|\btoken|secret(?:key)?)"
_IS = r"(?:\s*(?:(?:just |now |currently )?(?:is|was)\b|[:：=]|是|为|改成(?:了)?|設成|设成|设为|叫)\s*[:：]?\s*)"

_RULES: tuple[tuple[re.Pattern[str], _Replacement], ...] = (
    (re.compile(r"\bAKID[0-9A-Za-z]{13,}\b"), "[key]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"otpauth://\S+", re.I), "[otpauth]"),
    (re.compile(r"([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)"), _email),
    (re.compile(rf"({_SECRET_WORDS}{_IS})[\"'“‘「]?(?=[^\s，。；,;]*[0-9!@#$%^&*_])[^\s，。；,;\"'”’」]{{3,}}", re.I), r"\1[secret]"),
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"), _keep(3, 2)),
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}(?![0-9A-Za-z])"), _keep(3, 2)),
    (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), _keep(3, 2)),
    (re.compile(r"(?<![\d.])\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}(?:[- ]\d{1,3})?(?!\d)"), _keep(4, 4)),
    (re.compile(r"(?<![\w.])\d{14,19}(?![\w.])"), _keep(3, 2)),
    (re.compile(r"(?<!\d)\+(?!86)\d{1,3}[- ]?\d(?:[- ]?\d){6,11}(?!\d)"), _keep(3, 2)),
    (re.compile(r"(?<![\w.-])\d{6}(?![\w.-])"), "******"),
    (re.compile(r"(?<![0-9A-Za-z])[EGHMCeghmc][A-Za-z]?\d{8,10}(?![0-9A-Za-z])"), _keep(2, 2)),
)


def mask(text: str) -> str:
    """The text with everything sensitive made unreadable; applied before anything is stored or logged."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text

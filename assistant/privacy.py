"""Masks what must never be kept: identity numbers, phones, e-mail addresses, cards, codes, passwords, keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.message import Message, Text
from flows.blocks import Image

HIDDEN = "••••••"
"""Stands in a transcript for what was typed into a secret or sensitive field."""

_Replacement = str | Callable[[re.Match[str]], str]


def _keep(start: int, end: int) -> Callable[[re.Match[str]], str]:
    def mask(match: re.Match[str]) -> str:
        value = match[0]
        return value[:start] + "*" * max(3, len(value) - start - end) + (value[-end:] if end else "")

    return mask


def _email(match: re.Match[str]) -> str:
    return f"{match[1][0]}***@{match[2]}"


_NAMED = (  # the words before a secret, not one
    r"(?:密码|口令|验证码|动态码|校验码|安全码|passwords?|passwd|passcode|pwd|\bpw|\botp|verification code|one[- ]time code"
    r"|\bcode|\btoken|secret(?:key)?)"
)
_ENGLISH_IS = r"\s*(?:just |now |currently )?(?:is|was)\b\s*:?\s*"
_MARK = r"\s*(?:[:：=]|是|为|改成了?|设成|设为|叫)\s*[:：]?\s*"
_QUOTE = r"[\"'“‘「]?"
_VALUE = r"[^\s，。；,;\"'”’」\u4e00-\u9fff]{3,}"
_SIGNS = r"!-/:-@\[-`{-~"
_BIRTHDAY = r"(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"

_Rule = tuple[re.Pattern[str], _Replacement]

# Mail addresses, Mainland mobiles, international phones
_EMAIL: _Rule = (re.compile(r"([A-Za-z0-9_.+-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"), _email)
_MOBILE: _Rule = (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), _keep(3, 2))
_ABROAD: _Rule = (re.compile(r"(?<!\d)\+(?!86)\d{1,3}[- ]?\d(?:[- ]?\d){6,11}(?!\d)"), _keep(3, 2))

_RULES: tuple[_Rule, ...] = (
    # API keys, tokens, TOTP secrets
    (re.compile(r"\bAKID[0-9A-Za-z]{13,}\b"), "[key]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"otpauth://\S+", re.IGNORECASE), "[otpauth]"),
    _EMAIL,
    # "the password is wrong" names no password: after an English "is" the value has a digit or a sign in it
    (re.compile(rf"({_NAMED}{_ENGLISH_IS}{_QUOTE})(?=[^\s,;]*[0-9!@#$%^&*_]){_VALUE}", re.IGNORECASE), r"\1[secret]"),
    (re.compile(rf"({_NAMED}{_MARK}{_QUOTE}){_VALUE}", re.IGNORECASE), r"\1[secret]"),
    # what has the form of a password (PW-2): 8 to 20 characters, upper and lower case, digits and signs, no address
    (re.compile(rf"(?<!\S)(?=\S*[A-Z])(?=\S*[a-z])(?=\S*\d)(?=\S*[{_SIGNS}])(?!\S*://)[A-Za-z\d{_SIGNS}]{{8,20}}(?!\S)"), "[secret]"),
    # resident ID cards of 18 and 15 digits (GB 11643)
    (re.compile(rf"(?<![0-9A-Za-z])[1-9]\d{{5}}(?:19|20)\d{{2}}{_BIRTHDAY}\d{{3}}[0-9Xx](?![0-9A-Za-z])"), _keep(3, 2)),
    (re.compile(rf"(?<![0-9A-Za-z])[1-9]\d{{7}}{_BIRTHDAY}\d{{3}}(?![0-9A-Za-z])"), _keep(3, 2)),
    _MOBILE,
    # bank cards, long numbers
    (re.compile(r"(?<![\d.])\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}(?:[- ]\d{1,3})?(?!\d)"), _keep(4, 4)),
    (re.compile(r"(?<![0-9A-Za-z_.])\d{14,19}(?![0-9A-Za-z_.])"), _keep(3, 2)),
    _ABROAD,
    # one-time codes; passports and travel permits
    (re.compile(r"(?<![0-9A-Za-z_.-])\d{6}(?![0-9A-Za-z_.-])"), "******"),
    (re.compile(r"(?<![0-9A-Za-z])[EGHMC][A-Za-z]?\d{8,10}(?![0-9A-Za-z])", re.IGNORECASE), _keep(2, 2)),
)


def mask(text: str) -> str:
    """The text with everything sensitive made unreadable; applied before anything is stored or logged."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def mask_secrets(text: str) -> str:
    """The text as ``mask`` would have it, but with its phones and mail addresses: for support, who write theirs to visitors."""
    for rule in _RULES:
        text = text if rule in (_EMAIL, _MOBILE, _ABROAD) else rule[0].sub(rule[1], text)
    return text


def without_secrets(message: Message) -> Message:
    """The message as a transcript may keep it: a secret picture leaves only its description."""
    blocks = tuple(Text(markdown=f"[{block.alt}]") if isinstance(block, Image) and block.secret else block for block in message.blocks)
    return message.model_copy(update={"blocks": blocks}) if blocks != message.blocks else message

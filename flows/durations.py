"""Lengths of time as people type them: "90", "90 分钟", "1.5 hours", "一天"; units are converted, limits are the account service's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from flows.accounts.rules.sessions import IDLE_MINUTES, MAX_HOURS
from flows.formats import Check, Format, Formats, Reason
from flows.model import Bilingual, Phrases

_MINUTES: Mapping[str, int] = MappingProxyType({"分": 1, "m": 1, "小": 60, "h": 60, "天": 1440, "d": 1440})
"""By the first letter of the unit."""
_WORDS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九十")}
_WORDS |= {"半": "0.5", "两": "2", "half an ": "0.5", "an ": "1"}
_COUNT = rf"\d{{1,4}}(?:\.\d+)?|{'|'.join(_WORDS)}"
_UNIT = r"分钟?|小时|天|minutes?|mins?|hours?|hrs?|h|days?"
_LENGTH = re.compile(rf"({_COUNT})\s*(?:个|-)?\s*({_UNIT})?|\D*?(\d{{1,4}}(?:\.\d+)?)\D*", re.IGNORECASE)
"""The whole answer, or the only number in it."""
_IN_A_SENTENCE = re.compile(rf"(?<![A-Za-z0-9.@:])(?:{_COUNT})\s*(?:个|-)?\s*(?:{_UNIT})(?![A-Za-z0-9@:])", re.IGNORECASE)
"""With its unit: any other number may be anything."""


def _length(unit: int, allowed: range, reason: Reason) -> Check:
    """A whole number of units, as many as are allowed."""

    def check(text: str) -> str | Reason:
        match = _LENGTH.fullmatch(text.strip())
        if match is None:
            return reason
        count = Fraction(_WORDS.get((match[1] or match[3]).lower(), match[1] or match[3]))
        length = count * _MINUTES[match[2][0].lower()] / unit if match[2] else count
        return str(length) if length in allowed else reason

    return check


def _format(unit: int, allowed: range, example: str, reason: Bilingual, names: Phrases) -> Format:
    return Format(_length(unit, allowed, Reason(reason, example)), example, _IN_A_SENTENCE, names, lambda value: value)


DURATIONS: Formats = MappingProxyType(
    {
        "idle_minutes": _format(
            1,
            IDLE_MINUTES,
            "60",
            Bilingual(
                zh=f"无操作登录保持时间是 {IDLE_MINUTES[0]} 到 {IDLE_MINUTES[-1]} 分钟，要整分钟",
                en=f"The idle session duration is {IDLE_MINUTES[0]} to {IDLE_MINUTES[-1]} whole minutes",
            ),
            Phrases(zh=("无操作", "空闲", "没操作"), en=("idle", "inactive")),
        ),
        "session_hours": _format(
            60,
            MAX_HOURS,
            "8",
            Bilingual(
                zh=f"最大登录保持时间是 {MAX_HOURS[0]} 到 {MAX_HOURS[-1]} 小时，要整小时",
                en=f"The maximum session duration is {MAX_HOURS[0]} to {MAX_HOURS[-1]} whole hours",
            ),
            Phrases(zh=("最大", "最长"), en=("maximum", "longest")),
        ),
    }
)
"""The limits of sessions. SES-1, SES-2."""

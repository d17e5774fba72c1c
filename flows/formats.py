"""Named formats: how a value looks in a sentence, whether it is right, and how it is shown masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from flows.answers.words import yes_no
from flows.model import Bilingual, Phrases

LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is not accepted, and one that would be."""

    text: Bilingual
    example: str = ""


Check: TypeAlias = Callable[[str], str | Reason]
"""The value in its normal form, or the reason against it."""


def mask_middle(value: str) -> str:
    """First and last character."""
    return f"{value[:1]}***{value[-1:]}" if len(value) > 2 else "***"  # less would show it all


@dataclass(frozen=True, slots=True)
class Format:
    """``pattern`` finds candidates in a sentence; without one, the whole text is the value."""

    check: Check
    example: str = ""
    pattern: re.Pattern[str] | None = None
    names: Phrases = field(default_factory=Phrases)
    mask: Callable[[str], str] = mask_middle


Formats: TypeAlias = Mapping[str, Format]


def _reason(zh: str, en: str, example: str = "") -> Reason:
    return Reason(Bilingual(zh=zh, en=en), example)


def _text(text: str) -> str | Reason:
    value = text.strip()
    if not value:
        return _reason("这里需要填写内容", "Please type something here")
    if len(value) > LONGEST_TEXT:
        return _reason(f"内容太长，请控制在 {LONGEST_TEXT} 字以内", f"That is too long: at most {LONGEST_TEXT} characters")
    return value


def _email(text: str) -> str | Reason:
    local, _, domain = unicodedata.normalize("NFKC", text).strip().rpartition("@")
    if re.fullmatch(r"[\w.%+'-]+", local, re.ASCII) and re.fullmatch(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]+", domain):
        return f"{local}@{domain.lower()}"
    return _reason("这不像一个完整的邮箱地址", "That does not look like a complete e-mail address", "name@example.com")


def _phone(text: str) -> str | Reason:
    number = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    mainland = re.sub(r"^(?:\+86|0086|86)(?=1)", "", number)
    if re.fullmatch(r"1[3-9]\d{9}", mainland):
        return mainland
    if re.fullmatch(r"\+(?!86)[1-9]\d{7,14}", number):
        return number
    return _reason(
        "手机号应为 11 位；境外号码请带国际区号",
        "A mobile number has 11 digits; one from outside the Chinese mainland starts with its country code",
        "13800138000",
    )


def _code(text: str) -> str | Reason:
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    return digits if re.fullmatch(r"\d{6}", digits) else _reason("验证码是 6 位数字", "The code has 6 digits", "012345")


def _ticket_number(text: str) -> str | Reason:
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"TK\d{10}", number):
        return number
    return _reason("工单号是 TK 加 10 位数字", "A ticket number is TK and 10 digits", "TK0123456789")


def _yes_no(text: str) -> str | Reason:
    said = yes_no(text)
    return _reason("请回答“是”或“否”", "Please answer yes or no") if said is None else "yes" if said else "no"


def mask_email(value: str) -> str:
    """``a***@example.com``."""
    local, _, domain = value.partition("@")
    return f"{local[:1]}***@{domain}"


def mask_phone(value: str) -> str:
    """``138****8000``."""
    return f"{value[:3]}****{value[-4:]}"


DEFAULTS: Formats = MappingProxyType(
    {
        "text": Format(_text),
        "email": Format(
            _email,
            "name@example.com",
            re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"),
            Phrases(zh=("邮箱", "邮件地址"), en=("email", "e-mail", "mail address")),
            mask_email,
        ),
        "phone": Format(
            _phone,
            "13800138000",
            re.compile(r"(?<![A-Za-z0-9.@])\+?\d(?:[ ()-]{0,2}\d){6,16}(?![A-Za-z0-9@])"),
            Phrases(zh=("手机号", "手机", "电话"), en=("phone", "mobile", "phone number")),
            mask_phone,
        ),
        "code": Format(
            _code,
            "012345",
            re.compile(r"(?<![A-Za-z0-9])\d{3}[ -]?\d{3}(?![A-Za-z0-9])"),
            Phrases(zh=("验证码", "动态码"), en=("code",)),
            lambda _: "******",
        ),
        "ticket_number": Format(
            _ticket_number,
            "TK0123456789",
            re.compile(r"(?<![A-Za-z0-9])[Tt][Kk][ -]?\d{8,12}(?![A-Za-z0-9])"),
            Phrases(zh=("工单号", "工单编号", "工单"), en=("ticket number", "ticket")),
            mask=lambda value: value,
        ),
        "yes_no": Format(_yes_no, mask=lambda value: value),
    }
)
"""What a flow may accept without anything else; the account service brings its own, with official check digits."""

"""Slot values out of sentences: the e-mail address in "my e-mail is a@b.com", the name in "我叫张三"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.answers.words import is_question, normalise, place
from flows.formats import Format, Reason


@dataclass(frozen=True, slots=True)
class Value:
    """A right value, and the words around it."""

    value: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """No right value; ``attempted`` when the words look like one that was meant to be."""

    reason: Reason
    attempted: bool


_BEFORE = r"(?:我|我们|我司|本人|公司|企业)?的?"
_OPENINGS = r"我叫|我们叫|本人叫|就是|应该是|填|my name is|it's|it is|that's|that is|that would be|i'm called"


@lru_cache(maxsize=512)
def _lead_in(names: tuple[str, ...]) -> re.Pattern[str]:
    known = "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True)) or r"(?!)"
    chinese = rf"{_BEFORE}(?:{known})(?:号码|地址|号)?\s*(?:是|为|叫|[:：=])"
    english = rf"(?:my |our |the )?(?:{known})(?: number| address)?\s*(?:is\b|was\b|[:=])"
    return re.compile(rf"^\s*(?:{chinese}|{english}|{_OPENINGS})\s*", re.IGNORECASE)


def read_value(text: str, form: Format, names: tuple[str, ...] = ()) -> Value | Wrong:
    """The value of one format in a message that answers a question for it."""
    # First what stands in the sentence: as a whole, "example.com。谢谢" might pass for a domain too.
    if value := find_value(text, form):
        return value
    bare = _lead_in((*names, *form.names.all)).sub("", text, count=1).strip() or text
    checked = form.check(bare)
    if isinstance(checked, str):
        return Value(checked)
    if form.pattern is None:
        return Wrong(checked, attempted=False)
    plain = unicodedata.normalize("NFKC", text)
    found = form.pattern.findall(plain)
    if found:
        reason = form.check(found[0])
        return Wrong(reason if isinstance(reason, Reason) else checked, attempted=True)
    return Wrong(checked, attempted=looks_like_a_value(bare))


def find_value(text: str, form: Format) -> Value | None:
    """The first right value of a format inside a text."""
    if form.pattern is None:
        return None
    plain = unicodedata.normalize("NFKC", text)
    for match in form.pattern.finditer(plain):
        checked = form.check(match[0])
        if isinstance(checked, str):
            return Value(checked, f"{plain[: match.start()]} , {plain[match.end() :]}")
    return None


def looks_like_a_value(text: str) -> bool:
    """Whether the words are a number, an address or the like, right or wrong, and no sentence."""
    said = normalise(text)
    return not is_question(text) and (len(re.findall(r"\d", said)) > 2 or "@" in said) and len(said.split()) < 6


def named(text: str, names: Sequence[str]) -> int:
    """The length of the longest of these names in a text: "security phone" beats "phone"."""
    said = normalise(text)
    return max((len(name) for name in map(normalise, names) if place(said, name) >= 0), default=0)

"""Cuts a text into pieces that fit WeCom's limits, which count bytes: at paragraphs, lines or sentences where it can."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

TEXT_BYTES = 2048
"""A text or Markdown message of an application."""
ROBOT_BYTES = 4096
STREAM_BYTES = 20480

# From the best place to cut to the worst.
_PLACES = tuple(re.compile(pattern) for pattern in (r"\n\n", r"\n", r"[。！？；]|[.!?;](?=\s)", r"[，、,]|\s"))
_LINK = re.compile(r"<a [^>]*>[^<]*</a>|\[[^\]\n]*\]\([^)\s]*\)")
_JOINER = "\u200d"


def split(text: str, limit: int = TEXT_BYTES) -> list[str]:
    """The pieces, none longer than ``limit`` bytes in UTF-8, none empty; together they say everything."""
    return [piece for piece in _pieces(text.strip(), limit) if piece]


def _pieces(text: str, limit: int) -> Iterator[str]:
    while len(text.encode()) > limit:
        end = _cut(text, len(text.encode()[:limit].decode("utf-8", "ignore")))
        yield text[:end].strip()
        text = text[end:].strip()
    yield text


def _cut(text: str, most: int) -> int:
    """Where to cut, within the first ``most`` characters."""
    inside = {at for link in _LINK.finditer(text) if link.start() < most for at in range(link.start() + 1, link.end())}
    for place in _PLACES:
        ends = [match.end() for match in place.finditer(text, 0, most)]
        if good := [end for end in ends if end not in inside and end > most // 3]:
            return good[-1]
    end = most
    while end > 1 and (end in inside or _clings(text, end)):
        end -= 1
    return end if end > 1 else most  # a link longer than the limit is cut all the same


def _clings(text: str, at: int) -> bool:
    """Whether the character here belongs to the one before: an accent, a skin tone, a joined emoji."""
    if at >= len(text):
        return False
    char = text[at]
    tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return tone or char in (_JOINER, "\ufe0f") or text[at - 1] == _JOINER or bool(unicodedata.combining(char))

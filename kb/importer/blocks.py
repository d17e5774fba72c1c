"""Markdown cut into blocks: headings, list items, tables, dates and paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Kind = Literal["heading", "part", "role", "item", "table", "date", "text", "code"]

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>", re.IGNORECASE)
_ANCHOR = re.compile(r"\[\]\([^)]*\)")
_DEAD_LINK = re.compile(r"\[([^\]]*)\]\(\s*(?:#[^)]*|javascript:[^)]*)?\)", re.IGNORECASE)
_DEAD_TAG = re.compile(r"<a\b[^>]*href=[\"'](?:#[^>]*)?[\"'][^>]*>(.*?)</a>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>|<!--.*?-->")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+•●○◦▪·]\s+)?(?:(\d{1,3})[.)、]\s+|(?<=[-*+•●○◦▪·]\s)|(?<=[-*+•●○◦▪·]\s\s))(\S.*)$")
_FENCE = re.compile(r"\s*(```|~~~)")
_RULE = re.compile(r"\s*([-*_=]\s*){3,}$|\s*:::\s*$")
_TAB_TITLE = re.compile(r"\s*:::\s*(\S.*)$")
_QUOTE = re.compile(r"\s*>+\s*[?!]?\s*")
_DATE = re.compile(
    r"\W*(?:最近|最后|上次)?(?:更新|修改|发布)(?:时间|日期|于)?\s*[:：]\s*(\d.*)$|"
    r"\W*(?:last\s+)?(?:updated|modified|revised)(?:\s+on|\s+at)?\s*[:：]?\s*(\d.*)$",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_PAGE_NUMBER = re.compile(
    r"\W*(?:第\s*\d+\s*页(?:\W*共\s*\d+\s*页)?|共\s*\d+\s*页|page\s+\d+(?:\s+of\s+\d+)?|\d{1,4}(?:\s*/\s*\d{1,4})?)\W*$", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W_]")
_ENDS = re.compile(r"[.!?。！？:：;；]['\"”’)）\]]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the document.

    ``level`` is a heading's depth or an item's indent; ``linked`` says that the words are one link that leads nowhere. A part is
    a heading within a section, a role one that many sections have, such as Prerequisites.
    """

    kind: Kind
    text: str
    level: int = 0
    number: int | None = None
    day: date | None = None
    linked: bool = False


def read_blocks(markdown: str) -> list[Block]:
    """The document's blocks in order, without images, anchors, markup, page numbers and rules."""
    blocks: list[Block] = []
    fenced, joined = False, False
    lines = markdown.replace("\r\n", "\n").replace("\f", "\n\n").split("\n")
    plain = not any(_HEADING.match(line) for line in lines)
    for line in _underlined(lines):
        if _FENCE.match(line):
            fenced, joined = not fenced, False
            continue
        block = Block("code", line) if fenced else _read(line)
        if block is None:
            joined = joined and bool(line.strip())
            continue
        previous = blocks[-1] if blocks else None
        if joined and previous and block.kind == "text" and _continues(previous, plain):
            blocks[-1] = replace(previous, text=_join(previous.text, block.text), linked=False)
        else:
            blocks.append(block)
        joined = True
    return blocks


def _continues(previous: Block, plain: bool) -> bool:
    """Whether the next line belongs to the same paragraph; where headings are not marked, a finished sentence ends it."""
    return previous.kind in {"text", "item"} and not (plain and bool(_ENDS.search(without_markup(previous.text))))


def without_markup(text: str) -> str:
    """The words of a line without emphasis, code marks and links."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"\*\*(?=\S)(.+?)\*\*|__(?=\S)(.+?)__|`([^`]+)`|\\(?=[_*#()])", _inner, text)).strip()


def _inner(found: re.Match[str]) -> str:
    return found[1] or found[2] or found[3] or ""


def without_dead_links(text: str) -> str:
    """The text with links that lead nowhere turned into their words."""
    return _DEAD_LINK.sub(r"\1", text)


def _underlined(lines: list[str]) -> Iterator[str]:
    """The lines, with headings that are underlined written with '#'."""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if re.fullmatch(r"={3,}\s*", following) and line.strip():
            yield f"# {line.strip()}"
        elif re.fullmatch(r"-{3,}\s*", following) and line.strip() and not re.match(r"[\s|>*+-]|\d+\.", line):
            yield f"## {line.strip()}"
        else:
            yield line


def _read(line: str) -> Block | None:
    """One line as a block; None when nothing is left of it."""
    tab = _TAB_TITLE.match(line)
    if tab:
        return Block("text", f"**{tab[1].strip()}**")
    text, linked = _inline(line)
    if _RULE.match(line) or _PAGE_NUMBER.match(line) or not _LETTER.search(text):
        return None
    day = _updated(without_markup(text.lstrip("# ")))
    if day:
        return Block("date", text.strip(), day=day)
    heading, item = _HEADING.match(text), _ITEM.match(text)
    if heading:
        return Block("heading", heading[2].strip(), len(heading[1]))
    if item and "\t" not in text.strip():
        indent = len(item[1].expandtabs(4))
        return Block("item", item[3].strip(), indent, int(item[2]) if item[2] else None, linked=linked)
    table = "\t" in text.strip() or text.lstrip().startswith("|")
    return Block("table" if table else "text", text.strip(), linked=linked and not table)


def _inline(line: str) -> tuple[str, bool]:
    """The line without markup that shows nothing, and whether its words are one link that leads nowhere."""
    line = _QUOTE.sub("", line) if line.lstrip().startswith(">") else line
    line = _DEAD_TAG.sub(r"[\1](#)", _ANCHOR.sub("", _IMAGE.sub("", line)))
    dead = _DEAD_LINK.search(line)
    linked = bool(dead) and not _LETTER.search(_ITEM.sub(r"\3", _DEAD_LINK.sub("", line)))
    line = re.sub(r"</li>\s*<li[^>]*>", "; ", line, flags=re.IGNORECASE)
    return html.unescape(_TAG.sub("", line)).rstrip(), linked


def _updated(words: str) -> date | None:
    """The day in a line that says when a page was last changed."""
    stated = _DATE.match(words)
    found = _DAY.search(stated[1] or stated[2]) if stated else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _join(first: str, second: str) -> str:
    """Two lines of one paragraph; Chinese needs no blank between them."""
    glue = "" if re.search(r"[\u3000-\u9fff\uff00-\uffef]$", first) and re.match(r"[\u3000-\u9fff\uff00-\uffef]", second) else " "
    return first + glue + second

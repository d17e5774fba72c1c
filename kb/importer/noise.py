"""Rules that drop what an export adds to a document; each takes blocks and returns fewer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kb.entry import Lang
from kb.importer import titles
from kb.importer.blocks import Block, without_markup
from kb.text import detect

_REPEATED = 3
"""A line that stands alone this often is a running header; a heading, the name of a recurring part."""
_LEGAL_REACH = 30
"""Blocks between two legal notices that still belong to the legal page."""
_FOREIGN_SHARE = 0.25
_LONGEST_HEADER = 60
_DESCRIBED = re.compile(
    r"(?:the|this) (?:screenshot|image|picture|figure) (?:shows|displays)\b|(?:该|此)?(?:截图|图片)(?:中|里)?(?:显示|展示)", re.IGNORECASE
)
_POINTER = re.compile(r"更多|more", re.IGNORECASE)
_LABEL = re.compile(r"\*\*(.+?)\*\*|\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Noise:
    """A line left out, and why."""

    reason: str
    text: str


class Sink:
    """Collects what the rules leave out."""

    def __init__(self) -> None:
        self.noise: list[Noise] = []
        self.unanswered: list[str] = []

    def drop(self, reason: str, blocks: Sequence[Block]) -> None:
        """Note blocks as dropped."""
        self.noise += [Noise(reason, without_markup(block.text)[:120]) for block in blocks]


Rule = Callable[[list[Block], Sink], list[Block]]


def running_headers(blocks: list[Block], sink: Sink) -> list[Block]:
    """Drop short lines that return on page after page."""
    counts = Counter(titles.bare(block.text) for block in blocks if block.kind == "text" and _short(block.text))
    running = {text for text, count in counts.items() if count >= _REPEATED and text}
    kept: list[Block] = []
    for at, block in enumerate(blocks):
        following = blocks[at + 1].kind if at + 1 < len(blocks) else "heading"
        sole = block.kind == "text" and following == "heading" and bool(kept) and kept[-1].kind == "heading"
        candidate = block.kind in {"text", "heading"} and _short(block.text) and following != "date" and not sole
        if candidate and _runs(titles.bare(block.text), running):
            sink.drop("running header", [block])
        else:
            kept.append(block)
    return kept


def legal_notices(blocks: list[Block], sink: Sink) -> list[Block]:
    """Drop copyright, trademark and contact pages: from the first notice to the heading after the last."""
    kept: list[Block] = []
    at = 0
    while at < len(blocks):
        if not titles.is_legal(blocks[at].text) or blocks[at].kind not in {"heading", "text"}:
            kept.append(blocks[at])
            at += 1
            continue
        end = at
        for ahead in range(at, min(len(blocks), at + _LEGAL_REACH)):
            if titles.is_legal(blocks[ahead].text) or titles.is_contact(blocks[ahead].text):
                end = ahead
        if blocks[end].kind == "heading":
            end += 1
            while end < len(blocks) and blocks[end].kind != "heading":
                end += 1
        else:
            end += 1
        sink.drop("legal notice", blocks[at:end])
        at = end
    return kept


def screenshots(blocks: list[Block], sink: Sink, lang: Lang) -> list[Block]:
    """Drop headings that are words in a picture, with what follows them up to the next step or heading."""
    kept: list[Block] = []
    foreign = _foreign(blocks, lang)
    at = 0
    while at < len(blocks):
        block = blocks[at]
        stepping = block.kind == "heading" and _between_steps(kept, blocks[at:])
        if block.kind == "heading" and (stepping or block in foreign or _in_picture(block, kept)):
            end = at + 1
            while end < len(blocks) and blocks[end].kind not in {"heading", "date"} and not _steps(blocks[end]):
                end += 1
            sink.drop("text in a screenshot", blocks[at:end])
            at = end
        elif block.kind in {"text", "table"} and (
            block in foreign or _DESCRIBED.match(block.text) or (_loose(block) and _between_steps(kept, blocks[at:]))
        ):
            sink.drop("text in a screenshot", [block])
            at += 1
        else:
            kept.append(block)
            at += 1
    return kept


def contents(blocks: list[Block], sink: Sink) -> list[Block]:
    """Drop tables of contents: lists of the document's own headings, and lists of questions."""
    headings = [block.text for block in blocks if block.kind == "heading"]
    named = {titles.bare(text) for text in headings}
    words = {titles.bare(word) for text in headings for word in _title_words(text)}
    listed: list[bool] = []
    for block in blocks:
        follows = block.kind == "item" and block.linked and bool(listed) and listed[-1]
        listed.append(follows or _listed(block, named, words))
    kept: list[Block] = []
    in_contents = False
    for at, block in enumerate(blocks):
        if block.kind in {"heading", "date"}:
            in_contents = titles.is_contents(block.text)
        of_contents = in_contents and block.kind in {"text", "item"}
        if not (listed[at] or of_contents or _introduces(block, at, listed) or _points_on(block, at, blocks, listed)):
            kept.append(block)
            continue
        sink.drop("table of contents", [block])
        if block.kind == "item" and titles.is_question(block.text):
            sink.unanswered.append(titles.clean_title(block.text))
    return kept


def _introduces(block: Block, at: int, listed: Sequence[bool]) -> bool:
    """Whether the block only announces the list of contents below it."""
    return block.kind == "text" and at + 1 < len(listed) and listed[at + 1] and bool(re.search(r"[:：]$", block.text))


def _points_on(block: Block, at: int, blocks: Sequence[Block], listed: Sequence[bool]) -> bool:
    """Whether the block only says where there is more than in the list of contents above it."""
    return block.kind == "text" and at > 0 and listed[at - 1] and blocks[at - 1].kind == "item" and bool(_POINTER.search(block.text))


def _short(text: str) -> bool:
    """Whether a line could be a running header."""
    if titles.is_note(text) or titles.is_role(text) or titles.is_sentence(text) or titles.is_question(text):
        return False
    return len(without_markup(text)) <= _LONGEST_HEADER and not re.search(r"[:：]$", text)


def _runs(text: str, running: set[str]) -> bool:
    """Whether this is a running header, perhaps with a logo read as one stray character."""
    return text in running or text[1:] in running


def _steps(block: Block) -> bool:
    return block.kind == "item" and block.number is not None and block.level <= 1


def _between_steps(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether the numbered list that was open goes on after this point."""
    last = next((block.number for block in _back_to_heading(before) if _steps(block)), None)
    following = next((block.number for block in after if _steps(block)), None)
    return last is not None and following == last + 1


def _back_to_heading(before: Sequence[Block]) -> Iterator[Block]:
    for block in reversed(before):
        if block.kind in {"heading", "date"}:
            return
        yield block


def _foreign(blocks: Sequence[Block], lang: Lang) -> set[Block]:
    """The blocks in Chinese in a document that is English but for its pictures."""
    chinese = [block for block in blocks if detect(block.text) == "zh"] if lang == "en" else []
    answered = any(titles.is_question(block.text) or block.kind == "date" for block in chinese if block.kind != "text")
    return set() if answered or len(chinese) > _FOREIGN_SHARE * len(blocks) else set(chinese)


def _in_picture(block: Block, before: Sequence[Block]) -> bool:
    """Whether the heading is an interface's: a dialog's, or a label that the step before names."""
    if titles.is_dialog(block.text):
        return True
    name = titles.bare(block.text)
    said = [other.text for other in _back_to_heading(before) if _instructs(other)]
    labels = {titles.bare(found[1] or found[2]) for text in said for found in _LABEL.finditer(text)}
    return not titles.is_question(block.text) and name in labels


def _instructs(block: Block) -> bool:
    """Whether the block is running text or a step, not a row or line of a table of contents."""
    return block.kind in {"item", "text"} and not block.linked


def _loose(block: Block) -> bool:
    """Whether the block has no sentence in it, as words on buttons have not."""
    return not block.text.startswith(("|", "**")) and not re.search(r"[。；.;!！:：]\s*$|[。；]", block.text)


def _title_words(text: str) -> list[str]:
    title = titles.clean_title(text)
    return [title, *(word for word in title.split(" ") if not word.isascii() or word.isupper())]


def _listed(block: Block, named: set[str], words: set[str]) -> bool:
    """Whether a block only repeats headings, or is a question in a list without an answer."""
    if titles.is_contents(block.text) and block.kind == "text":
        return True
    if block.kind == "item":
        return titles.asks(block.text) or (block.linked and titles.bare(block.text) in named)
    if block.kind != "text" or re.search(r"[.。;；!！]", block.text):
        return False
    parts = [titles.bare(part) for part in block.text.split()]
    return titles.bare(block.text) in words or (len(parts) > 1 and sum(part in words for part in parts) >= 0.8 * len(parts))

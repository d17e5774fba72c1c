"""The sections of a document: what each asks, the words that answer it, its date and the heading above."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kb.entry import Lang
from kb.importer import noise, titles
from kb.importer.blocks import Block, read_blocks, without_dead_links, without_markup
from kb.importer.noise import Noise, Sink
from kb.text import detect

_REPEATED = 3
_DEEPEST = 6
_NOWHERE = 7
"""Deeper than any heading."""
_IMPLIED_QUESTION = 3
_LONGEST_LABEL = 40
_LONGEST_QUESTION = 300
_SAYS_ENOUGH = 40
_LINK = re.compile(r"\[([^\]]*)\]\(\s*(https?://[^\s)]+)[^)]*\)")
_LONGEST_PLAIN_TITLE: dict[Lang, int] = {"zh": 30, "en": 90}


@dataclass(frozen=True, slots=True)
class Section:
    """A question or titled section with its answer as Markdown; ``parts`` are the headings inside it, ``links`` labels with URLs."""

    heading: str
    parent: str | None
    updated: date | None
    lang: Lang
    body: str
    parts: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document holds, what was left out, and the questions it names but does not answer."""

    sections: tuple[Section, ...]
    dropped: tuple[Noise, ...]
    unanswered: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    """A heading whose text is still being gathered."""

    heading: Block
    updated: date | None = None
    dated: bool = False
    blocks: list[Block] = field(default_factory=list)
    parent: str | None = None

    @property
    def asks(self) -> bool:
        return titles.is_question(self.heading.text)

    @property
    def answers(self) -> bool:
        """Whether there is text below the heading, not only names of parts."""
        said = [block for block in self.blocks if block.kind not in {"part", "role"}]
        if self.asks:
            return bool(said)
        return any(
            block.kind in {"item", "table", "code"} or re.search(r"[。.!！:：;；]", block.text) or len(block.text) > _SAYS_ENOUGH
            for block in said
        )


def read_outline(markdown: str) -> Outline:
    """The sections of a document in Markdown, without the noise of its export."""
    sink = Sink()
    lang: Lang = detect(markdown) or "zh"
    blocks = noise.running_headers(read_blocks(markdown), sink)
    blocks = noise.legal_notices(_promote(blocks, lang), sink)
    blocks = noise.screenshots(_demote(blocks), sink, lang)
    blocks = _split_tables(noise.contents(blocks, sink))
    opened = _gather(blocks, sink)
    _name_parents(opened)
    sections = [_section(each, lang) for each in opened if each.answers]
    sink.unanswered += [titles.clean_title(each.heading.text) for each in opened if each.asks and not each.answers]
    answered = {titles.bare(section.heading) for section in sections}
    unanswered = dict.fromkeys(question for question in sink.unanswered if titles.bare(question) not in answered)
    return Outline(_without_repeats(sections, sink), tuple(sink.noise), tuple(unanswered))


def _promote(blocks: list[Block], lang: Lang) -> list[Block]:
    """Make headings of lines that are headings in all but their marks."""
    plain = not any(block.kind == "heading" for block in blocks)
    promoted: list[Block] = []
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        level = _implied_level(block, promoted[-1] if promoted else None, following, plain, lang)
        promoted.append(replace(block, kind="heading", level=level) if level else block)
    return promoted


def _implied_level(block: Block, before: Block | None, after: Block | None, plain: bool, lang: Lang) -> int:
    """The depth of a heading that is not marked as one; 0 for other blocks."""
    if block.kind == "item":
        return _IMPLIED_QUESTION if _asks_in_list(block, before, after, plain) else 0
    if block.kind != "text":
        return 0
    legal = (titles.is_legal(block.text) or titles.is_contact(block.text)) and "©" not in block.text
    note = plain and titles.is_note(block.text)
    if len(block.text) <= _LONGEST_LABEL and (legal or note):
        return 6
    if titles.is_question(block.text) and len(block.text) <= _LONGEST_QUESTION and (plain or titles.asks(block.text)):
        return _IMPLIED_QUESTION if plain else 6
    titled = plain and _plain_title(block, before, lang)
    return (1 if after is not None and after.kind == "date" else 2) if titled else 0


def _asks_in_list(block: Block, before: Block | None, after: Block | None, plain: bool) -> bool:
    """Whether a list item is a question with its answer below it, not one of a list of questions."""
    if block.level > 1 or after is None or not titles.asks(block.text):
        return False
    listed = before is not None and before.kind == "item" and titles.is_question(before.text)
    return (after.kind == "item" and after.level > block.level) or (plain and after.kind == "text" and not listed)


def _plain_title(block: Block, before: Block | None, lang: Lang) -> bool:
    """Whether a line in a document without marked headings stands there as a title."""
    text = without_markup(block.text)
    if len(text) > _LONGEST_PLAIN_TITLE[lang] or re.search(r"[.,;:!。；，：！、…]\W*$|[:：;；。+@]", text) or detect(text) != lang:
        return False
    return before is None or before.kind != "text" or bool(re.search(r"[.!?:;。！？：；][\"”’')）]*$", before.text))


def _demote(blocks: list[Block]) -> list[Block]:
    """Make plain text, steps or parts of headings that are no titles of their own."""
    counts = Counter(titles.bare(block.text) for block in blocks if block.kind == "heading" and not titles.is_question(block.text))
    recurring = {name for name, count in counts.items() if count >= _REPEATED}
    demoted: list[Block] = []
    inside = _NOWHERE
    for block in blocks:
        judged = _judge(block, recurring, inside) if block.kind == "heading" else block
        if block.kind == "heading":
            inside = _inside(block, judged, inside)
        demoted.append(judged)
    return demoted


def _judge(block: Block, recurring: set[str], inside: int) -> Block:
    """A heading as what it is; ``inside`` is the level of the question or step it stands under."""
    name = without_markup(block.text)
    if titles.is_question(name):
        return block
    if titles.is_sentence(name):
        return _as_text(block)
    if titles.is_dialog(name) or titles.is_legal(name):
        return block
    if titles.is_role(name) or titles.bare(name) in recurring:
        return replace(block, kind="part" if titles.is_note(name) else "role")
    is_part = titles.is_note(name) or titles.is_label(name) or block.level > inside
    return replace(block, kind="part") if is_part else block


def _as_text(block: Block) -> Block:
    """A sentence marked as a heading: a step when it is numbered, else a paragraph."""
    step = re.match(r"(\d{1,3})[.、)]\s+(.+)", without_markup(block.text))
    return replace(block, kind="item", text=step[2], level=0, number=int(step[1])) if step else replace(block, kind="text")


def _inside(block: Block, judged: Block, before: int) -> int:
    """The level that headings must exceed to be parts of what this heading opened."""
    if titles.is_question(block.text):
        return block.level
    if judged.kind in {"heading", "role"}:
        return _NOWHERE
    return min(before, block.level) if titles.is_label(block.text) else before


def _split_tables(blocks: list[Block]) -> list[Block]:
    """Make parts of neighbouring headings that cut one table, with the same first row, into categories."""
    rows = [_first_row(blocks, at) if block.kind == "heading" else None for at, block in enumerate(blocks)]
    repeated = {row for row, count in Counter(row for row in rows if row).items() if count >= _REPEATED}
    return [replace(block, kind="part") if row in repeated else block for block, row in zip(blocks, rows, strict=True)]


def _first_row(blocks: Sequence[Block], at: int) -> str | None:
    """The first row of the table under a heading that has no other text."""
    row: str | None = None
    for block in blocks[at + 1 :]:
        if block.kind in {"heading", "date"}:
            break
        if block.kind == "table":
            row = row or block.text
        elif re.search(r"[.。]$", block.text):
            return None
    return row


def _gather(blocks: list[Block], sink: Sink) -> list[_Open]:
    """Each heading with the blocks below it."""
    opened: list[_Open] = []
    current: _Open | None = None
    updated: date | None = None
    for block in blocks:
        if block.kind == "date":
            updated = block.day
            if current and not current.blocks:
                current.updated, current.dated = updated, True
        elif block.kind == "heading" or (block.kind in {"part", "role"} and current is None):
            current = _Open(replace(block, kind="heading"), updated)
            opened.append(current)
        elif current is None:
            sink.drop("text before the first heading", [block])
        else:
            current = _owner(opened, current, block) if block.kind == "role" else current
            current.blocks.append(block)
    return opened


def _owner(opened: list[_Open], current: _Open, part: Block) -> _Open:
    """The section that a part such as Prerequisites belongs to: the nearest one above it in rank, within the page."""
    return next((each for each in reversed(opened) if each.dated or each.heading.level < part.level), current)


def _name_parents(opened: list[_Open]) -> None:
    """Give each heading the nearest one above it, trusting levels only where the document's pages are not dated."""
    paged = any(each.dated for each in opened)
    for at, each in enumerate(opened):
        above = [other for other in reversed(opened[:at]) if not other.asks and not titles.is_role(other.heading.text)]
        if each.dated:
            continue
        if not paged:
            found = next((other for other in above if other.heading.level < each.heading.level), None)
        else:
            found = next((other for other in above if other.dated or not other.answers), None)
        each.parent = titles.clean_title(found.heading.text) if found else None


def _section(opened: _Open, lang: Lang) -> Section:
    blocks = _without_last_part(opened.blocks)
    written = _write(blocks)
    links = {url: without_markup(label) for label, url in _LINK.findall(written) if without_markup(label)}
    body = _LINK.sub(r"\1", written)
    heading = titles.clean_title(opened.heading.text)
    parts = tuple(titles.clean_title(block.text) for block in blocks if block.kind in {"part", "role"})
    found = detect(f"{heading}\n{body}") or lang
    return Section(heading, opened.parent, opened.updated, found, body, parts, tuple((label, url) for url, label in links.items()))


def _without_last_part(blocks: list[Block]) -> list[Block]:
    """The blocks up to the last that says something."""
    end = len(blocks)
    while end and blocks[end - 1].kind in {"part", "role"}:
        end -= 1
    return blocks[:end]


def _write(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown again: lists and tables close together, blank lines between the rest."""
    pieces: list[str] = []
    previous: str | None = None
    for block in blocks:
        close = block.kind == previous and block.kind in {"item", "table", "code"}
        pieces.append(("\n" if close else "\n\n") + _line(block, first=not close))
        previous = block.kind
    return "".join(pieces).strip()


def _line(block: Block, *, first: bool) -> str:
    if block.kind == "code":
        return f"    {block.text}"
    if block.kind in {"part", "role"}:
        return f"**{titles.clean_title(block.text)}**"
    text = re.sub(r" {2,}", " ", titles.without_icons(without_dead_links(block.text))).strip()
    if block.kind == "item":
        return f"{' ' * min(block.level, _DEEPEST)}{f'{block.number}.' if block.number is not None else '-'} {text}"
    if block.kind == "table" and "\t" in text:
        cells = [cell.strip() for cell in text.split("\t")]
        return f"| {' | '.join(cells)} |" + (f"\n|{'---|' * len(cells)}" if first else "")
    return text


def _without_repeats(sections: list[Section], sink: Sink) -> tuple[Section, ...]:
    """The sections without those that say the same under the same heading again."""
    seen: dict[tuple[str, str], Section] = {}
    for section in sections:
        key = titles.bare(section.heading), titles.bare(section.body)
        if key in seen:
            sink.noise.append(Noise("said before", section.heading))
        seen.setdefault(key, section)
    return tuple(seen.values())

"""The sections of a document: what each asks, the words that answer it, its date and the heading above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kb.entry import Lang
from kb.importer import headings, noise, titles
from kb.importer.blocks import Block, read_blocks, without_dead_links, without_markup
from kb.importer.noise import Noise, Sink
from kb.text import detect

_DEEPEST = 6
_SAYS_ENOUGH = 40
_LINK = re.compile(r"\[([^\]]*)\]\(\s*(https?://[^\s)]+)[^)]*\)")


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
    blocks = noise.legal_notices(headings.promote(blocks, lang), sink)
    blocks = noise.screenshots(headings.demote(blocks), sink, lang)
    blocks = headings.split_tables(noise.contents(headings.nest(blocks), sink))
    opened = _gather(blocks, sink)
    _name_parents(opened)
    sections = [_section(each, lang) for each in opened if each.answers]
    sink.unanswered += [titles.clean_title(each.heading.text) for each in opened if each.asks and not each.answers]
    answered = {titles.bare(section.heading) for section in sections}
    unanswered = dict.fromkeys(question for question in sink.unanswered if titles.bare(question) not in answered)
    return Outline(_without_repeats(sections, sink), tuple(sink.noise), tuple(unanswered))


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

"""Which blocks are headings: promotes lines that are headings in all but their marks, demotes marked ones that are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kb.entry import Lang
from kb.importer import titles
from kb.importer.blocks import Block, without_markup
from kb.text import detect

_REPEATED = 3
_NOWHERE = 7
"""Deeper than any heading."""
_IMPLIED_QUESTION = 3
_LONGEST_LABEL = 40
_LONGEST_QUESTION = 300
_LONGEST_PLAIN_TITLE: dict[Lang, int] = {"zh": 30, "en": 90}


def promote(blocks: list[Block], lang: Lang) -> list[Block]:
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


def demote(blocks: list[Block]) -> list[Block]:
    """Make plain text, steps or parts of headings that are no titles of their own."""
    counts = Counter(titles.bare(block.text) for block in blocks if block.kind == "heading" and not titles.is_question(block.text))
    recurring = {name for name, count in counts.items() if count >= _REPEATED}
    return [_judge(block, recurring) if block.kind == "heading" else block for block in blocks]


def _judge(block: Block, recurring: set[str]) -> Block:
    """A heading as what it is."""
    name = without_markup(block.text)
    if titles.is_question(name):
        return block
    if titles.is_sentence(name):
        return _as_text(block)
    if titles.is_dialog(name):
        return block
    if titles.is_note(name) or titles.is_label(name):
        return replace(block, kind="part")
    return replace(block, kind="role") if titles.is_role(name) or titles.bare(name) in recurring else block


def _as_text(block: Block) -> Block:
    """A sentence marked as a heading: a step when it is numbered, else a paragraph."""
    step = re.match(r"(\d{1,3})[.、)]\s+(.+)", without_markup(block.text))
    return replace(block, kind="item", text=step[2], level=0, number=int(step[1])) if step else replace(block, kind="text")


def nest(blocks: list[Block]) -> list[Block]:
    """Make parts of the headings below a question or a step."""
    nested: list[Block] = []
    inside = _NOWHERE
    for block in blocks:
        asked = block.kind == "heading" and titles.is_question(block.text)
        part = block.kind == "heading" and not asked and block.level > inside
        nested.append(replace(block, kind="part") if part else block)
        if asked:
            inside = block.level
        elif block.kind == "part" and titles.is_label(block.text):
            inside = min(inside, block.level)
        elif block.kind == "role" or (block.kind == "heading" and not part):
            inside = _NOWHERE
    return nested


def split_tables(blocks: list[Block]) -> list[Block]:
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

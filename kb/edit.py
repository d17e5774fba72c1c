"""Changes to entry files that a reviewer can read as a small diff: nothing but what changes is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from kb.load import split_front_matter

_LONGEST_LINE = 100_000
"""YAML folds longer lines."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is known of an entry that somebody proposes, in one language."""

    question: str
    phrasings: tuple[str, ...]
    body: str
    flow: str | None = None


def add_phrasings(text: str, phrasings: Sequence[str]) -> str:
    """The text of an entry file with more phrasings at the end of its list.

    Raises ``ValueError`` when the text has no front matter with a list of phrasings.
    """
    breaks = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    start = len(plain) - len(plain.removeprefix("\ufeff"))
    parts = split_front_matter(plain[start:])
    node = yaml.compose(parts[0], Loader=yaml.SafeLoader) if parts else None
    found = _value(node, "phrasings") if isinstance(node, yaml.MappingNode) else None
    if not isinstance(found, yaml.SequenceNode) or not found.value:
        raise ValueError("no list of phrasings in the front matter")
    at = start + len("---\n") + found.value[-1].end_mark.index
    if found.flow_style:
        added = "".join(f", {_scalar(phrasing, flow_style=True)}" for phrasing in phrasings)
    else:
        at = plain.index("\n", at - 1)  # past a comment behind the last phrasing
        indent = " " * found.start_mark.column
        added = "".join(f"\n{indent}- {_scalar(phrasing)}" for phrasing in phrasings)
    return (plain[:at] + added + plain[at:]).replace("\n", breaks)


def entry_text(entry: NewEntry, today: date) -> str:
    """A new entry file; its sources are still to be named, which ``assistant kb lint`` will ask for."""
    front: dict[str, Any] = {"question": entry.question, "phrasings": list(entry.phrasings), "sources": []}
    if entry.flow:
        front["flow"] = entry.flow
    front["reviewed"] = today
    written = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=_LONGEST_LINE)
    return f"---\n{written}---\n{entry.body.strip()}\n"


def _value(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _scalar(text: str, *, flow_style: bool = False) -> str:
    """The text as YAML, quoted only where it must be."""
    written: str = yaml.safe_dump([text], allow_unicode=True, width=_LONGEST_LINE, default_flow_style=flow_style)
    return written.strip().removeprefix("[").removesuffix("]") if flow_style else written.strip().removeprefix("- ")

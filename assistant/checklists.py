"""A checklist on paper: Markdown and CSV, in one language."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from assistant.phrases import phrase
from flows.desk import SharedChecklist
from kb.entry import Lang

_BOXES = {"todo": "[ ]", "done": "[x]", "blocked": "[!]", "not_applicable": "[-]"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item as people read it."""

    box: str
    label: str
    status: str
    by: str
    at: str
    reason: str


def lines(checklist: SharedChecklist, lang: Lang) -> list[Line]:
    """The items, with who set them and when (UTC)."""
    return [
        Line(
            box=_BOXES[item.status],
            label=item.label[lang],
            status=phrase(f"checklist-{item.status}", lang),
            by=item.who or (phrase(f"checklist-by-{item.by}", lang) if item.by else ""),
            at=item.at.strftime("%Y-%m-%d %H:%M") if item.at else "",
            reason=item.reason[lang] if item.reason else "",
        )
        for item in checklist.items
    ]


def as_markdown(checklist: SharedChecklist, lang: Lang) -> str:
    """A list to paste into a page or a mail."""
    rows = [f"# {checklist.title[lang]}", ""]
    for line in lines(checklist, lang):
        details = ", ".join(part for part in (line.status, line.by, line.at and f"{line.at} UTC", line.reason) if part)
        rows.append(f"- {line.box} {line.label} ({details})")
    return "\n".join(rows) + "\n"


def as_csv(checklist: SharedChecklist, lang: Lang) -> str:
    """A table for a spreadsheet, with the mark that makes Excel read UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(phrase("checklist-columns", lang).split("|"))
    for line in lines(checklist, lang):
        writer.writerow([_harmless(value) for value in (line.label, line.status, line.by, line.at, line.reason)])
    return "\ufeff" + file.getvalue()


def _harmless(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value

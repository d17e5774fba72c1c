"""Draft entries for the sections that the base does not have, and a report of what became of each section."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from kb.entry import Entry
from kb.importer.noise import Noise
from kb.importer.outline import Outline, Section
from kb.lexicon import Lexicon, load_lexicon
from kb.load import folder, read_entry
from kb.text import normalise

Status = Literal["drafted", "kept", "known"]
Known = Callable[[str], tuple[str, float] | None]
"""The entry that already answers a question, with its confidence."""
Step = Callable[[Section], None]

REWORD = "Reword every draft: no passage of the document may be copied."
_LINE_LIMIT = 400
_SLUG_LIMIT = 60
_LEAD = re.compile(
    r"(?:how (?:do|can|should) (?:i|we|you)|how to|what (?:should|do) i do (?:if|when)|what to do (?:if|when)|"
    r"what (?:is|are)(?: an?| the)?|请问|如何|怎么|怎样|什么是)\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:,?\s*(?:what (?:should|do) i do|what to do)|[，,]?\s*(?:怎么办|如何处理|怎么处理|该?如何解决))?[?？!！。.]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a section; a draft that lies there already is kept as it is."""

    section: Section
    status: Status
    path: Path | None = None
    entry: str | None = None
    confidence: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The result for a JSON report."""
        found = self.section
        return {
            "heading": found.heading,
            "parent": found.parent,
            "updated": found.updated.isoformat() if found.updated else None,
            "lang": found.lang,
            "parts": list(found.parts),
            "status": self.status,
            "path": self.path.as_posix() if self.path else None,
            "entry": self.entry,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What an import found, wrote, skipped and dropped."""

    document: str
    results: tuple[Result, ...]
    dropped: tuple[Noise, ...]
    unanswered: tuple[str, ...]

    def of(self, status: Status) -> list[Result]:
        """The sections with this status."""
        return [result for result in self.results if result.status == status]

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        return {
            "document": self.document,
            "found": len(self.results),
            "drafted": len(self.of("drafted")),
            "kept": len(self.of("kept")),
            "known": len(self.of("known")),
            "noise": len(self.dropped),
            "sections": [result.as_dict() for result in self.results],
            "unanswered": list(self.unanswered),
            "dropped": [asdict(noise) for noise in self.dropped],
            "next": REWORD,
        }


def import_sections(
    outline: Outline, document: str, out: Path, *, known: Known = lambda _: None, today: date | None = None, step: Step = lambda _: None
) -> Report:
    """Write a draft below ``out`` for each section that ``known`` does not cover; ``step`` is told of each section done.

    Drafts that exist are never written over: someone may be rewording them.
    """
    lexicon = load_lexicon()
    desk = _Desk(out, slug(Path(document).stem, lexicon), today or datetime.now().astimezone().date(), lexicon)
    results: list[Result] = []
    for section in outline.sections:
        covered = known(section.heading)
        results.append(Result(section, "known", entry=covered[0], confidence=covered[1]) if covered else desk.draft(section))
        step(section)
    return Report(document, tuple(results), outline.dropped, outline.unanswered)


def slug(text: str, lexicon: Lexicon) -> str:
    """The text as lower-case ASCII words joined by hyphens, Chinese by its sound, cut between words."""
    spelled = "".join(f" {lexicon.readings[char]} " if char in lexicon.readings else char for char in normalise(text))
    words = re.findall(r"[a-z0-9]+", spelled.replace("'", ""))
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word
        if len(longer) > _SLUG_LIMIT:
            break
        kept = longer
    return kept or (words[0][:_SLUG_LIMIT] if words else "section")


def phrasings(heading: str) -> list[str]:
    """The heading and its plain variants: without question mark, without the words that only ask, the last part of a joined title."""
    short = _TAIL.sub("", heading).strip()
    variants = [heading, short, _LEAD.sub("", short, count=1).strip() if _LEAD.match(short) else short]
    last = short.rpartition(" ")[2]
    if len(last) >= 4 and not last.isascii():
        variants.append(last)
    return list(dict.fromkeys(_line(variant) for variant in variants if variant))


class _Desk:
    """Writes the drafts of one document, each to its own path."""

    def __init__(self, out: Path, doc: str, day: date, lexicon: Lexicon) -> None:
        self._out, self._doc, self._day, self._lexicon = out, doc, day, lexicon
        self._used: set[Path] = set()

    def draft(self, section: Section) -> Result:
        """Write the section's draft unless it lies there."""
        path = self._path(section)
        if path.exists():
            return Result(section, "kept", path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(section, self._doc, self._day), encoding="utf-8")
        written = read_entry(path, section.lang, self._out)
        if not isinstance(written, Entry):
            raise ValueError("; ".join(map(str, written)))  # noqa: TRY004 - a draft that cannot be read is a mistake of ours
        return Result(section, "drafted", path)

    def _path(self, section: Section) -> Path:
        """The section's file, numbered when this import has used the name already."""
        home = folder(self._out, section.lang) / slug(section.parent or self._doc, self._lexicon)
        name = slug(section.heading, self._lexicon)
        path, number = home / f"{name}.md", 1
        while path in self._used:
            number += 1
            path = home / f"{name}-{number}.md"
        self._used.add(path)
        return path


def _text(section: Section, doc: str, day: date) -> str:
    """The entry file."""
    front: dict[str, Any] = {
        "question": _line(section.heading),
        "phrasings": phrasings(section.heading),
        "sources": [{"doc": doc, "heading": _line(section.parent or section.heading), "updated": section.updated or day}],
    }
    if section.links:
        front["links"] = [{"label": _line(label), "url": url} for label, url in section.links]
    front["reviewed"] = day
    written = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{written}---\n{section.body}\n"


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:_LINE_LIMIT]

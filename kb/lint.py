"""Checks the content beyond its schema: one small rule each, every finding with file and line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import opencc

from kb.entry import FIRST_PARAGRAPH_LIMIT, Entry, Lang
from kb.load import ROOT, Problem, entry_files, entry_path, read_entry
from kb.text import normalise

PHRASINGS_AT_LEAST = 20
PARAGRAPH_BYTES = 2048
"""One WeCom text message (D90236); an answer is split between paragraphs, never within one."""
REVIEW_DUE = timedelta(days=365)

_HAN = re.compile(r"[\u4e00-\u9fff]")
_to_simplified = opencc.OpenCC("t2s")


@dataclass(frozen=True, slots=True)
class Content:
    """What the rules look at: entries by id and language, the ids of flows, the day to judge reviews by."""

    entries: dict[tuple[str, Lang], Entry]
    flows: Collection[str]
    today: date
    root: Path = ROOT


Rule = Callable[[Content], Iterator[Problem]]


def lint(flows: Collection[str], root: Path = ROOT, today: date | None = None) -> list[Problem]:
    """Every mistake in the content, by file and line."""
    problems: list[Problem] = []
    entries: dict[tuple[str, Lang], Entry] = {}
    for lang, path in entry_files(root):
        found = read_entry(path, lang, root)
        if isinstance(found, Entry):
            entries[found.id, lang] = found
        else:
            problems += found
    content = Content(entries, flows, today or datetime.now(UTC).date(), root)
    for rule in RULES:
        problems += rule(content)
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.text))


def missing_pair(content: Content) -> Iterator[Problem]:
    """An entry exists in both languages."""
    for (entry_id, lang), entry in content.entries.items():
        other: Lang = "en" if lang == "zh" else "zh"
        if (entry_id, other) not in content.entries:
            yield Problem(entry.path, 1, f"no {other} pair: expected {entry_path(content.root, entry_id, other)}")


def differing_numbers(content: Content) -> Iterator[Problem]:
    """Both languages of an answer carry the same figures."""
    for (entry_id, lang), entry in content.entries.items():
        pair = content.entries.get((entry_id, "en"))
        if lang == "en" or pair is None:
            continue
        chinese, english = figures(entry.body), figures(pair.body)
        for side, only in ((entry, chinese - english), (pair, english - chinese)):
            for figure in sorted(only):
                yield Problem(side.path, _line_of_figure(side, figure), f"the figure {figure} is not in the other language")


def dead_references(content: Content) -> Iterator[Problem]:
    """Related entries and flows exist."""
    known = {entry_id for entry_id, _ in content.entries}
    for entry in content.entries.values():
        for related in entry.related:
            if related not in known or related == entry.id:
                yield Problem(entry.path, line_of(entry.path, related), f"related: {related} is not another entry")
        if entry.flow and entry.flow not in content.flows:
            yield Problem(entry.path, line_of(entry.path, f"flow: {entry.flow}"), f"flow: there is no flow {entry.flow}")


def phrasing_claimed_twice(content: Content) -> Iterator[Problem]:
    """A phrasing belongs to one entry."""
    owners: dict[str, list[tuple[Entry, str]]] = defaultdict(list)
    for entry in content.entries.values():
        for phrasing in entry.phrasings:
            owners[re.sub(r"\W+", "", normalise(phrasing))].append((entry, phrasing))
    for claims in owners.values():
        first = claims[0][0]
        for entry, phrasing in claims[1:]:
            if (entry.id, entry.lang) == (first.id, first.lang):
                yield Problem(entry.path, line_of(entry.path, phrasing), f"phrasing repeated: {phrasing}")
            elif entry.id != first.id:
                yield Problem(entry.path, line_of(entry.path, phrasing), f"phrasing claimed by {first.path} too: {phrasing}")


def few_phrasings(content: Content) -> Iterator[Problem]:
    """Retrieval learns from phrasings; below twenty it guesses."""
    for entry in content.entries.values():
        if len(entry.phrasings) < PHRASINGS_AT_LEAST:
            yield Problem(
                entry.path, line_of(entry.path, "phrasings:"), f"{len(entry.phrasings)} phrasings: write at least {PHRASINGS_AT_LEAST}"
            )


def long_paragraphs(content: Content) -> Iterator[Problem]:
    """The first paragraph is the answer, and short; no paragraph outgrows a message."""
    for entry in content.entries.values():
        limit = FIRST_PARAGRAPH_LIMIT[entry.lang]
        if len(entry.summary) > limit:
            yield Problem(
                entry.path, line_of(entry.path, entry.summary[:20]), f"first paragraph has {len(entry.summary)} characters: at most {limit}"
            )
        for paragraph in entry.body.split("\n\n"):
            size = len(paragraph.encode())
            if size > PARAGRAPH_BYTES:
                yield Problem(
                    entry.path, line_of(entry.path, paragraph.splitlines()[0]), f"paragraph of {size} bytes: at most {PARAGRAPH_BYTES}"
                )


def wrong_script(content: Content) -> Iterator[Problem]:
    """Chinese entries are in simplified Chinese, English ones in English."""
    for entry in content.entries.values():
        shown = (entry.question, *entry.body.splitlines())
        if entry.lang == "zh":
            if not _HAN.search(entry.body):
                yield Problem(entry.path, line_of(entry.path, entry.summary[:20]), "no Chinese in a Chinese entry")
            for text in (*shown, *entry.phrasings):
                if _to_simplified.convert(text) != text:
                    yield Problem(entry.path, line_of(entry.path, text), f"traditional characters: {text[:40]}")
        else:
            for text in shown:
                if _HAN.search(text):
                    yield Problem(entry.path, line_of(entry.path, text), f"Chinese in an English answer: {text[:40]}")


def stale_review(content: Content) -> Iterator[Problem]:
    """A review is not in the future, not older than a year, and not older than the sources."""
    for entry in content.entries.values():
        line = line_of(entry.path, "reviewed:")
        if entry.reviewed > content.today:
            yield Problem(entry.path, line, f"reviewed on {entry.reviewed}, which is still to come")
        elif content.today - entry.reviewed > REVIEW_DUE:
            yield Problem(entry.path, line, f"review is due: last on {entry.reviewed}")
        elif entry.reviewed < entry.updated:
            yield Problem(entry.path, line, f"reviewed on {entry.reviewed}, before its source of {entry.updated}")


RULES: tuple[Rule, ...] = (
    missing_pair,
    differing_numbers,
    dead_references,
    phrasing_claimed_twice,
    few_phrasings,
    long_paragraphs,
    wrong_script,
    stale_review,
)


def figures(body: str) -> set[str]:
    """The numbers an answer states; list markers and addresses are none."""
    text = re.sub(r"https?://\S+", " ", body)
    text = re.sub(r"(?m)^\s*\d+\.\s", " ", text)
    return {number.replace(",", "") for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def line_of(path: Path, needle: str) -> int:
    """The first line that holds these words; 1 when none does."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if needle in line:
            return number
    return 1


def _line_of_figure(entry: Entry, figure: str) -> int:
    """The first line of the answer that states a figure."""
    text = entry.path.read_text(encoding="utf-8")
    front = text[: text.find(entry.summary)].count("\n")
    for number, line in enumerate(entry.body.splitlines(), front + 1):
        if figure in figures(line):
            return number
    return front + 1

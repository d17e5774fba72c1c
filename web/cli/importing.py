"""``assistant kb import``: a document's questions and sections as drafts, with a report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from kb.importer import CannotImport, Known, Outline, Report, convert, import_sections, read_outline
from kb.importer.drafts import REWORD
from kb.search import Searcher
from web.cli.failures import Failure
from web.cli.talk import knowledge

KNOWN_FROM = 0.8
"""Confidence from which a section counts as covered; a section skipped wrongly is lost, one drafted twice is only noticed."""


def run(file: Path, out: Path, report: Path | None) -> None:
    """Draft what the document has and the base lacks below ``out``; print the report, and write it as JSON when asked."""
    outline = _read(file)
    searcher = knowledge().searcher
    with _progress(len(outline.sections)) as (progress, task):
        done = import_sections(outline, file.name, out, known=covered_by(searcher), step=lambda _: progress.advance(task))
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(done.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    show(done, out)


def covered_by(searcher: Searcher, threshold: float = KNOWN_FROM) -> Known:
    """Whether an entry answers a question already, by the assistant's own search."""

    def known(question: str) -> tuple[str, float] | None:
        hits = searcher.search(question, 1)
        return (hits[0].id, hits[0].confidence) if hits and hits[0].confidence >= threshold else None

    return known


def show(report: Report, out: Path) -> None:
    """Print what became of the document."""
    console = Console()
    if report.of("known"):
        console.print(_known_table(report))
    if report.of("drafted"):
        console.print(_draft_table(report, out))
    if report.unanswered:
        console.print("Questions that the document names but does not answer:")
        console.print("\n".join(f"  {escape(question)}" for question in report.unanswered))
    console.print(_summary_table(report))
    if report.of("drafted"):
        console.print(REWORD)


def _read(file: Path) -> Outline:
    try:
        outline = read_outline(convert(file))
    except CannotImport as error:
        raise Failure(str(error)) from error
    if not outline.sections:
        raise Failure(f"{file}: no question or heading with text below it was found.")
    return outline


@contextmanager
def _progress(total: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress, progress.add_task("Sections", total=total)


def _known_table(report: Report) -> Table:
    table = Table("Section", "Entry", "Confidence", title="Already in the base", title_justify="left")
    for result in report.of("known"):
        table.add_row(escape(result.section.heading), result.entry, f"{result.confidence:.2f}")
    return table


def _draft_table(report: Report, out: Path) -> Table:
    table = Table("Section", "Draft", title=f"Drafted in {out}", title_justify="left")
    for result in report.of("drafted"):
        path = result.path.relative_to(out).as_posix() if result.path else ""
        table.add_row(escape(result.section.heading), path)
    return table


def _summary_table(report: Report) -> Table:
    reasons = Counter(noise.reason for noise in report.dropped)
    table = Table("", "Count", title=escape(report.document), title_justify="left")
    table.add_row("Found", str(len(report.results)))
    table.add_row("Drafted", str(len(report.of("drafted"))))
    table.add_row("Drafted before, left as it is", str(len(report.of("kept"))))
    table.add_row("Already in the base", str(len(report.of("known"))))
    table.add_row("Named without an answer", str(len(report.unanswered)))
    table.add_row("Noise dropped (lines)", str(len(report.dropped)))
    for reason, count in reasons.most_common():
        table.add_row(f"  {reason}", str(count))
    return table

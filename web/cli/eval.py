"""``assistant eval``: measure on labelled queries, learn the search weights, draw the learning curve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from web.cli.failures import Failure

LABELLED = Path("tests/data/queries")
"""The labelled queries that come with the project."""


def evaluate(
    data: Annotated[str, typer.Argument(help="A folder with labelled queries; or 'tune', or 'curve'.")],
    folder: Annotated[
        Path | None, typer.Argument(help="The labelled queries for 'tune' and 'curve'; the project's own by default.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report of the confusions here.")] = None,
    errors: Annotated[int, typer.Option(help="Print this many misses.")] = 0,
) -> None:
    """Measure the assistant; 'tune' learns the search weights from the phrasings instead."""
    if data == "tune":
        _tune(_existing(folder or LABELLED))
    elif data == "curve":
        _curve(_existing(folder or LABELLED))
    else:
        _measure(_existing(Path(data)), html, errors)


def _measure(folder: Path, html: Path | None, errors: int) -> None:
    from assistant.evaluate import evaluate as measure
    from web.cli.talk import knowledge

    report = measure(knowledge(), folder)
    if not report.figures:
        raise Failure(f"{folder}: no labelled queries (*queries_zh.tsv, *queries_en.tsv, *out_of_scope.tsv, *chitchat.tsv, ...).")
    print(json.dumps(report.figures, ensure_ascii=False, indent=2))
    for miss in report.misses[:errors]:
        print(f"{miss.part}\t{miss.query}\twanted {miss.wanted}\tgot {miss.got}")
    if html:
        from web.cli.confusions import write_report

        write_report(report, html)
        print(f"Wrote {html}")


def _tune(folder: Path) -> None:
    from rich.progress import Progress

    from assistant.evaluate import judged_evidence
    from assistant.knowledge import Knowledge, all_items
    from flows.load import load_flows
    from kb.index import compile_index
    from kb.load import load_entries
    from kb.search import Searcher
    from kb.semantic import load_encoder
    from kb.tune import FOLDS, calibrate, fit, fit_meaning, measures, save_weights, trials

    entries, flows = load_entries(), list(load_flows().values())
    items = all_items(entries, flows)
    with Progress(transient=True) as bar:
        task = bar.add_task("folds", total=FOLDS)
        found = trials(items, lambda _: bar.advance(task))
    learned = fit(found)
    judged = judged_evidence(Knowledge(entries, flows, Searcher(compile_index(items), learned)), folder)
    figures = measures(found, learned)
    weights = calibrate(learned, judged)
    save_weights(weights, fit_meaning(found, weights, items, load_encoder()), figures)
    print(json.dumps(figures, ensure_ascii=False, indent=2))


def _curve(folder: Path) -> None:
    from assistant.evaluate import rows
    from assistant.knowledge import all_items
    from flows.load import load_flows
    from kb.load import load_entries
    from kb.tune import learning_curve

    cases = [(row["query"], row["gold"].split(",")) for ending in ("queries_zh.tsv", "queries_en.tsv") for row in rows(folder, ending)]
    for count, right in learning_curve(all_items(load_entries(), load_flows().values()), cases):
        print(f"{count or 'all'} phrasings an entry: top-1 {right:.1f} %", flush=True)


def _existing(folder: Path | None) -> Path:
    if folder is None or not folder.is_dir():
        raise Failure(f"{folder or 'FOLDER'}: no such folder.")
    return folder

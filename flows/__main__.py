"""``python -m flows``: for those who write and mend flows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.formats import Formats
from flows.load import DEFINITIONS, BrokenFlows, load_flows
from flows.model import Flow, Lang

WALKS = Path("build/flow-walks.jsonl")
"""Written by the tests of tests/transcripts."""

app = typer.Typer(help="Play, check and draw the guided flows.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

FlowName = Annotated[str, typer.Argument(help="The flow's id.")]
LangOption = Annotated[Lang, typer.Option(help="zh or en.")]
Folder = Annotated[Path, typer.Option(help="Where the definitions are.")]


@app.command()
def play(flow_id: FlowName, lang: LangOption = "zh", folder: Folder = DEFINITIONS) -> None:
    """Run a flow in the terminal; outcomes of actions are yours to choose."""
    from flows.play import play as run

    try:
        run(_flow(flow_id, folder), lang, _formats())
    except EOFError:
        print()


@app.command()
def lint(folder: Folder = DEFINITIONS) -> None:
    """Print every mistake in the definitions as file:line: message; the exit code is 1 when there are any."""
    from flows.actions.catalogue import ACTIONS
    from flows.lint import lint as check

    # Definitions elsewhere bring their own actions.
    problems = check(folder, _formats(), ACTIONS.specs if folder == DEFINITIONS else None)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "The flows are clean.")
    if problems:
        raise typer.Exit(1)


@app.command()
def draw(
    flow_id: Annotated[str | None, typer.Argument(help="One flow only.")] = None, lang: LangOption = "zh", folder: Folder = DEFINITIONS
) -> None:
    """Print a flow as a Mermaid flowchart; without a name, docs/flows.md with all of them."""
    from flows.draw import document
    from flows.draw import draw as mermaid

    print(mermaid(_flow(flow_id, folder), lang) if flow_id else document(_flows(folder).values()), end="")


@app.command()
def coverage(
    flow_id: Annotated[str | None, typer.Argument(help="One flow only.")] = None,
    records: Annotated[Path, typer.Option(help="What the conversations in tests/transcripts have walked.")] = WALKS,
    folder: Folder = DEFINITIONS,
) -> None:
    """Print the steps and edges that no recorded conversation walks; the exit code is 1 when there are any."""
    from flows.coverage import coverage as measure

    complete = True
    for found in measure(_flows(folder), records.read_text(encoding="utf-8").splitlines() if records.exists() else ()):
        if flow_id in (None, found.flow):
            print(f"{found.flow} {found.lang}: {found.percent:.0f} % of {len(found.ways)} steps and edges")
            for step, edge in sorted(found.missing):
                print(f"  {step}{f' --{edge}-->' if edge else ''}")
            complete = complete and not found.missing
    if not complete:
        raise typer.Exit(1)


def _formats() -> Formats:
    from datetime import UTC, datetime

    from flows.official import official

    return official(lambda: datetime.now(UTC).date())


def _flows(folder: Path) -> dict[str, Flow]:
    try:
        return load_flows(folder)
    except BrokenFlows as broken:
        print(broken)
        raise typer.Exit(1) from broken


def _flow(flow_id: str, folder: Path) -> Flow:
    flows = _flows(folder)
    flow = flows.get(flow_id)
    if flow is None or not flow.built:
        print(f"{flow_id} has no steps yet." if flow else f"There is no flow {flow_id}. Known: {', '.join(flows)}")
        raise typer.Exit(1)
    return flow


if __name__ == "__main__":
    app()

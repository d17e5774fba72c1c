"""``assistant kb``: for those who write and mend the knowledge base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from web.cli.data import DataOption, settings_of

app = typer.Typer(no_args_is_help=True)


@app.command()
def lint() -> None:
    """Print every mistake in the content as file:line: message; the exit code is 1 when there are any."""
    from flows.load import load_flows
    from kb.lint import lint as check

    problems = check(load_flows())
    for problem in problems:
        print(_relative(str(problem)))
    print(f"{len(problems)} problems" if problems else "The knowledge base is clean.")
    if problems:
        raise typer.Exit(1)


@app.command()
def ask(query: Annotated[str, typer.Argument(help="What a person might type.")], limit: int = 5) -> None:
    """Show what a query finds: confidence, entry, the phrasing that matched."""
    from web.cli.talk import check_question, knowledge

    check_question(query)
    searcher = knowledge().searcher
    analysis = searcher.index.analyser.analyse(query)
    print(f"{analysis.lang or 'no language'}: {' / '.join(analysis.words)}")
    for hit in searcher.rank(analysis, limit):
        print(f"{hit.confidence:6.3f}  {hit.kind}:{hit.id}  ({hit.matched.text})")


@app.command("import")
def import_document(
    file: Annotated[Path, typer.Argument(help="Markdown, HTML, DOCX or PDF.")],
    out: Annotated[Path, typer.Option(help="Folder for the drafts.")] = Path("drafts"),
    report: Annotated[Path | None, typer.Option(help="Write the report here as JSON too.")] = None,
) -> None:
    """Draft an entry for each question or section of a document that the base does not have yet."""
    from web.cli.importing import run

    run(file, out, report)


@app.command()
def promote(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes and make none.")] = False,
    root: Annotated[Path | None, typer.Option(help="Folder of faq_zh and faq_en; the installed knowledge base by default.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the drafts.")] = Path("drafts"),
    data: DataOption = None,
) -> None:
    """Write the phrasings and drafts that editors added in the console into files, to be reviewed and committed."""
    import asyncio

    from kb.load import ROOT
    from web.cli.promote import run

    asyncio.run(run(settings_of(data), root or ROOT, out, dry_run=dry_run))


@app.command()
def schema() -> None:
    """Print the JSON Schema of an entry's front matter, for completion in editors."""
    from kb.entry import FrontMatter

    print(json.dumps(FrontMatter.model_json_schema(), ensure_ascii=False, indent=2))


def _relative(text: str) -> str:
    return text.removeprefix(f"{Path.cwd()}/")

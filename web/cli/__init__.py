"""The ``assistant`` command; heavy parts are imported by the command that needs them, so that ``ask`` answers at once."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from web.cli import agents as agent_commands
from web.cli import demo as demo_commands
from web.cli import eval as eval_commands
from web.cli import kb as kb_commands
from web.cli import purge as purging
from web.cli import talk
from web.cli import wecom as wecom_commands
from web.cli.data import DataOption

app = typer.Typer(
    help="The account assistant: reviewed answers about accounts, in Chinese and English.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(kb_commands.app, name="kb", help="Check, ask, import and describe the knowledge base.")
app.add_typer(agent_commands.app, name="agents", help="Look after the agents of the console.")
app.add_typer(demo_commands.app, name="demo", help="Look after the demo company.")
app.add_typer(wecom_commands.app, name="wecom", help="Try and check the WeCom doors.")
app.command("eval")(eval_commands.evaluate)
app.command("ask")(talk.ask)
app.command("chat")(talk.chat)
app.command("purge")(purging.purge)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    data: DataOption = None,
    workers: Annotated[int | None, typer.Option(help="Server processes.")] = None,
) -> None:
    """Start the server."""
    from web.cli.serve import run

    run(host=host, port=port, data=data, workers=workers)


def main() -> None:
    """Run the command; whatever goes wrong is one sentence and an exit code."""
    from web.cli.failures import explain

    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(1)

"""``assistant agents``: who may use the console, when nobody can sign in to it or before anybody has."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from assistant.roles import Role
from web.cli.data import DataOption, settings_of

app = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The agent's user name.")]


@app.command("add")
def add(
    name: NameArgument,
    role: Annotated[Role, typer.Option(help="What the agent may do.")] = "agent",
    display_name: Annotated[str, typer.Option(help="What visitors read; by default that it is support.")] = "",
    data: DataOption = None,
) -> None:
    """Add an agent and print the link with which they set up their sign-in."""
    from web.cli import staff

    asyncio.run(staff.add(settings_of(data), name, role, display_name))


@app.command("list")
def list_all(data: DataOption = None) -> None:
    """List the agents with role and state."""
    from web.cli import staff

    asyncio.run(staff.list_all(settings_of(data)))


@app.command("disable")
def disable(name: NameArgument, data: DataOption = None) -> None:
    """Lock an agent out at once; an administrator can let them in again on the Agents page."""
    from web.cli import staff

    asyncio.run(staff.disable(settings_of(data), name))


@app.command("reset-totp")
def reset_totp(name: NameArgument, data: DataOption = None) -> None:
    """Void an agent's password, authenticator and backup codes, and print a new set-up link."""
    from web.cli import staff

    asyncio.run(staff.reset(settings_of(data), name))

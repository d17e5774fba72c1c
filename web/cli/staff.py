"""What ``assistant agents`` does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from assistant.roles import Role
from assistant.store import Database
from assistant.store.agents import LONGEST_NAME, Agent, AgentStore, LastAdmin, NameTaken, can_be_shown, can_sign_in, login_name
from assistant.store.audit import SYSTEM, AuditTrail
from web.cli.data import opened
from web.cli.failures import Failure
from web.console.invitations import invite
from web.keys import cipher_from
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class _Staff:
    """The agents of the database that the settings name."""

    settings: Settings
    database: Database
    agents: AgentStore
    trail: AuditTrail

    async def named(self, name: str) -> Agent:
        agent = await self.agents.named(name)
        if agent is None:
            raise Failure(f"There is no agent called {login_name(name)}; 'assistant agents list' shows all.")
        return agent

    async def print_link(self, agent: Agent) -> None:
        path = await invite(self.database, cipher_from(self.settings), agent.id)
        print(f"{agent.name} sets up the sign-in at {self.settings.address()}{path} (works once, within 72 hours).")


@asynccontextmanager
async def _staff_of(settings: Settings) -> AsyncIterator[_Staff]:
    async with opened(settings) as database:
        yield _Staff(settings, database, AgentStore(database), AuditTrail(database))


async def add(settings: Settings, name: str, role: Role, display_name: str) -> None:
    """Add an agent; raises ``Failure`` for a name that is taken or none."""
    if not can_sign_in(name):
        raise Failure(f"A user name has 1 to {LONGEST_NAME} letters, digits, dots, hyphens and underscores.")
    if not can_be_shown(display_name):
        raise Failure(f"A display name has at most {LONGEST_NAME} characters, all of them printable.")
    async with _staff_of(settings) as staff:
        try:
            agent = await staff.agents.add(name, role, display_name)
        except NameTaken as error:
            raise Failure(f"There is an agent called {error} already; choose another name.") from error
        await staff.trail.add(SYSTEM, "agent.add", agent.name, {"role": role})
        await staff.print_link(agent)


async def list_all(settings: Settings) -> None:
    """Print everyone."""
    async with _staff_of(settings) as staff:
        for agent in await staff.agents.all():
            state = "disabled" if agent.disabled else "active" if agent.enrolled else "not set up yet"
            print(f"{agent.name}\t{agent.role}\t{state}")


async def disable(settings: Settings, name: str) -> None:
    """Lock an agent out; raises ``Failure`` for the last administrator."""
    async with _staff_of(settings) as staff:
        agent = await staff.named(name)
        try:
            await staff.agents.set_disabled(agent.id, disabled=True)
        except LastAdmin as error:
            raise Failure(f"{agent.name} is the last administrator; make someone else an administrator first.") from error
        await staff.trail.add(SYSTEM, "agent.disable", agent.name)
        print(f"{agent.name} is disabled.")


async def reset(settings: Settings, name: str) -> None:
    """Void what an agent signs in with."""
    async with _staff_of(settings) as staff:
        agent = await staff.named(name)
        await staff.agents.reset(agent.id)
        await staff.trail.add(SYSTEM, "agent.reset", agent.name)
        await staff.print_link(agent)

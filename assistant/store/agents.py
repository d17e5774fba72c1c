"""Support agents in the database: who they are, and the hashes of what they sign in with."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.message import now
from assistant.roles import Role
from assistant.store import tables
from assistant.store.database import Database

LONGEST_NAME = 64


class NameTaken(Exception):
    """There is an agent of this name already."""


class LastAdmin(Exception):
    """The console would be left without an administrator."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A support agent; one who is not ``enrolled`` has an invitation that is still open, or needs a new one.

    Colleagues read the ``name`` that the agent signs in with, visitors the ``display_name``; where that is empty, "support".
    """

    id: int
    name: str
    display_name: str
    role: Role
    disabled: bool
    enrolled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an enrolled agent signs in with: the password's hash and the encrypted TOTP secret."""

    agent: Agent
    password_hash: str
    totp_secret: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation; the first administrator's names no agent yet."""

    agent: Agent | None
    totp_secret: str


def digest(*parts: str) -> str:
    """What is kept of a random token, to look it up by."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def login_name(text: str) -> str:
    """A name as it is stored and compared: neither case nor width matters."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def can_sign_in(name: str) -> bool:
    """Whether this will do as a name to sign in with: letters, digits, dots, hyphens and underscores."""
    return re.fullmatch(rf"[\w.-]{{1,{LONGEST_NAME}}}", login_name(name)) is not None


def can_be_shown(display_name: str) -> bool:
    """Whether this will do as a display name; none at all will."""
    return len(display_name) <= LONGEST_NAME and display_name.isprintable()


class AgentStore:
    """All agents of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def has_admin(self) -> bool:
        """Whether there is an administrator, even one who has not set up the sign-in yet."""
        async with self._database.engine.connect() as connection:
            return await _has_admin(connection)

    async def all(self) -> list[Agent]:
        """Everyone, by name."""
        async with self._database.engine.connect() as connection:
            return [agent_from(row) for row in await connection.execute(select(tables.agents).order_by(tables.agents.c.name))]

    async def named(self, name: str) -> Agent | None:
        """The agent of this name."""
        async with self._database.engine.connect() as connection:
            query = select(tables.agents).where(tables.agents.c.name == login_name(name))
            row = (await connection.execute(query)).one_or_none()
        return agent_from(row) if row else None

    async def by_id(self, agent_id: int) -> Agent | None:
        """The agent of this number."""
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(select(tables.agents).where(tables.agents.c.id == agent_id))).one_or_none()
        return agent_from(row) if row else None

    async def credentials(self, name: str) -> Credentials | None:
        """What an enrolled agent who is not disabled signs in with."""
        async with self._database.engine.connect() as connection:
            query = select(tables.agents).where(tables.agents.c.name == login_name(name), ~tables.agents.c.disabled)
            row = (await connection.execute(query)).one_or_none()
        enrolled = row is not None and row.password_hash and row.totp_secret
        return Credentials(agent_from(row), row.password_hash, row.totp_secret) if row and enrolled else None

    async def add(self, name: str, role: Role, display_name: str = "") -> Agent:
        """A new agent without password; raises ``NameTaken``."""
        async with self._database.transaction() as connection:
            return agent_from(await _insert(connection, name, role, display_name))

    async def invite(self, token: str, agent_id: int | None, totp_secret: str, expires_at: datetime) -> None:
        """Open an invitation in place of any older one for the same agent; its token is kept only as a digest."""
        table = tables.agent_invitations
        async with self._database.transaction() as connection:
            await connection.execute(delete(table).where(table.c.agent_id == agent_id))
            await connection.execute(
                insert(table).values(digest=digest(token), agent_id=agent_id, totp_secret=totp_secret, expires_at=expires_at)
            )

    async def invitation(self, token: str) -> Invitation | None:
        """The open invitation of this token."""
        async with self._database.engine.connect() as connection:
            return await _invitation(connection, token)

    async def accept(self, token: str, name: str, display_name: str, password_hash: str, step: int, codes: Iterable[str]) -> Agent | None:
        """Enrol whom the invitation is for, once; None when it is not open (any more). Raises ``NameTaken``.

        ``step`` is the TOTP time step just proven; ``codes`` are the backup codes, kept as digests.
        """
        async with self._database.transaction() as connection:
            invited = await _invitation(connection, token)
            removed = await connection.execute(delete(tables.agent_invitations).where(tables.agent_invitations.c.digest == digest(token)))
            if invited is None or removed.rowcount != 1:
                return None
            agent = invited.agent or agent_from(await _insert(connection, name, "admin", display_name))
            chosen = {"display_name": display_name.strip(), "password_hash": password_hash}
            await connection.execute(
                update(tables.agents)
                .where(tables.agents.c.id == agent.id)
                .values(**chosen, totp_secret=invited.totp_secret, totp_step=step)
            )
            await _replace_codes(connection, agent.id, codes)
        return agent

    async def use_step(self, agent_id: int, step: int) -> bool:
        """Use up a TOTP time step; False when it, or a later one, has been used before."""
        table = tables.agents
        fresh = table.c.totp_step.is_(None) | (table.c.totp_step < step)
        async with self._database.transaction() as connection:
            return (await connection.execute(update(table).where(table.c.id == agent_id, fresh).values(totp_step=step))).rowcount == 1

    async def use_backup_code(self, agent_id: int, code: str) -> bool:
        """Use up a backup code; False when there is no such code."""
        query = delete(tables.agent_backup_codes).where(tables.agent_backup_codes.c.digest == digest(str(agent_id), code))
        async with self._database.transaction() as connection:
            return (await connection.execute(query)).rowcount == 1

    async def replace_backup_codes(self, agent_id: int, codes: Iterable[str]) -> None:
        """New backup codes; the old ones are void."""
        async with self._database.transaction() as connection:
            await _replace_codes(connection, agent_id, codes)

    async def backup_codes_left(self, agent_id: int) -> int:
        """How many backup codes are unused."""
        table = tables.agent_backup_codes
        async with self._database.engine.connect() as connection:
            return (await connection.execute(select(func.count()).where(table.c.agent_id == agent_id))).scalar_one()

    async def set_password(self, agent_id: int, password_hash: str) -> None:
        """Another password."""
        async with self._database.transaction() as connection:
            await connection.execute(update(tables.agents).where(tables.agents.c.id == agent_id).values(password_hash=password_hash))

    async def set_display_name(self, agent_id: int, display_name: str) -> None:
        """Another name for visitors to read."""
        async with self._database.transaction() as connection:
            changed = update(tables.agents).where(tables.agents.c.id == agent_id)
            await connection.execute(changed.values(display_name=display_name.strip()))

    async def set_role(self, agent_id: int, role: Role) -> None:
        """Another role; raises ``LastAdmin``."""
        async with self._database.transaction() as connection:
            if role != "admin":
                await _keep_an_admin(connection, agent_id)
            await connection.execute(update(tables.agents).where(tables.agents.c.id == agent_id).values(role=role))

    async def set_disabled(self, agent_id: int, disabled: bool) -> None:
        """Lock an agent out, whose sessions end at once, or let them in again; raises ``LastAdmin``."""
        async with self._database.transaction() as connection:
            if disabled:
                await _keep_an_admin(connection, agent_id)
                await connection.execute(delete(tables.agent_sessions).where(tables.agent_sessions.c.agent_id == agent_id))
            await connection.execute(update(tables.agents).where(tables.agents.c.id == agent_id).values(disabled=disabled))

    async def reset(self, agent_id: int) -> None:
        """Forget password, TOTP secret and backup codes, and end all sessions: the agent needs a new invitation."""
        async with self._database.transaction() as connection:
            await _replace_codes(connection, agent_id, ())
            await connection.execute(delete(tables.agent_sessions).where(tables.agent_sessions.c.agent_id == agent_id))
            forgotten = {"password_hash": None, "totp_secret": None, "totp_step": None}
            await connection.execute(update(tables.agents).where(tables.agents.c.id == agent_id).values(forgotten))


async def _insert(connection: AsyncConnection, name: str, role: Role, display_name: str) -> Row[tuple[object, ...]]:
    names = {"name": login_name(name), "display_name": display_name.strip()}
    values = {**names, "role": role, "disabled": False, "created_at": now()}
    try:
        result = await connection.execute(insert(tables.agents).values(values).returning(*tables.agents.c))
    except IntegrityError as error:
        raise NameTaken(login_name(name)) from error
    return result.one()


async def _invitation(connection: AsyncConnection, token: str) -> Invitation | None:
    table = tables.agent_invitations
    query = select(table).where(table.c.digest == digest(token), table.c.expires_at > now())
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    if row.agent_id is None:
        # The first administrator's invitation is void as soon as there is one.
        return None if await _has_admin(connection) else Invitation(None, row.totp_secret)
    agent = (await connection.execute(select(tables.agents).where(tables.agents.c.id == row.agent_id))).one()
    return Invitation(agent_from(agent), row.totp_secret)


async def _replace_codes(connection: AsyncConnection, agent_id: int, codes: Iterable[str]) -> None:
    table = tables.agent_backup_codes
    await connection.execute(delete(table).where(table.c.agent_id == agent_id))
    if rows := [{"digest": digest(str(agent_id), code), "agent_id": agent_id} for code in codes]:
        await connection.execute(insert(table), rows)


async def _has_admin(connection: AsyncConnection) -> bool:
    query = select(tables.agents.c.id).where(tables.agents.c.role == "admin").limit(1)
    return (await connection.execute(query)).first() is not None


async def _keep_an_admin(connection: AsyncConnection, agent_id: int) -> None:
    """Raises ``LastAdmin`` when nobody but this agent can administrate."""
    table = tables.agents
    able = select(table.c.id).where(table.c.role == "admin", ~table.c.disabled, table.c.password_hash.is_not(None))
    if [row.id for row in await connection.execute(able.with_for_update())] == [agent_id]:
        raise LastAdmin


def agent_from(row: Row[Any]) -> Agent:
    """The agent of a row of the agents table, whatever else is in it."""
    return Agent(row.id, row.name, row.display_name, row.role, row.disabled, row.password_hash is not None, row.created_at)

"""One-time links with which an agent chooses a password and enrols an authenticator app."""

from __future__ import annotations

import secrets
from datetime import timedelta

from assistant.cipher import Cipher
from assistant.message import now
from assistant.store import Database
from assistant.store.agents import AgentStore
from web.console.credentials import new_totp_secret

LASTS = timedelta(hours=72)


async def invite(database: Database, cipher: Cipher, agent_id: int | None) -> str:
    """The path of a new link for this agent, or for the first administrator; any earlier link is void."""
    token = secrets.token_urlsafe(24)
    await AgentStore(database).invite(token, agent_id, cipher.encrypt(new_totp_secret()), now() + LASTS)
    return f"/console/setup/{token}"


async def invite_first(database: Database, cipher: Cipher, earlier: str = "") -> str | None:
    """The path for the first administrator, the ``earlier`` one as long as it works; None when there is one already."""
    agents = AgentStore(database)
    if await agents.has_admin():
        return None
    if await agents.invitation(earlier.rpartition("/")[2]):
        return earlier
    return await invite(database, cipher, None)

"""Signing in with name, password and code, and signing out."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from assistant.message import now
from assistant.store.agents import Agent, AgentStore, Credentials, login_name
from assistant.store.audit import AuditTrail, Filter
from assistant.store.sign_ins import FREE_TRIES, FREE_TRIES_EVERYWHERE, FREE_TRIES_PER_ADDRESS, Lockouts, SessionStore
from web.console import csrf
from web.console.credentials import matching_step, normal, password_matches
from web.console.language import own_path
from web.console.page import Anyone, Page
from web.keys import cipher_from
from web.limits import client_address

router = APIRouter()

Field = Annotated[str, Form()]

UNKNOWN = "unknown"
"""Stands in the trail for whoever is no agent."""
_NOTED_EVERY = timedelta(minutes=1)


@router.get("/sign-in")
async def show(page: Anyone, next: str = "") -> Response:  # noqa: A002  # the name of the query's field
    """The form; whoever is signed in goes on."""
    if page.signed_in:
        return page.redirect(own_path(next))
    return page.render("sign_in.html", next=own_path(next), name="", mistake=None)


@router.post("/sign-in")
async def sign_in(page: Anyone, name: Field = "", password: Field = "", code: Field = "", next: Field = "") -> Response:  # noqa: A002  # as above
    """Sign in; one and the same sentence for whatever was wrong, after the same work."""
    lockouts = Lockouts(page.shared.database)
    tries = _tries(login_name(name), _network(client_address(page.request)))
    known = await AgentStore(page.shared.database).credentials(name)
    if until := await lockouts.attempt(tries):
        await _note_locked(page, known)
        return page.render("sign_in.html", 429, next=own_path(next), name=name, mistake=locked(page, until))
    agent = await _proven(page, known, password, normal(code))
    await AuditTrail(page.shared.database).add(_noted(known), "sign-in" if agent else "sign-in.failed")
    if agent is None:
        return page.render("sign_in.html", 401, next=own_path(next), name=name, mistake=page.t("sign_in.wrong"))
    await lockouts.clear(tries)
    response = page.redirect(own_path(next))
    page.set_cookie(response, csrf.SESSION, await SessionStore(page.shared.database).open(agent.id))
    return response


@router.post("/sign-out")
async def sign_out(page: Anyone) -> Response:
    """End this session."""
    if token := page.request.cookies.get(csrf.SESSION):
        await SessionStore(page.shared.database).close(token)
    return signed_out()


def signed_out(notice: str = "sign_in.signed_out") -> Response:
    """To the sign-in page, without the cookie."""
    response = RedirectResponse(f"/console/sign-in?notice={notice}", 303)
    response.delete_cookie(csrf.SESSION, path="/console")
    return response


def locked(page: Page, until: datetime) -> str:
    """The sentence for whoever has to wait."""
    return page.t("sign_in.locked", minutes=math.ceil((until - now()).total_seconds() / 60))


def _noted(known: Credentials | None) -> str:
    """The name for the trail, only when it is an agent's: people type passwords into the wrong field."""
    return known.agent.name if known else UNKNOWN


async def _note_locked(page: Page, known: Credentials | None) -> None:
    """Note an attempt that had to wait, once in a while: a guesser must not fill the trail."""
    trail, line = AuditTrail(page.shared.database), Filter(_noted(known), "sign-in.locked", since=now() - _NOTED_EVERY)
    if not await trail.read(line, limit=1):
        await trail.add(line.agent, line.action)


def _tries(name: str, network: str) -> dict[str, int]:
    """What is counted, and how much of it is free: whoever guesses at an agent's name waits, and not the agent."""
    pair, address, everywhere = f"pair:{network} {name}", f"address:{network}", f"name:{name}"
    return {pair: FREE_TRIES, address: FREE_TRIES_PER_ADDRESS, everywhere: FREE_TRIES_EVERYWHERE}


def _network(address: str) -> str:
    """An address as one person has it: of IPv6, which gives everybody millions, the first half."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped:
        return str(found)
    return str(ip_network((found, 64), strict=False))


async def _proven(page: Page, known: Credentials | None, password: str, code: str) -> Agent | None:
    """The agent when password and code are right; the code is then used up."""
    right = await password_matches(known.password_hash if known else None, password)
    if known is None or not right:
        return None
    agents = AgentStore(page.shared.database)
    step = matching_step(cipher_from(page.shared.settings).decrypt(known.totp_secret), code)
    used = await agents.use_step(known.agent.id, step) if step is not None else await agents.use_backup_code(known.agent.id, code)
    return known.agent if used else None

"""An agent's own account: password, backup codes, sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from assistant.store.agents import AgentStore
from assistant.store.sign_ins import FREE_TRIES, Lockouts, SessionStore
from web.console import csrf
from web.console.credentials import BACKUP_CODES, hash_password, new_backup_codes, password_matches, shown, weakness
from web.console.page import AsAgent, Page
from web.console.sign_in import locked, signed_out

router = APIRouter(prefix="/account")

Field = Annotated[str, Form()]


@router.get("")
async def show(page: AsAgent) -> Response:
    """What can be changed."""
    return await _account(page)


@router.post("/password")
async def change_password(page: AsAgent, present: Field = "", password: Field = "", again: Field = "") -> Response:
    """Another password; every other session ends."""
    if mistake := await _unproven(page, present):
        return await _account(page, {"present": mistake})
    if weak := weakness(password, page.agent.name):
        return await _account(page, {"password": page.t(weak)})
    if password != again:
        return await _account(page, {"again": page.t("enrol.again_wrong")})
    await AgentStore(page.shared.database).set_password(page.agent.id, await hash_password(password))
    await page.record("agent.password", page.agent.name)
    sessions = SessionStore(page.shared.database)
    await sessions.close_all(page.agent.id)
    response = page.redirect("/console/account", notice="account.password_changed")
    page.set_cookie(response, csrf.SESSION, await sessions.open(page.agent.id))
    return response


@router.post("/backup-codes")
async def renew_codes(page: AsAgent, present: Field = "") -> Response:
    """Ten new backup codes, shown this once; the old ones are void."""
    if mistake := await _unproven(page, present):
        return await _account(page, {"codes": mistake})
    codes = new_backup_codes()
    await AgentStore(page.shared.database).replace_backup_codes(page.agent.id, codes)
    await page.record("agent.backup-codes", page.agent.name)
    return page.render("codes.html", codes=[shown(code) for code in codes])


@router.post("/sign-out-everywhere")
async def sign_out_everywhere(page: AsAgent) -> Response:
    """End all sessions, this one too."""
    await SessionStore(page.shared.database).close_all(page.agent.id)
    await page.record("agent.sign-out-everywhere", page.agent.name)
    return signed_out("sign_in.everywhere")


async def _unproven(page: Page, password: str) -> str | None:
    """The sentence to show when this is not the agent's password: a stolen session must not be enough, nor allow guessing."""
    # A count of its own: whoever guesses at the sign-in, from wherever, does not make the agent wait here.
    lockouts, tries = Lockouts(page.shared.database), {f"session:{page.agent.name}": FREE_TRIES}
    if until := await lockouts.attempt(tries):
        return locked(page, until)
    known = await AgentStore(page.shared.database).credentials(page.agent.name)
    if not await password_matches(known.password_hash if known else None, password):
        return page.t("account.password_wrong")
    await lockouts.clear(tries)
    return None


async def _account(page: Page, mistakes: dict[str, str] | None = None) -> Response:
    return page.render(
        "account.html",
        422 if mistakes else 200,
        mistakes=mistakes or {},
        codes_left=await AgentStore(page.shared.database).backup_codes_left(page.agent.id),
        codes=BACKUP_CODES,
        sessions=await SessionStore(page.shared.database).count(page.agent.id),
    )

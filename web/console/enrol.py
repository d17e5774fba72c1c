"""The page behind an invitation: choose a password, enrol an authenticator app, keep the backup codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from assistant.store.agents import Agent, AgentStore, Invitation, NameTaken, can_be_shown, can_sign_in, login_name
from assistant.store.audit import AuditTrail
from assistant.store.sign_ins import SessionStore
from web.console import csrf
from web.console.credentials import hash_password, matching_step, new_backup_codes, normal, shown, totp_picture, weakness
from web.console.page import Anyone, Page, Refused
from web.keys import cipher_from

router = APIRouter()

Field = Annotated[str, Form()]


@router.get("/setup/{token}")
async def show(page: Anyone, token: str) -> Response:
    """The form."""
    invited = await _open(page, token)
    return _form(page, invited, display_name=invited.agent.display_name if invited.agent else "")


@router.post("/setup/{token}")
async def enrol(
    page: Anyone, token: str, name: Field = "", display_name: Field = "", password: Field = "", again: Field = "", code: Field = ""
) -> Response:
    """Enrol, sign in, and show the backup codes, this once."""
    invited = await _open(page, token)
    name = invited.agent.name if invited.agent else login_name(name)
    step = matching_step(_secret(page, invited), normal(code))
    mistakes = _mistakes(name, display_name, password, again, step)
    if mistakes or step is None:
        return _form(page, invited, name, display_name, mistakes)
    codes = new_backup_codes()
    try:
        agent = await AgentStore(page.shared.database).accept(token, name, display_name, await hash_password(password), step, codes)
    except NameTaken:
        agent = None
    if agent is None:
        raise Refused(404, "enrol.void")
    return await _enrolled(page, agent, codes)


async def _open(page: Page, token: str) -> Invitation:
    invited = await AgentStore(page.shared.database).invitation(token)
    if invited is None:
        raise Refused(404, "enrol.void")
    return invited


async def _enrolled(page: Page, agent: Agent, codes: list[str]) -> Response:
    await AuditTrail(page.shared.database).add(agent.name, "agent.enrol", agent.name)
    response = page.render("codes.html", codes=[shown(code) for code in codes], agent=None)
    page.set_cookie(response, csrf.SESSION, await SessionStore(page.shared.database).open(agent.id))
    return response


def _secret(page: Page, invited: Invitation) -> str:
    return cipher_from(page.shared.settings).decrypt(invited.totp_secret)


def _mistakes(name: str, display_name: str, password: str, again: str, step: int | None) -> dict[str, str]:
    """The field with a mistake and the sentence for it."""
    mistakes = {}
    if not can_sign_in(name):
        mistakes["name"] = "enrol.name_wrong"
    if not can_be_shown(display_name):
        mistakes["display_name"] = "enrol.display_name_wrong"
    if weak := weakness(password, name):
        mistakes["password"] = weak
    if password != again:
        mistakes["again"] = "enrol.again_wrong"
    if step is None:
        mistakes["code"] = "enrol.code_wrong"
    return mistakes


def _form(page: Page, invited: Invitation, name: str = "", display_name: str = "", mistakes: dict[str, str] | None = None) -> Response:
    secret = _secret(page, invited)
    known = invited.agent.name if invited.agent else name
    return page.render(
        "enrol.html",
        422 if mistakes else 200,
        invited=invited.agent,
        name=known,
        display_name=display_name,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=totp_picture(secret, known),
        mistakes=mistakes or {},
    )

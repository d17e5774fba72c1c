"""Who may use the console: administrators add, disable and reset agents, and give roles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from assistant.roles import ROLES, Role
from assistant.store.agents import Agent, AgentStore, LastAdmin, NameTaken, can_be_shown, can_sign_in
from web.console.invitations import invite
from web.console.page import AsAdmin, Page, Refused
from web.keys import cipher_from

router = APIRouter(prefix="/agents")

Name = Annotated[str, Form()]


@router.get("")
async def show(page: AsAdmin) -> Response:
    """Everyone."""
    return await _agents(page)


@router.post("")
async def add(page: AsAdmin, name: Name = "", display_name: Name = "", role: Annotated[Role, Form()] = "agent") -> Response:
    """A new agent and the link to hand over."""
    if not can_sign_in(name):
        return await _agents(page, mistake="enrol.name_wrong")
    if not can_be_shown(display_name):
        return await _agents(page, mistake="enrol.display_name_wrong")
    try:
        agent = await AgentStore(page.shared.database).add(name, role, display_name)
    except NameTaken:
        return await _agents(page, mistake="agents.taken")
    await page.record("agent.add", agent.name, role=role)
    return await _agents(page, invited=agent)


@router.post("/{agent_id}/display-name")
async def change_display_name(page: AsAdmin, agent_id: int, display_name: Name = "") -> Response:
    """Have visitors read another name."""
    agent = await _one(page, agent_id)
    if not can_be_shown(display_name):
        return await _agents(page, mistake="enrol.display_name_wrong")
    await AgentStore(page.shared.database).set_display_name(agent.id, display_name)
    await page.record("agent.display-name", agent.name, before=agent.display_name, after=display_name.strip())
    return page.redirect("/console/agents", notice="agents.saved")


@router.post("/{agent_id}/role")
async def change_role(page: AsAdmin, agent_id: int, role: Annotated[Role, Form()]) -> Response:
    """Give another role."""
    agent = await _one(page, agent_id)
    try:
        await AgentStore(page.shared.database).set_role(agent.id, role)
    except LastAdmin:
        return await _agents(page, mistake="agents.last_admin")
    await page.record("agent.role", agent.name, before=agent.role, after=role)
    return page.redirect("/console/agents", notice="agents.saved")


@router.post("/{agent_id}/disable")
async def disable(page: AsAdmin, agent_id: int) -> Response:
    """Lock out, at once."""
    agent = await _one(page, agent_id)
    try:
        await AgentStore(page.shared.database).set_disabled(agent.id, disabled=True)
    except LastAdmin:
        return await _agents(page, mistake="agents.last_admin")
    await page.record("agent.disable", agent.name)
    return page.redirect("/console/agents", notice="agents.saved")


@router.post("/{agent_id}/enable")
async def enable(page: AsAdmin, agent_id: int) -> Response:
    """Let in again."""
    agent = await _one(page, agent_id)
    await AgentStore(page.shared.database).set_disabled(agent.id, disabled=False)
    await page.record("agent.enable", agent.name)
    return page.redirect("/console/agents", notice="agents.saved")


@router.get("/{agent_id}/reset")
async def confirm_reset(page: AsAdmin, agent_id: int) -> Response:
    """Ask first."""
    return page.render("agent_reset.html", one=await _one(page, agent_id))


@router.post("/{agent_id}/reset")
async def reset(page: AsAdmin, agent_id: int) -> Response:
    """Void password, authenticator and backup codes; the new link is shown once."""
    agent = await _one(page, agent_id)
    if agent.id == page.agent.id:
        return await _agents(page, mistake="agents.reset_self")
    await AgentStore(page.shared.database).reset(agent.id)
    await page.record("agent.reset", agent.name)
    return await _agents(page, invited=agent)


async def _one(page: Page, agent_id: int) -> Agent:
    agent = await AgentStore(page.shared.database).by_id(agent_id)
    if agent is None:
        raise Refused(404, "frame.nothing_here")
    return agent


async def _agents(page: Page, invited: Agent | None = None, mistake: str | None = None) -> Response:
    link = None
    if invited:
        path = await invite(page.shared.database, cipher_from(page.shared.settings), invited.id)
        link = str(page.request.base_url).rstrip("/") + path
    return page.render(
        "agents.html",
        422 if mistake else 200,
        agents=await AgentStore(page.shared.database).all(),
        roles=ROLES,
        invited=invited,
        link=link,
        mistake=mistake and page.t(mistake),
    )

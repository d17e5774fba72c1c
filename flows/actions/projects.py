"""Projects: create, move resources out, disable, enable. PRJ."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from flows.accounts.base import Refusal
from flows.accounts.commands.projects import CreateProject, DisableProject, EnableProject, ListProjects, MoveResources, ProjectShown
from flows.actions.asking import granted, perform, refused
from flows.actions.base import Call, Result, action


@action()
async def project_way(call: Call) -> Result[Literal["create", "disable", "restore"]]:
    """What shall be done, once the identity is proven."""
    match call.text("task"):
        case "create":
            return Result("create")
        case "restore":
            return Result("restore")
        case _:
            return Result("disable")


@action(changes=("created",), gives=("reason", "rule"))
async def create_project(call: Call) -> Result[Literal["created", "another_name", "refused"]]:
    """A project; its name is its own. PRJ-1."""
    created = await perform(call, CreateProject(name=call.text("project_name"), description=call.text("project_description")))
    if isinstance(created, Refusal) and created.reason in {"bad_name", "name_taken"}:
        return Result("another_name", refused(call, created).values)
    return refused(call, created) if isinstance(created, Refusal) else Result("created")


@action(identity=True, gives=("projects",))
async def list_active_projects(call: Call) -> Result[Literal["listed", "none"]]:
    """What can be disabled."""
    return _listed([project for project in await _projects(call) if not project.disabled])


@action(identity=True, gives=("projects",))
async def list_disabled_projects(call: Call) -> Result[Literal["listed", "none"]]:
    """What can be enabled again. PRJ-3."""
    return _listed([project for project in await _projects(call) if project.disabled])


@action(identity=True, gives=("destinations",))
async def list_destinations(call: Call) -> Result[Literal["listed", "none"]]:
    """Where resources can move: any other project that is not disabled. PRJ-4."""
    found = [project for project in await _projects(call) if not project.disabled and project.id != call.text("project")]
    return Result("listed", {"destinations": [_option(project) for project in found]}) if found else Result("none")


@action(identity=True, gives=("resource_count",))
async def look_at_project(call: Call) -> Result[Literal["empty", "holds"]]:
    """Whether resources are left in it. PRJ-4."""
    count = next((project.resources for project in await _projects(call) if project.id == call.text("project")), 0)
    return Result("holds" if count else "empty", {"resource_count": count})


@action(changes=("moved",), gives=("reason", "rule"))
async def move_resources(call: Call) -> Result[Literal["moved", "refused"]]:
    """Everything from one project to another. PRJ-4."""
    moved = await perform(call, MoveResources(origin=call.text("project"), destination=call.text("destination")))
    return refused(call, moved) if isinstance(moved, Refusal) else Result("moved")


@action(changes=("disabled", "disabled_with_resources"), gives=("reason", "rule"))
async def disable_project(call: Call) -> Result[Literal["disabled", "disabled_with_resources", "refused"]]:
    """Disable it; the costs stay visible. PRJ-2, PRJ-5."""
    disabled = await perform(call, DisableProject(project=call.text("project"), confirmed=True))
    return refused(call, disabled) if isinstance(disabled, Refusal) else Result(disabled.outcome)


@action(changes=("enabled",), gives=("reason", "rule"))
async def enable_project(call: Call) -> Result[Literal["enabled", "refused"]]:
    """Enable it again. PRJ-3."""
    enabled = await perform(call, EnableProject(project=call.text("project")))
    return refused(call, enabled) if isinstance(enabled, Refusal) else Result("enabled")


async def _projects(call: Call) -> tuple[ProjectShown, ...]:
    return (await granted(call, ListProjects(with_disabled=True))).projects


def _listed(found: list[ProjectShown]) -> Result[Literal["listed", "none"]]:
    return Result("listed", {"projects": [_option(project) for project in found]}) if found else Result("none")


def _option(project: ProjectShown) -> JsonValue:
    return {"id": project.id, "label": project.name}

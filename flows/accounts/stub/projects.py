"""Projects, carried out. PRJ."""

from flows.accounts.base import Refusal
from flows.accounts.commands.projects import (
    CreateProject,
    DeleteProject,
    DisableProject,
    EnableProject,
    ListProjects,
    MoveResources,
    ProjectCreated,
)
from flows.accounts.rules import projects
from flows.accounts.stub.handlers import changes_own, handles, shows_own
from flows.accounts.stub.turn import Turn

shows_own(ListProjects, projects.list_projects)
changes_own(DisableProject, projects.disable_project)
changes_own(EnableProject, projects.enable_project)
changes_own(MoveResources, projects.move_resources)
changes_own(DeleteProject, projects.delete_project)


@handles(CreateProject)
async def create_project(turn: Turn, command: CreateProject) -> ProjectCreated | Refusal:
    """With an id of its own. PRJ-1."""
    return turn.apply(projects.create_project(turn.account, command, turn.services.chance.pick("123456789", 7)))

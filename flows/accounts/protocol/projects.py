"""Projects, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.projects import (
    CreateProject,
    DeleteProject,
    DisableProject,
    EnableProject,
    ListProjects,
    MoveResources,
    ProjectCreated,
    ProjectsShown,
)
from flows.accounts.protocol.base import Operations


class ProjectsService(Operations, Protocol):
    """Projects."""

    async def list_projects(self, actor: Actor, query: ListProjects) -> ProjectsShown | Refusal:
        """The projects; disabled ones on request. PRJ-3."""
        return await self.perform(actor, query)

    async def create_project(self, actor: Actor, command: CreateProject, key: str) -> ProjectCreated | Refusal:
        """A new project. PRJ-1."""
        return await self.perform(actor, command, key)

    async def disable_project(
        self, actor: Actor, command: DisableProject, key: str
    ) -> Outcome[Literal["disabled", "disabled_with_resources"]] | Refusal:
        """Disable a project, after a confirmation. PRJ-2."""
        return await self.perform(actor, command, key)

    async def enable_project(self, actor: Actor, command: EnableProject, key: str) -> Outcome[Literal["enabled"]] | Refusal:
        """Enable a disabled project. PRJ-3."""
        return await self.perform(actor, command, key)

    async def move_resources(self, actor: Actor, command: MoveResources, key: str) -> Outcome[Literal["moved"]] | Refusal:
        """Move everything from one project to another. PRJ-4."""
        return await self.perform(actor, command, key)

    async def delete_project(self, actor: Actor, command: DeleteProject, key: str) -> Outcome[Literal["never"]] | Refusal:
        """Projects cannot be deleted; this says so. PRJ-2."""
        return await self.perform(actor, command, key)

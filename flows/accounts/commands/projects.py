"""Projects."""

from typing import Literal

from flows.accounts.base import Model, Outcome
from flows.accounts.commands.base import Change, Query


class ProjectShown(Model):
    """A project; its costs stay visible even when disabled. PRJ-5."""

    id: str
    name: str
    description: str
    disabled: bool
    resources: int
    costs_visible: bool = True


class ProjectsShown(Model):
    """The projects."""

    projects: tuple[ProjectShown, ...]


class ListProjects(Query[ProjectsShown]):
    """The projects; disabled ones on request. PRJ-3."""

    with_disabled: bool = False


class ProjectCreated(Outcome[Literal["created"]]):
    """The new project's id."""

    project: str


class CreateProject(Change[ProjectCreated]):
    """A new project. PRJ-1."""

    name: str
    description: str = ""


class DisableProject(Change[Outcome[Literal["disabled", "disabled_with_resources"]]]):
    """Disable a project, after a confirmation. PRJ-2."""

    project: str
    confirmed: bool = False


class EnableProject(Change[Outcome[Literal["enabled"]]]):
    """Enable a disabled project. PRJ-3."""

    project: str


class MoveResources(Change[Outcome[Literal["moved"]]]):
    """Move everything from one project to another. PRJ-4."""

    origin: str
    destination: str


class DeleteProject(Change[Outcome[Literal["never"]]]):
    """Projects cannot be deleted; this says so. PRJ-2."""

    project: str

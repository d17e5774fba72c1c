"""Projects. PRJ."""

from datetime import datetime
from typing import Literal

from flows.accounts.account import Account, Project
from flows.accounts.base import Outcome, Refusal, refuse
from flows.accounts.commands.projects import (
    CreateProject,
    DeleteProject,
    DisableProject,
    EnableProject,
    ListProjects,
    MoveResources,
    ProjectCreated,
    ProjectShown,
    ProjectsShown,
)

NAME_LENGTH = 50
DESCRIPTION_LENGTH = 200
"""PRJ-1."""


def _count(account: Account, project_id: str) -> int:
    return sum(resource.project == project_id for resource in account.resources)


def list_projects(account: Account, query: ListProjects, _now: datetime) -> ProjectsShown:
    """Without the disabled ones unless asked; costs stay visible. PRJ-3, PRJ-5, faq-zh:1136-1148."""
    return ProjectsShown(
        projects=tuple(
            ProjectShown(
                id=project.id,
                name=project.name,
                description=project.description,
                disabled=project.disabled,
                resources=_count(account, project.id),
            )
            for project in account.projects
            if query.with_disabled or not project.disabled
        )
    )


def create_project(account: Account, command: CreateProject, project_id: str) -> tuple[Account, ProjectCreated] | Refusal:
    """A name of its own, perhaps a description. PRJ-1, faq-zh:1121-1126."""
    name, description = command.name.strip(), command.description.strip()
    project = Project(id=project_id, name=name, description=description)
    return (
        refuse(not 1 <= len(name) <= NAME_LENGTH or len(description) > DESCRIPTION_LENGTH, "PRJ-1", "bad_name", longest=NAME_LENGTH)
        or refuse(any(other.name == name for other in account.projects), "PRJ-1", "name_taken")
        or (account.but(projects=(*account.projects, project)), ProjectCreated(outcome="created", project=project_id))
    )


def _with(account: Account, project: Project) -> Account:
    return account.but(projects=tuple(project if other.id == project.id else other for other in account.projects))


def disable_project(
    account: Account, command: DisableProject, _now: datetime
) -> tuple[Account, Outcome[Literal["disabled", "disabled_with_resources"]]] | Refusal:
    """After a confirmation; with resources, with a warning. PRJ-2, PRJ-4, faq-zh:1130-1144."""
    project = account.project(command.project)
    if project is None:
        return Refusal(rule="PRJ-1", reason="unknown_project")
    holds = _count(account, project.id) > 0
    return (
        refuse(not command.confirmed, "PRJ-2", "not_confirmed", resources=_count(account, project.id))
        or refuse(project.disabled, "PRJ-3", "already_disabled")
        or (_with(account, project.but(disabled=True)), Outcome(outcome="disabled_with_resources" if holds else "disabled"))
    )


def enable_project(account: Account, command: EnableProject, _now: datetime) -> tuple[Account, Outcome[Literal["enabled"]]] | Refusal:
    """At any time. PRJ-3."""
    project = account.project(command.project)
    if project is None:
        return Refusal(rule="PRJ-1", reason="unknown_project")
    return refuse(not project.disabled, "PRJ-3", "already_enabled") or (
        _with(account, project.but(disabled=False)),
        Outcome(outcome="enabled"),
    )


def move_resources(account: Account, command: MoveResources, _now: datetime) -> tuple[Account, Outcome[Literal["moved"]]] | Refusal:
    """Not out of, nor into, a disabled project: enable, move, disable. PRJ-4."""
    both = [account.project(command.origin), account.project(command.destination)]
    moved = tuple(
        resource.but(project=command.destination) if resource.project == command.origin else resource for resource in account.resources
    )
    return (
        refuse(None in both, "PRJ-1", "unknown_project")
        or refuse(command.origin == command.destination, "PRJ-4", "same_project")
        or refuse(any(project is not None and project.disabled for project in both), "PRJ-4", "project_disabled")
        or (account.but(resources=moved), Outcome(outcome="moved"))
    )


def delete_project(_account: Account, _command: DeleteProject, _now: datetime) -> Refusal:
    """Never. PRJ-2, faq-zh:1130-1134."""
    return Refusal(rule="PRJ-2", reason="cannot_be_deleted")

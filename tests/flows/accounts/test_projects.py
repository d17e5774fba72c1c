import pytest

from flows.accounts.account import Project, Resource
from flows.accounts.commands.projects import (
    CreateProject,
    DeleteProject,
    DisableProject,
    EnableProject,
    ListProjects,
    MoveResources,
)

from .world import World, account

ONE, TWO = Project(id="1", name="one"), Project(id="2", name="two")


@pytest.mark.parametrize("bad", [CreateProject(name=" "), CreateProject(name="x" * 51), CreateProject(name="x", description="y" * 201)])
async def test_prj_1_a_unique_name_and_a_short_description(world: World, bad: CreateProject) -> None:
    await world.add(account(projects=(ONE,)))
    assert await world.refused(bad) == ("PRJ-1", "bad_name")
    assert await world.refused(CreateProject(name=" one ")) == ("PRJ-1", "name_taken")
    assert (await world.done(CreateProject(name="x" * 50, description="y" * 200))).outcome == "created"


async def test_prj_2_never_deleted_only_disabled_after_a_confirmation(world: World) -> None:
    await world.add(account(projects=(ONE,)))
    assert await world.refused(DeleteProject(project="1")) == ("PRJ-2", "cannot_be_deleted")
    assert await world.refused(DisableProject(project="1")) == ("PRJ-2", "not_confirmed")
    assert (await world.done(DisableProject(project="1", confirmed=True))).outcome == "disabled"
    assert await world.refused(DisableProject(project="9", confirmed=True)) == ("PRJ-1", "unknown_project")


async def test_prj_3_disabled_ones_are_hidden_and_can_be_enabled(world: World) -> None:
    await world.add(account(projects=(ONE.but(disabled=True), TWO)))
    assert [project.id for project in (await world.done(ListProjects())).projects] == ["2"]
    assert len((await world.done(ListProjects(with_disabled=True))).projects) == 2
    await world.done(EnableProject(project="1"))
    assert await world.refused(EnableProject(project="1")) == ("PRJ-3", "already_enabled")
    await world.done(DisableProject(project="1", confirmed=True))
    assert await world.refused(DisableProject(project="1", confirmed=True)) == ("PRJ-3", "already_disabled")


async def test_prj_4_resources_of_a_disabled_project_do_not_move(world: World) -> None:
    await world.add(account(projects=(ONE, TWO), resources=(Resource(id="r", kind="cvm", project="1"),)))
    move = MoveResources(origin="1", destination="2")
    assert (await world.done(DisableProject(project="1", confirmed=True))).outcome == "disabled_with_resources"
    assert await world.refused(move) == ("PRJ-4", "project_disabled")
    assert await world.refused(MoveResources(origin="2", destination="2")) == ("PRJ-4", "same_project")
    await world.done(EnableProject(project="1"))
    await world.done(move)
    assert [project.resources for project in (await world.done(ListProjects())).projects] == [0, 1]


async def test_prj_5_costs_of_a_disabled_project_stay_visible(world: World) -> None:
    await world.add(account(projects=(ONE.but(disabled=True),)))
    (shown,) = (await world.done(ListProjects(with_disabled=True))).projects
    assert shown.costs_visible

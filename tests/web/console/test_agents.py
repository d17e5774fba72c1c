"""What roles may do, how agents come and go, and what the audit trail says of it."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from assistant.store import Database
from assistant.store.agents import AgentStore
from tests.conftest import Client, OpenClient
from tests.web.console.desk import PASSWORD, Person, enrol, post, sign_in
from web.cli import app
from web.console.invitations import invite_first
from web.keys import cipher_from
from web.settings import Settings

RUN = CliRunner()


@pytest.fixture
async def desk(open_client: OpenClient) -> AsyncIterator[Client]:
    async with open_client() as client:
        client.headers["accept-language"] = "en"
        yield client


@pytest.fixture
async def admin(desk: Client, tmp_path: Path) -> Person:
    settings = Settings(data=tmp_path)
    database = Database(settings.database)
    link = await invite_first(database, cipher_from(settings))
    await database.close()
    assert link
    return await enrol(desk, link)


def link_in(answer: httpx.Response) -> str:
    found = re.search(r'id="link" value="http://localhost(/console/setup/[^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


async def add(desk: Client, name: str, role: str) -> str:
    """Add an agent as the administrator; the path of the link."""
    return link_in(await post(desk, "/console/agents", name=name, role=role))


async def become(desk: Client, name: str, role: str) -> Person:
    """Add an agent and go on as them."""
    link = await add(desk, name, role)
    desk.cookies.clear()
    return await enrol(desk, link, name)


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("agent", {"/console": 200, "/console/agents": 403, "/console/audit": 403}),
        ("admin", {"/console/agents": 200, "/console/audit": 200}),
    ],
)
async def test_a_role_opens_its_pages_only(desk: Client, admin: Person, role: str, statuses: dict[str, int]) -> None:
    await become(desk, "bob", role)
    assert {path: (await desk.get(path)).status_code for path in statuses} == statuses
    shown = (await desk.get("/console")).text
    for path, status in statuses.items():
        assert (f'href="{path}"' in shown) is (status == 200)


async def test_an_agent_cannot_post_what_only_administrators_may(desk: Client, admin: Person) -> None:
    await become(desk, "bob", "agent")
    assert (await post(desk, "/console/agents", name="eve", role="admin")).status_code == 403


async def test_disabling_ends_sessions_at_once_and_enabling_lets_in_again(desk: Client, admin: Person) -> None:
    bob = await become(desk, "bob", "agent")
    session = desk.cookies["console_session"]
    desk.cookies.clear()
    await sign_in(desk, "ada", PASSWORD, admin.codes[0])
    number = await number_of(desk, "bob")
    await post(desk, f"/console/agents/{number}/disable")
    mine = desk.cookies["console_session"]
    desk.cookies.set("console_session", session, path="/console")
    assert (await desk.get("/console")).status_code == 303
    desk.cookies.clear()
    assert (await sign_in(desk, "bob", PASSWORD, bob.codes[0])).status_code == 401
    desk.cookies.set("console_session", mine, path="/console")
    await post(desk, f"/console/agents/{number}/enable")
    desk.cookies.clear()
    assert (await sign_in(desk, "bob", PASSWORD, bob.codes[1])).status_code == 303


async def test_a_reset_voids_everything_and_gives_a_new_link(desk: Client, admin: Person) -> None:
    bob = await become(desk, "bob", "agent")
    desk.cookies.clear()
    await sign_in(desk, "ada", PASSWORD, admin.codes[0])
    link = link_in(await post(desk, f"/console/agents/{await number_of(desk, 'bob')}/reset"))
    desk.cookies.clear()
    assert (await sign_in(desk, "bob", PASSWORD, bob.codes[0])).status_code == 401
    assert (await enrol(desk, link, "bob")).secret != bob.secret


async def test_the_last_administrator_stays(desk: Client, admin: Person) -> None:
    number = await number_of(desk, "ada")
    await add(desk, "bob", "admin")  # invited, but cannot sign in yet
    for path, fields in ((f"/console/agents/{number}/disable", {}), (f"/console/agents/{number}/role", {"role": "agent"})):
        answer = await post(desk, path, **fields)
        assert answer.status_code == 422
        assert "last administrator" in answer.text


async def test_nobody_resets_their_own_sign_in_and_any_other_reset_is_asked_about(desk: Client, admin: Person) -> None:
    await add(desk, "bob", "agent")
    page = (await desk.get("/console/agents")).text
    mine, theirs = await number_of(desk, "ada"), await number_of(desk, "bob")
    assert (f"/agents/{mine}/reset" in page, f"/agents/{theirs}/reset" in page) == (False, True)
    answer = await post(desk, f"/console/agents/{mine}/reset")
    assert (answer.status_code, "reset your own sign-in" in answer.text) == (422, True)
    assert (await desk.get("/console")).status_code == 200
    asked = (await desk.get(f"/console/agents/{theirs}/reset")).text
    assert "Reset how bob signs in?" in asked
    assert f'method="post" action="/console/agents/{theirs}/reset"' in asked


@pytest.mark.parametrize("name", ["<b>x</b>", "two words", "a/b", "e" * 65, ""])
async def test_a_name_to_sign_in_with_is_letters_digits_dots_hyphens_and_underscores(desk: Client, admin: Person, name: str) -> None:
    answer = await post(desk, "/console/agents", name=name, role="agent")
    assert (answer.status_code, "letters, digits" in answer.text) == (422, True)
    for fine in ("li.ming-2", "王_小明"):
        await add(desk, fine, "agent")


async def test_a_name_is_given_once(desk: Client, admin: Person) -> None:
    answer = await post(desk, "/console/agents", name=" ADA", role="agent")
    assert answer.status_code == 422
    assert "choose another name" in answer.text


async def test_an_administrator_gives_a_display_name_which_the_agent_may_change_at_the_set_up(desk: Client, admin: Person) -> None:
    link = link_in(await post(desk, "/console/agents", name="bob", display_name=" Bob B. ", role="agent"))
    number, session = await number_of(desk, "bob"), desk.cookies["console_session"]
    desk.cookies.clear()
    assert 'name="display_name" value="Bob B."' in (await desk.get(link)).text
    await enrol(desk, link, "bob", display_name="Bobby")
    assert (await post(desk, f"/console/agents/{number}/display-name", display_name="Eve")).status_code == 403
    desk.cookies.clear()
    desk.cookies.set("console_session", session, path="/console")
    assert 'value="Bobby"' in (await desk.get("/console/agents")).text
    answer = await post(desk, f"/console/agents/{number}/display-name", display_name="Robert")
    assert answer.status_code == 303
    assert 'value="Robert"' in (await desk.get("/console/agents")).text
    assert "before: Bobby; after: Robert" in (await desk.get("/console/audit")).text


@pytest.mark.parametrize("name", ["e" * 65, "two\nlines"])
async def test_a_display_name_that_cannot_be_shown_is_refused(desk: Client, admin: Person, name: str) -> None:
    for path in ("/console/agents", f"/console/agents/{await number_of(desk, 'ada')}/display-name"):
        answer = await post(desk, path, name="bob", display_name=name)
        assert (answer.status_code, "A display name has" in answer.text) == (422, True)


async def test_changing_the_password_needs_the_present_one_and_ends_other_sessions(desk: Client, admin: Person) -> None:
    other = desk.cookies["console_session"]
    desk.cookies.clear()
    await sign_in(desk, "ada", PASSWORD, admin.codes[0])
    new = "another long enough password"
    assert (await post(desk, "/console/account/password", present="wrong", password=new, again=new)).status_code == 422
    answer = await post(desk, "/console/account/password", present=PASSWORD, password=new, again=new)
    assert answer.headers["location"].startswith("/console/account")
    assert (await desk.get("/console")).status_code == 200
    desk.cookies.clear()
    desk.cookies.set("console_session", other, path="/console")
    assert (await desk.get("/console")).status_code == 303
    assert (await sign_in(desk, "ada", new, admin.codes[1])).status_code == 303


async def test_a_stolen_session_cannot_guess_the_password(desk: Client, admin: Person) -> None:
    for _ in range(5):
        await post(desk, "/console/account/backup-codes", present="wrong")
    answer = await post(desk, "/console/account/backup-codes", present=PASSWORD)
    assert answer.status_code == 422
    assert "Too many attempts" in answer.text


async def test_new_backup_codes_void_the_old_ones(desk: Client, admin: Person) -> None:
    answer = await post(desk, "/console/account/backup-codes", present=PASSWORD)
    fresh = re.findall(r"<li>([\w-]{14})</li>", answer.text)
    assert len(fresh) == 10
    for code, expected in ((admin.codes[0], 401), (fresh[0], 303)):
        desk.cookies.clear()
        assert (await sign_in(desk, "ada", PASSWORD, code)).status_code == expected


async def test_the_trail_says_who_did_what(desk: Client, admin: Person) -> None:
    await add(desk, "bob", "editor")
    await post(desk, f"/console/agents/{await number_of(desk, 'bob')}/role", role="agent")
    page = (await desk.get("/console/audit", params={"action": "agent.role"})).text
    assert "before: Editor; after: Agent" in page
    assert "Role changed" in page
    assert "Agent added" not in re.sub(r"<option.*?</option>", "", page)
    lines = list(csv.DictReader(io.StringIO((await desk.get("/console/audit/audit.csv")).text.removeprefix("\ufeff"))))
    assert [(line["agent"], line["action"], line["object"]) for line in lines] == [
        ("ada", "agent.role", "bob"),
        ("ada", "agent.add", "bob"),
        ("ada", "agent.enrol", "ada"),
    ]


async def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(desk: Client, admin: Person) -> None:
    await add(desk, "-1-1", "agent")
    assert "'-1-1" in (await desk.get("/console/audit/audit.csv")).text


async def test_failed_sign_ins_are_in_the_trail(desk: Client, admin: Person) -> None:
    await sign_in(desk, "ada", "wrong", "000000")
    await sign_in(desk, "eve", "wrong", "000000")
    await sign_in(desk, "ada", PASSWORD, admin.code())
    for _ in range(8):
        await sign_in(desk, "eve", "wrong", "000000")
    lines = list(csv.DictReader(io.StringIO((await desk.get("/console/audit/audit.csv")).text.removeprefix("\ufeff"))))
    assert [line["agent"] for line in lines if line["action"] == "sign-in.failed"] == ["unknown"] * 5 + ["ada"]
    assert [line["agent"] for line in lines if line["action"] == "sign-in"] == ["ada"]
    assert [line["agent"] for line in lines if line["action"] == "sign-in.locked"] == ["unknown"]
    page = (await desk.get("/console/audit")).text
    for words in ("Signed in", "Sign-in failed", "Sign-in refused while locked"):
        assert words in page


async def test_the_command_line_adds_lists_resets_and_disables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In a thread: a command runs a loop of its own.
    monkeypatch.chdir(tmp_path)

    async def run(*words: str) -> str:
        result = await asyncio.to_thread(RUN.invoke, app, ["agents", *words, "--data", "here"])
        return result.output or str(result.exception)

    assert "There is no database here/assistant.db" in await run("list")
    assert not (tmp_path / "here").exists()
    (tmp_path / "here").mkdir()
    database = Database(Settings(data=Path("here")).database)
    await database.migrate()
    await database.close()
    assert "/console/setup/" in await run("add", "Bob", "--role", "editor", "--display-name", "小宝")
    assert "64 characters" in await run("add", "eve", "--display-name", "e" * 65)
    assert "already" in await run("add", "bob")
    assert await run("list") == "bob\teditor\tnot set up yet\n"
    assert "/console/setup/" in await run("reset-totp", "bob")
    assert "disabled" in await run("disable", "bob")
    assert await run("list") == "bob\teditor\tdisabled\n"
    assert "no agent called eve" in await run("disable", "eve")


async def number_of(desk: Client, name: str) -> int:
    page = (await desk.get("/console/agents")).text
    found = re.search(rf'data-agent="{name}".*?/console/agents/(\d+)/', page, re.DOTALL)
    assert found
    return int(found[1])


async def test_agents_are_kept_on_both_databases(database: Database) -> None:
    agents = AgentStore(database)
    bob = await agents.add("Bob", "agent", " Bobby ")
    assert bob.display_name == "Bobby"
    assert await agents.named("BOB") == bob
    assert [await agents.use_step(bob.id, step) for step in (7, 7, 6, 8)] == [True, False, False, True]
    await agents.replace_backup_codes(bob.id, ["one", "two"])
    assert [await agents.use_backup_code(bob.id, code) for code in ("one", "one", "three")] == [True, False, False]
    assert await agents.backup_codes_left(bob.id) == 1

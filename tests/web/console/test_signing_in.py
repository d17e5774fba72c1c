"""Who gets into the console, and who does not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from assistant.message import now
from assistant.store import Database
from assistant.store.sign_ins import FREE_TRIES_EVERYWHERE, FREE_TRIES_PER_ADDRESS
from tests.conftest import Client, OpenClient
from tests.web.console.desk import PASSWORD, Person, enrol, post, sign_in, token_in
from web.console.invitations import invite_first
from web.keys import cipher_from
from web.settings import Settings

Later = Callable[[timedelta], None]
From = Callable[[str], None]


@pytest.fixture
async def desk(open_client: OpenClient, tmp_path: Path) -> AsyncIterator[Client]:
    """The application with nobody in it."""
    async with open_client() as client:
        client.headers["accept-language"] = "en"
        yield client


@pytest.fixture
async def first_link(desk: Client, tmp_path: Path) -> str:
    """What the server prints at its first start."""
    settings = Settings(data=tmp_path)
    database = Database(settings.database)
    link = await invite_first(database, cipher_from(settings))
    await database.close()
    assert link
    return link


@pytest.fixture
async def admin(desk: Client, first_link: str) -> Person:
    return await enrol(desk, first_link)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Moves the clock by which sessions and lock-outs are judged."""

    def move(by: timedelta) -> None:
        def moved() -> datetime:
            return now() + by

        for place in ("assistant.store.sign_ins.now", "web.console.sign_in.now"):
            monkeypatch.setattr(place, moved)

    return move


@pytest.fixture
def from_address(monkeypatch: pytest.MonkeyPatch) -> From:
    """Moves whoever signs in to another address."""

    def move(address: str) -> None:
        monkeypatch.setattr("web.console.sign_in.client_address", lambda _request: address)

    return move


async def signed_in(desk: Client) -> bool:
    return (await desk.get("/console")).status_code == 200


async def test_the_first_link_makes_an_administrator_and_works_once(desk: Client, first_link: str) -> None:
    person = await enrol(desk, first_link)
    assert len(set(person.codes)) == 10
    assert (await desk.get("/console/agents")).status_code == 200
    assert (await desk.get(first_link)).status_code == 404
    answer = await post(desk, first_link, name="eve", password=PASSWORD, again=PASSWORD, code=person.code())
    assert answer.status_code == 404


async def test_a_newer_link_replaces_the_older(desk: Client, first_link: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    database = Database(settings.database)
    newer = await invite_first(database, cipher_from(settings))
    assert newer
    assert (await desk.get(first_link)).status_code == 404
    await enrol(desk, newer)
    assert await invite_first(database, cipher_from(settings)) is None
    await database.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "ada-ada-ada-ada"),
        ("again", "another"),
        ("code", "000000"),
        ("name", " "),
        ("display_name", "a" * 65),
    ],
)
async def test_a_mistake_in_the_set_up_changes_nothing(desk: Client, first_link: str, field: str, value: str) -> None:
    page = (await desk.get(first_link)).text
    fields = {"csrf": token_in(page), "name": "ada", "password": PASSWORD, "again": PASSWORD, "code": "123456", field: value}
    answer = await desk.post(first_link, data=fields)
    assert answer.status_code == 422
    assert f'id="{field}-mistake"' in answer.text
    await enrol(desk, first_link)


async def test_signing_in_takes_password_and_code(desk: Client, admin: Person) -> None:
    desk.cookies.clear()
    assert (await desk.get("/console")).headers["location"] == "/console/sign-in?next=%2Fconsole"
    answer = await sign_in(desk, "ADA ", PASSWORD, admin.code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert await signed_in(desk)


async def test_over_https_the_cookie_is_for_https_only(desk: Client, admin: Person) -> None:
    desk.cookies.clear()
    desk.base_url = httpx.URL("https://test")
    answer = await sign_in(desk, "ada", PASSWORD, admin.code())
    assert "; secure" in answer.headers["set-cookie"].lower()


async def test_whatever_is_wrong_the_sentence_is_the_same(desk: Client, admin: Person) -> None:
    desk.cookies.clear()
    answers = [
        await sign_in(desk, "nobody", PASSWORD, "123456"),
        await sign_in(desk, "ada", "not the password", admin.code()),
        await sign_in(desk, "ada", PASSWORD, "not a code"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}) == 1
    assert not await signed_in(desk)


async def test_a_code_works_once(desk: Client, admin: Person) -> None:
    code = admin.code()
    for expected in (303, 401):
        desk.cookies.clear()
        assert (await sign_in(desk, "ada", PASSWORD, code)).status_code == expected


async def test_a_backup_code_works_once_however_it_is_typed(desk: Client, admin: Person) -> None:
    for code, expected in ((admin.codes[0].lower().replace("-", " "), 303), (admin.codes[0], 401), (admin.codes[1], 303)):
        desk.cookies.clear()
        assert (await sign_in(desk, "ada", PASSWORD, code)).status_code == expected
    assert "8 of 10" in (await desk.get("/console/account")).text


async def test_five_wrong_tries_lock_the_account_and_the_wait_grows(desk: Client, admin: Person, later: Later) -> None:
    desk.cookies.clear()
    for _ in range(5):
        assert (await sign_in(desk, "ada", "wrong", "000000")).status_code == 401
    locked = await sign_in(desk, "ada", PASSWORD, admin.code())
    assert locked.status_code == 429
    assert "1 min" in locked.text
    later(timedelta(minutes=1, seconds=1))
    assert (await sign_in(desk, "ada", "wrong", "000000")).status_code == 401
    assert "2 min" in (await sign_in(desk, "ada", PASSWORD, admin.code())).text
    later(timedelta(minutes=4))
    assert (await sign_in(desk, "ada", PASSWORD, admin.codes[0])).status_code == 303


async def test_whoever_guesses_makes_themselves_wait_and_not_the_agent(desk: Client, admin: Person, from_address: From) -> None:
    desk.cookies.clear()
    from_address("203.0.113.7")
    answers = [await sign_in(desk, "ada", "wrong", "000000") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    from_address("198.51.100.7")
    assert (await sign_in(desk, "ada", PASSWORD, admin.code())).status_code == 303


@pytest.mark.parametrize("name", ["ada", "nobody"])
async def test_many_addresses_together_lock_a_name_whether_it_is_known_or_not(
    desk: Client, admin: Person, from_address: From, name: str
) -> None:
    desk.cookies.clear()
    for number in range(FREE_TRIES_EVERYWHERE):
        from_address(f"198.51.100.{number}")
        assert (await sign_in(desk, name, "wrong", "000000")).status_code == 401
    from_address("203.0.113.7")
    locked = await sign_in(desk, name, PASSWORD, admin.code())
    assert (locked.status_code, "1 min" in locked.text) == (429, True)


async def test_the_addresses_of_one_ipv6_network_are_one(desk: Client, admin: Person, from_address: From) -> None:
    desk.cookies.clear()
    answers = []
    for number in range(6):
        from_address(f"2001:db8:1:2::{number}")
        answers.append(await sign_in(desk, "ada", "wrong", "000000"))
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    from_address("2001:db8:1:3::1")
    assert (await sign_in(desk, "ada", PASSWORD, admin.code())).status_code == 303


async def test_signing_in_oneself_does_not_free_guesses_at_others(desk: Client, admin: Person) -> None:
    link = re.search(r"/console/setup/[\w-]+", (await post(desk, "/console/agents", name="bob", role="agent")).text)
    assert link
    desk.cookies.clear()
    bob = await enrol(desk, link[0], "bob")
    for _ in range(4):
        desk.cookies.clear()
        assert (await sign_in(desk, "ada", "wrong", "000000")).status_code == 401
    assert (await sign_in(desk, "bob", PASSWORD, bob.codes[0])).status_code == 303
    desk.cookies.clear()
    assert [(await sign_in(desk, "ada", "wrong", "000000")).status_code for _ in range(2)] == [401, 429]


async def test_an_address_that_tries_many_names_is_locked(desk: Client, admin: Person) -> None:
    desk.cookies.clear()
    for number in range(FREE_TRIES_PER_ADDRESS):
        assert (await sign_in(desk, f"guess-{number}", "wrong", "000000")).status_code == 401
    assert (await sign_in(desk, "ada", PASSWORD, admin.code())).status_code == 429


async def test_a_colleague_who_is_locked_out_does_not_lock_the_office(desk: Client, admin: Person) -> None:
    desk.cookies.clear()
    answers = [await sign_in(desk, "bob", "wrong", "000000") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert (await sign_in(desk, "ada", PASSWORD, admin.code())).status_code == 303


@pytest.mark.parametrize(("path", "back"), [("/console/inbox", "/console/inbox"), ("https://evil.example/x", "/console")])
async def test_a_post_without_a_session_leads_to_the_sign_in_and_back(desk: Client, path: str, back: str) -> None:
    referer = path if path.startswith("https") else f"http://test{path}"
    for cookies in ({}, {"console_session": "ended"}):
        desk.cookies.clear()
        desk.cookies.update(cookies)
        answer = await desk.post("/console/search", data={"q": "mfa"}, headers={"referer": referer, "hx-request": "true"})
        assert answer.status_code == 401
        form = await desk.get(answer.headers["hx-redirect"])
        assert "Please sign in again" in form.text
        assert f'name="next" value="{back}"' in form.text


@pytest.mark.parametrize(("by", "still"), [(timedelta(hours=7, minutes=59), True), (timedelta(hours=8, minutes=1), False)])
async def test_an_idle_session_ends_after_eight_hours(desk: Client, admin: Person, later: Later, by: timedelta, still: bool) -> None:
    later(by)
    assert await signed_in(desk) is still


async def test_a_busy_session_ends_after_a_day(desk: Client, admin: Person, later: Later) -> None:
    for hours in (7, 14, 21):
        later(timedelta(hours=hours))
        assert await signed_in(desk)
    later(timedelta(hours=24, minutes=1))
    assert not await signed_in(desk)


async def test_signing_out_ends_this_session_only_and_everywhere_all(desk: Client, admin: Person) -> None:
    first = desk.cookies["console_session"]
    desk.cookies.clear()
    await sign_in(desk, "ada", PASSWORD, admin.codes[0])
    await post(desk, "/console/sign-out")
    assert not await signed_in(desk)
    desk.cookies.set("console_session", first, path="/console")
    assert await signed_in(desk)
    await post(desk, "/console/account/sign-out-everywhere")
    desk.cookies.set("console_session", first, path="/console")
    assert not await signed_in(desk)


@pytest.mark.parametrize("token", [None, "", "0" * 64])
async def test_a_post_without_our_token_changes_nothing(desk: Client, admin: Person, token: str | None) -> None:
    fields = {"name": "mallory", "role": "admin"} | ({} if token is None else {"csrf": token})
    answer = await desk.post("/console/agents", data=fields)
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text
    assert "mallory" not in (await desk.get("/console/agents")).text


async def test_another_browsers_token_is_no_good(desk: Client, admin: Person) -> None:
    token = token_in((await desk.get("/console/account")).text)
    desk.cookies.clear()
    await desk.get("/console/sign-in")
    answer = await desk.post("/console/sign-in", data={"csrf": token, "name": "ada", "password": PASSWORD, "code": admin.code()})
    assert answer.status_code == 403


async def test_only_the_consoles_own_pages_are_gone_back_to(desk: Client, admin: Person) -> None:
    for address in ("https://evil.example", "//evil.example", "/console/../x\\@evil", "/console-evil"):
        answer = await desk.get("/console/language/en", params={"back": address})
        assert answer.headers["location"] == "/console", address
    assert (await desk.get("/console/language/zh", params={"back": "/console/flows?x=1"})).headers["location"] == "/console/flows?x=1"


async def test_nothing_secret_is_kept_readable(desk: Client, admin: Person, tmp_path: Path) -> None:
    await sign_in(desk, "hunter2-password", "hunter2-password", "000000")
    kept = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("assistant.db*")))  # noqa: ASYNC240  # three small files
    for secret in (admin.secret, admin.session, admin.codes[0], admin.codes[0].replace("-", ""), PASSWORD, "hunter2-password"):
        assert secret.encode() not in kept

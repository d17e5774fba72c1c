import inspect
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from flows.accounts.__main__ import example
from flows.accounts.base import Refusal
from flows.accounts.client import HttpAccounts
from flows.accounts.commands.account_info import GetAccount, SetNickname
from flows.accounts.commands.ground import SendCode, Validate
from flows.accounts.demo import demo_company
from flows.accounts.operations import operations
from flows.accounts.protocol import AccountService, ServiceUnavailable
from flows.accounts.server import create_app
from flows.accounts.stub.handlers import HANDLERS

from .world import STRANGER, World, account


@pytest.fixture
def world() -> World:
    """In memory: HTTP itself is tried here."""
    return World()


def client_of(transport: httpx.AsyncBaseTransport, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=transport, base_url="http://accounts/", headers=headers)


class Shaky(httpx.AsyncBaseTransport):
    """Loses the answers of the first calls, after the server has carried them out."""

    def __init__(self, inner: httpx.ASGITransport, lost: int) -> None:
        self.inner, self.lost, self.calls = inner, lost, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        response = await self.inner.handle_async_request(request)
        if self.calls <= self.lost:
            raise httpx.ReadTimeout("lost", request=request)
        return response


def shaky(world: World, lost: int) -> tuple[HttpAccounts, Shaky]:
    transport = Shaky(httpx.ASGITransport(create_app(world.service)), lost)
    return HttpAccounts(client_of(transport), waits=(0, 0)), transport


async def test_a_lost_answer_is_asked_again_and_nothing_happens_twice(world: World) -> None:
    await world.add(account())
    http, transport = shaky(world, 2)
    result = await http.set_nickname(world.root(), SetNickname(nickname="once"), "k")
    assert not isinstance(result, Refusal)
    assert transport.calls == 3
    assert len((await world.get()).events) == 1


async def test_after_three_lost_answers_the_service_is_unavailable(world: World) -> None:
    await world.add(account())
    http, transport = shaky(world, 3)
    with pytest.raises(ServiceUnavailable):
        await http.get_account(world.root(), GetAccount())
    assert transport.calls == 3


async def test_questions_of_anyone_are_not_repeated(world: World) -> None:
    http, transport = shaky(world, 1)
    with pytest.raises(ServiceUnavailable):
        await http.validate(STRANGER, Validate(validator="code", text="1"))
    assert transport.calls == 1


async def test_a_token_is_needed_where_one_is_set(world: World) -> None:
    await world.add(account())
    transport = httpx.ASGITransport(create_app(world.service, SecretStr("secret")))
    with pytest.raises(ServiceUnavailable, match="401"):
        await HttpAccounts(client_of(transport)).get_account(world.root(), GetAccount())
    known = HttpAccounts(client_of(transport, Authorization="Bearer secret"))
    assert not isinstance(await known.get_account(world.root(), GetAccount()), Refusal)


async def test_a_wrong_body_is_refused_without_repeating_it(world: World) -> None:
    async with client_of(httpx.ASGITransport(create_app(world.service))) as client:
        body: dict[str, Any] = {"actor": {"kind": "anonymous", "conversation": "c"}, "command": {"password": ["hunter2"]}}
        answer = await client.post("operations/check_password", json=body)
        assert answer.status_code == 422
        assert "hunter2" not in answer.text
        keyless = {"actor": {"kind": "staff", "name": "x"}, "command": {"account": "1"}}
        assert (await client.post("operations/revoke_verification", json=keyless)).status_code == 400


async def test_openapi_describes_every_operation(world: World) -> None:
    paths = create_app(world.service).openapi()["paths"]
    assert {path.removeprefix("/operations/") for path in paths} == set(operations())


def test_every_command_has_a_handler_and_a_name() -> None:
    named = {name for name, _ in inspect.getmembers(AccountService, inspect.isfunction)}
    assert set(operations()) <= named
    assert set(HANDLERS) == set(operations().values())


async def test_the_example_shows_on_this_machine_what_it_sent() -> None:
    company = await demo_company(seed=1, clock=lambda: datetime.now(UTC))
    send = SendCode(purpose="prove", account="100000000001", factor="phone_code")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(example(company)), base_url="http://127.0.0.1:8391/") as client:
        assert (await client.get("inbox")).json() == []
        await HttpAccounts(client).send_code(STRANGER, send, "k")
        (sent,) = (await client.get("inbox")).json()
        assert (sent["to"], len(sent["values"]["code"])) == ("13800138001", 6)
        for headers in ({"Host": "accounts.example.com"}, {"X-Forwarded-For": "8.8.8.8"}):
            assert (await client.get("inbox", headers=headers)).status_code == 404
    async with client_of(httpx.ASGITransport(example(company, inbox=False))) as client:
        assert (await client.get("inbox", headers={"Host": "localhost"})).status_code == 404

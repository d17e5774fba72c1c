from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from assistant.store import Database
from assistant.store.outbox import Outbox, put
from tests.conftest import Client, OpenClient, Server, converse
from web.settings import Settings

ENDLESS = "/api/v1/conversations/{conversation_id}/events"


async def test_it_is_alive_and_ready(client: Client) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = (await client.get("/readyz")).json()
    assert (ready["status"], ready["kb"]) == ("ready", {"zh": 210, "en": 210})


async def test_every_response_carries_an_id_and_security_headers(client: Client) -> None:
    for path in ("/healthz", "/nowhere", "/", "/static/widget.js"):
        answer = await client.get(path, headers={"X-Request-ID": "abc-1"})
        assert answer.headers["x-request-id"] == "abc-1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
    forged = await client.get("/healthz", headers={"X-Request-ID": "a b<script>"})
    assert forged.headers["x-request-id"] != "a b<script>"


async def test_metrics_count_requests_and_name_nobody(client: Client) -> None:
    await client.get("/api/v1/search", params={"q": "我的手机 13800138000"})
    text = (await client.get("/metrics")).text
    assert "assistant_http_requests_total" in text
    assert "13800138000" not in text


async def test_metrics_are_for_addresses_nearby(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for address, status in (("127.0.0.1", 200), ("10.1.2.3", 200), ("8.8.8.8", 404), ("unknown", 404), ("", 404)):
        monkeypatch.setattr("web.api.operations.client_address", lambda _request, address=address: address)
        assert (await client.get("/metrics")).status_code == status, address


def test_a_proxy_that_knows_no_address_breaks_nothing(shared_server: Server) -> None:
    answer = httpx.get(f"{shared_server.url}/metrics", headers={"X-Forwarded-For": "unknown"})
    assert answer.status_code == 404


async def test_metrics_say_what_waits_in_the_outbox_and_what_was_given_up(client: Client, tmp_path: Path) -> None:
    database = Database(Settings(data=tmp_path).database)
    async with database.transaction() as connection:
        for number in range(3):
            await put(connection, key=f"k{number}", kind="wecom_robot", lane=f"lane {number}", body="text")
    outbox = Outbox(database)
    first, second, _ = await outbox.claim(3)
    await outbox.sent(first)
    await outbox.failed(second, 93000, "robot", final=True)
    await database.close()
    text = (await client.get("/metrics")).text
    assert 'assistant_outbox_messages{state="waiting"} 1.0' in text
    assert 'assistant_outbox_messages{state="failed"} 1.0' in text


async def test_readyz_says_when_the_account_service_is_away(open_client: OpenClient) -> None:
    async with open_client(accounts_url="http://127.0.0.1:9/") as client:
        assert "accounts" not in (await client.get("/readyz")).json()
        conversation = await converse(client, "en")
        await conversation.post(choice="flow:unbind-mfa")
        for words in ("device is with me", "get rid of it", "yes", "100000000003"):
            await conversation.say(words)
        await conversation.post(choice="step:offer_factor:phone_code")
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["accounts"]) == (200, "down")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_request_of_the_described_kind_breaks_the_server(shared_server: Server, lang: str) -> None:
    schema = schemathesis.openapi.from_url(f"{shared_server.url}/openapi.json")
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # our own description is valid
        if operation.path != ENDLESS:
            _try(operation, lang)


def _try(operation: Any, lang: str) -> None:
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        case.call_and_validate(checks=[not_a_server_error], headers={"Accept-Language": lang})

    answers()

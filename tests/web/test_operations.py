from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from tests.conftest import Client, Server

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

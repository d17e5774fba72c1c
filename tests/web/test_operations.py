from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from assistant.knowledge import Knowledge
from tests.conftest import Client, Server

SCHEMA_EXAMPLES = 15


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


def test_no_request_of_the_described_kind_breaks_the_server(shared_server: Server, knowledge: Knowledge) -> None:
    schema = schemathesis.openapi.from_url(f"{shared_server.url}/openapi.json")
    endless = "/api/v1/conversations/{conversation_id}/events"
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path == endless:
            continue

        @settings(max_examples=SCHEMA_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @schemathesis.pytest.given(case=operation.as_strategy()) if hasattr(schemathesis.pytest, "given") else _given(operation)
        def answers(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=[not_a_server_error])

        answers()


def _given(operation: object):  # type: ignore[no-untyped-def]
    from hypothesis import given

    return given(case=operation.as_strategy())  # type: ignore[attr-defined]

from __future__ import annotations

import socket

import pytest

from tests.conftest import OpenClient

REDIS = ("127.0.0.1", 6379)


@pytest.fixture
def redis() -> str:
    try:
        socket.create_connection(REDIS, 1).close()
    except OSError as error:
        pytest.skip(f"Redis does not answer at {REDIS[0]}:{REDIS[1]}: {error}")
    # A database of its own, so that counts of other runs do not matter.
    with socket.create_connection(REDIS, 1) as connection:
        connection.sendall(b"SELECT 15\r\nFLUSHDB\r\n")
        connection.recv(100)
    return f"redis://{REDIS[0]}:{REDIS[1]}/15"


async def test_replicas_count_together_in_redis(open_client: OpenClient, redis: str) -> None:
    settings = {"rate_limit": "on", "rate_conversations": "3/minute", "rate_storage": redis}
    async with open_client(**settings) as one, open_client(**settings) as two:
        answers = [await client.post("/api/v1/conversations", json={}) for client in (one, two, one, two)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]


async def test_while_redis_is_away_nobody_is_limited_and_readyz_says_so(open_client: OpenClient) -> None:
    async with open_client(rate_limit="on", rate_conversations="1/minute", rate_storage="redis://127.0.0.1:1") as client:
        assert "limits" not in (await client.get("/readyz")).json()
        answers = [await client.post("/api/v1/conversations", json={}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 201]
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["limits"]) == (200, "down")


async def test_a_storage_that_nobody_knows_is_refused_at_start(open_client: OpenClient) -> None:
    with pytest.raises(ValueError, match="rate_storage"):
        async with open_client(rate_storage="carrier-pigeon://x"):
            pass

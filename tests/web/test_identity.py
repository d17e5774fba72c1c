from __future__ import annotations

import time

import jwt
import pytest

from tests.conftest import Client, OpenClient, converse

SECRET = "a-test-secret-of-more-than-32-characters"


def token(key: str = SECRET, algorithm: str = "HS256", **changed: object) -> str:
    now = int(time.time())
    claims = {"sub": "100000000001", "iat": now, "exp": now + 600, **changed}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=algorithm)


def bad_tokens() -> list[str]:
    now = int(time.time())
    return [
        token(key="another-secret-of-more-than-32-characters"),
        token(key="", algorithm="none"),
        token(iat=now - 900, exp=now - 300),
        token(exp=now + 7200),
        token(sub=None),
        token(exp=None),
        token(sub=""),
        token(sub="x" * 65),
        token(key=SECRET * 2, algorithm="HS512"),
        "not.a.token",
        token()[:-2] + "xx",
    ]


async def test_a_signed_token_proves_the_visitor_now_or_later(open_client: OpenClient) -> None:
    async with open_client(identity_secret=SECRET) as client:
        opened = await client.post("/api/v1/conversations", json={"identity": token()})
        assert opened.status_code == 201
        conversation = await converse(client)
        later = await client.post(f"{conversation.path}/identity", json={"identity": token()}, headers=conversation.headers)
        assert later.status_code == 204


async def test_every_bad_token_gets_one_and_the_same_refusal(open_client: OpenClient) -> None:
    async with open_client(identity_secret=SECRET) as client:
        answers = [await client.post("/api/v1/conversations", json={"identity": bad}) for bad in bad_tokens()]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.text for answer in answers}) == 1


async def test_without_a_secret_nobody_is_proven(client: Client) -> None:
    assert (await client.post("/api/v1/conversations", json={"identity": token()})).status_code == 401
    assert (await client.post("/api/v1/conversations", json={"identity": token(key="", algorithm="none")})).status_code == 401


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}])
async def test_proving_needs_the_conversations_token(open_client: OpenClient, header: dict[str, str]) -> None:
    async with open_client(identity_secret=SECRET) as client:
        conversation = await converse(client)
        answer = await client.post(f"{conversation.path}/identity", json={"identity": token()}, headers=header)
        assert answer.status_code == 404

"""Pages of other websites get nothing, whatever their browser would do with an answer; servers and our own pages go on."""

from __future__ import annotations

import pytest

from tests.conftest import Client, OpenClient, converse

LISTED = "https://shop.example.com"
STRANGERS = ["https://evil.example.com", "https://shop.example.com.evil.example", "http://shop.example.com", "null", ""]
PATHS = ["/api/v1/search?q=mfa", "/api/v1/entries", "/api/v1/flows", "/api/v1/conversations/any/messages", "/api/v1/demo/inbox"]


async def status(client: Client, **headers: str) -> int:
    return (await client.post("/api/v1/conversations", json={}, headers=headers)).status_code


async def test_servers_own_pages_and_listed_pages_go_on(open_client: OpenClient) -> None:
    async with open_client(cors_origins=LISTED) as client:
        assert await status(client) == 201
        assert await status(client, Origin=LISTED) == 201
        assert await status(client, Origin="http://localhost") == 201
        # TLS ends at a proxy; or the proxy gives us a host of its own, and the browser says whose page it is
        assert await status(client, Origin="https://localhost") == 201
        assert await status(client, Origin="https://help.example.com", **{"Sec-Fetch-Site": "same-origin"}) == 201


@pytest.mark.parametrize("origin", STRANGERS)
async def test_other_pages_are_refused_everywhere(open_client: OpenClient, origin: str) -> None:
    async with open_client(cors_origins=LISTED) as client:
        conversation = await converse(client)
        headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
        for path in PATHS:
            assert (await client.get(path, headers=headers)).status_code == 403, path
        body = {"message_id": "m1", "text": "hello"}
        said = await client.post(f"{conversation.path}/messages", json=body, headers={**headers, **conversation.headers})
        assert said.status_code == 403
        assert said.headers["content-type"] == "application/problem+json"
        assert "hello" not in await conversation.transcript()


async def test_a_refusal_says_who_can_help_in_the_readers_language(client: Client) -> None:
    for lang, words in (("en", "an administrator can add its origin"), ("zh", "请管理员")):
        answer = await client.post("/api/v1/conversations", json={}, headers={"Origin": LISTED, "Accept-Language": lang})
        assert answer.status_code == 403
        assert words in answer.json()["detail"]


@pytest.mark.parametrize("origin", [*STRANGERS, LISTED])
async def test_a_star_lets_any_page_in(open_client: OpenClient, origin: str) -> None:
    async with open_client(cors_origins="*") as client:
        assert await status(client, Origin=origin) == 201

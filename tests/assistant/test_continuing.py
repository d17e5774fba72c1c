"""Whoever has proven an identity goes on elsewhere: on another device, on another channel; nobody else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.knowledge import Knowledge
from assistant.message import Incoming, Reply
from tests.assistant.talking import Running, running

ACCOUNT = "100000000003"


async def _say(app: Running, conversation_id: str, number: int, **message: str) -> Reply:
    return await app.dialogue.handle(conversation_id, Incoming(message_id=f"m{number}", **message))


def _offered(reply: Reply) -> list[str]:
    return [option.id for message in reply.messages for block in message.blocks if block.type == "choices" for option in block.options]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_flow_goes_on_where_its_holder_comes_back(knowledge: Knowledge, tmp_path: Path, lang: Any) -> None:
    async with running(knowledge, tmp_path) as app:
        web, _ = await app.dialogue.open("web", lang)
        await app.dialogue.prove(web.id, ACCOUNT)
        asked = await _say(app, web.id, 1, choice="flow:unbind-mfa")
        assert asked.state.flow == "unbind-mfa"

        stranger, _ = await app.dialogue.open("wecom_app", lang)
        await app.dialogue.prove(stranger.id, "100000000005")
        assert "resume:yes" not in _offered(await _say(app, stranger.id, 1, text="hello"))

        wecom, _ = await app.dialogue.open("wecom_app", lang)
        await app.dialogue.prove(wecom.id, ACCOUNT, how="wecom_user")
        greeted = await _say(app, wecom.id, 1, text="hello")
        assert "resume:yes" in _offered(greeted)
        resumed = await _say(app, wecom.id, 2, choice="resume:yes")
        assert (resumed.state.flow, resumed.state.step) == ("unbind-mfa", asked.state.step)
        told = [row.message for row in await app.dialogue.store.transcript(web.id)][-1]
        assert told.lang == lang
        assert {"zh": "另一个对话", "en": "another conversation"}[lang] in told.blocks[0].markdown  # type: ignore[union-attr]  # it is text
        assert (await _say(app, web.id, 2, text="hello")).state.flow is None


async def test_another_device_of_the_holder_sees_the_same_conversation(knowledge: Knowledge, tmp_path: Path) -> None:
    async with running(knowledge, tmp_path) as app:
        token = await app.identity(ACCOUNT)
        first = (await app.client.post("/api/v1/conversations", json={"identity": token})).json()
        headers = {"Authorization": f"Bearer {first['token']}"}
        said = {"message_id": "m1", "text": "怎么注销账号"}
        path = f"/api/v1/conversations/{first['conversation_id']}/messages"
        assert (await app.client.post(path, json=said, headers=headers)).status_code == 200

        second = (await app.client.post("/api/v1/conversations", json={"identity": token})).json()
        assert second["conversation_id"] == first["conversation_id"]
        assert second["token"] != first["token"]
        assert [message["role"] for message in second["messages"]] == ["assistant", "user", "assistant"]
        for known in (first, second):
            read = await app.client.get(path, headers={"Authorization": f"Bearer {known['token']}"})
            assert len(read.json()["messages"]) == 3

        other = (await app.client.post("/api/v1/conversations", json={"identity": await app.identity("100000000005")})).json()
        anonymous = (await app.client.post("/api/v1/conversations", json={})).json()
        assert first["conversation_id"] not in (other["conversation_id"], anonymous["conversation_id"])
        wrong = await app.client.get(path, headers={"Authorization": f"Bearer {other['token']}"})
        assert wrong.status_code == 404


async def test_a_language_chosen_on_one_device_does_not_bind_another(knowledge: Knowledge, tmp_path: Path) -> None:
    async with running(knowledge, tmp_path) as app:
        web, _ = await app.dialogue.open("web", "zh")
        await app.dialogue.prove(web.id, ACCOUNT)
        assert (await _say(app, web.id, 1, text="English please")).state.lang == "en"
        reopened = await app.dialogue.reopen("web", ACCOUNT, "zh")
        assert reopened
        assert (reopened[0].id, reopened[0].session.lang) == (web.id, "zh")
        assert (await _say(app, web.id, 2, text="怎么注销账号")).state.lang == "zh"


async def test_what_one_holder_left_is_not_shown_to_the_next(knowledge: Knowledge, tmp_path: Path) -> None:
    async with running(knowledge, tmp_path) as app:
        shared, _ = await app.dialogue.open("web", "en")
        await app.dialogue.prove(shared.id, ACCOUNT)
        await _say(app, shared.id, 1, choice="flow:unbind-mfa")
        await app.dialogue.prove(shared.id, "100000000005")
        assert (await _say(app, shared.id, 2, text="hello")).state.flow is None
        for account in (ACCOUNT, "100000000005"):
            assert await app.dialogue.reopen("web", account, None) is None

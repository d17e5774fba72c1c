"""The program as a process that is killed: nothing acknowledged is lost, nothing is answered twice."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from assistant.knowledge import Knowledge
from tests.conftest import Server, empty_database
from tests.web.channels.conftest import wecom_settings
from tests.web.channels.fake_wecom import FakeWecom, fake_app, listening
from tests.web.channels.peer import QUESTION, AppPeer

ROUNDS = 2


@pytest.fixture
async def wecom() -> AsyncIterator[FakeWecom]:
    fake = FakeWecom()
    async with listening(fake_app(fake)) as url:
        fake.url = url
        yield fake


@pytest.fixture
def server(tmp_path: Path, knowledge: Knowledge, wecom: FakeWecom) -> Iterator[Server]:
    environment = {f"ASSISTANT_{name.upper()}": str(value) for name, value in wecom_settings(wecom.url).items()}
    server = Server(tmp_path / "data", environment)
    yield server
    if server.process and server.process.poll() is None:
        server.kill()


async def persistently(server: Server, http: httpx.AsyncClient, user: str, text: str) -> str | None:
    """Say something as WeCom does: the same delivery again until it is acknowledged."""
    msg_id = uuid.uuid4().hex
    async with asyncio.timeout(120):
        while True:
            try:
                return await AppPeer(http, server.url).say(user, text, msg_id)
            except (httpx.HTTPError, AssertionError):
                await asyncio.sleep(0.2)


async def test_kills_in_the_middle_lose_and_double_nothing(server: Server, http: httpx.AsyncClient, wecom: FakeWecom) -> None:
    await asyncio.to_thread(server.start)
    thanks, questions = [f"t{number}" for number in range(6)], [f"q{number}" for number in range(6)]
    by_response: Counter[str] = Counter()
    for round_ in range(ROUNDS):
        said = [asyncio.create_task(persistently(server, http, user, "谢谢")) for user in thanks]
        said += [asyncio.create_task(persistently(server, http, user, QUESTION)) for user in questions]
        await asyncio.wait(said, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        answers = await asyncio.gather(*said)
        by_response.update(user for user, answer in zip(thanks, answers, strict=False) if answer)
        assert answers[6:] == [None] * 6
        await wecom.until(lambda round_=round_: all(len(wecom.cards_to(user)) == round_ + 1 for user in questions))
    for user in questions:
        assert set(Counter(wecom.texts_to(user)).values()) == {ROUNDS}
    # What the killed process had noted, the next one may have answered before the delivery came again.
    assert {user: by_response[user] + len(wecom.to(user)) for user in thanks} == dict.fromkeys(thanks, ROUNDS)
    assert wecom.refused == []


async def test_an_acknowledged_slow_turn_is_finished_by_the_next_process(
    tmp_path: Path, server: Server, http: httpx.AsyncClient, wecom: FakeWecom
) -> None:
    with empty_database("postgresql", tmp_path) as url:
        server.environment["DATABASE_URL"] = url
        await asyncio.to_thread(server.start)
        peer = AppPeer(http, server.url)
        assert "不客气" in (await peer.say("zhangsan", "谢谢") or "")
        with psycopg.connect(url) as blocker:
            blocker.execute("SELECT id FROM conversations WHERE channel = 'wecom_app' FOR UPDATE")
            assert await peer.say("zhangsan", "thank you") is None  # in time, though the turn cannot begin
            await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await wecom.until(lambda: wecom.texts_to("zhangsan"))
        await asyncio.to_thread(server.kill)
    assert len(wecom.texts_to("zhangsan")) == 1
    assert "You're welcome" in wecom.texts_to("zhangsan")[0]

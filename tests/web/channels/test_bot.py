"""The AI bot, as WeCom sees it."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from assistant.message import Message, Text, now
from tests.web.channels.conftest import Running
from tests.web.channels.fake_wecom import CORP, FakeWecom, check_card
from tests.web.channels.peer import QUESTION, BotPeer


async def conversation_of(running: Running, user: str, chat: str = "") -> str:
    async with running.context.database.engine.connect() as connection:
        query = f"SELECT conversation_id FROM wecom_members WHERE user_id = '{user}' AND chat = '{chat}'"
        found: str = (await connection.exec_driver_sql(query)).scalar_one()
    return found


async def test_a_question_is_answered_by_a_finished_stream_with_a_card(bot: BotPeer, user: str) -> None:
    reply = await bot.say(user, QUESTION)
    assert reply["msgtype"] == "stream_with_template_card"
    assert reply["stream"]["finish"] is True
    assert "](https://cloud.tencent.com/account/apply-login)" in reply["stream"]["content"]
    assert check_card(reply["template_card"]) is None


async def test_the_same_message_gets_the_same_answer(bot: BotPeer, user: str) -> None:
    answers = await asyncio.gather(*(bot.say(user, QUESTION, msg_id=user) for _ in range(3)))
    assert answers[0] == answers[1] == answers[2]


async def test_a_click_changes_the_card_and_the_answer_follows_at_its_address(bot: BotPeer, wecom: FakeWecom, user: str) -> None:
    card = (await bot.say(user, QUESTION))["template_card"]
    pressed = await bot.event(
        user, "template_card_event", f"click-1-{user}", card_type=card["card_type"], event_key="2", task_id=card["task_id"]
    )
    assert pressed
    assert pressed["response_type"] == "update_template_card"
    assert pressed["template_card"]["task_id"] == card["task_id"]
    assert pressed["template_card"]["replace_text"].startswith("已选")
    await wecom.until(lambda: f"click-1-{user}" in wecom.responses)
    assert "解绑" in wecom.responses[f"click-1-{user}"]["markdown"]["content"]


async def test_clicks_on_other_peoples_cards_do_nothing(bot: BotPeer, wecom: FakeWecom, user: str) -> None:
    card = (await bot.say(user, QUESTION))["template_card"]
    event = {"card_type": card["card_type"], "event_key": "2", "task_id": card["task_id"]}
    assert await bot.event("mallory", "template_card_event", f"click-1-{user}", **event) is None
    assert await bot.event(user, "template_card_event", f"click-2-{user}", **{**event, "event_key": "77"}) is None
    assert await bot.event(user, "template_card_event", f"click-3-{user}", **{**event, "task_id": "other"}) is None
    await bot.say(user, "谢谢")
    assert not any(user in code for code in wecom.responses)


async def test_a_group_is_not_a_chat_of_two(bot: BotPeer, running: Running, user: str) -> None:
    grouped = await bot.say(user, "thank you", chat="GROUP")
    assert "You're welcome" in grouped["stream"]["content"]
    await bot.say(user, "谢谢")
    assert await conversation_of(running, user, "GROUP") != await conversation_of(running, user)


async def test_entering_the_chat_is_greeted(bot: BotPeer, user: str) -> None:
    reply = await bot.event(user, "enter_chat")
    assert reply
    assert reply["msgtype"] == "text"
    assert "账号助手" in reply["text"]["content"]


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("image", {"url": "https://example.com"}, "图片"),
        ("file", {"url": "https://example.com"}, "文件"),
        ("video", {"url": "https://example.com"}, "视频"),
        ("mixed", {"msg_item": [{"msgtype": "image", "image": {"url": "https://example.com"}}]}, "图片"),
        ("voice", {"content": "谢谢"}, "不客气"),
        ("mixed", {"msg_item": [{"msgtype": "text", "text": {"content": "谢谢"}}]}, "不客气"),
        ("novelty", {}, "文字"),
    ],
)
async def test_other_kinds_are_answered_honestly(bot: BotPeer, kind: str, body: dict[str, object], says: str, user: str) -> None:
    reply = await bot.deliver({**bot.message(user, ""), "msgtype": kind, kind: body})
    assert reply
    assert reply["msgtype"] == "stream"
    assert says in reply["stream"]["content"]


async def test_feedback_is_kept_with_the_turn(bot: BotPeer, running: Running, user: str) -> None:
    reply = await bot.say(user, "怎么注销账号")
    answer = reply["stream"]["feedback"]["id"]
    assert (
        await bot.event(user, "feedback_event", id=answer, type=2, content="我的手机是 13800138000", inaccurate_reason_list=[1, 3]) is None
    )
    async with running.context.database.engine.connect() as connection:
        row = (await connection.exec_driver_sql("SELECT helpful, comment FROM feedback")).one()
    assert not row.helpful
    assert "13800138000" not in row.comment
    await bot.event(user, "feedback_event", id=answer, type=3)
    async with running.context.database.engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM feedback")).scalar_one() == 0


async def slow_down(running: Running, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Turns take until the event is set."""
    monkeypatch.setattr("web.channels.wecom_turns.PATIENCE", 0.05)
    dialogue, release = running.context.dialogue, asyncio.Event()
    handle = dialogue.handle

    async def slowly(*given: object) -> object:
        await release.wait()
        return await handle(*given)  # type: ignore[arg-type]  # handed through as given

    monkeypatch.setattr(dialogue, "handle", slowly)
    return release


async def test_a_slow_answer_is_polled_for_and_not_sent_again(
    bot: BotPeer, wecom: FakeWecom, running: Running, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    release = await slow_down(running, monkeypatch)
    first = await bot.say(user, "怎么注销账号", msg_id=f"slow-{user}")
    stream = first["stream"]["id"]
    assert first["stream"]["finish"] is False
    assert (await bot.poll(stream))["stream"]["finish"] is False
    release.set()
    reply = first
    async with asyncio.timeout(20):
        while not reply["stream"]["finish"]:
            reply = await bot.poll(stream)
    assert "注销" in reply["stream"]["content"]
    assert (await bot.poll(stream)) == reply
    async with running.context.database.engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'pending'")).scalar_one() == 0
    assert not any(user in code for code in wecom.responses)


async def test_a_slow_answer_that_nobody_polls_for_is_sent_once(
    bot: BotPeer, wecom: FakeWecom, running: Running, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    monkeypatch.setattr("web.channels.wecom_bot.POLLED", now() - now())
    release = await slow_down(running, monkeypatch)
    first = await bot.say(user, "怎么注销账号", msg_id=f"slow-{user}")
    release.set()
    await wecom.until(lambda: f"slow-{user}" in wecom.responses)
    assert "注销" in wecom.responses[f"slow-{user}"]["markdown"]["content"]
    closed = await bot.poll(first["stream"]["id"])
    assert closed["stream"]["finish"] is True
    assert "下一条" in closed["stream"]["content"]


async def test_an_unknown_stream_is_closed(bot: BotPeer) -> None:
    assert (await bot.poll(uuid.uuid4().hex))["stream"]["finish"] is True


async def test_an_agents_message_reaches_the_user_at_the_last_address(bot: BotPeer, wecom: FakeWecom, running: Running, user: str) -> None:
    await bot.say(user, "谢谢", msg_id=f"address-{user}")
    message = Message(role="agent", lang="zh", blocks=(Text(markdown="我是 **小王**"),), at=now())
    await running.context.store.add_live(await conversation_of(running, user), message)
    await wecom.until(lambda: f"address-{user}" in wecom.responses)
    assert "我是 **小王**" in wecom.responses[f"address-{user}"]["markdown"]["content"]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://qyapi.weixin.qq.com.evil.example/x",
        "http://user@127.0.0.1:1/x",
        "file:///etc/passwd",
        "http://[",
        "//evil.example",
    ],
)
async def test_nothing_is_posted_to_another_host(bot: BotPeer, running: Running, url: str, user: str) -> None:
    await bot.say(user, "谢谢", url=url)
    message = Message(role="agent", lang="zh", blocks=(Text(markdown="hi"),), at=now())
    conversation = await conversation_of(running, user)
    await running.context.store.add_live(conversation, message)
    async with asyncio.timeout(20):
        while True:
            async with running.context.database.engine.connect() as connection:
                query = f"SELECT state, detail FROM outbox JOIN outbox_log ON outbox.id = outbox_id WHERE key LIKE 'live:{conversation}:%'"
                row = (await connection.exec_driver_sql(query)).first()
            if row:
                break
            await asyncio.sleep(0.05)
    assert row.state == "dead"
    assert "not WeCom's" in row.detail


async def test_what_is_not_wecoms_gets_403_and_nothing_else(bot: BotPeer, user: str) -> None:
    attempts = [
        await bot.post(bot.message(user, "谢谢"), receive_id=CORP),
        await bot.client.post(f"{bot.base}/wecom/bot", json={"encrypt": "x"}),
        await bot.client.post(f"{bot.base}/wecom/bot", json={"encrypt": 5}),
        await bot.client.post(f"{bot.base}/wecom/bot", content=b"[" * 50_000),
        await bot.client.post(f"{bot.base}/wecom/bot", content=b"\xff"),
        await bot.client.get(f"{bot.base}/wecom/bot"),
        await bot.post({"no": "message"}),
        await bot.post({"msgtype": "event", "event": 5}),
        await bot.post({"msgtype": "text", "text": 5, "from": {"userid": "x"}}),
    ]
    assert [(attempt.status_code, attempt.content) for attempt in attempts] == [(403, b"")] * len(attempts)

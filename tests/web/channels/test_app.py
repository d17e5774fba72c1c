"""The self-built application, as WeCom sees it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.web.channels.conftest import Running
from tests.web.channels.fake_wecom import CORP, FakeWecom
from tests.web.channels.peer import QUESTION, AppPeer, message_xml


async def test_wecom_can_verify_the_address(app: AppPeer) -> None:
    response = await app.verify("1616140317555161061")
    assert response.content == b"1616140317555161061"


async def test_small_talk_is_answered_in_the_response(app: AppPeer, wecom: FakeWecom, user: str) -> None:
    assert "不客气" in (await app.say(user, "谢谢") or "")
    assert "You're welcome" in (await app.say(user, "thank you") or "")
    assert wecom.to(user) == []


async def test_an_answer_with_choices_is_sent_as_texts_and_a_card(app: AppPeer, wecom: FakeWecom, user: str) -> None:
    assert await app.say(user, QUESTION) is None
    await wecom.until(lambda: wecom.cards_to(user))
    texts = wecom.texts_to(user)
    assert "申请登录腾讯云账号" in texts[0]
    assert "**" not in "".join(texts)
    assert "来源：" in texts[-1]
    assert 'href="https://cloud.tencent.com/account/apply-login"' in "".join(texts)
    assert wecom.to(user)[-1]["msgtype"] == "template_card"
    assert wecom.refused == []


async def test_a_typed_number_picks(app: AppPeer, wecom: FakeWecom, user: str) -> None:
    await app.say(user, QUESTION)
    await wecom.until(lambda: wecom.cards_to(user))
    first = len(wecom.to(user))
    assert await app.say(user, "2") is None
    await wecom.until(lambda: len(wecom.to(user)) > first)
    assert "解绑" in wecom.to(user)[first]["text"]["content"]


async def test_a_click_answers_once_and_greys_the_card(app: AppPeer, wecom: FakeWecom, user: str) -> None:
    await app.say(user, QUESTION)
    await wecom.until(lambda: wecom.cards_to(user))
    card, greyed = wecom.cards_to(user)[0], len(wecom.greyed)
    texts = len(wecom.texts_to(user))
    wecom.response_codes.add(user)
    for _ in range(2):  # delivered twice
        assert await app.click(user, card, card["button_list"][1]["key"], user) is None
    await wecom.until(lambda: len(wecom.greyed) > greyed)
    assert wecom.greyed[-1]["userids"] == [user]
    assert wecom.greyed[-1]["button"]["replace_name"].startswith("已选：")
    await wecom.until(lambda: len(wecom.cards_to(user)) == 2)
    assert len(wecom.texts_to(user)) == texts + 1
    assert len(wecom.greyed) == greyed + 1


@pytest.mark.parametrize("key", ["99", "entry:cancellation/how-to", "", "submit"])
async def test_a_click_on_what_was_never_offered_does_nothing(app: AppPeer, wecom: FakeWecom, key: str, user: str) -> None:
    await app.say(user, QUESTION)
    await wecom.until(lambda: wecom.cards_to(user))
    card, before = wecom.cards_to(user)[0], len(wecom.to(user))
    assert await app.click(user, card, key, user) is None
    assert await app.click("mallory", card, "1", user) is None  # another member's card
    assert "不客气" in (await app.say(user, "谢谢") or "")
    assert len(wecom.to(user)) == before
    assert wecom.to("mallory") == []


async def test_the_same_message_delivered_again_is_handled_once_and_answered_the_same(app: AppPeer, wecom: FakeWecom, user: str) -> None:
    answers = await asyncio.gather(*(app.say(user, "谢谢", msg_id=f"{user}-1") for _ in range(3)))
    assert len(set(answers)) == 1
    assert answers[0]
    for _ in range(3):
        assert await app.say(user, "怎么注销账号", msg_id=f"{user}-2") is None
    await wecom.until(lambda: wecom.cards_to(user))
    assert await app.say(user, "怎么注销账号", msg_id=f"{user}-2") is None
    assert len(wecom.texts_to(user)) == len(set(wecom.texts_to(user)))
    assert len(wecom.cards_to(user)) == 1


async def test_two_events_of_one_second_are_both_handled(app: AppPeer, user: str) -> None:
    at = int(time.time())
    first = await app.event(user, "click", at, EventKey="act:unknown")
    second = await app.event(user, "enter_agent", at, EventKey="")
    assert first
    assert second
    assert first["Content"] != second["Content"]


async def test_whoever_opens_the_application_is_greeted_once(app: AppPeer, user: str) -> None:
    now = int(time.time())
    greeted = await app.event(user, "enter_agent", now, EventKey="")
    again = await app.event(user, "enter_agent", now, EventKey="")
    later = await app.event(user, "enter_agent", now + 9, EventKey="")
    assert greeted
    assert "账号助手" in greeted["Content"]
    assert again
    assert again["Content"] == greeted["Content"]
    assert later is None


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("image", {"PicUrl": "https://example.com/a.png", "MediaId": "m"}, ("图片", "pictures")),
        ("voice", {"MediaId": "m", "Format": "amr"}, ("语音", "voice")),
        ("video", {"MediaId": "m", "ThumbMediaId": "t"}, ("视频", "videos")),
        ("location", {"Location_X": "1", "Location_Y": "2", "Scale": "3", "Label": "x"}, ("位置", "location")),
        ("link", {"Title": "t", "Description": "d", "Url": "https://example.com"}, ("链接", "links")),
        ("miniprogram", {}, ("文字", "text")),
    ],
)
async def test_what_cannot_be_read_is_said_so_in_the_users_language(
    app: AppPeer, kind: str, fields: dict[str, Any], says: tuple[str, str], user: str
) -> None:
    first = await app.deliver(message_xml(user, kind, **fields))
    assert first
    assert says[0] in first["Content"]
    await app.say(user, "thank you")
    second = await app.deliver(message_xml(user, kind, **fields))
    assert second
    assert says[1] in second["Content"]


async def test_empty_and_endless_texts_get_a_sentence(app: AppPeer, user: str) -> None:
    assert "文字" in (await app.say(user, "  ") or "")
    assert "2000" in (await app.say(user, "长" * 2001) or "")


async def test_unknown_events_are_acknowledged(app: AppPeer, user: str) -> None:
    for name in ("LOCATION", "unsubscribe", "something_new", "template_card_menu_event"):
        assert await app.event(user, name) is None


async def test_other_members_have_other_conversations(app: AppPeer, running: Running) -> None:
    await asyncio.gather(*(app.say(user, "谢谢") for user in ("a", "b", "a", "b")))
    async with running.context.database.engine.connect() as connection:
        query = "SELECT conversation_id FROM wecom_members WHERE user_id IN ('a', 'b')"
        conversations = (await connection.exec_driver_sql(query)).scalars().all()
    assert len(set(conversations)) == len(conversations) == 2


async def test_cdata_and_markup_in_a_message_are_only_text(app: AppPeer, wecom: FakeWecom, user: str) -> None:
    xml = message_xml(user, "text", Content="PLACE").replace("<![CDATA[PLACE]]>", "谢谢 &lt;b&gt; ]]&gt; &#128512;")
    await app.deliver(xml)
    assert "不客气" in (await app.say(user, "谢谢") or "")


def slow_down(running: Running, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Turns take until the event is set."""
    monkeypatch.setattr("web.channels.wecom_turns.PATIENCE", 0)
    dialogue, release = running.context.dialogue, asyncio.Event()
    handle = dialogue.handle

    async def slowly(*given: Any) -> object:
        await release.wait()
        return await handle(*given)

    monkeypatch.setattr(dialogue, "handle", slowly)
    return release


async def test_a_slow_turn_is_acknowledged_and_its_answer_is_sent(
    app: AppPeer, wecom: FakeWecom, running: Running, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    release = slow_down(running, monkeypatch)
    assert await app.say(user, "thank you", msg_id=user) is None
    assert wecom.to(user) == []
    release.set()
    await wecom.until(lambda: wecom.texts_to(user))
    assert await app.say(user, "thank you", msg_id=user) is None
    assert len(wecom.texts_to(user)) == 1


async def test_a_slow_turn_with_a_secret_is_not_written_down_and_not_lost(
    app: AppPeer, wecom: FakeWecom, running: Running, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    release = slow_down(running, monkeypatch)
    saying = asyncio.create_task(app.say(user, "我的密码是 Abc12345!", msg_id=user))
    query = f"SELECT body FROM wecom_deliveries d JOIN wecom_members m ON m.id = member_id WHERE user_id = '{user}'"
    async with asyncio.timeout(20):
        while True:
            async with running.context.database.engine.connect() as connection:
                noted = (await connection.exec_driver_sql(query)).all()
            if noted:
                break
            await asyncio.sleep(0.02)
    assert noted[0].body is None
    assert not saying.done()  # WeCom would deliver it again, and get the same
    again = asyncio.create_task(app.say(user, "我的密码是 Abc12345!", msg_id=user))
    release.set()
    assert [await saying, await again] == [None, None]
    await wecom.until(lambda: wecom.to(user))
    assert len(wecom.texts_to(user)) <= 1
    assert len(wecom.cards_to(user)) <= 1


async def test_what_is_not_wecoms_gets_403_and_nothing_else(app: AppPeer, user: str) -> None:
    envelope = app.crypto.encrypt_message(message_xml(user, "text", Content="谢谢"), "n", str(int(time.time())))
    query: dict[str, str] = {"msg_signature": "é", "timestamp": str(int(time.time())), "nonce": "n"}
    attempts = [
        await app.client.post(f"{app.base}/wecom/app", params=query, content=envelope.encode()),
        await app.client.post(f"{app.base}/wecom/app", content=b"not xml"),
        await app.client.post(f"{app.base}/wecom/app", content=b"\xff\xfe\x00"),
        await app.client.get(f"{app.base}/wecom/app"),
        await app.client.get(f"{app.base}/wecom/app", params={**query, "echostr": "x"}),
        await app.post(message_xml(user, "text", Content="谢谢"), timestamp=int(time.time()) - 3600),
        await app.post("<xml><MsgType>text</MsgType></xml>"),
        await app.post("no xml inside"),
        await app.post('<!DOCTYPE x [<!ENTITY a "b">]><xml><FromUserName>&a;</FromUserName><MsgType>text</MsgType></xml>'),
    ]
    assert [(attempt.status_code, attempt.content) for attempt in attempts] == [(403, b"")] * len(attempts)


@pytest.mark.parametrize("door", ["app", "bot"])
@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_beyond_the_limit_is_refused_like_everything_else(app: AppPeer, door: str, chunked: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 10_000

    refused = await app.client.post(f"{app.base}/wecom/{door}", content=chunks() if chunked else b"x" * 100_000)
    assert (refused.status_code, refused.content) == (403, b"")


async def test_nothing_secret_is_logged(app: AppPeer, wecom: FakeWecom, capfd: pytest.CaptureFixture[str], user: str) -> None:
    wecom.down = True
    await app.say(user, QUESTION)
    wecom.down = False
    await wecom.until(lambda: wecom.cards_to(user))
    said = "".join(capfd.readouterr())
    assert "app-secret" not in said
    assert "token-1" not in said
    assert "手机丢了" not in said
    assert CORP not in said

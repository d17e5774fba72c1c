"""Callbacks with the right signature and the wrong content, on both databases: refused or answered, never a crash."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import OpenClient
from tests.web.channels.conftest import wecom_settings
from tests.web.channels.peer import AppPeer, BotPeer, message_xml

Json = dict[str, Any]

BASE = "http://test"


@pytest.fixture
async def client(open_client: OpenClient, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The application without a WeCom to send to."""
    async with open_client(database_url=database_url, **wecom_settings("http://127.0.0.1:9")) as client:
        yield client


@pytest.fixture
def app(client: httpx.AsyncClient) -> AppPeer:
    return AppPeer(client, BASE)


@pytest.fixture
def bot(client: httpx.AsyncClient) -> BotPeer:
    return BotPeer(client, BASE)


def said(**changes: Any) -> Json:
    """A message to the bot, with something else in these fields."""
    message = {"msgid": uuid.uuid4().hex, "aibotid": "AIBOT", "chattype": "single", "from": {"userid": "zhangsan"}}
    return {**message, "msgtype": "text", "text": {"content": "谢谢"}, **changes}


def happened(kind: str, detail: Any, **changes: Any) -> Json:
    return said(msgtype="event", event={"eventtype": kind, kind: detail}, **changes)


@pytest.mark.parametrize(
    "body",
    [
        happened("feedback_event", "good"),
        happened("feedback_event", {"id": "\0"}),
        happened("feedback_event", {"id": "k", "inaccurate_reason_list": "all"}),
        happened("template_card_event", [1]),
        happened("template_card_event", {"task_id": "\0"}),
        happened("template_card_event", {"selected_items": {"selected_item": [{"option_ids": {"option_id": [{}]}}]}}),
        said(event="x", msgtype="event"),
        said(**{"from": {"userid": "\ud800"}}),
        said(**{"from": {"userid": "\0"}}),
        said(**{"from": {"userid": "x" * 5000}}),
        said(**{"from": {"userid": "zhangsan", "corpid": "x" * 100}}),
        said(chattype="group", chatid="x" * 3000),
        said(chattype="group"),
        said(msgid="\ud800"),
        said(msgtype="stream", stream={"id": "\0"}),
        said(response_url="https://qyapi.weixin.qq.com/\0"),
    ],
)
async def test_what_the_bot_cannot_read_is_refused(bot: BotPeer, body: Json) -> None:
    refused = await bot.post_text(json.dumps(body))
    assert (refused.status_code, refused.content) == (403, b"")


@pytest.mark.parametrize("text", ["[" * 9_000, '{"a":' * 5_000, "1" * 5_000, "null", '"text"', ""], ids=lambda text: text[:9])
async def test_what_is_no_callback_is_refused(app: AppPeer, bot: BotPeer, text: str) -> None:
    for refused in (await app.post(text), await bot.post_text(text)):
        assert (refused.status_code, refused.content) == (403, b"")


@pytest.mark.parametrize(
    "xml",
    [
        message_xml("x" * 4000, "text", Content="谢谢"),
        message_xml("a\u0085b", "text", Content="谢谢"),
        message_xml("zhangsan", "event", Event="click", EventKey="x" * 4000),
        message_xml("zhangsan", "event", Event="template_card_event", EventKey="1", TaskId="x" * 4000),
        message_xml("zhangsan", "x" * 4000),
        message_xml("zhangsan", "text", Content="<Content>&#0;</Content>"),
    ],
    ids=["user", "control", "key", "task", "kind", "nul"],
)
async def test_what_the_application_cannot_read_is_refused(app: AppPeer, xml: str) -> None:
    refused = await app.post(xml)
    assert (refused.status_code, refused.content) == (403, b"")


async def test_words_are_cleaned_and_null_is_as_good_as_absent(bot: BotPeer) -> None:
    reply = await bot.post_text(json.dumps(said(text={"content": "谢谢\0\ud800"}, chatid=None, quote=None, response_url=None)))
    assert reply.status_code == 200
    assert "不客气" in json.loads(bot.prp.decrypt(reply.json()["encrypt"], ""))["stream"]["content"]
    empty = await bot.post_text(json.dumps(happened("template_card_event", {"task_id": "t", "selected_items": None})))
    assert (empty.status_code, empty.content) == (200, b"")


characters = st.one_of(st.characters(), st.sampled_from("\0\x1b\x85\ud800\udfff\n<&]"))
texts = st.one_of(
    st.text(characters, max_size=20), st.sampled_from(["谢谢", "人工", "single", "group"]), st.integers(100, 3000).map("长".__mul__)
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)
names = st.sampled_from([
    "msgid", "aibotid", "chattype", "chatid", "from", "response_url", "create_time", "text", "voice", "mixed", "stream", "event",
])  # fmt: skip
kinds = st.sampled_from(["text", "voice", "mixed", "image", "stream", "event", "novelty"])
happenings = st.sampled_from(["template_card_event", "feedback_event", "enter_chat", "novelty"])


@st.composite
def bodies(draw: st.DrawFn) -> Json:
    """A callback that is right in its outline, with anything at all in some of its places."""
    click = {name: draw(values) for name in ("task_id", "event_key", "selected_items")}
    verdict = {name: draw(values) for name in ("id", "type", "content", "inaccurate_reason_list")}
    shapes = {"template_card_event": click, "feedback_event": verdict}
    kept = {name: shape if draw(st.booleans()) else draw(values) for name, shape in shapes.items()}
    event = {"eventtype": draw(happenings), **kept}
    return {**said(msgtype=draw(kinds), event=event), **draw(st.dictionaries(names, values, max_size=2))}


tags = st.sampled_from(["Content", "Event", "EventKey", "TaskId", "ResponseCode", "SelectedItems", "MsgId", "FromUserName", "MsgType"])
events = st.sampled_from(["click", "enter_agent", "template_card_event", "view", "novelty"])
patient = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def assert_no_crash(response: httpx.Response) -> None:
    assert response.status_code in {200, 403}
    assert response.status_code == 200 or not response.content


@patient
@given(body=bodies() | values)
async def test_no_signed_json_breaks_the_bot(bot: BotPeer, body: Any) -> None:
    assert_no_crash(await bot.post_text(json.dumps(body)))


@patient
@given(user=texts, kind=st.sampled_from(["text", "event", "image"]), event=events, fields=st.dictionaries(tags, texts, max_size=3))
async def test_no_signed_xml_breaks_the_application(app: AppPeer, user: str, kind: str, event: str, fields: dict[str, Any]) -> None:
    xml = message_xml(user, kind, **{"Event": event, **fields})
    assert_no_crash(await app.post(xml.encode("utf-8", "replace").decode()))

"""WeCom's side of a callback, by wechatpy: it encrypts, signs, delivers again, and reads what comes back."""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import xmltodict  # type: ignore[import-untyped]  # wechatpy's own parser
from wechatpy.crypto import _get_signature
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

from tests.web.channels.fake_wecom import AGENT, CORP

TOKEN, AES_KEY = "vectortoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
Json = dict[str, Any]

QUESTION = "绑定了 MFA 但手机丢了，怎么登录？"
"""An entry's own question: its answer is long, has links, sources and choices."""

_ids = count(7459035031717794886)


def message_xml(user: str, kind: str, msg_id: str | None = None, created: int | None = None, **fields: Any) -> str:
    """A message or event as WeCom writes it."""
    values = {"ToUserName": CORP, "FromUserName": user, "CreateTime": str(created or int(time.time())), "MsgType": kind}
    if kind != "event":
        values["MsgId"] = msg_id or str(next(_ids))
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in {**values, **fields}.items() if not value.startswith("<"))
    inner += "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value.startswith("<"))
    return f"<xml>{inner}<AgentID>{AGENT}</AgentID></xml>"


@dataclass
class AppPeer:
    """Delivers to the application's address."""

    client: httpx.AsyncClient
    base: str

    def __post_init__(self) -> None:
        self.crypto = WeChatCrypto(TOKEN, AES_KEY, CORP)

    async def verify(self, echo: str) -> httpx.Response:
        timestamp, nonce = str(int(time.time())), uuid.uuid4().hex[:10]
        sealed = PrpCrypto(self.crypto.key).encrypt(echo, CORP).decode()
        signature = _get_signature(TOKEN, timestamp, nonce, sealed)
        query = f"msg_signature={signature}&timestamp={timestamp}&nonce={nonce}&echostr={quote(sealed, safe='')}"
        return await self.client.get(f"{self.base}/wecom/app?{query}")

    async def post(self, xml: str, timestamp: int | None = None) -> httpx.Response:
        nonce, at = uuid.uuid4().hex[:10], str(timestamp or int(time.time()))
        envelope = self.crypto.encrypt_message(xml, nonce, at)
        signature = xmltodict.parse(envelope)["xml"]["MsgSignature"]
        query = {"msg_signature": signature, "timestamp": at, "nonce": nonce}
        return await self.client.post(f"{self.base}/wecom/app", params=query, content=envelope.encode())

    def read(self, response: httpx.Response) -> Json | None:
        """The passive reply, if there is one."""
        assert response.status_code == 200, response.status_code
        if not response.content:
            return None
        outer = xmltodict.parse(response.text)["xml"]
        inner = self.crypto.decrypt_message(response.text, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
        reply: Json = xmltodict.parse(inner)["xml"]
        return reply

    async def deliver(self, xml: str) -> Json | None:
        return self.read(await self.post(xml))

    async def say(self, user: str, text: str, msg_id: str | None = None) -> str | None:
        """A text message and its passive answer."""
        reply = await self.deliver(message_xml(user, "text", msg_id, Content=text))
        if reply is None:
            return None
        assert reply["ToUserName"] == user
        assert reply["FromUserName"] == CORP
        assert reply["MsgType"] == "text"
        assert len(reply["Content"].encode()) <= 2048
        content: str = reply["Content"]
        return content

    async def event(self, user: str, name: str, created: int | None = None, **fields: Any) -> Json | None:
        return await self.deliver(message_xml(user, "event", created=created, Event=name, **fields))

    async def click(self, user: str, card: Json, key: str, code: str, marked: tuple[str, ...] = ()) -> Json | None:
        """Press a button, or mark options and submit."""
        options = "".join(f"<OptionId><![CDATA[{option}]]></OptionId>" for option in marked)
        chosen = f"<SelectedItem><QuestionKey>choice</QuestionKey><OptionIds>{options}</OptionIds></SelectedItem>"
        fields = {"EventKey": key, "TaskId": card["task_id"], "CardType": card["card_type"], "ResponseCode": code}
        if marked:
            fields["SelectedItems"] = chosen
        return await self.event(user, "template_card_event", **fields)


@dataclass
class BotPeer:
    """Delivers to the bot's address; its receiver id is empty."""

    client: httpx.AsyncClient
    base: str
    api: str = ""

    def __post_init__(self) -> None:
        self.prp = PrpCrypto(base64.b64decode(AES_KEY + "="))

    async def post(self, body: Json, receive_id: str = "") -> httpx.Response:
        return await self.post_text(json.dumps(body, ensure_ascii=False), receive_id)

    async def post_text(self, plain: str, receive_id: str = "") -> httpx.Response:
        timestamp, nonce = str(int(time.time())), uuid.uuid4().hex[:10]
        sealed = self.prp.encrypt(plain, receive_id).decode()
        query = {"msg_signature": _get_signature(TOKEN, timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce}
        response = await self.client.post(f"{self.base}/wecom/bot", params=query, json={"encrypt": sealed})
        if response.status_code == 200 and response.content:
            assert response.json()["nonce"] == nonce
        return response

    async def deliver(self, body: Json) -> Json | None:
        response = await self.post(body)
        assert response.status_code == 200, response.status_code
        if not response.content:
            return None
        outer = response.json()
        assert isinstance(outer["timestamp"], int)
        assert outer["msgsignature"] == _get_signature(TOKEN, str(outer["timestamp"]), outer["nonce"], outer["encrypt"])
        reply: Json = json.loads(self.prp.decrypt(outer["encrypt"], ""))
        if "stream" in reply:
            assert len(reply["stream"]["content"].encode()) <= 20480
        return reply

    def message(self, user: str, text: str, msg_id: str | None = None, chat: str = "", url: str | None = None) -> Json:
        msg_id = msg_id or uuid.uuid4().hex
        where = {"chattype": "group", "chatid": chat} if chat else {"chattype": "single"}
        address = url or f"{self.api}/cgi-bin/aibot/response?response_code={msg_id}"
        text = f"@账号助手 {text}" if chat else text
        sender = {"aibotid": "AIBOT", **where, "from": {"userid": user}}
        return {"msgid": msg_id, **sender, "response_url": address, "msgtype": "text", "text": {"content": text}}

    async def say(self, user: str, text: str, msg_id: str | None = None, chat: str = "", url: str | None = None) -> Json:
        reply = await self.deliver(self.message(user, text, msg_id, chat, url))
        assert reply is not None
        return reply

    async def poll(self, stream: str) -> Json:
        reply = await self.deliver({"msgid": uuid.uuid4().hex, "msgtype": "stream", "stream": {"id": stream}})
        assert reply is not None
        return reply

    async def event(self, user: str, kind: str, response_code: str = "", **detail: Any) -> Json | None:
        body = {
            "msgid": uuid.uuid4().hex,
            "create_time": int(time.time()),
            "aibotid": "AIBOT",
            "chattype": "single",
            "from": {"userid": user},
            "msgtype": "event",
            "event": {"eventtype": kind, kind: detail},
        }
        if response_code:
            body["response_url"] = f"{self.api}/cgi-bin/aibot/response?response_code={response_code}"
        return await self.deliver(body)

"""Plays WeCom for one member in the terminal: signed, encrypted callbacks that are delivered again when they get no answer."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

import httpx
from defusedxml.ElementTree import fromstring

from web.channels.wecom_crypto import Crypto
from web.channels.wecom_xml import encrypted_part

Json = dict[str, Any]
Show = Callable[[str], None]

HOW = """Type what a member would say. An empty line ends. Commands:
输入成员要说的话，空行结束。命令：
  /enter          open the chat                                   打开会话
  /click N …      press a button or mark options of the last card 点最后一张卡片
  /menu KEY       tap a menu button (application only)            点菜单（仅自建应用）
  /image          send a picture                                  发图片
  /voice [WORDS]  send a voice message; a bot hears the words     发语音，智能机器人能听到文字
  /group on|off   talk in a group, or no longer (bot only)        在群里说话（仅智能机器人）
  /again          deliver the last one once more                  再投递一次"""

TRIES = 3
HANGS_UP_AFTER = 5.0


class SimulationFailed(Exception):
    """The server does not answer as WeCom needs it; the text says how."""


class Simulator:
    """One member, in front of the application or the bot."""

    def __init__(self, server: str, user: str, crypto: Crypto, corp_id: str, agent_id: int, api: str, show: Show, *, bot: bool) -> None:
        self._address = f"{server.rstrip('/')}/wecom/{'bot' if bot else 'app'}"
        self._user = user
        self._crypto = crypto
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._api = api
        self._show = show
        self._bot = bot
        self._ids = itertools.count(time.time_ns())
        self._group = False
        self._last: str | None = None
        self._card: Json | None = None

    async def do(self, line: str) -> bool:
        """Carry out one line of the person who plays; False when nothing was answered yet."""
        command, _, rest = line.partition(" ")
        match command, rest.replace(",", " ").split():
            case "/enter", [] if not self._group:
                return await self._event("enter_chat" if self._bot else "enter_agent")
            case "/click", [_, *_] as places:
                return await self._click(places)
            case "/menu", [key] if not self._bot:
                return await self._send(self._xml("event", {"Event": "click", "EventKey": key}))
            case "/image", [] if not self._group:
                return await self._send(self._message("image", {"MediaId": "m"}, {"url": "https://example.com"}))
            case "/voice", _ if not self._group:
                return await self._send(self._message("voice", {"MediaId": "m", "Format": "amr"}, {"content": rest}))
            case "/group", [("on" | "off") as switch] if self._bot:
                self._group = switch == "on"
                return self._note("in a group 在群里" if self._group else "in a chat of two 在单聊里")
            case "/again", [] if self._last:
                return await self._send(self._last)
        if line.startswith("/"):
            return self._note(self._why_not(command))
        said = f"@Bot {line}" if self._group else line
        return await self._send(self._message("text", {"Content": line}, {"content": said}))

    def _why_not(self, command: str) -> str:
        """What to do instead of a command that cannot be carried out."""
        if command == "/menu" and self._bot:
            return "A bot has no menu. 智能机器人没有菜单。"
        if command == "/group" and not self._bot:
            return "Only a bot can be in a group: start with --bot. 只有智能机器人能在群里：启动时加 --bot。"
        if command in ("/enter", "/image", "/voice") and self._group:
            return "This happens in chats of two only: first /group off. 这只发生在单聊里：先 /group off。"
        if command == "/again" and self._last is None:
            return "Nothing was delivered yet. 还没有投递过。"
        return HOW

    def _note(self, words: str) -> bool:
        self._show("\n".join(f"  {line}" for line in words.splitlines()))
        return True

    def arrived(self, sent: Json) -> None:
        """Show what the server sent on its own."""
        message = sent.get("msgtype")
        if message == "template_card":
            self._show_card(sent["template_card"])
        elif "button" in sent:
            self._show(f"  [card] {sent['button']['replace_name']}")
        elif message in ("text", "markdown"):
            self._show(f"< {sent[message]['content']}")
        else:
            self._show(f"< [{message}]")

    async def _click(self, places: list[str]) -> bool:
        keys = [key for key, _ in _options(self._card or {})]
        chosen = [keys[int(place) - 1] for place in places if place.isdecimal() and 0 < int(place) <= len(keys)]
        if self._card is None:
            return self._note("There is no card yet. 还没有卡片。")
        if len(chosen) < len(places):
            return self._note(f"The card has 1 to {len(keys)}: /click N. 卡片上只有 1 到 {len(keys)}。")
        if "checkbox" not in self._card:
            return await self._event("template_card_event", self._card, chosen[0])
        return await self._event("template_card_event", self._card, self._card["submit_button"]["key"], chosen)

    async def _send(self, plain: str) -> bool:
        """Deliver, and again if nothing comes back in time, as WeCom does."""
        self._last = plain
        for attempt in range(1, TRIES + 1):
            try:
                response = await self._post(plain)
            except httpx.TimeoutException:
                self._show(f"  [no answer within {HANGS_UP_AFTER:.0f} s, delivery {attempt}]")
                continue
            except httpx.HTTPError as error:
                raise SimulationFailed(f"{self._address} cannot be reached ({type(error).__name__}); is the server running?") from error
            if response.status_code == 200:
                return await self._read(response)
            self._show(f"  [HTTP {response.status_code}, delivery {attempt}]")
            if response.status_code in (403, 404):
                break
        raise SimulationFailed(f"{self._address} did not take the message; does the server have the same ASSISTANT_WECOM_* settings?")

    async def _post(self, plain: str) -> httpx.Response:
        sealed, timestamp, nonce = self._crypto.encrypt(plain), str(int(time.time())), secrets.token_hex(5)
        query = {"msg_signature": self._crypto.sign(timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce}
        body = json.dumps({"encrypt": sealed}) if self._bot else f"<xml><ToUserName/><Encrypt>{sealed}</Encrypt></xml>"
        async with httpx.AsyncClient(timeout=HANGS_UP_AFTER) as client:
            return await client.post(self._address, params=query, content=body)

    async def _read(self, response: httpx.Response) -> bool:
        if not response.content:
            return False
        if not self._bot:
            reply = fromstring(self._crypto.decrypt(encrypted_part(response.content)))
            self._show(f"< {reply.findtext('Content')}")
            return True
        reply = json.loads(self._crypto.decrypt(response.json()["encrypt"]))
        return await self._read_bot(reply)

    async def _read_bot(self, reply: Json) -> bool:
        if card := reply.get("template_card"):
            if reply.get("response_type"):
                self._show(f"  [card] {card.get('replace_text', '')}")
                return False
            self._show(f"< {reply['stream']['content']}")
            self._show_card(card)
            return True
        stream = reply.get("stream")
        self._show(f"< {stream['content'] if stream else reply['text']['content']}")
        if stream and not stream["finish"]:
            await asyncio.sleep(1)  # WeCom polls about once a second
            poll = {"msgid": str(next(self._ids)), "msgtype": "stream", "stream": {"id": stream["id"]}}
            return await self._read(await self._post(json.dumps(poll)))
        return True

    def _show_card(self, card: Json) -> None:
        self._card = card
        self._show(f"  [card] {card['main_title']['title']}")
        if card.get("sub_title_text"):
            self._show(f"         {card['sub_title_text']}")
        for number, (_, label) in enumerate(_options(card), 1):
            self._show(f"    ({number}) {label}")
        self._show("  /click N")

    def _message(self, kind: str, fields: dict[str, str], body: Json) -> str:
        number = str(next(self._ids))
        if not self._bot:
            return self._xml(kind, {"MsgId": number, **fields})
        url = f"{self._api}/cgi-bin/aibot/response?response_code={number}"
        chat = {"chattype": "group", "chatid": "simulated"} if self._group else {"chattype": "single"}
        sender = {"aibotid": "simulated", **chat, "from": {"userid": self._user}}
        return json.dumps({"msgid": number, **sender, "response_url": url, "msgtype": kind, kind: body})

    async def _event(self, name: str, card: Json | None = None, key: str = "", marked: list[str] | None = None) -> bool:
        card = card or {}
        if self._bot:
            return await self._send(self._bot_event(name, card, key, marked or []))
        fields = {"Event": name, "EventKey": key, "TaskId": card.get("task_id", ""), "ResponseCode": secrets.token_hex(8)}
        items = "".join(f"<OptionId>{option}</OptionId>" for option in marked or [])
        question = card.get("checkbox", {}).get("question_key", "")
        selected = f"<SelectedItem><QuestionKey>{question}</QuestionKey><OptionIds>{items}</OptionIds></SelectedItem>"
        return await self._send(self._xml("event", fields, f"<SelectedItems>{selected if marked else ''}</SelectedItems>"))

    def _bot_event(self, name: str, card: Json, key: str, marked: list[str]) -> str:
        question = card.get("checkbox", {}).get("question_key", "")
        items = [{"question_key": question, "option_ids": {"option_id": marked}}] if marked else []
        detail = {"event_key": key, "task_id": card.get("task_id", ""), "selected_items": {"selected_item": items}}
        message = json.loads(self._message("event", {}, {"eventtype": name, name: detail}))
        return json.dumps({**message, "create_time": int(time.time())})

    def _xml(self, kind: str, fields: dict[str, str], more: str = "") -> str:
        common = {"ToUserName": self._corp_id, "FromUserName": self._user, "CreateTime": str(int(time.time())), "MsgType": kind}
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in {**common, **fields}.items())
        return f"<xml>{inner}{more}<AgentID>{self._agent_id}</AgentID></xml>"


def _options(card: Json) -> Iterator[tuple[str, str]]:
    for button in card.get("button_list", []):
        yield button["key"], button["text"]
    for option in card.get("checkbox", {}).get("option_list", []):
        yield option["id"], option["text"]

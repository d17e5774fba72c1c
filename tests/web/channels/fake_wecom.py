"""A WeCom of our own on a real socket: it enforces the documented limits, expires tokens, can be slow or down."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

CORP, AGENT, SECRET, ROBOT = "ww0123456789abcdef", 1000002, "app-secret-of-the-tests", "robot-key-of-the-tests"
Json = dict[str, Any]

_TASK_ID = re.compile(r"^[0-9A-Za-z_@-]{1,128}$")


@dataclass
class FakeWecom:
    """What WeCom received, and how it behaves."""

    url: str = ""
    messages: list[Json] = field(default_factory=list)
    robot: list[str] = field(default_factory=list)
    greyed: list[Json] = field(default_factory=list)
    responses: dict[str, Json] = field(default_factory=dict)
    uploads: list[bytes] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    dropped: list[Json] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    response_codes: set[str] = field(default_factory=set)
    down: bool = False
    delay: float = 0
    trusted: bool = True
    odd: dict[str, Any] = field(default_factory=dict)
    """What some addresses answer instead."""
    answers_lost: int = 0
    """So many messages are taken, but the answer does not arrive."""
    token_life: int = 7200
    _requests: set[str] = field(default_factory=set)
    _tasks: set[str] = field(default_factory=set)
    _times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def to(self, user_id: str) -> list[Json]:
        return [message for message in self.messages if message["touser"] == user_id]

    def texts_to(self, user_id: str) -> list[str]:
        return [message["text"]["content"] for message in self.to(user_id) if message["msgtype"] == "text"]

    def cards_to(self, user_id: str) -> list[Json]:
        return [message["template_card"] for message in self.to(user_id) if message["msgtype"] == "template_card"]

    async def until(self, condition: Any) -> None:
        """Wait until something has come in that makes the condition true."""
        async with asyncio.timeout(90):  # a killed worker holds what it had for half a minute
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    # What the routes decide: None is fine, otherwise the error code.

    def check_message(self, body: Json) -> int | None:
        if body.get("agentid") != AGENT:
            return 40056
        kind = body.get("msgtype")
        if kind == "text":
            size = len(body["text"]["content"].encode())
            return 44004 if size == 0 else 45002 if size > 2048 else None
        if kind == "markdown":
            return 45002 if len(body["markdown"]["content"].encode()) > 2048 else None
        if kind == "image":
            return None if body["image"]["media_id"] == f"media-{len(self.uploads)}" else 40058
        return check_card(body["template_card"]) if kind == "template_card" else 40008

    def deliver(self, body: Json) -> None:
        """Keep a message unless WeCom would drop it without a word."""
        same = json.dumps(body, sort_keys=True)
        if body.get("enable_duplicate_check") and same in self._requests:
            return
        self._requests.add(same)
        (self.messages if self.within(body["touser"], 30) else self.dropped).append(body)

    def within(self, who: str, per_minute: int) -> bool:
        recent = [at for at in self._times[who] if at > time.monotonic() - 60]
        self._times[who] = [*recent, time.monotonic()]
        return len(recent) < per_minute


def check_card(card: Json) -> int | None:
    """40058 for what the documentation does not allow."""
    buttons, options = card.get("button_list", []), card.get("checkbox", {}).get("option_list", [])
    keys = [button["key"] for button in buttons] + [option["id"] for option in options]
    fine = (
        bool(_TASK_ID.match(card.get("task_id", "")))
        and card["main_title"]["title"]
        and len(set(keys)) == len(keys)
        and (
            1 <= len(buttons) <= 6
            if card["card_type"] == "button_interaction"
            else card["card_type"] == "vote_interaction" and 1 <= len(options) <= 20 and card["submit_button"]["key"]
        )
        and all(button["text"] for button in buttons)
    )
    return None if fine else 40058


def fake_app(wecom: FakeWecom) -> FastAPI:  # noqa: C901, PLR0915 - one small route per interface
    app = FastAPI()

    def failure(code: int, text: str = "error") -> JSONResponse:
        wecom.refused.append((code, text))
        return JSONResponse({"errcode": code, "errmsg": f"{text}, hint: [1234567890], more info at https://open.work.weixin.qq.com"})

    @app.middleware("http")
    async def behave(request: Request, call_next: Any) -> Response:
        if wecom.down:
            return Response(status_code=502)
        await asyncio.sleep(wecom.delay)
        if request.url.path in wecom.odd:
            odd = wecom.odd[request.url.path]
            return Response(odd) if isinstance(odd, str) else JSONResponse(odd)
        response: Response = await call_next(request)
        wecom.changed.set()
        return response

    def check_token(request: Request) -> JSONResponse | None:
        token = request.query_params.get("access_token", "")
        if not token:
            return failure(41001, "access_token missing")
        if token not in wecom.valid:
            return failure(42001 if token in wecom.tokens else 40014, "token")
        return None if wecom.trusted else failure(60020, "not allow to access from your ip, from ip: 203.0.113.9")

    @app.get("/cgi-bin/gettoken")
    async def gettoken(corpid: str, corpsecret: str) -> Any:
        if corpid != CORP:
            return failure(40013, "invalid corpid")
        if corpsecret != SECRET:
            return failure(40001, "invalid credential")
        token = f"token-{len(wecom.tokens) + 1}"
        wecom.tokens.append(token)
        wecom.valid.add(token)
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": wecom.token_life}

    @app.get("/cgi-bin/agent/get")
    async def agent(request: Request, agentid: int) -> Any:
        if refused := check_token(request):
            return refused
        if agentid != AGENT:
            return failure(40056, "invalid agentid")
        return {
            "errcode": 0,
            "name": "账号助手",
            "allow_userinfos": {"user": [{"userid": "zhangsan"}]},
            "allow_partys": {"partyid": []},
            "close": 0,
        }

    @app.post("/cgi-bin/message/send")
    async def send(request: Request) -> Any:
        if refused := check_token(request):
            return refused
        body = await request.json()
        if body.get("touser") == "left-the-company":
            return failure(81013, "all users invalid")
        if code := wecom.check_message(body):
            return failure(code, json.dumps(body, ensure_ascii=False)[:300])
        wecom.deliver(body)
        if wecom.answers_lost:
            wecom.answers_lost -= 1
            return Response(status_code=504)
        response_code = f"code-{len(wecom.messages)}"
        wecom.response_codes.add(response_code)
        return {"errcode": 0, "errmsg": "ok", "msgid": "1", "invaliduser": "", "response_code": response_code}

    @app.post("/cgi-bin/message/update_template_card")
    async def update_card(request: Request) -> Any:
        if refused := check_token(request):
            return refused
        body = await request.json()
        if body["response_code"] not in wecom.response_codes:
            return failure(40058, "response_code used or unknown")
        wecom.response_codes.remove(body["response_code"])
        wecom.greyed.append(body)
        return {"errcode": 0, "errmsg": "ok", "invaliduser": []}

    @app.post("/cgi-bin/media/upload")
    async def upload(request: Request) -> Any:
        if refused := check_token(request):
            return refused
        async with request.form() as form:
            content = form["media"]
            assert not isinstance(content, str)
            wecom.uploads.append(await content.read())
        return {"errcode": 0, "type": "image", "media_id": f"media-{len(wecom.uploads)}", "created_at": "1"}

    @app.post("/cgi-bin/webhook/send")
    async def robot(request: Request, key: str) -> Any:
        if key != ROBOT:
            return failure(93000, "invalid webhook url")
        body = await request.json()
        if not body["markdown"]["content"]:
            return failure(44004, "empty content")
        if len(body["markdown"]["content"].encode()) > 4096:
            return failure(40058, "exceed max length 4096")
        if not wecom.within("robot", 20):
            return failure(45009, "api freq out of limit")
        wecom.robot.append(body["markdown"]["content"])
        return {"errcode": 0, "errmsg": "ok"}

    @app.post("/cgi-bin/aibot/response")
    async def respond(request: Request, response_code: str) -> Any:
        if response_code in wecom.responses:
            return failure(40058, "response_code used")
        body = await request.json()
        if body["msgtype"] != "markdown" or not 0 < len(body["markdown"]["content"].encode()) <= 20480:
            return failure(40058, "response")
        wecom.responses[response_code] = body
        return {"errcode": 0, "errmsg": "ok"}

    return app


@asynccontextmanager
async def listening(app: Any) -> AsyncIterator[str]:
    """An application on a real socket of this process."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        assert not task.done(), task.exception()
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task

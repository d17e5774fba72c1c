"""A visitor on a running server, without a browser: walks a flow as far as a test needs it."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.assistant.talking import blocks, options
from tests.conftest import Client, Conversation, converse

Turn = str | tuple[str, str]
"""Words, in which ``<code>`` is the newest code in the demo inbox; or the label of an option; or ``("choose", id)``."""

PHONE_TICKET: tuple[Turn, ...] = (
    ("choose", "flow:contact-support"),
    "售前",
    "在这里帮我提交工单",
    "账单页面从昨天开始打不开，报错 500，回电 13800003334",
    "{phone}",
    "<code>",
)
MFA_TICKET: tuple[Turn, ...] = (
    ("choose", "flow:mfa-loss-ticket"),
    "手机丢了",
    "没有",
    "个人的",
    "停用了",
    "有",
    "现在就办",
    "100000000003",
    "安全手机验证码",
    "<code>",
    "100000000004",
    "李明",
    "11009919000307007x",
    "李明（演示）",
    "都备好了",
    "QQ",
    "12345678",
    "{phone}",
    "确认",
    "<code>",
)
OWN_CHECKLIST: tuple[Turn, ...] = (
    ("choose", "flow:offboarding-checklist"),
    "还没走，提前交接",
    "子账号",
    "子用户（主账号创建的）",
    "没有密钥",
    "我自己操作",
)


class Visitor:
    """Somebody in a conversation; ``reply`` is the last answer."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.reply: dict[str, Any] = {}

    async def walk(self, turns: tuple[Turn, ...], **values: str) -> None:
        """Say or choose one thing after the other."""
        for turn in turns:
            await self.send(*(turn if isinstance(turn, tuple) else ("text", turn.format(**values))))

    async def send(self, kind: str, text: str) -> None:
        found = {option["label"]: option["id"] for option in options(self.reply)} if self.reply else {}
        if kind == "choose" or text in found:
            message = {"choice": found.get(text, text)}
        else:
            message = {"text": text.replace("<code>", await self.newest_code()) if "<code>" in text else text}
        response = await self.conversation.post(**message)
        assert response.status_code == 200, response.text
        self.reply = response.json()

    async def newest_code(self) -> str:
        messages = (await self.conversation.client.get("/api/v1/demo/inbox")).json()["messages"]
        return next(str(message["code"]) for message in reversed(messages) if message["code"])

    async def prove(self, account: str) -> None:
        """Sign in on the page as this demo account's holder."""
        listed = (await self.conversation.client.get("/api/v1/demo/accounts")).json()["accounts"]
        body = {"identity": next(found["identity"] for found in listed if found["id"] == account)}
        answer = await self.conversation.client.post(f"{self.conversation.path}/identity", json=body, headers=self.conversation.headers)
        assert answer.status_code == 204, answer.text

    @property
    def ticket(self) -> str:
        """The number that the last reply shows."""
        return str(next(block["id"] for block in blocks(self.reply) if block["type"] == "ticket"))

    async def heard(self) -> list[dict[str, Any]]:
        """All messages but the visitor's own."""
        rows: list[dict[str, Any]] = httpx.Response(200, text=await self.conversation.transcript()).json()["messages"]
        return [row["message"] for row in rows if row["message"]["role"] != "user"]

    async def last_words(self) -> str:
        """The last message's text."""
        return "\n".join(block["markdown"] for block in (await self.heard())[-1]["blocks"] if block["type"] == "text")


async def visitor(client: Client, lang: str = "zh") -> Visitor:
    """Open a conversation."""
    return Visitor(await converse(client, lang))


def key_in(page: str) -> str:
    """The key that the ticket page's forms carry."""
    found = re.search(r'name="key" value="([\w-]+)"', page)
    assert found, page
    return found[1]

"""The self-built application's door: encrypted XML in; a passive text out, or messages through the outbox."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import TEXT_LIMIT, Incoming, Message, Reply, now
from assistant.respond import greeting
from assistant.store import Database
from assistant.store.outbox import Kind, put
from assistant.store.wecom import Cards, Member, Mode
from web.channels.wecom_cards import APP, chosen_text, picked, said_by
from web.channels.wecom_crypto import Crypto
from web.channels.wecom_render import plain, render
from web.channels.wecom_reply import Outgoing, for_app
from web.channels.wecom_texts import text, unreadable
from web.channels.wecom_turns import Turns
from web.channels.wecom_xml import Callback, encrypted_part, envelope, parse_callback, text_reply

GREET_EVERY = timedelta(hours=12)
"""``enter_agent`` comes each time somebody opens the application."""


class AppDoor:
    """One application of one company."""

    def __init__(
        self, crypto: Crypto, corp_id: str, turns: Turns, cards: Cards, database: Database, cipher: Cipher, wake: Callable[[], None]
    ) -> None:
        self.crypto = crypto
        self._corp_id = corp_id
        self._turns = turns
        self._cards = cards
        self._database = database
        self._cipher = cipher
        self._wake = wake

    async def receive(self, signature: str, timestamp: str, nonce: str, body: bytes) -> str:
        """The response's body, empty when nothing is answered at once; raises ``Refused``."""
        callback = parse_callback(self.crypto.open(signature, timestamp, nonce, encrypted_part(body)))
        content = await self._answer(callback)
        if not content:
            return ""
        at = int(now().timestamp())
        encrypted = self.crypto.encrypt(text_reply(callback.user_id, self._corp_id, content, at))
        return envelope(encrypted, self.crypto.sign(str(at), nonce, encrypted), str(at), nonce)

    async def _answer(self, callback: Callback) -> str | None:
        member = await self._turns.members.recognise("wecom_app", self._corp_id, callback.user_id)
        if callback.kind == "event":
            return await self._event(callback, member)
        if callback.kind != "text":
            return unreadable(callback.kind, member.lang)
        if not callback.text:
            return text("empty", member.lang)
        if len(callback.text) > TEXT_LIMIT:
            return text("too-long", member.lang, limit=TEXT_LIMIT)
        return await self._turn(member, Incoming(message_id=callback.key, text=callback.text), passive=True)

    async def _event(self, callback: Callback, member: Member) -> str | None:
        if callback.event in ("enter_agent", "subscribe"):
            return await self._greet(callback, member)
        if callback.event == "click" and callback.event_key:
            return await self._turn(member, Incoming(message_id=callback.key, choice=callback.event_key), passive=True)
        if callback.event == "template_card_event":
            return await self._clicked(callback, member)
        return None

    async def _greet(self, callback: Callback, member: Member) -> str | None:
        deliveries = self._turns.deliveries
        mode = await deliveries.mode(callback.key)
        if mode is None:
            wanted: Mode = "passive" if await self._turns.members.greet(member, GREET_EVERY) else "silent"
            await deliveries.open(callback.key, member.id, None)
            async with self._database.transaction() as connection:
                mode = await deliveries.close(connection, callback.key, wanted)
        return plain(render([greeting(member.lang)], "plain").words) if mode == "passive" else None

    async def _clicked(self, callback: Callback, member: Member) -> str | None:
        sent = await self._cards.find(callback.task_id, member.id)
        chosen = picked(sent, callback.event_key, callback.selected) if sent else []
        if not chosen:
            return None
        if callback.response_code:
            label = chosen_text(chosen, member.lang, APP)
            update = {"user": member.user_id, "response_code": callback.response_code, "label": label}
            async with self._database.transaction() as connection:
                await self._put(connection, member, "wecom_update", f"{callback.key}:update", update)
        # WeCom shows no passive text after a click on a card.
        return await self._turn(member, said_by(chosen, callback.key), passive=False)

    async def _turn(self, member: Member, incoming: Incoming, *, passive: bool) -> str | None:
        return await self._turns.take(member, incoming, partial(self.settle, passive=passive), None)

    async def settle(self, member: Member, key: str, reply: Reply, *, late: bool, passive: bool = False) -> str | None:
        """Answer at once with what is one text; send everything else."""
        outgoing = for_app(reply.messages, reply.state.lang, key)
        alone = len(outgoing.texts) == 1 and not outgoing.pictures and not outgoing.card
        wanted: Mode = "silent" if not reply.messages else "passive" if alone and passive and not late else "active"
        async with self._database.transaction() as connection:
            mode = await self._turns.deliveries.close(connection, key, wanted)
            if mode == "active":
                await self._queue(connection, member, key, outgoing)
        self._wake()
        return outgoing.texts[0] if mode == "passive" else None

    async def queue_live(self, connection: AsyncConnection, member: Member, key: str, message: Message) -> None:
        """Send a message that came without a question."""
        await self._queue(connection, member, key, for_app([message], message.lang, key))

    async def _queue(self, connection: AsyncConnection, member: Member, key: str, outgoing: Outgoing) -> None:
        bodies: list[dict[str, Any]] = [{"message": {"msgtype": "text", "text": {"content": content}}} for content in outgoing.texts]
        bodies += [{"picture": base64.b64encode(picture).decode()} for picture in outgoing.pictures]
        if outgoing.card:
            bodies.append({"message": {"msgtype": "template_card", "template_card": outgoing.card.card}})
            await self._cards.keep(connection, member.id, outgoing.card)
        for number, body in enumerate(bodies):
            await self._put(connection, member, "wecom_app", f"{key}:{number}", {"user": member.user_id, **body})

    async def _put(self, connection: AsyncConnection, member: Member, kind: Kind, key: str, body: dict[str, Any]) -> None:
        lane = member.lane if kind == "wecom_app" else f"{member.lane}:update"
        await put(connection, key=key, kind=kind, lane=lane, body=self._cipher.encrypt(json.dumps(body, ensure_ascii=False)))

"""The AI bot's door: encrypted JSON in; a stream that ends at once, or that WeCom polls until the turn is done."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import TEXT_LIMIT, Incoming, Message, Reply, now
from assistant.privacy import mask
from assistant.respond import greeting
from assistant.store import Database
from assistant.store.outbox import cancel, put
from assistant.store.wecom import Cards, Member
from kb.entry import Lang
from web.channels.wecom_cards import BOT, answered, picked, said_by
from web.channels.wecom_crypto import Crypto
from web.channels.wecom_json import BotCallback, encrypted_json, parse_bot_callback
from web.channels.wecom_render import render
from web.channels.wecom_reply import Outgoing, for_bot
from web.channels.wecom_texts import text, unreadable
from web.channels.wecom_turns import Turns

Body = dict[str, Any]

POLLED = timedelta(seconds=20)
"""WeCom fetches a slow answer by polling; if it has not within this time, the answer is sent."""
STREAM_LIFE = timedelta(minutes=5, seconds=30)
_SPOKEN = ("text", "voice", "mixed")


class BotDoor:
    """One bot."""

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
        """The response's body, empty when there is nothing to answer; raises ``Refused``."""
        callback = parse_bot_callback(self.crypto.open(signature, timestamp, nonce, encrypted_json(body)))
        answer = await self._answer(callback)
        if not answer:
            return ""
        at = str(int(now().timestamp()))
        encrypted = self.crypto.encrypt(json.dumps(answer, ensure_ascii=False))
        return json.dumps(
            {"encrypt": encrypted, "msgsignature": self.crypto.sign(at, nonce, encrypted), "timestamp": int(at), "nonce": nonce}
        )

    async def _answer(self, callback: BotCallback) -> Body | None:
        if callback.kind == "stream":
            return await self._poll(callback.stream)
        if callback.kind == "feedback_event":
            await self._feedback(callback)
            return None
        if not callback.user_id:
            return None
        member = await self._turns.members.recognise("wecom_bot", callback.corp or self._corp_id, callback.user_id, callback.chat)
        if callback.kind == "enter_chat":
            return {"msgtype": "text", "text": {"content": render([greeting(member.lang)], "plain").words}}
        if callback.kind == "template_card_event":
            return await self._clicked(callback, member)
        return await self._message(callback, member)

    async def _message(self, callback: BotCallback, member: Member) -> Body | None:
        if callback.response_url:
            await self._turns.members.keep_url(member, callback.response_url)
        if callback.kind not in _SPOKEN or (callback.kind == "mixed" and not callback.text):
            return _stream(callback.key, unreadable("image" if callback.kind == "mixed" else callback.kind, member.lang))
        if not callback.text:
            return _stream(callback.key, text("empty", member.lang))
        if len(callback.text) > TEXT_LIMIT:
            return _stream(callback.key, text("too-long", member.lang, limit=TEXT_LIMIT))
        incoming = Incoming(message_id=callback.key, text=callback.text)
        working = _stream(callback.key, text("working", member.lang), finish=False, feedback=True)
        return await self._turns.take(member, incoming, self.settle, working)

    async def settle(self, member: Member, key: str, reply: Reply, *, late: bool) -> Body | None:
        """End the stream at once; a late answer waits to be polled for, then goes to the response address."""
        async with self._database.transaction() as connection:
            mode = await self._turns.deliveries.close(connection, key, "active" if late else "passive" if reply.messages else "silent")
            if mode == "active":
                await self._put(connection, member, f"{key}:late", reply.messages, reply.state.lang, after=POLLED)
                return None
            return await self._finished(connection, member, key, reply) if reply.messages else None

    async def _finished(self, connection: AsyncConnection, member: Member, key: str, reply: Reply) -> Body:
        outgoing = for_bot(reply.messages, reply.state.lang, key, cards=True)
        if outgoing.card:
            await self._cards.keep(connection, member.id, outgoing.card)
        return _stream(key, _words(outgoing), outgoing=outgoing, feedback=True)

    async def _poll(self, key: str) -> Body:
        """What a stream shows by now; whoever polls first after the turn takes the answer out of the outbox."""
        found = await self._turns.deliveries.sender(key)
        if found is None:
            return _stream(key, text("gone", "zh"))
        member, mode = await self._turns.members.get(found[0]), await self._turns.deliveries.mode(key)
        if mode is None:
            over = found[1] < now() - STREAM_LIFE
            return _stream(key, text("later" if over else "working", member.lang), finish=over)
        if mode == "silent" or member.conversation_id is None:
            return _stream(key, text("gone", member.lang))
        # The turn is over, so this gives the stored reply.
        reply = await self._turns.dialogue.handle(member.conversation_id, Incoming(message_id=key))
        async with self._database.transaction() as connection:
            if mode == "active":
                if not await cancel(connection, f"{key}:late"):
                    return _stream(key, text("sent", member.lang))
                await self._turns.deliveries.answered_after_all(connection, key)
            return await self._finished(connection, member, key, reply)

    async def _clicked(self, callback: BotCallback, member: Member) -> Body | None:
        """The card changes at once; the answer follows at the response address."""
        sent = await self._cards.find(callback.click.task_id, member.id)
        chosen = picked(sent, callback.click.event_key, callback.click.selected) if sent else []
        if sent is None or not chosen:
            return None
        if callback.response_url:
            await self._turns.members.keep_url(member, callback.response_url)
        await self._turns.take(member, said_by(chosen, callback.key), self.settle_click, None)
        card = answered(sent, chosen, member.lang, BOT)
        return {"response_type": "update_template_card", "userids": [member.user_id], "template_card": card}

    async def settle_click(self, member: Member, key: str, reply: Reply, *, late: bool) -> None:
        """Send the answer: a click's own response only changes the card, be it ``late`` or not."""
        del late
        async with self._database.transaction() as connection:
            mode = await self._turns.deliveries.close(connection, key, "active" if reply.messages else "silent")
            if mode == "active":
                await self._put(connection, member, f"{key}:click", reply.messages, reply.state.lang)
        self._wake()

    async def queue_live(self, connection: AsyncConnection, member: Member, key: str, message: Message) -> None:
        """Send a message that came without a question, as soon as there is an address for it."""
        await self._put(connection, member, key, (message,), message.lang)

    async def _put(
        self,
        connection: AsyncConnection,
        member: Member,
        key: str,
        messages: tuple[Message, ...],
        lang: Lang,
        after: timedelta = timedelta(),
    ) -> None:
        content = _words(for_bot(messages, lang, key, cards=False))
        body = {"member": member.id, "message": {"msgtype": "markdown", "markdown": {"content": content}}}
        sealed = self._cipher.encrypt(json.dumps(body, ensure_ascii=False))
        await put(connection, key=key, kind="wecom_response", lane=member.lane, body=sealed, after=after)

    async def _feedback(self, callback: BotCallback) -> None:
        verdict = callback.verdict
        found = await self._turns.deliveries.turn(verdict.id)
        if found is None:
            return
        if verdict.type in (1, 2):
            reasons = ", ".join(str(reason) for reason in verdict.inaccurate_reason_list)
            comment = " ".join(filter(None, (mask(verdict.content), f"({reasons})" if reasons else ""))) or None
            await self._turns.dialogue.store.record_feedback(*found, verdict.type == 1, comment)
        elif verdict.type == 3:
            await self._turns.deliveries.withdraw_feedback(*found)


def _words(outgoing: Outgoing) -> str:
    """What fits into one message: an answer is far shorter."""
    return outgoing.texts[0] if outgoing.texts else "…"


def _stream(key: str, content: str, *, finish: bool = True, outgoing: Outgoing | None = None, feedback: bool = False) -> Body:
    stream: Body = {"id": key, "finish": finish, "content": content}
    if outgoing and outgoing.pictures:
        stream["msg_item"] = [_picture(picture) for picture in outgoing.pictures]
    if feedback:
        stream["feedback"] = {"id": key}
    if outgoing and outgoing.card:
        return {"msgtype": "stream_with_template_card", "stream": stream, "template_card": outgoing.card.card}
    return {"msgtype": "stream", "stream": stream}


def _picture(picture: bytes) -> Body:
    digest = hashlib.md5(picture, usedforsecurity=False).hexdigest()  # the protocol prescribes MD5
    return {"msgtype": "image", "image": {"base64": base64.b64encode(picture).decode(), "md5": digest}}

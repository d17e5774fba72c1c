"""Empties the outbox, forwards agents' messages to WeCom, and takes up what a dead worker left; any number may run."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import Message, now
from assistant.store.outbox import Item, Outbox
from assistant.store.wecom import Cards, LiveMessages, Member, OpenDelivery
from web.channels.wecom_app import AppDoor
from web.channels.wecom_bot import BotDoor
from web.channels.wecom_client import AppClient, WecomError, WecomHttp
from web.channels.wecom_errors import known
from web.channels.wecom_split import ROBOT_BYTES, split
from web.channels.wecom_turns import Turns

log = structlog.get_logger()

AT_ONCE = 8
POLL_SECONDS = 1.0
ORPHANED = timedelta(seconds=6)
"""After so long an open delivery is taken up; if its own worker is merely slow, both come to the same."""
LOST = timedelta(hours=1)
"""After so long it is not worth answering any more."""
TIDY_EVERY = timedelta(hours=1)
KEEP_DELIVERIES = timedelta(days=7)
KEEP_OUTBOX = timedelta(days=30)
FORWARD_SINCE = timedelta(days=7)
NO_ADDRESS = timedelta(seconds=30)
GIVE_UP = timedelta(days=1)


class Delivery:
    """The worker of one process."""

    def __init__(
        self,
        outbox: Outbox,
        live: LiveMessages,
        turns: Turns,
        cards: Cards,
        cipher: Cipher,
        http: WecomHttp,
        *,
        app: AppDoor | None,
        client: AppClient | None,
        bot: BotDoor | None,
        robot_key: str | None,
    ) -> None:
        self._outbox = outbox
        self._live = live
        self._turns = turns
        self._cards = cards
        self._cipher = cipher
        self._http = http
        self._app = app
        self._client = client
        self._bot = bot
        self._robot_key = robot_key
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled; whatever goes wrong is logged and tried again."""
        tidied = now() - TIDY_EVERY
        while True:
            try:
                if tidied <= now() - TIDY_EVERY:
                    await self._tidy()
                    tidied = now()
                busy = await self.step()
            except Exception as error:  # noqa: BLE001 - nothing may end the worker; what failed stays in the database
                log.warning("delivery", reason=type(error).__name__)
                busy = False
            if not busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)
            self._woken.clear()

    async def step(self) -> bool:
        """Look once for everything there is to do; whether there was something."""
        for delivery in await self._turns.deliveries.unfinished(now() - LOST, now() - ORPHANED):
            await self._resume(delivery)
        await self._live.forward(now() - FORWARD_SINCE, self._queue_live)
        items = await self._outbox.claim(AT_ONCE)
        await asyncio.gather(*(self._deliver(item) for item in items))
        return bool(items)

    async def _tidy(self) -> None:
        """Clicks on cards and verdicts on answers come within days."""
        await self._turns.deliveries.purge(now() - KEEP_DELIVERIES)
        await self._cards.purge(now() - KEEP_DELIVERIES)
        await self._outbox.purge(now() - KEEP_OUTBOX)

    async def _resume(self, delivery: OpenDelivery) -> None:
        member = await self._turns.members.get(delivery.member_id)
        door = self._app if member.channel == "wecom_app" else self._bot
        if door:
            await self._turns.resume(delivery, door.settle)

    async def _queue_live(self, connection: AsyncConnection, member: Member, key: str, message: Message) -> None:
        door = self._app if member.channel == "wecom_app" else self._bot
        if door:
            await door.queue_live(connection, member, key, message)

    async def _deliver(self, item: Item) -> None:
        try:
            if await self._send(item):
                await self._outbox.sent(item)
                log.info("delivered", kind=item.kind, id=item.id, attempts=item.attempts)
        except WecomError as error:
            remedy = known(error.code).remedy if error.code is not None else "again"
            # At a response address a second try could be a second message.
            final = remedy == "give-up" or (item.kind == "wecom_response" and (error.reached or remedy != "again"))
            await self._failed(item, error.code, error.detail, final=final)
        except Exception as error:  # noqa: BLE001 - one item that cannot be sent must not hold up the others
            await self._failed(item, None, type(error).__name__)

    async def _failed(self, item: Item, code: int | None, reason: str, *, final: bool = False) -> None:
        dead = await self._outbox.failed(item, code, reason, final=final)
        log.warning("not delivered", kind=item.kind, id=item.id, attempts=item.attempts, code=code, reason=reason, dead=dead)

    async def _send(self, item: Item) -> bool:
        """Send one item; False when it has to wait or was dropped."""
        if item.kind == "wecom_robot":
            return await self._announce(item)
        body = json.loads(self._cipher.decrypt(item.body))
        if item.kind == "wecom_response":
            return await self._respond(item, body)
        if self._client is None:
            await self._outbox.failed(item, None, "the application is not configured", final=True)
            return False
        if item.kind == "wecom_update":
            await self._client.grey_card(body["user"], body["response_code"], body["label"])
        elif "picture" in body:
            media = await self._client.upload(base64.b64decode(body["picture"]))
            await self._client.send(body["user"], {"msgtype": "image", "image": {"media_id": media}}, once=item.id)
        else:
            await self._client.send(body["user"], body["message"], once=item.id)
        return True

    async def _announce(self, item: Item) -> bool:
        if self._robot_key is None:
            await self._outbox.failed(item, None, "no group robot is configured", final=True)
            return False
        await self._http.robot(self._robot_key, split(item.body, ROBOT_BYTES)[0])
        return True

    async def _respond(self, item: Item, body: dict[str, Any]) -> bool:
        url = await self._turns.members.take_url(body["member"])
        if url is None:
            if item.created_at < now() - GIVE_UP:
                await self._outbox.failed(item, None, "the user has not written again", final=True)
            else:
                await self._outbox.postpone(item, NO_ADDRESS)
            return False
        try:
            await self._http.respond(url, body["message"])
        except WecomError as error:
            if not error.reached and (error.code is None or known(error.code).remedy == "again"):
                await self._turns.members.keep_url(await self._turns.members.get(body["member"]), url)
            raise
        return True

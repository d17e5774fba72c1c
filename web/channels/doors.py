"""Opens WeCom's doors by the settings: what is not configured does not exist."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import structlog
from pydantic import SecretStr

from assistant.cipher import Cipher
from assistant.dialogue import Dialogue
from assistant.store import Database
from assistant.store.outbox import Outbox
from assistant.store.wecom import Cards, Deliveries, LiveMessages, Members, Tokens
from web.channels.delivery import Delivery
from web.channels.wecom_app import AppDoor
from web.channels.wecom_bot import BotDoor
from web.channels.wecom_client import AppClient, WecomHttp
from web.channels.wecom_crypto import Crypto
from web.channels.wecom_turns import Turns
from web.settings import Settings

log = structlog.get_logger()

Door = Literal["app", "bot"]

_DRAIN_SECONDS = 3.0
_NEEDS: dict[Door, tuple[str, ...]] = {
    "app": ("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_app_token", "wecom_app_aes_key"),
    "bot": ("wecom_bot_token", "wecom_bot_aes_key"),
}


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors that are open."""

    app: AppDoor | None = None
    bot: BotDoor | None = None


@asynccontextmanager
async def open_doors(settings: Settings, database: Database, cipher: Cipher, dialogue: Dialogue) -> AsyncIterator[Doors]:
    """The configured doors with their delivery worker, until the application ends."""
    for door in _NEEDS:
        if lacking := missing(settings, door):
            log.warning("wecom door not open", address=f"/wecom/{door}", missing=", ".join(lacking))
    if not settings.wecom_configured:
        yield Doors()
        return
    turns = Turns(dialogue, Members(database, cipher), Deliveries(database, cipher))
    http = WecomHttp(settings.wecom_api_base)
    delivery: Delivery | None = None

    def wake() -> None:
        if delivery:
            delivery.wake()

    cards = Cards(database, cipher)
    shared = (turns, cards, database, cipher, wake)
    corp_id = settings.wecom_corp_id or ""
    app = AppDoor(crypto, corp_id, *shared) if (crypto := app_crypto(settings)) else None
    bot = BotDoor(crypto, corp_id, *shared) if (crypto := bot_crypto(settings)) else None
    client = app_client(settings, http, Tokens(database, cipher))
    key = settings.wecom_robot_key
    delivery = Delivery(
        Outbox(database),
        LiveMessages(database),
        turns,
        cards,
        cipher,
        http,
        app=app,
        client=client,
        bot=bot,
        robot_key=key.get_secret_value() if key else None,
    )
    worker = asyncio.create_task(delivery.run())
    try:
        yield Doors(app, bot)
    finally:
        await turns.drain(_DRAIN_SECONDS)
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        await http.close()


def missing(settings: Settings, door: Door) -> list[str] | None:
    """The variables that a door still lacks; None when nothing says that it is wanted."""
    unset = [name for name in _NEEDS[door] if getattr(settings, name) in (None, "", SecretStr(""))]
    # The company's id says nothing: other doors need it too.
    if not set(_NEEDS[door]) - set(unset) - {"wecom_corp_id"}:
        return None
    return [f"ASSISTANT_{name.upper()}" for name in unset]


def app_crypto(settings: Settings) -> Crypto | None:
    """The application's envelope, if it is fully configured: without its Secret it could not send."""
    token, key = settings.wecom_app_token, settings.wecom_app_aes_key
    if not (token and key and settings.wecom_corp_id and settings.wecom_agent_id is not None and settings.wecom_secret):
        return None
    return Crypto(token.get_secret_value(), key.get_secret_value(), settings.wecom_corp_id)


def bot_crypto(settings: Settings) -> Crypto | None:
    """The bot's envelope; an AI bot's callbacks name no receiver."""
    token, key = settings.wecom_bot_token, settings.wecom_bot_aes_key
    return Crypto(token.get_secret_value(), key.get_secret_value(), "") if token and key else None


def app_client(settings: Settings, http: WecomHttp, tokens: Tokens) -> AppClient | None:
    """What the application sends with."""
    if not settings.wecom_corp_id or settings.wecom_agent_id is None or not settings.wecom_secret:
        return None
    return AppClient(http, tokens, settings.wecom_corp_id, settings.wecom_agent_id, settings.wecom_secret.get_secret_value())

"""Fixtures: a WeCom of our own, the application on a socket, and a peer that delivers to it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.knowledge import Knowledge
from tests.web.channels.fake_wecom import AGENT, CORP, ROBOT, SECRET, FakeWecom, fake_app, listening
from tests.web.channels.peer import AES_KEY, TOKEN, AppPeer, BotPeer
from web.app import create_app
from web.context import Context
from web.settings import Settings


def wecom_settings(api: str) -> dict[str, Any]:
    """A complete set-up."""
    return {
        "wecom_corp_id": CORP,
        "wecom_agent_id": AGENT,
        "wecom_secret": SECRET,
        "wecom_app_token": TOKEN,
        "wecom_app_aes_key": AES_KEY,
        "wecom_bot_token": TOKEN,
        "wecom_bot_aes_key": AES_KEY,
        "wecom_robot_key": ROBOT,
        "wecom_api_base": api,
    }


@pytest.fixture(scope="module")
async def wecom() -> AsyncIterator[FakeWecom]:
    """WeCom's API on a socket."""
    fake = FakeWecom()
    async with listening(fake_app(fake)) as url:
        fake.url = url
        yield fake


@dataclass
class Running:
    """The application on a socket, with its parts at hand."""

    api: FastAPI
    url: str

    @property
    def context(self) -> Context:
        found: Context = self.api.state.context
        return found


@pytest.fixture(scope="module")
async def running(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory, wecom: FakeWecom) -> AsyncIterator[Running]:
    """The application, connected with that WeCom; tests share it, each as a user of its own."""
    settings = Settings.model_validate({"data": tmp_path_factory.mktemp("wecom"), "rate_limit": "off", **wecom_settings(wecom.url)})
    api = create_app(settings, knowledge)
    async with listening(api) as url:
        yield Running(api, url)


@pytest.fixture
def user() -> str:
    """A member whom no other test knows."""
    return f"user-{uuid.uuid4().hex[:8]}"


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield client


@pytest.fixture
def app(running: Running, http: httpx.AsyncClient) -> AppPeer:
    """Delivers to the application."""
    return AppPeer(http, running.url)


@pytest.fixture
def bot(running: Running, http: httpx.AsyncClient, wecom: FakeWecom) -> BotPeer:
    """Delivers to the bot."""
    return BotPeer(http, running.url, wecom.url)

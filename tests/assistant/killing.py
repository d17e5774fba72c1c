"""Plays transcripts in a process of their own, which an action kills before its turn is saved, with the account service elsewhere."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import JsonValue

from assistant.guide import Guide
from assistant.knowledge import Knowledge
from flows.accounts.base import Document, Refusal, model_json
from flows.accounts.commands.base import Actor, Command, R
from flows.accounts.demo import DemoCompany, demo_company
from flows.accounts.protocol import AccountService
from flows.accounts.server import create_app as account_server
from flows.accounts.store_memory import MemoryStore
from flows.actions import Actions, Caller, Done, Services
from flows.actions.catalogue import MODULES
from tests.assistant.talking import Running, Talk, check, turns_of
from tests.conftest import Conversation
from web.identity import sign

SECRET = "a-test-secret-of-more-than-32-characters"


_DIFFERS = re.compile(r'\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)|(?<="last_step":)[1-9]\d*|\$argon2id[^"]+')
"""Times, also as the number of a one-time code's window, and hashes with their random salt."""


class Elsewhere(AccountService):
    """The account system: it outlives the assistant's process."""

    company: DemoCompany

    async def perform(self, actor: Actor, command: Command[R], key: str | None = None) -> R | Refusal:
        return await self.company.service.perform(actor, command, key)

    def found(self) -> None:
        """A new company; the same draws every time."""
        self.later = timedelta()
        self.company = asyncio.run(demo_company(seed=1, clock=lambda: datetime.now(UTC) + self.later))

    def state(self, conversation: str) -> list[str]:
        """Everything there is, without what differs from run to run."""
        assert isinstance(self.company.store, MemoryStore)
        kept = [model_json(document) for kind in Document.__subclasses__() for document in self.company.store.all_of(kind)]
        sent = [message.model_dump_json() for message in self.company.inbox]
        return sorted(_DIFFERS.sub("…", text.replace(conversation, "…")) for text in kept + sent)


@contextmanager
def served_elsewhere() -> Iterator[tuple[Elsewhere, str]]:
    """The account system behind a real socket, and its address."""
    accounts = Elsewhere()
    accounts.found()
    app = FastAPI()

    @app.get("/newest-code")
    async def newest_code(least: int) -> str:
        sent = (message.values.get("code") or message.values.get("token") or "" for message in reversed(list(accounts.company.inbox)))
        return next(code for code in sent if len(code) >= least)

    @app.post("/later")
    async def later(seconds: float) -> None:
        accounts.later += timedelta(seconds=seconds)

    app.mount("/", account_server(accounts))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield accounts, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


class Deadly(Actions):
    """Kills the process when this action has been carried out, before anybody hears of it."""

    def __init__(self, name: str) -> None:
        super().__init__(*MODULES)
        self._name = name

    async def run(self, name: str, key: str, slots: Mapping[str, JsonValue], caller: Caller, services: Services) -> Done:
        done = await super().run(name, key, slots, caller, services)
        if name == self._name:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


class Client(Running):
    """The assistant in a process of its own, whose accounts are elsewhere."""

    def __init__(self, knowledge: Knowledge, data: Path, accounts: str) -> None:
        super().__init__(knowledge, data, demo=False, accounts_url=accounts, identity_secret=SECRET)
        self._accounts = accounts

    async def identity(self, account: str) -> str:
        return sign(account, SECRET, datetime.now(UTC))

    async def newest_code(self, least: int = 6) -> str:
        async with httpx.AsyncClient(base_url=self._accounts) as client:
            return str((await client.get("/newest-code", params={"least": least})).json())

    async def pass_time(self, time: timedelta) -> None:
        await super().pass_time(time)
        async with httpx.AsyncClient(base_url=self._accounts) as client:
            await client.post("/later", params={"seconds": time.total_seconds()})


async def _play(path: Path, knowledge: Knowledge, data: Path, accounts: str) -> None:
    """Play a transcript from where it stopped; what is about to be said is written down before it is said."""
    app = Client(knowledge, data, accounts)
    await app.start()
    talk, progress = Talk(app), data / "progress.json"
    if progress.exists():
        kept = json.loads(progress.read_text())
        talk.conversation = Conversation(app.client, kept["id"], kept["token"])
        talk.said, talk.reply, talk.secret = kept["said"], kept["reply"], kept["secret"]
        app.later = timedelta(seconds=kept["later"])
        if kept["message"]:
            await talk.send(kept["message"], f"m{kept['number']}")
            check(talk.reply, turns_of(path)[kept["number"]].get("expect", {}), f"{path.name} turn {kept['number'] + 1}, after the crash")
        following = kept["number"] + 1
    else:
        await talk.open()
        following = 0
    for number, turn in enumerate(turns_of(path)[following:], following):
        await talk.prepare(turn)
        message = await talk.message(turn)
        kept = {
            "id": talk.conversation.id,
            "token": talk.conversation.token,
            "said": talk.said,
            "reply": talk.reply,
            "secret": talk.secret,
            "later": app.later.total_seconds(),
        }
        progress.write_text(json.dumps({**kept, "number": number, "message": message}))
        if message:
            await talk.send(message, f"m{number}")
            check(talk.reply, turn.get("expect", {}), f"{path.name} turn {number + 1}")
    await app.stop()


def in_a_process(path: Path, knowledge: Knowledge, data: Path, accounts: str, actions: Actions) -> int | None:
    """The exit code of a process that plays a transcript; forked, so that the knowledge need not be loaded again."""

    def run() -> None:
        guide = knowledge.guide
        knowledge.guide = Guide(guide.engine.flows, guide.engine.formats, actions)
        asyncio.run(_play(path, knowledge, data, accounts))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    return process.exitcode


def conversation_in(data: Path) -> str:
    return str(json.loads((data / "progress.json").read_text())["id"])

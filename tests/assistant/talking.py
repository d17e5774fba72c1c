"""A running application to talk to, with everything that transcripts may ask for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import httpx
import pyotp
import yaml
from fastapi import FastAPI
from sqlalchemy import select

from assistant.dialogue import Dialogue
from assistant.knowledge import Knowledge
from assistant.store import Database
from assistant.store.tables import metadata
from flows.accounts import commands
from flows.accounts.base import Refusal
from flows.accounts.commands.base import Command, Staff
from flows.accounts.demo import GOOD_FOR
from flows.accounts.demo_accounts import MFA_SECRET
from flows.accounts.rules.mfa import DIAGNOSED_STEPS, code_at, step_of
from flows.model import AskSlot
from tests.conftest import Conversation, converse
from web.app import create_app
from web.settings import Settings

COMMANDS: dict[str, type[Command[Any]]] = {
    name: found
    for module in iter_modules(commands.__path__)
    for name, found in vars(import_module(f"{commands.__name__}.{module.name}")).items()
    if isinstance(found, type) and issubclass(found, Command)
}


FILING = "12345678"


def turns_of(path: Path) -> list[dict[str, Any]]:
    """The turns of a transcript."""
    turns: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return turns


class Running:
    """An application with the demo company, which can be killed and started again on the same data."""

    def __init__(self, knowledge: Knowledge, data: Path, **settings: object) -> None:
        self._knowledge = knowledge
        self._settings = Settings.model_validate({"data": data, "rate_limit": "off", "demo": True, **settings})
        self._stack = AsyncExitStack()
        self._app: FastAPI
        self.later = timedelta()
        """How much later it is for the account service."""
        self.confidential: set[str] = set()
        """Everything with digits that was typed where a flow asked for something secret or personal."""
        self.walks: list[str] = []
        """The ways that were walked, as ``flows.coverage`` records them."""
        self.played: set[Path] = set()
        self.playing = ""
        """The transcript at hand."""
        self.client: httpx.AsyncClient

    async def start(self) -> None:
        self._app = create_app(self._settings, self._knowledge, self.now)
        await self._stack.enter_async_context(self._app.router.lifespan_context(self._app))
        transport = httpx.ASGITransport(self._app)
        self.client = await self._stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://localhost"))

    async def identity(self, account: str) -> str:
        """A token that proves this demo account's holder."""
        listed = (await self.client.get("/api/v1/demo/accounts")).json()["accounts"]
        return next(str(found["identity"]) for found in listed if found["id"] == account)

    async def stop(self) -> None:
        await self._stack.aclose()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    async def reset(self) -> None:
        self.later = timedelta()
        assert (await self.client.post("/api/v1/demo/reset")).status_code == 204

    async def pass_time(self, time: timedelta) -> None:
        self.later += time

    async def newest_code(self, least: int = 6) -> str:
        """The newest code of at least so many characters: a link's are long."""
        messages = (await self.client.get("/api/v1/demo/inbox")).json()["messages"]
        return next(str(message["code"]) for message in reversed(messages) if len(message["code"] or "") >= least)

    async def staff(self, command: Command[Any], key: str) -> None:
        async with self._app.state.context.store.accounts() as accounts:
            done = await accounts.perform(Staff(name="test"), command, key)
        assert not isinstance(done, Refusal), done

    async def kept(self) -> AsyncIterator[str]:
        """Every text in the tables that hold conversations."""
        async with self.database.engine.connect() as connection:
            for table in metadata.tables.values():
                if not table.name.startswith(("account_", "demo_")):
                    for row in await connection.execute(select(table)):
                        yield f"{table.name}: {[value for value in row if not isinstance(value, datetime)]!r}"

    @property
    def database(self) -> Database:
        found: Database = self._app.state.context.database
        return found

    @property
    def dialogue(self) -> Dialogue:
        found: Dialogue = self._app.state.context.dialogue
        return found

    @property
    def flows(self) -> dict[str, Any]:
        return self.dialogue.knowledge.guide.engine.flows


@asynccontextmanager
async def running(knowledge: Knowledge, data: Path, **settings: object) -> AsyncIterator[Running]:
    """An application for as long as the block runs."""
    application = Running(knowledge, data, **settings)
    await application.start()
    yield application
    await application.stop()


class Talk:
    """One conversation that plays the turns of a transcript."""

    def __init__(self, app: Running) -> None:
        self.app = app
        self.said = ""
        self.secret = ""
        self.reply: dict[str, Any] = {}
        self.conversation: Conversation
        self._before: dict[str, Any] = {}

    def restore(self) -> None:
        """Bring the definitions back that were changed."""
        self.app.flows.update(self._before)

    async def open(self) -> None:
        self.conversation = await converse(self.app.client)

    async def play(self, turn: dict[str, Any]) -> None:
        """One turn; what came back is in ``reply``."""
        await self.prepare(turn)
        if message := await self.message(turn):
            await self.send(message)

    async def prepare(self, turn: dict[str, Any]) -> None:
        """What happens before anything is said."""
        if "identity" in turn:
            body = {"identity": await self.app.identity(str(turn["identity"]))}
            proven = await self.app.client.post(f"{self.conversation.path}/identity", json=body, headers=self.conversation.headers)
            assert proven.status_code == 204, proven.text
        if turn.get("restart"):
            await self.app.stop()
            await self.app.start()
            self.conversation = Conversation(self.app.client, self.conversation.id, self.conversation.token)
        if "new_version" in turn:
            self._withdraw_step(**turn["new_version"])
        await self.app.pass_time(timedelta(minutes=turn.get("later", 0)))
        for name, fields in turn.get("staff", {}).items():
            filled = {field: await self._filled(value) if isinstance(value, str) else value for field, value in fields.items()}
            await self.app.staff(COMMANDS[name].model_validate(filled), f"{self.conversation.id}:{name}:{len(self.said)}")

    async def send(self, message: dict[str, str], message_id: str | None = None) -> None:
        """Say something."""
        self._note_confidential(message.get("text", ""))
        response = await self.conversation.post(message_id, **message)
        assert response.status_code == 200, response.text
        self.reply = response.json()
        self.said += "\n".join(texts(self.reply))
        self.secret = next((block["text"] for block in blocks(self.reply) if block["type"] == "image"), self.secret)

    def _note_confidential(self, text: str) -> None:
        """Remember what is typed where a flow asks for something secret or personal."""
        state = self.reply["state"] if self.reply else {}
        flow = self.app.flows.get(state.get("flow") or "")
        step = flow.steps.get(state["step"] or "") if flow else None
        if isinstance(step, AskSlot) and (step.secret or step.sensitive):
            # Account ids are no secret (a proven identity is kept by its own), nor is the filing number that stands on a website.
            words = {word for word in text.split() if len(word) >= 6 and any(map(str.isdigit, word))}
            self.app.confidential |= words - set(GOOD_FOR) - {FILING}

    def _withdraw_step(self, flow: str, step: str) -> None:
        """A new version of a definition that no longer has this step."""
        flows = self.app.flows
        self._before.setdefault(flow, flows[flow])
        steps = {name: found for name, found in flows[flow].steps.items() if name != step}
        flows[flow] = flows[flow].model_copy(update={"steps": steps, "start": flows[flow].start})

    async def message(self, turn: dict[str, Any]) -> dict[str, str] | None:
        """What is said in a turn, with everything filled in."""
        if "choose" in turn:
            return {"choice": turn["choose"]}
        if "pick" in turn:
            found = {option["label"]: option["id"] for option in options(self.reply)}
            assert turn["pick"] in found, f"no option {turn['pick']!r} in {list(found)}"
            return {"choice": found[turn["pick"]]}
        return {"text": await self._filled(str(turn["say"]))} if "say" in turn else None

    async def _filled(self, text: str) -> str:
        if "<link>" in text:
            text = text.replace("<link>", await self.app.newest_code(least=20))
        if "<code>" in text:
            text = text.replace("<code>", await self.app.newest_code())
        if "<wrong-code>" in text:
            text = text.replace("<wrong-code>", f"{(int(await self.app.newest_code()) + 1) % 10**6:06}")
        now, device = self.app.now(), pyotp.TOTP(MFA_SECRET.get_secret_value())
        text = text.replace("<totp>", device.at(now)).replace("<totp-old>", device.at(now - timedelta(seconds=90)))
        text = text.replace("<totp-fast>", device.at(now + timedelta(seconds=90))).replace("<totp-wrong>", _of_no_time(now))
        if "<totp-new>" in text:
            text = text.replace("<totp-new>", pyotp.TOTP(self.secret.replace(" ", "")).at(now))
        return re.sub(r"<found:(.+)>", lambda match: re.findall(match[1], self.said)[-1], text)


def _of_no_time(now: datetime) -> str:
    """A code that the demo accounts' device shows at no time near now."""
    near = {code_at(MFA_SECRET, step_of(now) + step) for step in range(-DIAGNOSED_STEPS - 2, DIAGNOSED_STEPS + 3)}
    return next(code for code in (f"{number:06}" for number in range(100)) if code not in near)


def blocks(reply: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that a reply shows."""
    return [block for message in reply["messages"] for block in message["blocks"]]


def options(reply: dict[str, Any]) -> list[dict[str, str]]:
    """Everything that can be tapped."""
    return [option for block in blocks(reply) if block["type"] == "choices" for option in block["options"]]


def texts(reply: dict[str, Any]) -> list[str]:
    """Everything that is said, also in tickets and checklists."""
    said = [block["markdown"] for block in blocks(reply) if block["type"] == "text"]
    said += [f"{block['id']} {block['status']}" for block in blocks(reply) if block["type"] == "ticket"]
    said += [f"[{item['status']}] {item['label']}" for block in blocks(reply) if block["type"] == "checklist" for item in block["items"]]
    return said


def check(reply: dict[str, Any], expected: dict[str, Any], where: str) -> None:
    """Whether a reply is what the transcript expects."""
    text = "\n".join(texts(reply))
    for name, value in expected.items():
        match name:
            case "offers" | "label":
                assert value in [option["id" if name == "offers" else "label"] for option in options(reply)], f"{where}: {options(reply)}"
            case "text":
                for part in value if isinstance(value, list) else [value]:
                    assert part in text, f"{where}: {part!r} is not in\n{text}"
            case "not_text":
                for part in value if isinstance(value, list) else [value]:
                    assert part not in text, f"{where}: {part!r} is in\n{text}"
            case "lang" | "step":
                assert reply["state"][name] == value, f"{where}: {reply['state']}"
            case _:
                assert reply["decision"][name] == value, f"{where}: {reply['decision']}"

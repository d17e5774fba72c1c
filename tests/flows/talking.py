"""Sample actions, which count what they did, and a person who talks to the sample flows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from flows.accounts.commands.base import Proven
from flows.accounts.demo import nobody
from flows.accounts.protocol import ServiceUnavailable
from flows.actions import Actions, Call, Caller, Result, Services, action
from flows.blocks import Choices, Image, Text
from flows.desk import MemoryDesk
from flows.engine import Engine, Event, Turn, Utterance
from flows.model import Lang
from flows.run import settle

SAMPLES = Path(__file__).with_name("samples")


PROVEN = Proven(conversation="c1", account="account-1", at=datetime(2026, 11, 21, tzinfo=UTC))


class SampleActions:
    """One method per action of the sample definitions."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.slots: list[dict[str, object]] = []
        self.down = 0

    def _record(self, call: Call) -> None:
        self.keys.append(call.key)
        self.slots.append(dict(call.slots))
        if self.down:
            self.down -= 1
            raise ServiceUnavailable

    @action(changes=("opened",), identity=False, gives=("ticket", "reason"))
    async def open_ticket(self, call: Call) -> Result[Literal["opened", "duplicate", "refused"]]:
        self._record(call)
        return Result("opened", {"ticket": "T-1"})

    @action(gives=("accounts",))
    async def find_accounts(self, call: Call) -> Result[Literal["found", "none"]]:
        self._record(call)
        alpha: JsonValue = {"id": "a1", "label": {"zh": "阿尔法公司", "en": "Alpha Ltd"}}
        beta: JsonValue = {"id": "b2", "label": {"zh": "贝塔公司", "en": "Beta Ltd"}, "synonyms": ["总部", "head office"]}
        return Result("found", {"accounts": [alpha, beta]})

    @action()
    async def send_code(self, call: Call) -> Result[Literal["sent"]]:
        self._record(call)
        return Result("sent", blocks=(Image(url="data:,", alt="QR", secret=True),))

    @action()
    async def check_code(self, call: Call) -> Result[Literal["right", "wrong"]]:
        self._record(call)
        return Result("right" if call.text("code") == "123456" else "wrong")

    @action(changes=("changed",))
    async def change_email(self, call: Call) -> Result[Literal["changed", "refused"]]:
        self._record(call)
        return Result("changed")

    @action(changes=("changed",))
    async def set_password(self, call: Call) -> Result[Literal["changed", "refused"]]:
        self._record(call)
        return Result("changed")


async def _no_wait(_: float) -> None:
    pass


class Talk:
    """One conversation with one flow; what is said may be words or any other event."""

    def __init__(self, engine: Engine, actions: SampleActions) -> None:
        self.engine = engine
        self.sample = actions
        self.actions = Actions(actions, sleep=_no_wait)
        self.caller = Caller(PROVEN, "zh")
        self.turn: Turn

    async def start(self, flow_id: str, *events: str | Event, lang: Lang = "en", said: str = "") -> Turn:
        self.caller = replace(self.caller, lang=lang)
        self.turn = await self._settled(self.engine.start(flow_id, lang, run="r1", said=said))
        return await self.say(*events)

    async def say(self, *events: str | Event) -> Turn:
        for event in events:
            happened = Utterance(event) if isinstance(event, str) else event
            self.turn = await self._settled(self.engine.step(self.turn.state, happened, self.caller.lang))
        return self.turn

    async def _settled(self, turn: Turn) -> Turn:
        turn, self.caller = await settle(self.engine, self.actions, turn, self.caller, Services(nobody(), MemoryDesk()))
        return turn

    @property
    def text(self) -> str:
        return "\n".join(block.markdown for block in self.turn.outputs if isinstance(block, Text))

    @property
    def options(self) -> list[str]:
        return [option.id for block in self.turn.outputs if isinstance(block, Choices) for option in block.options]

    @property
    def step(self) -> str | None:
        return self.turn.state.step

    def slot(self, name: str) -> object:
        return self.turn.state.slots[name].value

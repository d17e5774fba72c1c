"""Sample actions, which count what they did."""

from __future__ import annotations

from typing import Literal

from flows.actions import Call, Result, Unavailable, action
from flows.blocks import Image


class SampleActions:
    """One method per action of the sample definitions; ``answers`` decides the outcomes."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.slots: list[dict[str, object]] = []
        self.down = 0

    def _record(self, call: Call) -> None:
        self.keys.append(call.key)
        self.slots.append(dict(call.slots))
        if self.down:
            self.down -= 1
            raise Unavailable

    @action(changes=("opened",), identity=False, gives=("ticket", "reason"))
    async def open_ticket(self, call: Call) -> Result[Literal["opened", "duplicate", "refused"]]:
        self._record(call)
        return Result("opened", {"ticket": "T-1"})

    @action(gives=("accounts",))
    async def find_accounts(self, call: Call) -> Result[Literal["found", "none"]]:
        self._record(call)
        labels = [{"id": "a1", "label": {"zh": "阿尔法公司", "en": "Alpha Ltd"}}, {"id": "b2", "label": {"zh": "贝塔公司", "en": "Beta Ltd"}}]
        return Result("found", {"accounts": list(labels)})

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

"""Where a conversation stands in a flow: plain values that outlive restarts and new versions, and hold no secrets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from flows.model import Lang


class _Kept(BaseModel):
    # Unknown fields are another version's: ignored, so that a deployment strands nobody.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Slot(_Kept):
    """A value that was given; None when its step was skipped."""

    value: JsonValue
    sensitive: bool = False


class Visit(_Kept):
    """A step walked: the slots it filled, what stood in them, and the later steps that the same message answered already."""

    step: str
    slots: tuple[str, ...] = ()
    replaced: dict[str, Slot] = {}
    early: tuple[str, ...] = ()


class State(_Kept):
    """One run of one flow; saved after every turn."""

    flow: str
    run: str
    version: str
    lang: Lang
    step: str | None
    slots: dict[str, Slot] = {}
    early: dict[str, Slot] = {}
    """Answers known before their step is reached, by step."""
    trail: tuple[Visit, ...] = ()
    sealed: int = 0
    """So many visits of the trail led to a change and cannot be taken back."""
    done: tuple[str, ...] = ()
    """The ``do`` steps that changed something."""
    visits: dict[str, int] = {}
    """How often each ``do`` was carried out; part of its idempotency key, so it never counts down."""
    attempts: int = 0
    confirming: bool = False
    pending: bool = False
    """The action of this ``do`` was asked for and has not come back."""
    ended: Literal["done", "cancelled", "gone"] | None = None

    def with_sensitive(self, change: Callable[[str], str]) -> State:
        """The state with every sensitive text changed: encrypted before it is saved, decrypted after it is loaded."""

        def changed(slots: dict[str, Slot]) -> dict[str, Slot]:
            return {
                name: slot.model_copy(update={"value": change(slot.value)}) if slot.sensitive and isinstance(slot.value, str) else slot
                for name, slot in slots.items()
            }

        trail = tuple(visit.model_copy(update={"replaced": changed(visit.replaced)}) for visit in self.trail)
        return self.model_copy(update={"slots": changed(self.slots), "early": changed(self.early), "trail": trail})


class Suspended(_Kept):
    """The flows that wait while another one runs inside them; the last one waits for the running one."""

    waiting: tuple[State, ...] = ()

    def push(self, state: State) -> Suspended:
        """Let this flow wait; an earlier run of the same flow, or one that is over, does not wait with it."""
        others = tuple(other for other in self.waiting if other.flow != state.flow)
        return Suspended(waiting=others if state.ended else (*others, state))

    def pop(self) -> tuple[State | None, Suspended]:
        """The flow to go on with, and those that still wait."""
        return (self.waiting[-1], Suspended(waiting=self.waiting[:-1])) if self.waiting else (None, self)

    def take(self, flow_id: str) -> tuple[State | None, Suspended]:
        """The waiting run of this flow: whoever asks for it again goes on with it."""
        found = next((state for state in self.waiting if state.flow == flow_id), None)
        return found, Suspended(waiting=tuple(state for state in self.waiting if state is not found))

    def drop(self) -> Suspended:
        """Forget the flow that waits on top."""
        return Suspended(waiting=self.waiting[:-1])

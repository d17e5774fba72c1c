"""A conversation's live state: what the next turn needs to know of the turns before."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from assistant.message import State
from flows.accounts.commands.base import Proven
from flows.state import State as Flow
from kb.entry import Lang


class Session(BaseModel):
    """Saved after every turn; unknown fields of older or newer versions are ignored, so deployments strand nobody."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    lang: Lang = "zh"
    lang_chosen: bool = False
    """The person asked for this language; then it no longer follows theirs."""
    turn: int = 0
    entry_id: str | None = None
    """The entry given last, which a follow-up refers to."""
    question: str = ""
    """The words that led to it (masked)."""
    offered: tuple[str, ...] = ()
    """Choice ids of the last reply, in order: a number or "yes" picks one."""
    fallbacks: int = 0
    """Turns in a row that found nothing."""
    handed_off: bool = False
    flow: Flow | None = None
    """The guided flow that is running."""
    waiting: tuple[Flow, ...] = ()
    """Flows that wait for the running one, the latest last."""
    taken_over: bool = False
    """A flow that began in another conversation of the same holder has come here, and nobody has been told yet."""
    identity: Proven | None = None
    """Whose holder has proven to be here, and when."""

    def with_sensitive(self, change: Callable[[str], str]) -> Session:
        """The session with every sensitive value of its flows changed: encrypted before it is saved, decrypted after it is loaded."""
        flow = self.flow.with_sensitive(change) if self.flow else None
        return self.model_copy(update={"flow": flow, "waiting": tuple(waiting.with_sensitive(change) for waiting in self.waiting)})

    several_holders: bool = False
    """More than one account was proven here: the conversation is nobody's to take up elsewhere."""

    def proven_as(self, identity: Proven) -> Session:
        """The session once an identity is proven; what another account's holder left unfinished is dropped."""
        if self.identity is None or self.identity.account == identity.account:
            return self.model_copy(update={"identity": identity})
        return self.model_copy(update={"identity": identity, "several_holders": True, "flow": None, "waiting": ()})

    @property
    def state(self) -> State:
        """The part of it that clients see."""
        return State(
            lang=self.lang,
            flow=self.flow.flow if self.flow else None,
            step=self.flow.step if self.flow else None,
            handed_off=self.handed_off,
        )

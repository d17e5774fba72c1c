"""A conversation's live state: what the next turn needs to know of the turns before."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from assistant.message import State
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
    subject: str | None = None
    """The account whose holder has proven to be here."""
    proven_at: datetime | None = None

    @property
    def state(self) -> State:
        """The part of it that clients see."""
        return State(
            lang=self.lang,
            flow=self.flow.flow if self.flow else None,
            step=self.flow.step if self.flow else None,
            handed_off=self.handed_off,
        )

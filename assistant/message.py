"""Messages, blocks, decisions: what a turn takes in and gives back, whatever the channel (contract v1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.blocks import Checklist, Choices, Image, Input, Ticket
from kb.entry import Lang

TEXT_LIMIT = 2000
"""Characters of one utterance (contract: longer is 413)."""

Act = Literal[
    "greeting", "thanks", "goodbye", "help", "affirm", "deny", "insult",
    "human", "cancel", "back", "restart", "switch-zh", "switch-en",
]  # fmt: skip
SMALLTALK: frozenset[Act] = frozenset({"greeting", "thanks", "goodbye", "help", "affirm", "deny", "insult"})

DecisionKind = Literal["answer", "clarify", "flow", "smalltalk", "control", "fallback", "handoff"]
Role = Literal["assistant", "agent", "user"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Model):
    """Markdown and its sanitised HTML; ``html`` is filled in by ``web.render``, channels without HTML ignore it."""

    type: Literal["text"] = "text"
    markdown: str
    html: str = ""


class SourceItem(_Model):
    """One document section under an answer."""

    title: str
    url: str | None = None
    updated: str


class Sources(_Model):
    """What an answer rests on."""

    type: Literal["sources"] = "sources"
    items: tuple[SourceItem, ...]


Block = Annotated[Text | Choices | Input | Checklist | Image | Ticket | Sources, Field(discriminator="type")]


class Message(_Model):
    """One message of the transcript."""

    role: Role
    lang: Lang
    blocks: tuple[Block, ...]
    at: datetime
    author: str = ""
    """The display name of the agent who wrote it; whoever has none is "support"."""


class Candidate(_Model):
    """An entry or a flow that came into question."""

    kind: Literal["entry", "flow"]
    id: str
    confidence: float


class Decision(_Model):
    """What the assistant made of an utterance."""

    kind: DecisionKind
    entry_id: str | None = None
    flow: str | None = None
    act: Act | None = None
    candidates: tuple[Candidate, ...] = ()
    entry_version: str | None = None


class State(_Model):
    """Where the conversation stands after a turn."""

    lang: Lang
    flow: str | None = None
    step: str | None = None
    handed_off: bool = False


class Reply(_Model):
    """What one turn gives back; stored, so that the same ``message_id`` gets the same reply."""

    turn: int
    messages: tuple[Message, ...]
    decision: Decision
    state: State


class Incoming(_Model):
    """What a person sent: words or a choice, under the client's own unique id."""

    message_id: str
    text: str | None = None
    choice: str | None = None


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)

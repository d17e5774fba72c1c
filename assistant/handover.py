"""A person takes a conversation over, writes in it, and gives it back: each one transaction with the session's change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

from assistant.message import Block, Message, Role, Text, now
from assistant.phrases import phrase
from assistant.store import ConversationStore, Unlocked
from assistant.store.agents import Agent
from assistant.store.inbox import Handoffs
from flows.blocks import Ticket
from flows.desk import SharedChecklist, SharedItem
from kb.entry import Lang

Reason = Literal["solved", "ticket", "elsewhere", "left", "other"]
"""Why a conversation is closed."""
RETURNED = "returned"
"""The outcome of a handoff that was given back to the assistant."""


class NotYours(Exception):
    """Another agent has the conversation, or nobody has; ``agent`` is the other one's name."""

    def __init__(self, agent: str | None) -> None:
        super().__init__(agent)
        self.agent = agent


class Handover:
    """What agents do with conversations; every method raises ``store.Unknown`` where there is no such conversation."""

    def __init__(self, store: ConversationStore) -> None:
        self._store = store

    async def take(self, conversation_id: str, agent: Agent, taken_from: str | None = None) -> None:
        """Silence the assistant and tell the visitor who has come.

        Of several agents at once one wins, the others get ``NotYours``. An administrator may take a conversation from
        another agent, who must be named: otherwise a page that is out of date would do it by accident.
        """
        async with self._store.locked(conversation_id) as conversation:
            handoffs = Handoffs(conversation)
            current = await handoffs.current()
            if current and current.agent_id == agent.id:
                return
            if current and current.agent and not (agent.role == "admin" and current.agent == taken_from):
                raise NotYours(current.agent)
            await handoffs.take(agent.id)
            await _tell(conversation, "agent-joined", agent, handed_off=True)

    async def reply(self, conversation_id: str, agent: Agent, blocks: Sequence[Block]) -> None:
        """Write to the visitor; raises ``NotYours``."""
        async with self._mine(conversation_id, agent) as (conversation, _):
            await conversation.add_live(_message(conversation, agent, *blocks))

    async def give_back(self, conversation_id: str, agent: Agent) -> None:
        """Let the assistant answer again; raises ``NotYours``."""
        async with self._mine(conversation_id, agent) as (conversation, handoffs):
            await handoffs.end(RETURNED)
            await _tell(conversation, "agent-left", agent, handed_off=False, offered=())

    async def close(self, conversation_id: str, agent: Agent, reason: Reason, text: str) -> None:
        """Say that the matter is done and why, for colleagues; raises ``NotYours``. The text is masked by the caller."""
        async with self._mine(conversation_id, agent) as (conversation, handoffs):
            await handoffs.end(f"{reason}\n{text}".strip())
            await _tell(conversation, "agent-closed", agent, handed_off=False, offered=())

    @asynccontextmanager
    async def _mine(self, conversation_id: str, agent: Agent) -> AsyncIterator[tuple[Unlocked, Handoffs]]:
        async with self._store.locked(conversation_id) as conversation:
            handoffs = Handoffs(conversation)
            current = await handoffs.current()
            if current is None or current.agent_id != agent.id:
                raise NotYours(current.agent if current else None)
            yield conversation, handoffs


async def tell_of_ticket(conversation: Unlocked, agent: Agent, ticket: Ticket, words: str) -> None:
    """Tell the visitor how a ticket stands now."""
    await conversation.add_live(_message(conversation, agent, Text(markdown=words), ticket))


async def tell_of_item(conversation: Unlocked, agent: Agent, checklist: SharedChecklist, item: SharedItem) -> None:
    """Tell the visitor what an agent has made of an item, and how the whole list stands now."""
    lang = conversation.session.lang
    values = {"agent": called(agent, lang), "item": item.label[lang], "status": phrase(f"checklist-{item.status}", lang)}
    said = Text(markdown=phrase("checklist-changed", lang, **values))
    await conversation.add_live(_message(conversation, agent, said, checklist.block(lang)))


def called(agent: Agent, lang: Lang) -> str:
    """What visitors read an agent called in a sentence; never the name to sign in with."""
    return phrase("agent", lang, author=agent.display_name)


async def _tell(conversation: Unlocked, name: str, agent: Agent, **changes: Any) -> None:
    lang = conversation.session.lang
    said = Text(markdown=phrase(name, lang, agent=called(agent, lang)))
    await conversation.add_live(_message(conversation, None, said), conversation.session.model_copy(update=changes))


def _message(conversation: Unlocked, agent: Agent | None, *blocks: Block) -> Message:
    """By an agent, else by the assistant."""
    role: Role = "agent" if agent else "assistant"
    author = agent.display_name if agent else ""
    return Message(role=role, lang=conversation.session.lang, blocks=blocks, at=now(), author=author)

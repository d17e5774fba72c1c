"""The one path: load the conversation under its lock, understand, route, respond, save, return the reply."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.guide import Stage
from assistant.knowledge import Knowledge
from assistant.message import Decision, Incoming, Message, Reply, Text, now
from assistant.privacy import HIDDEN, mask
from assistant.respond import greeting, label
from assistant.route import Clarify, Fallback
from assistant.session import Session
from assistant.store import Conversation, ConversationStore, Unlocked
from assistant.turn import take_turn
from flows.accounts.commands.base import Proven
from flows.actions import Services
from flows.blocks import Choices
from flows.model import AskSlot
from kb.entry import Lang
from kb.text import clean


class Dialogue:
    """Holds conversations; one instance serves all of them."""

    def __init__(self, knowledge: Knowledge, store: ConversationStore) -> None:
        self.knowledge = knowledge
        self.store = store

    async def reopen(self, channel: str, account: str, lang: Lang | None) -> tuple[Conversation, list[Message]] | None:
        """The conversation that this account's holder has on this channel already, on another device, with what was said."""
        conversation = await self.store.reopen(channel, account)
        if conversation is None:
            return None
        async with self.store.locked(conversation.id) as unlocked:
            await unlocked.come_back(lang)
        said = [row.message for row in await self.store.transcript(conversation.id)]
        return replace(conversation, session=unlocked.session), said

    async def open(self, channel: str, lang: Lang | None) -> tuple[Conversation, Message]:
        """A new conversation and its greeting; a language asked for stays, otherwise it follows the person's."""
        session = Session(lang=lang or "zh")
        first = greeting(session.lang)
        return await self.store.open(channel, session, [first]), first

    async def prove(self, conversation_id: str, account: str, how: Literal["host_token", "wecom_user"] = "host_token") -> None:
        """The visitor has proven to hold this account, by a token of the host page or as a WeCom user who was bound to it."""
        async with self.store.locked(conversation_id) as conversation:
            await conversation.prove(Proven(conversation=conversation_id, account=account, at=now(), how=how))

    async def handle(self, conversation_id: str, incoming: Incoming) -> Reply:
        """One turn; the same ``message_id`` gets the same reply and does nothing twice.

        Raises ``store.Unknown`` when there is no such conversation.
        """
        async with self.store.locked(conversation_id) as conversation:
            if stored := await conversation.stored_reply(incoming.message_id):
                return stored
            session = conversation.session
            if session.handed_off:
                return await self._pass_on(conversation, incoming)
            stage = Stage(conversation_id, Services(conversation.accounts, conversation.desk), conversation.desk)
            understood, decided, response = await take_turn(incoming, session, self.knowledge, stage)
            turn = session.turn + 1
            asked_for = self.knowledge.guide.asked(session)
            words = understood.text
            said = self._said(words, asked_for) if words else await self._tapped(conversation, understood.picked or "")
            after = response.session.model_copy(update={"turn": turn, "question": mask(response.session.question)})
            if after.identity != session.identity:
                after = await conversation.take_over(after)
            messages, after = self._with_offer(response.messages, after)
            reply = Reply(turn=turn, messages=messages, decision=response.decision, state=after.state)
            asked = Message(role="user", lang=understood.lang, blocks=(Text(markdown=said),), at=now())
            if isinstance(decided, Clarify | Fallback) and understood.text and asked_for is None:
                best = understood.hits[0] if understood.hits else None
                nearest = best.id if best else None
                await conversation.record_unanswered(
                    turn, understood.lang, mask(understood.text), nearest, best.confidence if best else 0.0
                )
            await conversation.desk.record_tickets(reply.decision.flow, after, reply.messages)
            await conversation.save(incoming.message_id, asked, reply, after, response.walked)
            return reply

    def _with_offer(self, messages: tuple[Message, ...], session: Session) -> tuple[tuple[Message, ...], Session]:
        """Offer to go on with a flow that came from another conversation, once nothing else is under way."""
        if not session.taken_over or session.flow:
            return messages, session
        blocks = self.knowledge.guide.offer(session)
        offered = tuple(option.id for block in blocks if isinstance(block, Choices) for option in block.options)
        told = session.model_copy(update={"taken_over": False, "offered": offered})
        return (*messages, Message(role="assistant", lang=session.lang, blocks=blocks, at=now())), told

    @staticmethod
    def _said(text: str, asked_for: AskSlot | None) -> str:
        """What the transcript keeps of words: nothing of a secret, no personal values."""
        hidden = asked_for is not None and (asked_for.secret or asked_for.sensitive)
        return HIDDEN if hidden else mask(text)

    async def _tapped(self, conversation: Unlocked, choice: str) -> str:
        """What the transcript keeps of a tap: the option as it was read."""
        return await conversation.label_of(choice) or mask(label(choice, conversation.session.lang, self.knowledge))

    async def _pass_on(self, conversation: Unlocked, incoming: Incoming) -> Reply:
        """An agent has taken over: keep what is said for them, and stay silent."""
        after = conversation.session.model_copy(update={"turn": conversation.session.turn + 1})
        reply = Reply(turn=after.turn, messages=(), decision=Decision(kind="handoff"), state=after.state)
        said = mask(clean(incoming.text)) if incoming.text is not None else await self._tapped(conversation, incoming.choice or "")
        asked = Message(role="user", lang=after.lang, blocks=(Text(markdown=said),), at=now())
        await conversation.save(incoming.message_id, asked, reply, after)
        return reply

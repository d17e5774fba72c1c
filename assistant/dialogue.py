"""The one path: load the conversation under its lock, understand, route, respond, save, return the reply."""

from __future__ import annotations

from assistant.knowledge import Knowledge
from assistant.message import Incoming, Message, Reply, Text, now
from assistant.privacy import mask
from assistant.respond import greeting, label
from assistant.route import Clarify, Fallback
from assistant.session import Session
from assistant.store import Conversation, ConversationStore
from assistant.turn import take_turn
from kb.entry import Lang


class Dialogue:
    """Holds conversations; one instance serves all of them."""

    def __init__(self, knowledge: Knowledge, store: ConversationStore) -> None:
        self.knowledge = knowledge
        self.store = store

    async def open(self, channel: str, lang: Lang | None) -> tuple[Conversation, Message]:
        """A new conversation and its greeting; a language asked for stays, otherwise it follows the person's."""
        session = Session(lang=lang or "zh")
        first = greeting(session.lang)
        return await self.store.open(channel, session, [first]), first

    async def prove(self, conversation_id: str, subject: str) -> None:
        """The visitor has proven to hold this account."""
        async with self.store.locked(conversation_id) as conversation:
            await conversation.prove(subject)

    async def handle(self, conversation_id: str, incoming: Incoming) -> Reply:
        """One turn; the same ``message_id`` gets the same reply and does nothing twice.

        Raises ``store.Unknown`` when there is no such conversation.
        """
        async with self.store.locked(conversation_id) as conversation:
            if stored := await conversation.stored_reply(incoming.message_id):
                return stored
            session = conversation.session
            understood, decided, response = take_turn(incoming, session, self.knowledge)
            turn = session.turn + 1
            said = understood.text or label(understood.picked or "", session.lang, self.knowledge)
            after = response.session.model_copy(update={"turn": turn, "question": mask(response.session.question)})
            reply = Reply(turn=turn, messages=response.messages, decision=response.decision, state=after.state)
            asked = Message(role="user", lang=understood.lang, blocks=(Text(markdown=mask(said)),), at=now())
            if isinstance(decided, Clarify | Fallback) and understood.text:
                best = understood.hits[0] if understood.hits else None
                nearest = best.id if best else None
                await conversation.record_unanswered(
                    turn, understood.lang, mask(understood.text), nearest, best.confidence if best else 0.0
                )
            await conversation.save(incoming.message_id, asked, reply, after)
            return reply

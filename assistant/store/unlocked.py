"""A conversation under its lock: what one turn reads and writes, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.guide import Walked
from assistant.message import Message, Reply, Text, now
from assistant.phrases import phrase
from assistant.privacy import without_secrets
from assistant.session import Session
from assistant.store import tables
from assistant.store.accounts import AccountsIn
from assistant.store.desk import TurnDesk
from flows.accounts.commands.base import Proven
from flows.blocks import Choices
from flows.state import Suspended
from kb.entry import Lang

UNFINISHED = timedelta(days=30)
"""So long a holder may leave a conversation and go on elsewhere."""
LOOKED_BACK = 20
"""Messages that may hold an option that is tapped now."""


class Unlocked:
    """A conversation under its lock, within one transaction, which the account service's changes share."""

    def __init__(
        self, connection: AsyncConnection, conversation_id: str, session: Session, channel: str, cipher: Cipher, accounts: AccountsIn
    ) -> None:
        self._connection = connection
        self._cipher = cipher
        self.id = conversation_id
        self.session = session
        self.channel = channel
        self.accounts = accounts(connection)
        self.desk = TurnDesk(connection, conversation_id, channel)

    @property
    def connection(self) -> AsyncConnection:
        """For whatever else belongs into this transaction."""
        return self._connection

    async def stored_reply(self, message_id: str) -> Reply | None:
        """The reply that this message got before."""
        query = select(tables.turns.c.reply).where(tables.turns.c.conversation_id == self.id, tables.turns.c.message_id == message_id)
        stored = (await self._connection.execute(query)).scalar_one_or_none()
        if stored is None:
            return None
        return Reply.model_validate_json(self._cipher.decrypt(stored["sealed"])) if "sealed" in stored else Reply.model_validate(stored)

    async def label_of(self, choice: str) -> str | None:
        """What was read on an option that one of the latest messages offered."""
        table = tables.messages.c
        query = select(table.body).where(table.conversation_id == self.id).order_by(table.id.desc()).limit(LOOKED_BACK)
        for body in (await self._connection.execute(query)).scalars():
            blocks = Message.model_validate(body).blocks
            for option in (option for block in blocks if isinstance(block, Choices) for option in block.options):
                if option.id == choice:
                    return option.label
        return None

    async def save(self, message_id: str, asked: Message, reply: Reply, session: Session, walked: Walked | None = None) -> None:
        """The question (masked by the caller), the reply, the new session and the steps that led there, together."""
        at = now()
        kept = [without_secrets(message) for message in reply.messages]
        # A reply with a secret in it, such as a new MFA device's QR code, can be repeated but not read.
        open_reply = tuple(kept) == reply.messages
        stored = reply.model_dump(mode="json") if open_reply else {"sealed": self._cipher.encrypt(reply.model_dump_json())}
        await self._connection.execute(
            insert(tables.turns).values(
                conversation_id=self.id,
                turn=reply.turn,
                message_id=message_id,
                reply=stored,
                kind=reply.decision.kind,
                entry_id=reply.decision.entry_id,
                at=at,
                confidence=max((candidate.confidence for candidate in reply.decision.candidates), default=None),
                flow=reply.decision.flow,
                act=reply.decision.act,
            )
        )
        if walked and walked.steps:
            await self._record_walk(reply.turn, walked)
        await insert_messages(self._connection, self.id, reply.turn, [asked, *kept])
        await self._keep(session)

    async def add_live(self, message: Message, session: Session | None = None) -> None:
        """A message outside any question and reply, with the session that it leads to; it gets a turn of its own."""
        self.session = (session or self.session).model_copy(update={"turn": self.session.turn + 1})
        await insert_messages(self._connection, self.id, self.session.turn, [message], live=True)
        await self._keep(self.session)

    async def come_back(self, lang: Lang | None) -> None:
        """The holder is here on another device: a language chosen before no longer binds them."""
        self.session = self.session.model_copy(update={"lang": lang or self.session.lang, "lang_chosen": False})
        await self._keep(self.session)

    async def _keep(self, session: Session) -> None:
        await self._connection.execute(
            update(tables.conversations)
            .where(tables.conversations.c.id == self.id)
            .values(
                session=session.with_sensitive(self._cipher.encrypt).model_dump(mode="json"),
                holder=self._holder(session.identity) if session.identity and not session.several_holders else None,
                updated_at=now(),
            )
        )

    async def _record_walk(self, turn: int, walked: Walked) -> None:
        common = {"conversation_id": self.id, "turn": turn, "flow": walked.flow, "run": walked.run, "at": now()}
        rows = [{**common, "step": step, "ended": None} for step in walked.steps]
        rows[-1]["ended"] = walked.ended
        await self._connection.execute(insert(tables.flow_steps), rows)

    async def prove(self, identity: Proven) -> None:
        """Keep whose identity this conversation has proven, and since when."""
        await self._keep(await self.take_over(self.session.proven_as(identity)))

    async def take_over(self, session: Session) -> Session:
        """The session with the flow that its holder left unfinished in another conversation, on whatever channel; it ends there."""
        if session.identity is None:
            return session
        table = tables.conversations.c
        recent = (table.holder == self._holder(session.identity), table.id != self.id, table.updated_at > now() - UNFINISHED)
        query = select(table.id, table.session).where(*recent).order_by(table.updated_at.desc()).with_for_update(skip_locked=True)
        for row in await self._connection.execute(query):
            other = Session.model_validate(row.session).with_sensitive(self._cipher.decrypt)
            unfinished = other.flow or (other.waiting[-1] if other.waiting else None)
            if unfinished is None:
                continue
            left = other.model_copy(update={"flow": None, "waiting": (), "offered": (), "turn": other.turn + 1})
            await self._connection.execute(
                update(tables.conversations).where(table.id == row.id).values(session=left.model_dump(mode="json"))
            )
            told = Message(role="assistant", lang=left.lang, blocks=(Text(markdown=phrase("goes-on-elsewhere", left.lang)),), at=now())
            await insert_messages(self._connection, row.id, left.turn, [told], live=True)
            # Runs are numbered within their conversation.
            moved = unfinished.model_copy(update={"run": f"{row.id[:8]}-{unfinished.run}"})
            waiting = Suspended(waiting=session.waiting).push(moved).waiting
            return session.model_copy(update={"waiting": waiting, "taken_over": True})
        return session

    def _holder(self, identity: Proven) -> str:
        return holder_digest(self._cipher, identity.account)

    async def record_unanswered(self, turn: int, lang: str, question: str, nearest: str | None, confidence: float) -> None:
        """Remember a (masked) question that found no answer, for those who improve the knowledge base."""
        await self._connection.execute(
            insert(tables.unanswered).values(
                conversation_id=self.id, turn=turn, lang=lang, question=question, nearest=nearest, confidence=confidence, at=now()
            )
        )


async def insert_messages(
    connection: AsyncConnection, conversation_id: str, turn: int, items: Sequence[Message], live: bool = False
) -> None:
    """Add messages to the transcript."""
    if items:
        rows = [{"conversation_id": conversation_id, "turn": turn, "live": live, "body": item.model_dump(mode="json")} for item in items]
        await connection.execute(insert(tables.messages), rows)


def holder_digest(cipher: Cipher, account: str) -> str:
    """What a conversation of this account's holder is found by."""
    return cipher.digest("holder", account)

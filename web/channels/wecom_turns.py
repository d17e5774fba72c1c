"""Takes turns for WeCom members within WeCom's five seconds, and loses nothing that was acknowledged.

A delivery is written down (encrypted) before its turn begins and closed together with what answers it. A turn that takes
longer than ``PATIENCE`` is acknowledged without an answer, which then leaves through the outbox; if the process dies
meanwhile, ``delivery`` finishes what was written down. One-time codes and passwords are never written down, so a turn that
takes one is not acknowledged early: WeCom delivers it again, and gets the same reply.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

import structlog

from assistant.dialogue import Dialogue
from assistant.message import Incoming, Reply, now
from assistant.privacy import mask
from assistant.store.wecom import Deliveries, Member, Members, OpenDelivery

log = structlog.get_logger()

PATIENCE = 4.0
"""Seconds after which a callback is acknowledged; WeCom hangs up after five."""
PROOF_LASTS = timedelta(minutes=25)
"""A bound member is proven anew a little before the proof of 30 minutes runs out."""

Answer_co = TypeVar("Answer_co", covariant=True)
Answer = TypeVar("Answer")


class Settle(Protocol[Answer_co]):
    """Decides what becomes of a reply: what it returns answers the callback; when ``late``, that has been answered already."""

    async def __call__(self, member: Member, key: str, reply: Reply, *, late: bool) -> Answer_co:
        """Close the delivery ``key`` and put into the outbox what does not go into the response."""
        ...


@dataclass(slots=True)
class _Progress:
    late: bool = False
    settling: bool = False


class Turns:
    """One for all doors."""

    def __init__(self, dialogue: Dialogue, members: Members, deliveries: Deliveries) -> None:
        self.dialogue = dialogue
        self.members = members
        self.deliveries = deliveries
        self._running: set[asyncio.Task[object]] = set()

    async def take(self, member: Member, incoming: Incoming, settle: Settle[Answer], meanwhile: Answer) -> Answer:
        """The answer to a callback, or ``meanwhile`` when the turn takes too long; the same delivery again is answered the same."""
        kept = await self._may_be_kept(member, incoming)
        await self.deliveries.open(incoming.message_id, member.id, incoming if kept else None)
        progress = _Progress()
        task = asyncio.create_task(self._run(member, incoming, settle, progress))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task}, timeout=PATIENCE)
        if not task.done() and not progress.settling:
            progress.late = True
            if kept:
                task.add_done_callback(_report)
                return meanwhile
        return await asyncio.shield(task)

    async def resume(self, delivery: OpenDelivery, settle: Settle[Answer]) -> None:
        """Finish a delivery whose worker died after it was acknowledged."""
        member = await self.members.get(delivery.member_id)
        await self._run(member, delivery.incoming, settle, _Progress(late=True))

    async def drain(self, seconds: float) -> None:
        """Let the turns in work end before the process does."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    async def _run(self, member: Member, incoming: Incoming, settle: Settle[Answer], progress: _Progress) -> Answer:
        conversation_id = member.conversation_id or await self._open(member)
        await self._prove(member, conversation_id)
        reply = await self.dialogue.handle(conversation_id, incoming)
        session = await self.members.session(conversation_id)
        await self.members.remember(member, reply.state.lang, session.identity)
        progress.settling = True
        return await settle(member, incoming.message_id, reply, late=progress.late)

    async def _open(self, member: Member) -> str:
        conversation, _ = await self.dialogue.open(member.channel, None)
        return await self.members.adopt(member, conversation.id)

    async def _prove(self, member: Member, conversation_id: str) -> None:
        """Who has proven an account once is known by their WeCom identity; not in groups, where others read along."""
        if member.account is None or member.chat:
            return
        identity = (await self.members.session(conversation_id)).identity
        if identity is None or identity.at < now() - PROOF_LASTS:
            await self.dialogue.prove(conversation_id, member.account, how="wecom_user")

    async def _may_be_kept(self, member: Member, incoming: Incoming) -> bool:
        said = incoming.text or ""
        if mask(said) != said:
            return False
        if member.conversation_id is None:
            return True
        asked = self.dialogue.knowledge.guide.asked(await self.members.session(member.conversation_id))
        return asked is None or not asked.secret


def _report(task: asyncio.Task[object]) -> None:
    if not task.cancelled() and (error := task.exception()):
        # The delivery stays open: it is taken up again.
        log.error("wecom turn failed", reason=type(error).__name__)

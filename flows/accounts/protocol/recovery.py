"""Recovering an account: searches, proofs, appeals, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.recovery import (
    AddLoginEmail,
    AppealShown,
    AppealSubmitted,
    DecideAppeal,
    FaceProof,
    GetAppeal,
    ProveByFace,
    ProveByPhone,
    ResetSecurityCheck,
    SearchStarted,
    StartSearch,
    SubmitEnterpriseAppeal,
)
from flows.accounts.protocol.base import Operations


class RecoveryService(Operations, Protocol):
    """Recovering an account: searches, proofs, appeals."""

    async def start_search(self, actor: Actor, command: StartSearch, key: str) -> SearchStarted | Refusal:
        """Search by one of the ways. REC-1."""
        return await self.perform(actor, command, key)

    async def prove_by_phone(self, actor: Actor, command: ProveByPhone, key: str) -> Outcome[Literal["message_sent"]] | Refusal:
        """The whole security phone number; the result goes there, if it is the one. REC-3."""
        return await self.perform(actor, command, key)

    async def prove_by_face(self, actor: Actor, command: ProveByFace, key: str) -> FaceProof | Refusal:
        """A face check of the verified person or the legal representative. REC-4."""
        return await self.perform(actor, command, key)

    async def submit_enterprise_appeal(self, actor: Actor, command: SubmitEnterpriseAppeal, key: str) -> AppealSubmitted | Refusal:
        """By the legal representative, or with documents. REC-8, REC-9, REC-10."""
        return await self.perform(actor, command, key)

    async def get_appeal(self, actor: Actor, command: GetAppeal, key: str) -> AppealShown | Refusal:
        """Query code, its phone, and a code to it. REC-11."""
        return await self.perform(actor, command, key)

    async def add_login_email(self, actor: Actor, command: AddLoginEmail, key: str) -> Outcome[Literal["added"]] | Refusal:
        """A new login e-mail for a found account. REC-13, REC-16."""
        return await self.perform(actor, command, key)

    async def reset_security_check(self, actor: Actor, command: ResetSecurityCheck, key: str) -> Outcome[Literal["reset"]] | Refusal:
        """Phone codes instead of the old check, to a new security phone. REC-14."""
        return await self.perform(actor, command, key)

    async def decide_appeal(self, actor: Actor, command: DecideAppeal, key: str) -> Outcome[Literal["approved", "rejected"]] | Refusal:
        """Staff's decision."""
        return await self.perform(actor, command, key)

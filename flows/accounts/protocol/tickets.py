"""Tickets, above all the lost MFA device, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.tickets import (
    AddToTicket,
    AdviseMfaLoss,
    CloseTicket,
    DecideTicket,
    GetTicket,
    InspectTicket,
    MfaLossAdvice,
    MfaTicket,
    OpenedTicket,
    OpenMfaTicket,
    OpenTicket,
    TicketInspected,
    TicketShown,
)
from flows.accounts.protocol.base import Operations


class TicketsService(Operations, Protocol):
    """Tickets, above all the lost MFA device."""

    async def advise_mfa_loss(self, actor: Actor, query: AdviseMfaLoss) -> MfaLossAdvice | Refusal:
        """What to do about a lost device, before any ticket. TCK-1, TCK-3, MFA-12."""
        return await self.perform(actor, query)

    async def open_mfa_ticket(self, actor: Actor, command: OpenMfaTicket, key: str) -> MfaTicket | Refusal:
        """Have a lost device unbound, asked for from another account of the same holder. TCK-2, TCK-5, TCK-7."""
        return await self.perform(actor, command, key)

    async def open_ticket(self, actor: Actor, command: OpenTicket, key: str) -> OpenedTicket | Refusal:
        """Any other ticket, by a proven identity or with a proven phone. TCK-13."""
        return await self.perform(actor, command, key)

    async def get_ticket(self, actor: Actor, query: GetTicket) -> TicketShown | Refusal:
        """How a ticket stands. TCK-14."""
        return await self.perform(actor, query)

    async def add_to_ticket(self, actor: Actor, command: AddToTicket, key: str) -> Outcome[Literal["added"]] | Refusal:
        """Say or attach more."""
        return await self.perform(actor, command, key)

    async def close_ticket(self, actor: Actor, command: CloseTicket, key: str) -> Outcome[Literal["closed"]] | Refusal:
        """Nothing more is needed."""
        return await self.perform(actor, command, key)

    async def inspect_ticket(self, actor: Actor, query: InspectTicket) -> TicketInspected | Refusal:
        """What staff decide on. TCK-11."""
        return await self.perform(actor, query)

    async def decide_ticket(self, actor: Actor, command: DecideTicket, key: str) -> Outcome[Literal["resolved", "refused"]] | Refusal:
        """Staff's decision; resolving an MFA ticket unbinds the device. TCK-11."""
        return await self.perform(actor, command, key)

"""Contact and security details, by name."""

from typing import Literal, Protocol

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.base import Actor
from flows.accounts.commands.contacts import (
    ConfirmContact,
    ContactsShown,
    DetailChanged,
    GetContactDetails,
    RecycledNumberTicket,
    ReleaseRecycledNumber,
    SetContactEmail,
    SetContactPhone,
    SetSecurityEmail,
    SetSecurityPhone,
)
from flows.accounts.protocol.base import Operations


class ContactsService(Operations, Protocol):
    """Contact and security details."""

    async def get_contact_details(self, actor: Actor, query: GetContactDetails) -> ContactsShown | Refusal:
        """How the root user is reached."""
        return await self.perform(actor, query)

    async def set_security_phone(self, actor: Actor, command: SetSecurityPhone, key: str) -> DetailChanged | Refusal:
        """Change the security phone, or set the first one. CT-2, CT-12."""
        return await self.perform(actor, command, key)

    async def set_security_email(self, actor: Actor, command: SetSecurityEmail, key: str) -> DetailChanged | Refusal:
        """Change the security e-mail, or set the first one. CT-4, CT-12."""
        return await self.perform(actor, command, key)

    async def set_contact_phone(self, actor: Actor, command: SetContactPhone, key: str) -> Outcome[Literal["link_sent"]] | Refusal:
        """Ask for another contact phone. CT-5."""
        return await self.perform(actor, command, key)

    async def set_contact_email(self, actor: Actor, command: SetContactEmail, key: str) -> Outcome[Literal["link_sent"]] | Refusal:
        """Ask for another contact e-mail. CT-5, CT-7."""
        return await self.perform(actor, command, key)

    async def confirm_contact(self, actor: Actor, command: ConfirmContact, key: str) -> Outcome[Literal["confirmed", "expired"]] | Refusal:
        """Open the link that was sent. CT-5, CT-6."""
        return await self.perform(actor, command, key)

    async def release_recycled_number(self, actor: Actor, command: ReleaseRecycledNumber, key: str) -> RecycledNumberTicket | Refusal:
        """Ask that a number's former owner's account lets go of it. CT-14."""
        return await self.perform(actor, command, key)

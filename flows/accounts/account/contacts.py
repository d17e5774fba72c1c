"""Where the root user is reached."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from flows.accounts.base import Model


class PendingContact(Model):
    """A contact change that waits for its link to be opened. CT-5, CT-6."""

    what: Literal["phone", "email"]
    target: str
    token_digest: str = Field(repr=False)
    expires: datetime
    sync_security: bool = False


class Contacts(Model):
    """Security details prove identity, contact details get notices. CT-1."""

    security_phone: str | None = None
    security_email: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    pending: tuple[PendingContact, ...] = ()

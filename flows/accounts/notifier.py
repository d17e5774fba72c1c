"""Messages that leave: codes, links, notices."""

from collections import deque
from collections.abc import Iterator
from typing import Literal, Protocol

from pydantic import Field

from flows.accounts.base import Model

MAIL_SENDER = "cloud_noreply@tencent.com"
"""Whom mail comes from, in the texts shown to users. CT-16, faq-zh:222."""


class Message(Model):
    """One text message or mail; its values may be secret, so no repr shows them. GEN-10."""

    channel: Literal["sms", "email", "app"]
    to: str
    what: Literal["code", "link", "notice", "accounts", "result", "request"]
    values: dict[str, str] = Field(default_factory=dict, repr=False)

    @property
    def sender(self) -> str:
        """Who it comes from. CT-16."""
        return MAIL_SENDER if self.channel == "email" else "Tencent Cloud"


def message_to(address: str, what: Literal["code", "link", "notice", "accounts", "result", "request"], **values: str) -> Message:
    """A mail to an address with an @, an app message to a ``wecom:`` member, a text message to a number."""
    channel: Literal["sms", "email", "app"] = "email" if "@" in address else "app" if address.startswith("wecom:") else "sms"
    return Message(channel=channel, to=address, what=what, values=values)


class Notifier(Protocol):
    """Whatever delivers messages."""

    async def deliver(self, message: Message) -> None:
        """Send it, or keep it for sending."""


class DemoInbox:
    """Holds the newest messages for the demo page and for tests."""

    def __init__(self, keep: int = 500) -> None:
        self._messages: deque[Message] = deque(maxlen=keep)

    async def deliver(self, message: Message) -> None:
        """Keep it."""
        self._messages.append(message)

    def to(self, address: str) -> tuple[Message, ...]:
        """The messages to one address, newest first."""
        return tuple(message for message in reversed(self._messages) if message.to == address)

    def newest(self, address: str, value: str) -> str:
        """A value, such as ``code`` or ``token``, from the newest message that has it."""
        return next(message.values[value] for message in self.to(address) if value in message.values)

    def __iter__(self) -> Iterator[Message]:
        return iter(tuple(self._messages))

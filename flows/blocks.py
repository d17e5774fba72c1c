"""What a turn shows, whatever the channel; the fields are those of the HTTP contract's blocks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flows.model import Model


class Text(Model):
    """Markdown."""

    type: Literal["text"] = "text"
    markdown: str


class Option(Model):
    """One thing to tap; ``id`` comes back as a ``Choice`` event."""

    id: str
    label: str


class Choices(Model):
    """Options to choose from."""

    type: Literal["choices"] = "choices"
    options: tuple[Option, ...]
    multiple: bool = False


class InputField(Model):
    """One of several secrets; beside the formats of values there are ``password``, ``new_password``, and its ``repetition``."""

    name: str
    label: str
    format: str


class Input(Model):
    """A value to type; a channel may show a field that fits the format, or the ``fields`` whose values it joins by spaces."""

    type: Literal["input"] = "input"
    slot: str
    format: str
    secret: bool = False
    example: str = ""
    fields: tuple[InputField, ...] = ()


class ChecklistItem(Model):
    """One item and how far it is."""

    id: str
    label: str
    status: Literal["todo", "done", "blocked", "not_applicable"]


class Checklist(Model):
    """A list that user and agent share."""

    type: Literal["checklist"] = "checklist"
    id: str
    items: tuple[ChecklistItem, ...]


class Image(Model):
    """A picture; a ``secret`` one, such as the QR code of a TOTP secret, is shown once and not stored."""

    type: Literal["image"] = "image"
    url: str
    alt: str
    text: str = ""
    """What it says, for those who cannot scan it."""
    secret: bool = False


class Ticket(Model):
    """A ticket and its state."""

    type: Literal["ticket"] = "ticket"
    id: str
    status: str
    url: str


Block = Annotated[Text | Choices | Input | Checklist | Image | Ticket, Field(discriminator="type")]

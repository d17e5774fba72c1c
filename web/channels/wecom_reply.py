"""A reply as WeCom messages: texts that fit, pictures, and a card for the choice that is left."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.message import Message
from assistant.store.wecom import SentCard
from kb.entry import Lang
from web.channels.wecom_cards import APP, BOT, make_card
from web.channels.wecom_render import numbered, render
from web.channels.wecom_split import STREAM_BYTES, TEXT_BYTES, split


@dataclass(frozen=True, slots=True)
class Outgoing:
    """In the order in which it is shown."""

    texts: tuple[str, ...]
    pictures: tuple[bytes, ...]
    card: SentCard | None


def for_app(messages: Iterable[Message], lang: Lang, key: str) -> Outgoing:
    """For a self-built application: a short question goes onto its card."""
    rendered = render(messages, "plain")
    words, card = rendered.words, None
    if rendered.choices:
        question = words if len(words) <= APP.title and "\n" not in words and "<" not in words else ""
        card = make_card(rendered.choices, question, lang, task_id(key), APP)
        if card is None:
            words = f"{words}\n\n{numbered(rendered.choices, lang)}"
        elif question:
            words = ""
    return Outgoing(tuple(split(words, TEXT_BYTES)), rendered.pictures, card)


def for_bot(messages: Iterable[Message], lang: Lang, key: str, *, cards: bool) -> Outgoing:
    """For an AI bot, in Markdown; without ``cards`` choices are numbered."""
    rendered = render(messages, "markdown")
    words, card = rendered.words, None
    if rendered.choices:
        card = make_card(rendered.choices, "", lang, task_id(key), BOT) if cards else None
        if card is None:
            words = f"{words}\n\n{numbered(rendered.choices, lang)}"
    return Outgoing(tuple(split(words, STREAM_BYTES)), rendered.pictures, card)


def task_id(key: str) -> str:
    """The card's id: the same for a reply that is rendered again."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]

"""From the neutral blocks of a message to what WeCom shows: plain text for applications, Markdown for bots and robots."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.message import Block, Message, SourceItem, Sources, Text
from flows.actions.labels import labels
from flows.blocks import Checklist, Choices, Image, Input, Ticket
from kb.entry import Lang
from web.channels.wecom_texts import text

Form = Literal["plain", "markdown"]

_MARKS = {"todo": "☐", "done": "☑", "blocked": "⛔", "not_applicable": "–"}
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_DATA_IMAGE = re.compile(r"^data:image/(?:png|jpeg);base64,", re.IGNORECASE)
_LARGEST_IMAGE = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply for WeCom: words first, then pictures, then the choice that is left to the person."""

    words: str
    pictures: tuple[bytes, ...]
    choices: Choices | None


def render(messages: Iterable[Message], form: Form) -> Rendered:
    """The whole reply; of several choices the last is the one to make."""
    words: list[str] = []
    pictures: list[bytes] = []
    choices: Choices | None = None
    for message in messages:
        if message.role == "agent":
            words.append(text("author", message.lang, author=message.author) if message.author else text("agent", message.lang))
        for block in message.blocks:
            if isinstance(block, Choices):
                choices = block
            elif isinstance(block, Image) and (picture := picture_bytes(block.url)):
                pictures.append(picture)
                words += [f"{block.alt}: {block.text}" if message.lang == "en" else f"{block.alt}：{block.text}"] if block.text else []
            elif said := _say(block, form, message.lang):
                words.append(said)
    return Rendered("\n\n".join(words), tuple(pictures), choices)


def numbered(choices: Choices, lang: Lang) -> str:
    """Choices as a numbered list: where no card can hold them, a typed number picks."""
    lines = [f"{number}. {option.label}" for number, option in enumerate(choices.options, 1)]
    return "\n".join([*lines, text("by-numbers" if choices.multiple else "by-number", lang)])


def plain(markdown: str) -> str:
    """Markdown as an application's text message shows it: no marks, links that can be tapped."""
    unmarked = _CODE.sub(r"\1", _HEADING.sub("", _BOLD.sub(r"\1", markdown)))
    return _LINK.sub(r'<a href="\2">\1</a>', unmarked)


def picture_bytes(url: str) -> bytes | None:
    """The picture in a data URL, if WeCom can show it: PNG or JPEG, two megabytes at most."""
    found = _DATA_IMAGE.match(url)
    if not found:
        return None
    try:
        raw = base64.b64decode(url[found.end() :], validate=True)
    except binascii.Error:
        return None
    return raw if 5 < len(raw) <= _LARGEST_IMAGE else None


def _say(block: Block, form: Form, lang: Lang) -> str:
    match block:
        case Text(markdown=markdown):
            return plain(markdown) if form == "plain" else markdown
        case Input(fields=fields) if fields:
            return text("fields", lang, labels=("、" if lang == "zh" else ", ").join(field.label for field in fields))
        case Input(example=example):
            return text("example", lang, example=example) if example else ""
        case Checklist(items=items):
            return "\n".join(f"{_MARKS[item.status]} {item.label}" for item in items)
        case Ticket(id=number, status=status, url=url):
            said = text("ticket", lang, id=number, status=_state(status, lang))
            return _linked(said, url, form) if url.startswith("https://") else said
        case Image(url=url, alt=alt, text=spelt):
            shown = _linked(alt, url, form) if url.startswith("https://") else text("picture", lang, alt=alt)
            return f"{shown}\n{spelt}".strip()
        case Sources(items=items):
            lines = [_source(item, form, lang) for item in items]
            return "\n".join([text("sources", lang), *lines]) if lines else ""
        case _:
            return ""


def _state(status: str, lang: Lang) -> str:
    """A ticket's state in words; one that has none is shown as it is."""
    named = labels()["ticket_state"].get(status)
    return named[lang] if named else status


def _source(item: SourceItem, form: Form, lang: Lang) -> str:
    # A heading is quoted as its document has it, marks and all.
    title = item.title.replace("**", "")
    shown = _linked(title, item.url, form) if item.url else title
    return f"- {shown}（{item.updated}）" if lang == "zh" else f"- {shown} ({item.updated})"


def _linked(label: str, url: str, form: Form) -> str:
    return f'<a href="{url}">{label}</a>' if form == "plain" else f"[{label}]({url})"

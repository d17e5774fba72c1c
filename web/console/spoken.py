"""The transcript as people read it: options by the label that the visitor tapped, fields by their name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from assistant.knowledge import Knowledge
from assistant.message import Message, Text
from assistant.privacy import HIDDEN
from assistant.store import TranscriptRow
from flows.blocks import Choices, Input
from flows.model import AskSlot, Lang, Phrases

LOOKED_AT = 4
"""So many of the visitor's messages may hold the question that is still open."""


def spoken(rows: Sequence[TranscriptRow]) -> list[TranscriptRow]:
    """The rows, with the label of an option where its id was kept."""
    return list(_spoken(rows))


def _spoken(rows: Sequence[TranscriptRow]) -> Iterator[TranscriptRow]:
    labels: dict[str, str] = {}
    for row in rows:
        labels |= options_of(row)
        yield replace(row, message=_labelled(row.message, labels)) if row.message.role == "user" else row


def options_of(row: TranscriptRow) -> dict[str, str]:
    """The options that a message offers, and their labels."""
    return {option.id: option.label for block in row.message.blocks if isinstance(block, Choices) for option in block.options}


def _labelled(message: Message, labels: dict[str, str]) -> Message:
    blocks = tuple(
        block.model_copy(update={"markdown": labels.get(block.markdown, block.markdown)}) if isinstance(block, Text) else block
        for block in message.blocks
    )
    return message.model_copy(update={"blocks": blocks})


def asked_for(block: Input, knowledge: Knowledge, lang: Lang) -> str:
    """What a field was for: its labels, else what the flow or the format calls it, else its slot."""
    if block.fields:
        return " · ".join(field.label for field in block.fields)
    steps = (step for flow in knowledge.flows.values() for step in flow.steps.values() if isinstance(step, AskSlot))
    named = [step.names for step in steps if (step.slot, step.accepts) == (block.slot, block.format)]
    known = knowledge.guide.engine.formats.get(block.format)
    names = (_names(phrases, lang) for phrases in [*named, *([known.names] if known else [])])
    return next((found[0] for found in names if found), block.slot.replace("_", " "))


def _names(phrases: Phrases, lang: Lang) -> tuple[str, ...]:
    return tuple(phrases.zh if lang == "zh" else phrases.en)


def said(rows: Sequence[TranscriptRow]) -> list[str]:
    """The visitor's last words that can be read, the latest first."""
    theirs = (row.message for row in reversed(rows) if row.message.role == "user")
    words = (" ".join(block.markdown for block in message.blocks if isinstance(block, Text)) for message in theirs)
    return [text for text in islice(words, LOOKED_AT) if text != HIDDEN]

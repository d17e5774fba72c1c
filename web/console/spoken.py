"""What is read out of a transcript: what a field was for, and what the visitor said last."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from assistant.knowledge import Knowledge
from assistant.message import Text
from assistant.privacy import HIDDEN
from assistant.store import TranscriptRow
from flows.blocks import Input
from flows.model import AskSlot, Lang, Phrases
from web.console.step_names import first_words

LOOKED_AT = 4
"""So many of the visitor's messages may hold the question that is still open."""


def asked_for(block: Input, knowledge: Knowledge, lang: Lang) -> str:
    """What a field was for: its labels, else what the flow or the format calls it, else its slot."""
    if block.fields:
        return " · ".join(field.label for field in block.fields)
    steps = [step for flow in knowledge.flows.values() for step in flow.steps.values() if isinstance(step, AskSlot)]
    named = [step.names for step in steps if (step.slot, step.accepts) == (block.slot, block.format)]
    known = knowledge.guide.engine.formats.get(block.format)
    names = (_names(phrases, lang) for phrases in [*named, *([known.names] if known else [])])
    asked = (first_words(step, lang) for step in steps if (step.slot, step.accepts) == (block.slot, block.format))
    return next((found[0] for found in names if found), None) or next(asked, block.slot.replace("_", " "))


def _names(phrases: Phrases, lang: Lang) -> tuple[str, ...]:
    return tuple(phrases.zh if lang == "zh" else phrases.en)


def said(rows: Sequence[TranscriptRow]) -> list[str]:
    """The visitor's last words that can be read, the latest first."""
    theirs = (row.message for row in reversed(rows) if row.message.role == "user")
    words = (" ".join(block.markdown for block in message.blocks if isinstance(block, Text)) for message in theirs)
    return [text for text in islice(words, LOOKED_AT) if text != HIDDEN]

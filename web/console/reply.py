"""What an agent writes to a visitor, as blocks: an entry as it stands keeps its sources, the agent's own words have none."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.message import TEXT_LIMIT, Block, Text
from assistant.privacy import mask_secrets
from assistant.respond import sources
from kb.entry import Entry
from kb.text import clean

LIMIT = 2 * TEXT_LIMIT
"""Characters of a reply: room for words of one's own around the longest entry."""


def blocks_of(words: str, entries: Sequence[Entry]) -> list[Block]:
    """The words, with the text and the sources of every entry that stands in them unchanged."""
    for entry in entries:
        before, body, after = words.partition(entry.body.strip())
        if body:
            return [*blocks_of(before, entries), Text(markdown=body), sources(entry), *blocks_of(after, entries)]
    return [Text(markdown=mask_secrets(words.strip()))] if clean(words) else []

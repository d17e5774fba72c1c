"""Markdown to HTML that a page may show: only what answers need, sanitised."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from assistant.message import Message, Text

# A single asterisk is never emphasis here: it masks a character ("*芳", "138****8000").
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable("emphasis")
_TAGS = {"p", "br", "strong", "ul", "ol", "li", "a", "code", "blockquote"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}


# CommonMark does not close bold between Chinese punctuation and a character ("**…？**的"): bold is marked by characters that
# `kb.text.clean` takes out of whatever people type, and put back as tags.
BOLD = re.compile(r"(?<!\*)\*\*(?!\*)(\S(?:[^*\n]*[^*\s])?)\*\*(?!\*)")
_OPEN, _CLOSE = "\ue000", "\ue001"


@lru_cache(maxsize=2048)
def to_html(markdown: str) -> str:
    """Sanitised HTML of an answer; links open in a new page and tell it nothing."""
    rendered = str(_markdown.render(BOLD.sub(rf"{_OPEN}\1{_CLOSE}", markdown)))
    return nh3.clean(
        rendered.replace(_OPEN, "<strong>").replace(_CLOSE, "</strong>"),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


def with_html(message: Message) -> Message:
    """The message with HTML beside its Markdown; what a visitor typed is only escaped."""
    blocks = tuple(
        block.model_copy(update={"html": html.escape(block.markdown) if message.role == "user" else to_html(block.markdown)})
        if isinstance(block, Text)
        else block
        for block in message.blocks
    )
    return message.model_copy(update={"blocks": blocks})

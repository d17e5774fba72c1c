"""An answer as agents paste it elsewhere: plain text or Markdown, with the pages to open, without the sources."""

from __future__ import annotations

import re

from kb.entry import Entry

_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")
_MARKS = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*|`([^`\n]+)`")


def as_markdown(entry: Entry) -> str:
    """The answer as it was written."""
    pages = [f"- [{link.label}]({link.url})" for link in entry.links]
    return "\n\n".join(filter(None, (entry.body.strip(), "\n".join(pages))))


def as_plain(entry: Entry) -> str:
    """The answer without marks; links are spelled out."""
    colon = "：" if entry.lang == "zh" else ": "
    pages = [f"{link.label}{colon}{link.url}" for link in entry.links]
    body = _MARKS.sub(lambda found: found[1] or found[2], _LINK.sub(r"\1 (\2)", entry.body.strip()))
    return "\n\n".join(filter(None, (body, "\n".join(pages))))

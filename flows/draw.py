"""Draws a flow as a Mermaid flowchart, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flows.model import Flow, Lang
from flows.outline import outline

LONGEST_LABEL = 60
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_VALUE, _TEMPLATE = re.compile(r"\{\{.*?\}\}"), re.compile(r"\{%.*?%\}")

_HEAD = """# The guided flows

Made by `python -m flows draw > docs/flows.md`; a test compares. Hexagons ask, double-sided boxes act on the account service, boxes say
something, rounded ones end the flow. The steps of a part (`flows/parts/`) stand in every flow that includes it.
"""
_LANGUAGES: tuple[tuple[Lang, str], ...] = (("zh", "中文"), ("en", "English"))

_SHAPES = {"ask": ('{{"', '"}}'), "do": ('[["', '"]]'), "say": ('["', '"]'), "end": ('(["', '"])')}


def draw(flow: Flow, lang: Lang) -> str:
    """The Mermaid text of a flow: questions as hexagons, actions with double sides, endings rounded."""
    steps = outline(flow, lang)
    lines = ["flowchart TD"]
    for step in steps:
        opening, closing = _SHAPES[step.kind]
        # The prefix keeps step ids apart from Mermaid's own words, such as "end".
        lines.append(f"    s_{step.id}{opening}{_plain(step.text)}{closing}")
    for step in steps:
        for way in step.ways:
            arrow = f'-- "{_plain(way.label)}" -->' if way.label else "-->"
            lines.append(f"    s_{step.id} {arrow} s_{way.target}")
    return "\n".join(lines) + "\n"


def document(flows: Iterable[Flow]) -> str:
    """All flows in both languages, as docs/flows.md has them."""
    return _HEAD + "".join(_section(flow) for flow in flows if flow.built)


def _section(flow: Flow) -> str:
    diagrams = "".join(
        f"<details><summary>{name}</summary>\n\n```mermaid\n{draw(flow, lang)}```\n\n</details>\n\n" for lang, name in _LANGUAGES
    )
    return f"\n## {flow.id}\n\n{flow.title.zh} · {flow.title.en}\n\n{diagrams.rstrip()}\n"


def _plain(text: str) -> str:
    """A text that Mermaid reads as it is: one line, without Markdown and templates, no marks of its own."""
    text = _TEMPLATE.sub("", _VALUE.sub("…", _LINK.sub(r"\1", text))).replace("**", "")
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"
    for mark, code in (("#", "#35;"), ('"', "#quot;"), ("`", "#96;"), ("<", "#lt;"), (">", "#gt;")):
        line = line.replace(mark, code)
    return line

"""What people call a step of a flow, whose id means something to those who edit the flow only."""

from __future__ import annotations

import re

from flows.model import AskChoice, AskSlot, Do, Flow, Lang, Say, Step

LONGEST_NAME = 60
"""Characters of a text that names its step."""

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def step_name(flow: Flow, step_id: str, lang: Lang) -> str:
    """The step's first words; the id of a step that the flow has lost, or of one that says nothing."""
    step = flow.steps.get(step_id)
    return (first_words(step, lang) if step else "") or step_id.replace("_", " ")


def first_words(step: Step, lang: Lang) -> str:
    """The beginning of what a step asks, says or does; empty for an action without words."""
    lines = [line for line in plain(_text(step, lang)).splitlines() if line]
    name = lines[0] if lines else ""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rstrip('，。；：、,.;: ')}…"


def plain(text: str) -> str:
    """Without template, links and bold; one blank between words."""
    bare = _LINK.sub(r"\1", _TEMPLATE.sub("…", text)).replace("**", "")
    return "\n".join(" ".join(line.split()) for line in bare.splitlines())


def _text(step: Step, lang: Lang) -> str:
    match step:
        case AskChoice() | AskSlot():
            return step.ask[lang]
        case Say():
            return step.say[lang]
        case Do(label=label, confirm=confirm):
            told = label or confirm
            return told[lang] if told else ""

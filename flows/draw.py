"""Draws a flow as a Mermaid flowchart, in one language."""

from __future__ import annotations

from flows.model import AskChoice, AskSlot, Do, Flow, Lang, Step

LONGEST_LABEL = 60

_SHAPES = {"ask": ('{{"', '"}}'), "do": ('[["', '"]]'), "say": ('["', '"]'), "end": ('(["', '"])')}


def draw(flow: Flow, lang: Lang) -> str:
    """The Mermaid text of a flow: questions as hexagons, actions with double sides, endings rounded."""
    lines = ["flowchart TD"]
    for step_id, step in flow.steps.items():
        kind, text = _show(step, lang)
        opening, closing = _SHAPES[kind]
        # The prefix keeps step ids apart from Mermaid's own words, such as "end".
        lines.append(f"    s_{step_id}{opening}{_plain(text)}{closing}")
    for edge in flow.edges:
        step = flow.steps[edge.source]
        name = step.choices[edge.name].label[lang] if isinstance(step, AskChoice) else "" if edge.name == "next" else edge.name
        arrow = f'-- "{_plain(name)}" -->' if name else "-->"
        lines.append(f"    s_{edge.source} {arrow} s_{edge.target}")
    return "\n".join(lines) + "\n"


def _show(step: Step, lang: Lang) -> tuple[str, str]:
    match step:
        case AskChoice() | AskSlot():
            return "ask", step.ask[lang]
        case Do():
            return "do", step.do
        case _:
            return "say" if step.next else "end", step.say[lang]


def _plain(text: str) -> str:
    """A text that Mermaid reads as it is: one line, no marks of its own."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"
    for mark, code in (("#", "#35;"), ('"', "#quot;"), ("`", "#96;"), ("<", "#lt;"), (">", "#gt;")):
        line = line.replace(mark, code)
    return line

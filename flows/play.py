"""Plays a flow in the terminal; whoever plays also decides what comes of each action."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flows.actions import Done
from flows.blocks import Block, Checklist, Choices, Image, Input, Text, Ticket
from flows.engine import Choice, Engine, Event, PendingAction, Turn, Utterance
from flows.formats import DEFAULTS, Formats
from flows.model import Do, Flow, Lang

Ask = Callable[[str], str]
Show = Callable[[str], None]


def play(flow: Flow, lang: Lang, formats: Formats = DEFAULTS, ask: Ask = input, show: Show = print) -> None:
    """Run a flow until it is over."""
    engine = Engine({flow.id: flow}, formats)
    turn = engine.start(flow.id, lang, run="play")
    while True:
        offered = [option.id for block in turn.outputs if isinstance(block, Choices) for option in block.options]
        for line in lines(turn):
            show(line)
        if turn.state.ended:
            return
        event = _outcome(flow, turn.pending_action, ask) if turn.pending_action else _said(ask("> "), offered)
        turn = engine.step(turn.state, event)


def lines(turn: Turn) -> Iterator[str]:
    """What a turn shows, as text; options are numbered."""
    number = 0
    for block in turn.outputs:
        if isinstance(block, Choices):
            for option in block.options:
                number += 1
                yield f"  {number}. {option.label}"
        else:
            yield _line(block)


def _line(block: Block) -> str:
    match block:
        case Text(markdown=text):
            return text
        case Input(fields=fields) if fields:
            return "  " + " ".join(f"[{field.label}]" for field in fields)
        case Input(format=name, example=example):
            return f"  [{name}]" + (f" {example}" if example else "")
        case Checklist(items=items):
            return "\n".join(f"  [{item.status}] {item.label}" for item in items)
        case Image(alt=alt):
            return f"  ({alt})"
        case Ticket(id=ticket, status=status):
            return f"  {ticket}: {status}"
        case _:
            return ""


def _said(text: str, offered: list[str]) -> Event:
    number = int(text) if text.strip().isdecimal() else 0
    return Choice(offered[number - 1]) if 0 < number <= len(offered) else Utterance(text)


def _outcome(flow: Flow, pending: PendingAction, ask: Ask) -> Done:
    step = flow.steps[pending.step]
    assert isinstance(step, Do)
    known = list({**step.outcomes, **flow.outcomes})
    listed = ", ".join(f"{at} {name}" for at, name in enumerate(known, 1))
    typed = ask(f"[{pending.name}] {listed}: ").strip()
    name = known[int(typed) - 1] if typed.isdecimal() and 0 < int(typed) <= len(known) else typed
    return Done(name, changed=bool(step.confirm or step.confirmed_by) and name == next(iter(known), None))

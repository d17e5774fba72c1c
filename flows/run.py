"""Carries out what a turn wants done, until it waits for a person again."""

from __future__ import annotations

from dataclasses import replace

from flows.actions import Actions, Caller
from flows.engine import Engine, Turn


async def settle(engine: Engine, actions: Actions, turn: Turn, caller: Caller) -> Turn:
    """The turn after all its actions: everything to show in order, and the state to save."""
    while pending := turn.pending_action:
        done = await actions.run(pending.name, pending.key, pending.slots, caller)
        after = engine.step(turn.state, done, caller.lang)
        acceptance = turn.acceptance
        turn = replace(
            after,
            outputs=(*turn.outputs, *after.outputs),
            acceptance=acceptance,
            needs_person=turn.needs_person or after.needs_person,
            rest=turn.rest or after.rest,
        )
    return turn

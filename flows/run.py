"""Carries out what a turn wants done, until it waits for a person again."""

from __future__ import annotations

from dataclasses import replace

from flows.actions import Actions, Caller, Services
from flows.engine import Engine, Turn


async def settle(engine: Engine, actions: Actions, turn: Turn, caller: Caller, services: Services) -> tuple[Turn, Caller]:
    """The turn after all its actions: everything to show in order and the state to save; and whoever has proven to be there."""
    while pending := turn.pending_action:
        done = await actions.run(pending.name, pending.key, pending.slots, caller, services)
        caller = replace(caller, actor=done.proven) if done.proven else caller
        after = engine.step(turn.state, done, caller.lang)
        turn = replace(
            after,
            outputs=(*turn.outputs, *after.outputs),
            acceptance=turn.acceptance,
            needs_person=turn.needs_person or after.needs_person,
            rest=turn.rest or after.rest,
            left=(*turn.left, *after.left),
            walked=(*turn.walked, *after.walked),
        )
    return turn, caller

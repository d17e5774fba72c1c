"""Offboarding checklists, carried out. OFF."""

from collections.abc import Callable
from typing import Literal

from flows.accounts.base import Outcome, Refusal
from flows.accounts.commands.offboarding import (
    AdviseAfterLeaving,
    AfterLeavingAdvice,
    CloseOffboarding,
    GetOffboarding,
    Items,
    SetItemNotApplicable,
    StartOffboarding,
)
from flows.accounts.records import WecomEnterprise
from flows.accounts.rules import offboarding
from flows.accounts.stub.handlers import changes_own, handles
from flows.accounts.stub.turn import Turn

changes_own(StartOffboarding, offboarding.start_offboarding)
changes_own(SetItemNotApplicable, offboarding.set_item_not_applicable)


async def _outside_scope(turn: Turn) -> Callable[[str], bool] | None:
    """Whether a member no longer sees the app. OFF-7."""
    enterprise = await turn.load(WecomEnterprise, turn.account.wecom) if turn.account.wecom else None
    return (lambda member: not enterprise.sees(member)) if enterprise else None


@handles(GetOffboarding)
async def get_offboarding(turn: Turn, query: GetOffboarding) -> Items | Refusal:
    """Recomputed. OFF-9."""
    return offboarding.get_offboarding(turn.account, query, turn.now, await _outside_scope(turn))


@handles(CloseOffboarding)
async def close_offboarding(turn: Turn, command: CloseOffboarding) -> Outcome[Literal["closed"]] | Refusal:
    """When nothing is left. OFF-3."""
    return turn.apply(offboarding.close_offboarding(turn.account, command, turn.now, await _outside_scope(turn)))


@handles(AdviseAfterLeaving)
async def advise_after_leaving(_turn: Turn, query: AdviseAfterLeaving) -> AfterLeavingAdvice:
    """For anybody. OFF-8."""
    return offboarding.advise_after_leaving(query)

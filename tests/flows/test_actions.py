from __future__ import annotations

from typing import Literal

import pytest

from flows.accounts.commands.base import Anonymous
from flows.accounts.demo import nobody
from flows.actions import IDENTITY_REQUIRED, UNAVAILABLE, Actions, Call, Caller, Result, Services, action, specs
from flows.desk import MemoryDesk
from tests.flows.talking import SampleActions

NOBODY = Services(nobody(), MemoryDesk())
SOMEBODY = Anonymous(conversation="c9")


def test_what_an_action_can_do_is_known_without_running_it() -> None:
    known = specs(SampleActions)
    assert known["open_ticket"].outcomes == {"opened", "duplicate", "refused", UNAVAILABLE}
    assert not known["open_ticket"].identity
    assert known["change_email"].outcomes == {"changed", "refused", UNAVAILABLE, IDENTITY_REQUIRED}
    assert known["find_accounts"].gives == {"accounts"}
    assert known.keys() == Actions(SampleActions()).specs.keys()


def test_an_action_without_named_outcomes_is_refused() -> None:
    with pytest.raises(TypeError, match="annotated with its outcomes"):

        @action()
        async def vague(_: Call) -> Result[str]:
            raise NotImplementedError


def test_only_outcomes_can_be_changes() -> None:
    with pytest.raises(TypeError, match="gone in `changes`"):

        @action(changes=("gone",))
        async def confused(_: Call) -> Result[Literal["done"]]:
            raise NotImplementedError


def test_two_actions_cannot_share_a_name() -> None:
    class Others:
        @action()
        async def send_code(self, call: Call) -> Result[Literal["sent"]]:
            raise NotImplementedError

    with pytest.raises(TypeError, match="two actions are called send_code"):
        specs(SampleActions, Others)


async def test_the_key_is_unique_among_conversations() -> None:
    sample = SampleActions()
    done = await Actions(sample).run("open_ticket", "r1:submit:1", {"note": None}, Caller(SOMEBODY, "en"), NOBODY)
    assert sample.keys == ["c9:r1:submit:1"]
    assert (done.outcome, done.changed, done.values) == ("opened", True, {"ticket": "T-1"})


def test_slots_do_not_show_in_a_log() -> None:
    call = Call("k", Caller(SOMEBODY, "en"), {"password": "hunter2", "skipped": None}, NOBODY)
    assert "hunter2" not in repr(call)
    assert (call.text("password"), call.text("skipped"), call.text("absent")) == ("hunter2", "", "")

"""Conversations as data: each file in tests/transcripts is a list of turns, what is said and what must come back.

A turn has any of

- ``say``: words. ``<code>`` stands for the newest code in the demo inbox, ``<wrong-code>`` for another one,
  ``<link>`` for the end of the newest link in it, ``<totp>`` for a code of
  the demo accounts' MFA device, ``<totp-old>`` for one of ninety seconds ago, ``<totp-fast>`` for one of ninety seconds ahead,
  ``<totp-wrong>`` for none of its codes, ``<totp-new>`` for one of the secret that was shown last, and ``<found:REGEX>`` for the
  last thing said so far that matches;
- ``choose``: the id of an option; ``pick``: the label of an option of the last reply;
- ``identity``: an account id: the visitor is this demo account's holder from now on;
- ``staff``: what support staff do meanwhile, such as ``{DecideAppeal: {query_code: "<found:...>", approve: true}}``;
- ``later``: so many minutes pass for the account service;
- ``restart: true``: the process ends and starts again; ``new_version: {flow: ..., step: ...}``: the definition loses this step.

``expect`` may hold fields of the decision, ``lang``, ``step``, ``offers`` (an option id), ``label`` (an option's label), ``text`` and
``not_text`` (one or several).
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from assistant.knowledge import Knowledge
from flows.__main__ import WALKS
from flows.actions.catalogue import ACTIONS
from flows.coverage import coverage, record
from flows.load import load_flows
from flows.model import Do
from tests.assistant.killing import Deadly, Elsewhere, conversation_in, in_a_process, served_elsewhere
from tests.assistant.talking import Running, Talk, check, running, turns_of
from tests.conftest import ROOT

FILES = sorted((ROOT / "tests" / "transcripts").rglob("*.yaml"))
DRAWN_ANEW = {"start_mfa_binding"}
"""A new device's secret is never shown twice (MFA-6), so after a crash another one is drawn, and the account's history says so."""


@pytest.fixture(scope="module")
async def shared_app(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One application for all conversations; the demo company is as new before each. It notes the ways they walk."""
    async with running(knowledge, tmp_path_factory.mktemp("transcripts")) as app:
        knowledge.guide.watch = lambda turn: app.walks.append(record(turn, turn.state.lang, app.playing))
        yield app
        knowledge.guide.watch = None
    WALKS.parent.mkdir(exist_ok=True)
    WALKS.write_text("\n".join(app.walks), encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_the_conversation_goes_as_written(shared_app: Running, path: Path) -> None:
    turns = turns_of(path)
    shared_app.playing = str(path.relative_to(ROOT))
    talk = Talk(shared_app)
    await talk.open()
    try:
        for number, turn in enumerate(turns, 1):
            await talk.play(turn)
            check(talk.reply, turn.get("expect", {}), f"{path.parent.name}/{path.name} turn {number}")
    finally:
        talk.restore()
        await shared_app.reset()
    shared_app.played.add(path)


async def test_nothing_secret_or_personal_was_kept(shared_app: Running) -> None:
    """Over all conversations above: codes, passwords, numbers and addresses that were typed where a flow asked for them."""
    # The number of a filing is public and may look like somebody's QQ number.
    words = {word: re.compile(rf"(?<![0-9A-Za-z备]){re.escape(word)}(?![0-9A-Za-z])") for word in shared_app.confidential}
    rows = [row async for row in shared_app.kept()]
    assert [f"{word} in {row}" for row in rows for word, alone in words.items() if word in row and alone.search(row)] == []


def test_every_step_and_edge_is_walked_in_both_languages(shared_app: Running) -> None:
    if len(shared_app.played) < len(FILES):
        pytest.skip("only some of the conversations were played")
    missing = {f"{found.flow} {found.lang}": sorted(found.missing) for found in coverage(load_flows(), shared_app.walks) if found.missing}
    assert missing == {}


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[Elsewhere, str]]:
    """An account system that outlives the assistant's process, and its address."""
    with served_elsewhere() as served:
        yield served


@pytest.fixture(scope="module")
def performers(shared_app: Running) -> dict[str, Path]:
    """For each action a conversation that carries it out, the shortest of those that were played."""
    flows, found = load_flows(), dict[str, Path]()
    for line in shared_app.walks:
        turn = json.loads(line)
        for step_id, edge in turn["left"]:
            step = flows[turn["flow"]].steps.get(step_id)
            path = ROOT / turn["path"]
            if (
                isinstance(step, Do)
                and edge != "declined"
                and (step.do not in found or path.stat().st_size < found[step.do].stat().st_size)
            ):
                found[step.do] = path
    return found


@pytest.fixture(scope="module")
def unharmed(
    knowledge: Knowledge, elsewhere: tuple[Elsewhere, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], list[str]]:
    """How the company ends up after a conversation without a crash."""
    known: dict[Path, list[str]] = {}

    def end(path: Path) -> list[str]:
        if path not in known:
            data = tmp_path_factory.mktemp("unharmed")
            elsewhere[0].found()
            assert in_a_process(path, knowledge, data, elsewhere[1], ACTIONS) == 0
            known[path] = elsewhere[0].state(conversation_in(data))
        return known[path]

    return end


@pytest.mark.parametrize("action", sorted(ACTIONS.specs))
def test_a_crash_after_an_action_changes_nothing_in_the_end(
    knowledge: Knowledge,
    shared_app: Running,
    elsewhere: tuple[Elsewhere, str],
    performers: dict[str, Path],
    unharmed: Callable[[Path], list[str]],
    tmp_path: Path,
    action: str,
) -> None:
    """The process is killed between an action and the save of its turn; started again, it gets the same message again."""
    accounts, url = elsewhere
    path = performers.get(action)
    if path is None and len(shared_app.played) < len(FILES):
        pytest.skip("no conversation that was played carries it out")
    assert path, f"no conversation carries out {action}"
    expected = unharmed(path)
    accounts.found()
    assert in_a_process(path, knowledge, tmp_path, url, Deadly(action)) == -signal.SIGKILL
    assert in_a_process(path, knowledge, tmp_path, url, ACTIONS) == 0
    if action not in DRAWN_ANEW:
        after = accounts.state(conversation_in(tmp_path))
        assert (set(after) - set(expected), set(expected) - set(after), len(after)) == (set(), set(), len(expected))

from __future__ import annotations

from pathlib import Path

import pytest

from flows.load import BrokenFlows, Definition, load_flows, read_flow
from flows.model import AskChoice, AskSlot, Do, Say

HEAD = "id: sample\ntitle: {zh: 样例, en: Sample}\nphrasings: {zh: [一], en: [one]}\n"


def problems(tmp_path: Path, text: str, name: str = "sample") -> list[str]:
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    found = read_flow(path)
    assert not isinstance(found, Definition), "nothing is wrong with it"
    return [f"{problem.line}: {problem.text}" for problem in found]


def test_every_kind_of_step_is_read(samples: Path) -> None:
    flow = load_flows(samples)["lost-phone"]
    kinds = {name: type(step) for name, step in flow.steps.items()}
    assert (kinds["holder"], kinds["email"], kinds["submit"], kinds["done"]) == (AskChoice, AskSlot, Do, Say)
    assert flow.built
    assert len(flow.version) == 12


def test_a_flow_without_steps_is_known_but_not_built(samples: Path) -> None:
    assert not load_flows(samples)["later"].built


def test_the_projects_definitions_are_readable() -> None:
    assert len(load_flows()) == 16


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("start: a\nsteps:\n  a:\n    say: {zh: 你好}\n", "7: steps.a.say.en: Field required"),
        ("start: a\nsteps:\n  a:\n    shout: {zh: 你好, en: Hi}\n", "6: steps.a: a step has exactly one of: ask, do, say"),
        ("start: a\nsteps:\n  a:\n    say: {zh: 你好, en: Hi}\n    next: b\n", "8: a: there is no step b"),
        (
            "start: a\nsteps:\n  a:\n    ask: {zh: 你好, en: Hi}\n    slot: x\n    next: a\n",
            "6: steps.a: a slot has either `accepts` or `options`",
        ),
        (
            "start: a\nsteps:\n  a: {ask: {zh: 一, en: A}, slot: x, accepts: code, secret: yes, sensitive: yes, next: a}\n",
            "6: steps.a: a secret slot is neither `sensitive` (it is never stored) nor `optional` (its `do` needs it)",
        ),
        ("start: a\nsteps:\n  a: {do: act, outcomes: {done: a}, confirmed_by: a}\n", "6: a: there is no `ask` called a"),
        ("steps:\n  a:\n    say: {zh: 你好, en: Hi}\n", "1: `start` names the first step"),
        ("start: a\nsteps:\n  a:\n    say: {zh: 你好, en: Hi}\n    nxt: b\n", "8: steps.a.nxt: Extra inputs are not permitted"),
        ("start: a\nsteps:\n  a: {say: {zh: 一, en: A}}\n  a: {say: {zh: 一, en: A}}\n", "7: a stands here twice"),
        ("outcomes: {unavailable: gone}\nstart: a\nsteps:\n  a: {do: act}\n", "4: a: there is no step gone"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, steps: str, expected: str) -> None:
    assert expected in problems(tmp_path, HEAD + steps)


def test_a_slot_may_not_have_the_name_of_a_choice(tmp_path: Path) -> None:
    steps = (
        "start: a\nsteps:\n  a:\n    ask: {zh: 一, en: A}\n    choices:\n      x: {label: {zh: 甲, en: X}, next: b}\n"
        "      z: {label: {zh: 乙, en: Z}, next: b}\n"
        "  b: {ask: {zh: 二, en: B}, slot: a, accepts: text, next: c}\n  c: {say: {zh: 三, en: C}}\n"
    )
    assert problems(tmp_path, HEAD + steps) == ["11: b: the slot a has the name of a step with choices"]


def test_yaml_that_cannot_be_read_is_a_problem_too(tmp_path: Path) -> None:
    assert problems(tmp_path, "id: a: b")[0].startswith("1: YAML: ")
    assert problems(tmp_path, "just words") == ["1: a flow is a mapping: id, title, phrasings, start, steps"]
    (tmp_path / "latin.yaml").write_bytes(b"id: \xff")
    assert "not UTF-8" in str(read_flow(tmp_path / "latin.yaml"))


def test_the_file_has_the_name_of_the_flow(tmp_path: Path) -> None:
    assert problems(tmp_path, HEAD, name="other") == ["1: the file is called other, the flow sample"]


def test_all_files_are_read_before_loading_gives_up(tmp_path: Path) -> None:
    with pytest.raises(BrokenFlows, match="no flows"):
        load_flows(tmp_path)
    (tmp_path / "a.yaml").write_text("id: a", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("id: b", encoding="utf-8")
    with pytest.raises(BrokenFlows) as broken:
        load_flows(tmp_path)
    assert {problem.path.name for problem in broken.value.problems} == {"a.yaml", "b.yaml"}

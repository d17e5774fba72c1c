from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.actions import specs
from flows.formats import DEFAULTS
from flows.lint import Known, check, lint
from flows.load import Definition, read_flow
from flows.official import official
from tests.flows.talking import SampleActions

HEAD = "id: sample\ntitle: {zh: 样例, en: Sample}\nphrasings: {zh: [一], en: [one]}\nstart: a\nsteps:\n"
END = "  end: {say: {zh: 完, en: End}}\n"
ASK = "{ask: {zh: 好吗, en: Well}, choices: {'yes': {label: {zh: 是, en: 'Yes'}, next: %s}, 'no': {label: {zh: 否, en: 'No'}, next: %s}}}\n"
SECRET = "  a: {ask: {zh: 一, en: A}, slot: x, accepts: code, secret: true, next: b}\n"
KNOWN = Known(DEFAULTS.keys(), specs(SampleActions))
OUTCOMES = "outcomes: {changed: end, refused: end, unavailable: end, identity_required: end}"
CONFIRM = "confirm: {zh: 改吗, en: Change}, label: {zh: 改, en: change}"


def test_the_samples_are_clean(samples: Path) -> None:
    assert lint(samples, actions=specs(SampleActions)) == []


def test_the_projects_definitions_are_clean_as_far_as_they_are_written() -> None:
    assert [str(problem) for problem in lint(formats=official(lambda: date(2026, 11, 21)))] == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("  a: {say: {zh: 一, en: A}, next: end}\n  b: {say: {zh: 二, en: B}, next: end}\n", "7: b: no way leads here"),
        ("  a: " + ASK % ("end", "b") + "  b: " + ASK % ("b", "b"), "7: b: from here the flow never ends"),
        ("  a: {do: send_code}\n", "6: a: no outcome leads on from here"),
        (
            "  a: {do: check_code, outcomes: {wrong: b, right: end}}\n  b: {say: {zh: 二, en: B}, next: a}\n",
            "6: a: a loop without an `ask`",
        ),
        ("  a: {say: {zh: 一, en: 一}, next: end}\n", "6: steps.a.say: Chinese in the English text"),
        ("  a: {say: {zh: Please go on, en: Please go on}, next: end}\n", "6: steps.a.say: the Chinese text is English"),
        ("  a: {ask: {zh: 一, en: A}, slot: x, accepts: shoe_size, next: end}\n", "6: a: there is no format shoe_size"),
        ("  a: {do: dance, outcomes: {done: end}}\n", "6: a: there is no action dance"),
        ("  a:\n    do: send_code\n    outcomes:\n      sent: end\n      lost: end\n", "10: a: send_code has no outcome lost"),
        (f"  a: {{do: change_email, {OUTCOMES}}}\n", "6: a: change_email changes something: add `confirm`"),
        (
            f"  a: {{do: change_email, {OUTCOMES}}}\n",
            "6: a: change_email changes something: add `label`, so that a cancel can say what was done",
        ),
        (
            "  a: "
            + ASK % ("b", "c")
            + f"  b: {ASK % ('c', 'c')}  c: {{do: set_password, confirmed_by: b, label: {{zh: 改, en: c}}, {OUTCOMES}}}\n",
            "8: c: a way leads here that does not pass b",
        ),
        (
            "  a: {ask: {zh: 一, en: A}, slot: x, accepts: code, secret: true, next: end}\n",
            "6: a: a secret is forgotten unless a `do` follows at once",
        ),
        (
            SECRET + f"  b: {{do: change_email, {CONFIRM}, {OUTCOMES}}}\n",
            "6: a: the secret is forgotten before b is confirmed; use `confirmed_by`",
        ),
        (
            SECRET + "  b: {do: send_code, outcomes: {sent: c, unavailable: c}}\n  c: {say: {zh: '{{ x }}', en: B}, next: end}\n",
            "8: steps.c.say: shows the secret x",
        ),
        ("  a: {say: {zh: '{{ nobody }}', en: A}, next: end}\n", "6: steps.a.say: nobody is no slot, and no value of an action here"),
        (
            "  a: {say: {zh: '{{ broken', en: A}, next: end}\n",
            "6: steps.a.say: unexpected end of template, expected 'end of print statement'.",
        ),
        ("  a: {ask: {zh: 一, en: A}, slot: x, options: shoes, next: end}\n", "6: a: no action of this flow returns shoes"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, steps: str, expected: str) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text(HEAD + steps + END, encoding="utf-8")
    definition = read_flow(path)
    assert isinstance(definition, Definition), definition
    assert expected in [f"{problem.line}: {problem.text}" for problem in check(definition, KNOWN)]


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        ("accepts: text, secret: true, fields: [new_password, shoe_size]", "6: steps.a.fields.1: Input should be 'reset_link', 'code',"),
        ("accepts: text, fields: [new_password]", "6: steps.a: only a `secret` slot that accepts text has `fields`"),
        ("accepts: code, secret: true, fields: [code]", "6: steps.a: only a `secret` slot that accepts text has `fields`"),
    ],
    ids=["unknown", "no-secret", "one-value"],
)
def test_fields_are_known_and_secret(tmp_path: Path, slot: str, expected: str) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text(HEAD + f"  a: {{ask: {{zh: 一, en: A}}, slot: x, {slot}, next: end}}\n" + END, encoding="utf-8")
    [problem] = lint(tmp_path)
    assert f"{problem.line}: {problem.text}".startswith(expected)


def test_outcomes_of_the_flow_that_no_action_has_are_found(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text("outcomes: {vanished: end}\n" + HEAD + "  a: {say: {zh: 一, en: A}, next: end}\n" + END, encoding="utf-8")
    assert [str(problem) for problem in lint(tmp_path, actions=specs(SampleActions))] == [
        f"{path}:1: outcomes: no action of this flow has the outcome vanished"
    ]


def test_missing_phrasings_are_found(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text("id: sample\ntitle: {zh: 样例, en: Sample}\nphrasings: {zh: [一]}\n", encoding="utf-8")
    assert [problem.text for problem in lint(tmp_path)] == ["phrasings: none in en"]

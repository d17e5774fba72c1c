"""Changes to entry files: small, readable, and nothing else touched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from kb.edit import NewEntry, add_phrasings, entry_text
from kb.load import entry_files, split_front_matter

AWKWARD = ["这是: 什么 #吗", "12345", "yes", 'she said "no"', "- dash", "it's [this]", "{that}, too"]


def phrasings(text: str) -> list[str]:
    parts = split_front_matter(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    assert parts
    found: list[str] = yaml.load(parts[0], Loader=yaml.CBaseLoader)["phrasings"]
    return found


def removed_lines(before: str, after: str) -> list[str]:
    kept = after.splitlines()
    return [line for line in before.splitlines() if line not in kept]


def test_every_entry_of_the_base_takes_more_phrasings_and_loses_no_line() -> None:
    for _, path in entry_files():
        before = path.read_text(encoding="utf-8")
        after = add_phrasings(before, AWKWARD)
        assert phrasings(after) == [*phrasings(before), *AWKWARD], path
        assert removed_lines(before, after) == [], path
        assert len(after.splitlines()) == len(before.splitlines()) + len(AWKWARD), path


@pytest.mark.parametrize(
    "text",
    [
        "---\nphrasings:\n- a\n- b  # why\nreviewed: 2026-01-01\n---\nAnswer.\n",
        '---\nphrasings:\n    - a\n    - "b\n      c"\nreviewed: 2026-01-01\n---\nAnswer.\n',
        "---\nphrasings:\n  - a\n  - |\n    b\nreviewed: 2026-01-01\n---\nAnswer.\n",
        '---\nphrasings: [a, "b, c"]\nreviewed: 2026-01-01\n---\nAnswer.\n',
        "\ufeff---\r\nphrasings:\r\n  - a\r\n  - b\r\nreviewed: 2026-01-01\r\n---\r\nAnswer.\r\n",
    ],
)
def test_every_way_to_write_the_list_is_kept(text: str) -> None:
    after = add_phrasings(text, AWKWARD)
    assert phrasings(after) == [*phrasings(text), *AWKWARD]
    assert after.startswith(text[:4])
    assert after.endswith(text[-30:])
    assert ("\r\n" in text) == ("\r\n" in after)


@pytest.mark.parametrize("text", ["no front matter", "---\nquestion: a\n---\nb\n", "---\nphrasings: a\n---\nb\n"])
def test_a_file_without_a_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="phrasings"):
        add_phrasings(text, ["a"])


def test_a_new_entry_reads_back_as_it_was_written(tmp_path: Path) -> None:
    text = entry_text(NewEntry("怎么开发票：要多久？", ("开票", "yes"), "先结论。\n\n再细节。", flow="some-flow"), date(2026, 11, 21))
    parts = split_front_matter(text)
    assert parts
    front = yaml.safe_load(parts[0])
    assert front["question"] == "怎么开发票：要多久？"
    assert front["phrasings"] == ["开票", "yes"]
    assert front["reviewed"] == date(2026, 11, 21)
    assert front["flow"] == "some-flow"
    assert parts[1] == "先结论。\n\n再细节。\n"

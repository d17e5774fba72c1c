"""Every rule has a test named after it, and a place in the code that cites it."""

import re
from pathlib import Path

import pytest

import flows.accounts

HERE = Path(__file__).parent
IDS = (HERE / "rule_ids.txt").read_text().split()
TESTS = "\n".join(path.read_text() for path in HERE.glob("test_*.py"))
CODE = "\n".join(path.read_text() for path in Path(flows.accounts.__file__).parent.rglob("*.py"))
DOCSTRINGS = "\n".join(re.findall(r'"""(.*?)"""', CODE, re.DOTALL))


def test_there_are_as_many_rules_as_the_book_has() -> None:
    assert len(IDS) == len(set(IDS)) == 298


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_has_a_test(rule: str) -> None:
    assert re.search(rf"def test_{rule.lower().replace('-', '_')}(_|\()", TESTS)


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_is_cited_where_it_is_implemented(rule: str) -> None:
    assert re.search(rf"\b{rule}\b", DOCSTRINGS)

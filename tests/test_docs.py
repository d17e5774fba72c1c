"""The documentation says what the code does."""

from __future__ import annotations

import re

from flows.draw import document
from flows.load import load_flows
from kb.search import FEATURES
from tests.conftest import ROOT
from web.settings import Settings


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    expected = {"DATABASE_URL" if name == "database_url" else f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    assert documented == expected


def test_every_piece_of_evidence_is_documented() -> None:
    text = (ROOT / "docs" / "retrieval.md").read_text(encoding="utf-8")
    assert [name for name in FEATURES if name != "bias" and f"`{name}`" not in text] == []


def test_the_readme_names_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "README.zh-CN.md"):
        named = set(re.findall(r"`?make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))
        assert {"run", "test"} <= named <= targets


def test_linked_files_exist() -> None:
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_diagrams_are_those_of_the_flows() -> None:
    kept = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    assert kept == document(load_flows().values()), "run: .venv/bin/python -m flows draw > docs/flows.md"

from __future__ import annotations

import re

import yaml

from assistant.phrases import PHRASES, phrase
from tests.conftest import ROOT

SENTENCES = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))


def test_every_sentence_exists_in_both_languages() -> None:
    assert all(set(languages) == {"zh", "en"} for languages in SENTENCES.values())


def test_every_sentence_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "assistant").rglob("*.py"))
    families = tuple(re.findall(r'phrase\(f"([a-z-]+)\{', code))
    acts = {"greeting", "thanks", "goodbye", "help", "affirm", "deny", "insult", "cancel", "back", "restart", "switch-zh", "switch-en"}
    assert [name for name in SENTENCES if f'"{name}"' not in code and name not in acts and not name.startswith(families)] == []


def test_both_languages_name_the_same_hotlines() -> None:
    for languages in SENTENCES.values():
        assert re.findall(r"\d{5,}", languages["zh"]) == re.findall(r"\d{5,}", languages["en"])


def test_values_are_filled_in() -> None:
    assert "注销" in phrase("start-flow", "zh", title="注销账号")

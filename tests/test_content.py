"""The knowledge base as shipped: complete, clean, in its own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.knowledge import Knowledge
from flows.load import load_flows
from kb.lint import lint
from kb.load import load_entries
from tests.conftest import ROOT

CATALOGUE = (ROOT / "tests" / "data" / "catalogue.txt").read_text(encoding="utf-8").split()
DOCUMENTS = ROOT.parent / "shared" / "docs"


def test_all_topics_exist_in_both_languages(knowledge: Knowledge) -> None:
    for lang in ("zh", "en"):
        assert {entry.id for entry in knowledge.entries("zh" if lang == "zh" else "en")} == set(CATALOGUE)


def test_the_content_is_clean() -> None:
    assert [str(problem) for problem in lint(load_flows())] == []


def test_every_flow_is_offered_by_an_entry(knowledge: Knowledge) -> None:
    assert set(knowledge.flows) == {entry.flow for entry in knowledge.entries("zh") if entry.flow}


def test_questions_of_a_language_are_distinct(knowledge: Knowledge) -> None:
    for entries in (knowledge.entries("zh"), knowledge.entries("en")):
        questions = [entry.question for entry in entries]
        assert len(set(questions)) == len(questions)


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the source documents are not part of the project")
def test_no_passage_is_copied() -> None:
    documents = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS.glob("*.md"))
    han, words = _han(documents), _words(documents)
    runs = {han[at : at + 25] for at in range(len(han) - 24)}
    english = {tuple(words[at : at + 12]) for at in range(len(words) - 11)}
    copied = []
    for entry in load_entries():
        text, own = _han(entry.body), _words(entry.body)
        copied += [
            (entry.id, text[at : at + 25])
            for at in range(len(text) - 24)
            if text[at : at + 25] in runs and len(re.findall(r"[\u4e00-\u9fff]", text[at : at + 25])) > 15
        ]
        copied += [(entry.id, " ".join(own[at : at + 12])) for at in range(len(own) - 11) if tuple(own[at : at + 12]) in english]
    assert copied == []


def _han(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", text)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def test_links_are_those_of_the_documents() -> None:
    if not DOCUMENTS.exists():
        pytest.skip("the source documents are not part of the project")
    known = "\n".join(path.read_text(encoding="utf-8") for path in Path(DOCUMENTS).glob("*.md"))
    assert [link.url for entry in load_entries() for link in entry.links if link.url not in known] == []

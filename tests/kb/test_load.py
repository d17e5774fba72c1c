from __future__ import annotations

from pathlib import Path

import pytest

from kb.entry import Entry
from kb.load import BrokenContent, load_entries, read_entry

GOOD = """---
question: 怎么注销账号？
phrasings: [销户, 注销账号]
sources:
  - {doc: faq-zh, heading: 注销, updated: 2024-03-28}
reviewed: 2026-11-21
---
先看条件，再申请。

然后等待审核。
"""


def write(root: Path, text: str, lang: str = "zh") -> Path:
    path = root / f"faq_{lang}" / "cancellation" / "how-to.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(root: Path, text: str) -> str:
    found = read_entry(write(root, text), "zh", root)
    assert isinstance(found, list)
    return "\n".join(str(problem).removeprefix(f"{root}/") for problem in found)


def test_an_entry_takes_its_id_from_its_path_and_its_summary_from_the_first_paragraph(tmp_path: Path) -> None:
    entry = read_entry(write(tmp_path, GOOD), "zh", tmp_path)
    assert isinstance(entry, Entry)
    assert (entry.id, entry.section, entry.summary) == ("cancellation/how-to", "cancellation", "先看条件，再申请。")


def test_values_that_yaml_would_turn_into_something_else_stay_words(tmp_path: Path) -> None:
    entry = read_entry(write(tmp_path, GOOD.replace("[销户, 注销账号]", "[no, 0123, on]")), "zh", tmp_path)
    assert isinstance(entry, Entry)
    assert entry.phrasings == ("no", "0123", "on")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("reviewed: 2026-11-21", "reviewed: soon"), "how-to.md:6: reviewed"),
        (("updated: 2024-03-28", "update: 2024-03-28"), "how-to.md:5: sources.0.updat"),
        (("phrasings: [销户, 注销账号]", "phrasings: []"), "how-to.md:3: phrasings"),
        (("question:", "queston:"), "how-to.md:2: queston"),
        (("先看条件，再申请。\n\n然后等待审核。\n", "\n"), "how-to.md:8: body"),
        (("phrasings: [销户", "phrasings: [销户]]"), "how-to.md:3: YAML"),
        (("---\nquestion", "question"), "how-to.md:1: front matter missing"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, change: tuple[str, str], where: str) -> None:
    assert where in read(tmp_path, GOOD.replace(*change))


def test_a_broken_entry_keeps_the_base_from_loading_and_all_mistakes_are_told(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("question", "queston"))
    write(tmp_path, "no front matter", "en")
    with pytest.raises(BrokenContent) as refused:
        load_entries(tmp_path)
    assert "faq_zh/cancellation/how-to.md:2" in str(refused.value)
    assert "faq_en/cancellation/how-to.md:1" in str(refused.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.write_bytes(GOOD.encode("gbk"))
    found = read_entry(path, "zh", tmp_path)
    assert isinstance(found, list)
    assert "UTF-8" in str(found[0])


def test_an_empty_base_says_what_it_expected(tmp_path: Path) -> None:
    with pytest.raises(BrokenContent, match="faq_zh"):
        load_entries(tmp_path)

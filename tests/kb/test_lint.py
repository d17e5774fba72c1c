from __future__ import annotations

from datetime import date
from pathlib import Path

from kb.lint import lint

TODAY = date(2026, 11, 21)
PHRASINGS = {"zh": [f"第{n}种问法" for n in range(20)], "en": [f"way number {n} to ask" for n in range(20)]}


def write(root: Path, lang: str, body: str, slug: str = "a", **front: object) -> None:
    fields = {
        "question": "问题" if lang == "zh" else "Question",
        "phrasings": [f"{slug} {text}" for text in PHRASINGS[lang]],
        "sources": [{"doc": "faq-zh", "heading": "h", "updated": "2024-01-01"}],
        "reviewed": "2026-11-01",
        **front,
    }
    path = root / f"faq_{lang}" / "s" / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(f"{name}: {value}".replace("'", '"') for name, value in fields.items())
    path.write_text(f"---\n{lines}\n---\n{body}\n", encoding="utf-8")


def found(root: Path) -> list[str]:
    return [str(problem).removeprefix(f"{root}/") for problem in lint({"known-flow"}, root, TODAY)]


def pair(root: Path, zh: str = "最多 5 个。", en: str = "At most 5.", **front: str) -> None:
    write(root, "zh", zh, **front)
    write(root, "en", en, **front)


def test_a_good_pair_is_clean(tmp_path: Path) -> None:
    pair(tmp_path, flow="known-flow")
    assert found(tmp_path) == []


def test_a_missing_pair_is_found(tmp_path: Path) -> None:
    write(tmp_path, "zh", "最多 5 个。")
    assert "faq_zh/s/a.md:1: no en pair" in found(tmp_path)[0]


def test_differing_numbers_are_found_on_their_lines(tmp_path: Path) -> None:
    pair(tmp_path, "最多 5 个。\n\n等 30 天。", "At most 5.\n\nWait 3 days.")
    problems = found(tmp_path)
    assert any("the figure 30" in problem and problem.startswith("faq_zh/s/a.md:9") for problem in problems)
    assert any("the figure 3 " in problem and problem.startswith("faq_en/s/a.md:9") for problem in problems)


def test_list_markers_and_addresses_are_no_numbers(tmp_path: Path) -> None:
    pair(tmp_path, "步骤如下。\n\n1. 打开页面\n2. 点击", "See [page](https://example.com/378/12036).")
    assert found(tmp_path) == []


def test_dead_references_are_found(tmp_path: Path) -> None:
    pair(tmp_path, related="[s/gone]", flow="unknown-flow")
    text = "\n".join(found(tmp_path))
    assert "related: s/gone" in text
    assert "there is no flow unknown-flow" in text


def test_a_phrasing_claimed_twice_is_found(tmp_path: Path) -> None:
    pair(tmp_path)
    for lang in ("zh", "en"):
        write(tmp_path, lang, "最多 5 个。" if lang == "zh" else "At most 5.", "b", phrasings=[f"a {text}" for text in PHRASINGS[lang]])
    assert sum("claimed by" in problem for problem in found(tmp_path)) == 40


def test_length_script_and_number_of_phrasings_are_judged(tmp_path: Path) -> None:
    write(tmp_path, "zh", "長" * 200)
    write(tmp_path, "en", "Chinese 字 here.", phrasings=["one"])
    text = "\n".join(found(tmp_path))
    for expected in ("first paragraph has 200", "traditional characters", "Chinese in an English answer", "1 phrasings"):
        assert expected in text


def test_reviews_that_are_due_stale_or_from_the_future_are_found(tmp_path: Path) -> None:
    for slug, reviewed in (("due", "2025-01-01"), ("future", "2027-01-01"), ("stale", "2026-01-01")):
        for lang in ("zh", "en"):
            updated = "2026-06-01" if slug == "stale" else "2024-01-01"
            write(
                tmp_path, lang, "最多 5 个。" if lang == "zh" else "At most 5.", slug, reviewed=reviewed,
                sources=[{"doc": "faq-zh", "heading": "h", "updated": updated}],
            )  # fmt: skip
    text = "\n".join(found(tmp_path))
    for expected in ("due.md:5: review is due", "still to come", "before its source"):
        assert expected in text

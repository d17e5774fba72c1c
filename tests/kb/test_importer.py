import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from kb.entry import Entry, Lang
from kb.importer import CannotImport, Outline, Report, convert, import_sections, read_outline
from kb.load import read_entry
from web.cli import importing
from web.cli.failures import Failure

DAY = date(2026, 1, 2)
DOCS = Path(__file__).parents[3] / "shared" / "docs"
EXPECTED = Path(__file__).parent / "data" / "import_expected.json"

GUIDE = """\
# Shop help

Acme Shop

## Contents

Paying
Delivery

# Paying

Last updated: 2024-03-05 10:00:00

## How do I pay by card?

1. Open [Wallet](#) and choose **Card**.

![wallet.png](https://example.com/wallet.png)

### Card

Name\tNumber

2. Press [Save](https://shop.example/save).

Acme Shop

Page 3 of 9

### ⚠ Note

Cards of other people are refused.

## 💳 Which cards are accepted?

Visa and Mastercard.

# Delivery

Last updated: 2024-04-06

Acme Shop

## Change the address

### Prerequisites

You are signed in.

### Steps

1. Open **Orders**.
2. Press **Edit**.

## Empty heading

## Track a parcel

### Prerequisites

The parcel has left.

### Steps

Open the link in our mail.

## Return a parcel

### Prerequisites

It is unopened.

### Steps

Send it back within 14 days.
"""


def outline_of(tmp_path: Path, name: str, content: str | bytes) -> Outline:
    return read_outline(convert(write(tmp_path, name, content)))


def write(tmp_path: Path, name: str, content: str | bytes) -> Path:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def headings(outline: Outline) -> list[str]:
    return [section.heading for section in outline.sections]


def docx(paragraphs: list[tuple[str, str]]) -> bytes:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>' for style, text in paragraphs)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>' for level in (1, 2, 3)
    )
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{office}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{office}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{kind}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{kind}/styles" Target="styles.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{main}">{styles}</w:styles>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def pdf(lines: list[str], trailer: str = "") -> bytes:
    shown = " ".join(f"1 0 0 1 72 {760 - 40 * at} Tm ({line}) Tj" for at, line in enumerate(lines))
    stream = f"BT /F1 12 Tf {shown} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return written + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


@pytest.fixture
def guide(tmp_path: Path) -> Outline:
    return outline_of(tmp_path, "shop-guide.md", GUIDE)


def test_finds_questions_and_sections_and_nothing_else(guide: Outline) -> None:
    assert headings(guide) == [
        "How do I pay by card?",
        "Which cards are accepted?",
        "Change the address",
        "Track a parcel",
        "Return a parcel",
    ]


def test_a_section_has_its_date_and_parent(guide: Outline) -> None:
    first, second, third, *_ = guide.sections
    assert (first.parent, first.updated) == ("Paying", date(2024, 3, 5))
    assert (second.parent, second.updated, second.lang) == ("Paying", date(2024, 3, 5), "en")
    assert (third.parent, third.updated, third.parts) == ("Delivery", date(2024, 4, 6), ("Prerequisites", "Steps"))


def test_a_body_is_free_of_noise(guide: Outline) -> None:
    section = guide.sections[0]
    assert section.body == ("1. Open Wallet and choose **Card**.\n2. Press Save.\n\n**Note**\n\nCards of other people are refused.")
    assert section.links == (("Save", "https://shop.example/save"),)
    assert section.parts == ("Note",)


def test_dropped_lines_have_a_reason(guide: Outline) -> None:
    reasons = {noise.reason for noise in guide.dropped}
    assert {"running header", "table of contents", "text in a screenshot"} <= reasons


@pytest.mark.parametrize(
    "noise",
    [
        "版权声明\n\n©2020 某公司 版权所有\n\n商标声明\n\n商标归某公司所有。\n\n联系我们\n\n请致电 10086。",
        "**【 版权声明 】**\n\n未经许可不得复制。",
        "# 目录\n\n登录\n\n注册",
        "# 空标题",
        "- [如何登录？](#)\n- [如何注册？](#)",
        "![登录页截图](a.png)",
        "第 3 页 共 9 页",
        "### 确认注销 ✕\n\n取消",
    ],
)
def test_noise_makes_no_section(tmp_path: Path, noise: str) -> None:
    document = f"{noise}\n\n# 登录\n\n## 如何登录？\n\n打开首页，点击登录。\n\n# 注册\n\n## 如何注册？\n\n点击注册。\n"
    assert headings(outline_of(tmp_path, "帮助.md", document)) == ["如何登录？", "如何注册？"]


def test_questions_are_found_however_they_are_marked(tmp_path: Path) -> None:
    document = "# 帮助\n\n#### 怎么登录？\n\n用微信扫码。\n\n## 怎么退出？\n\n点击退出。\n\n**怎么换头像？**\n\n点击头像。\n"
    assert headings(outline_of(tmp_path, "faq.md", document)) == ["怎么登录？", "怎么退出？", "怎么换头像？"]


def test_headings_below_a_question_are_parts_of_its_answer(tmp_path: Path) -> None:
    document = (
        "# Help\n\n## How do I pay?\n\nTwo ways.\n\n### By card\n\nEnter it.\n\n### By transfer\n\nSend it.\n\n## Refunds\n\nOne week.\n"
    )
    outline = outline_of(tmp_path, "help.md", document)
    assert headings(outline) == ["How do I pay?", "Refunds"]
    assert outline.sections[0].parts == ("By card", "By transfer")


def test_a_question_without_an_answer_is_reported(tmp_path: Path) -> None:
    outline = outline_of(tmp_path, "help.md", "# Help\n\n## How do I pay?\n\n## How do I return it?\n\nSend it back.\n")
    assert headings(outline) == ["How do I return it?"]
    assert outline.unanswered == ("How do I pay?",)


def test_a_document_without_marked_headings(tmp_path: Path) -> None:
    document = "Payments\n\nLast updated: 2024-01-02\n\nHow do I pay?\n\nBy card.\n\nRefund rules\n\nMoney comes back within a week.\n"
    outline = outline_of(tmp_path, "plain.md", document)
    assert [(s.heading, s.parent, s.updated) for s in outline.sections] == [
        ("How do I pay?", "Payments", date(2024, 1, 2)),
        ("Refund rules", "Payments", date(2024, 1, 2)),
    ]


def test_html(tmp_path: Path) -> None:
    page = (
        "<html><body><h1>帮助</h1><h2>如何退款？</h2><p>打开<a href='#'>订单</a>，点击退款。</p><img alt='截图' src='a.png'></body></html>"
    )
    (section,) = outline_of(tmp_path, "帮助.html", page).sections
    assert (section.heading, section.parent, section.body, section.lang) == ("如何退款？", "帮助", "打开订单，点击退款。", "zh")


def test_docx(tmp_path: Path) -> None:
    file = docx([("Heading1", "Help"), ("Heading2", "How do I pay?"), ("Normal", "By card or by transfer."), ("Heading2", "Nothing here")])
    (section,) = outline_of(tmp_path, "help.docx", file).sections
    assert (section.heading, section.parent, section.body) == ("How do I pay?", "Help", "By card or by transfer.")


def test_pdf(tmp_path: Path) -> None:
    outline = outline_of(tmp_path, "help.pdf", pdf(["How do I pay?", "By card or by transfer.", "How do I get a refund?", "Write to us."]))
    assert [(section.heading, section.body) for section in outline.sections] == [
        ("How do I pay?", "By card or by transfer."),
        ("How do I get a refund?", "Write to us."),
    ]


def test_drafts_can_be_read_as_entries(tmp_path: Path, guide: Outline) -> None:
    out = tmp_path / "drafts"
    report = import_sections(guide, "Shop guide.md", out, today=DAY)
    entry = draft(report, 0, out, "en")
    assert entry.path == out / "faq_en" / "paying" / "how-do-i-pay-by-card.md"
    assert entry.question == "How do I pay by card?"
    assert entry.phrasings == ("How do I pay by card?", "How do I pay by card", "pay by card")
    assert entry.reviewed == DAY
    (source,) = entry.sources
    assert (source.doc, source.heading, source.updated) == ("shop-guide", "Paying", date(2024, 3, 5))
    assert [(link.label, link.url) for link in entry.links] == [("Save", "https://shop.example/save")]


def test_slugs_are_pinyin_and_unique(tmp_path: Path) -> None:
    document = "# 登录\n\n## 怎么登录？\n\n扫码。\n\n## 怎么登录?\n\n输入密码。\n"
    out = tmp_path / "drafts"
    report = import_sections(outline_of(tmp_path, "帮助.md", document), "帮助.md", out, today=DAY)
    names = [result.path.relative_to(out).as_posix() for result in report.results if result.path]
    assert names == ["faq_zh/deng-lu/zen-me-deng-lu.md", "faq_zh/deng-lu/zen-me-deng-lu-2.md"]
    assert draft(report, 0, out, "zh").sources[0].updated == DAY


def test_what_the_base_has_is_skipped(tmp_path: Path, guide: Outline) -> None:
    report = import_sections(guide, "g.md", tmp_path / "d", known=lambda asked: ("pay/card", 0.93) if "card?" in asked else None)
    (known,) = report.of("known")
    assert (known.section.heading, known.entry, known.confidence, known.path) == ("How do I pay by card?", "pay/card", 0.93, None)
    assert report.as_dict()["known"] == 1


def test_a_draft_that_exists_is_left_alone(tmp_path: Path, guide: Outline) -> None:
    out = tmp_path / "drafts"
    (first, *_) = import_sections(guide, "g.md", out).results
    assert first.path
    first.path.write_text("reworded")
    again = import_sections(guide, "g.md", out)
    assert [result.status for result in again.results] == ["kept"] * len(guide.sections)
    assert first.path.read_text() == "reworded"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("absent.md", None, "no such file"),
        ("empty.md", b"", "empty"),
        ("blank.md", b" \n\n", "no text"),
        ("sheet.xlsx", b"x", "type"),
        ("latin.md", b"caf\xe9", "UTF-8"),
        ("broken.docx", b"not a zip", "damaged"),
        ("hollow.docx", docx([])[:200] + docx([])[-22:], "damaged"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        ("broken.pdf", b"%PDF-1.4\nnothing", "damaged"),
        (
            "locked.pdf",
            pdf(["secret"], "/Encrypt << /Filter /Standard /V 1 /R 2 /O (" + "o" * 32 + ") /U (" + "u" * 32 + ") /P -4 >>"),
            "password",
        ),
        ("scan.pdf", pdf([]), "scanned"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, content: bytes | None, says: str) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CannotImport, match=says) as failed:
        convert(file)
    assert "\n" not in str(failed.value)
    assert capfd.readouterr() == ("", "")


def test_the_command_fails_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no such file"):
        importing.run(tmp_path / "absent.md", tmp_path / "out", None)
    with pytest.raises(Failure, match="no question or heading"):
        importing.run(write(tmp_path, "prose.md", "just some words."), tmp_path / "out", None)


def test_the_command_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(importing, "knowledge", FakeKnowledge)
    importing.run(write(tmp_path, "guide.md", GUIDE), tmp_path / "out", tmp_path / "reports" / "report.json")
    shown = capsys.readouterr().out
    assert "Already in the base" in shown
    assert "pay/card" in shown
    assert "Reword" in shown
    report = json.loads((tmp_path / "reports" / "report.json").read_text())
    assert (report["known"], report["found"]) == (1, report["drafted"] + 1)
    assert report["sections"][0]["confidence"] == 0.9


@pytest.mark.parametrize("doc", sorted(json.loads(EXPECTED.read_text(encoding="utf-8"))))
def test_the_source_documents(doc: str) -> None:
    file = DOCS / f"{doc}.md"
    if not file.exists():
        pytest.skip(f"the source documents are not at {DOCS}")
    found = {plain(heading) for heading in headings(read_outline(convert(file)))}
    expected = {plain(heading) for heading in json.loads(EXPECTED.read_text(encoding="utf-8"))[doc]}
    missing, junk = expected - found, found - expected
    assert len(missing) <= 0.05 * len(expected), sorted(missing)
    assert not junk


class FakeHit:
    id, confidence = "pay/card", 0.9


class FakeKnowledge:
    def __init__(self) -> None:
        self.searcher = self

    def search(self, query: str, limit: int) -> list[FakeHit]:
        return [FakeHit()] if query == "How do I pay by card?" else [][:limit]


def plain(heading: str) -> str:
    return "".join(char for char in heading.casefold() if char.isalnum())


def draft(report: Report, at: int, out: Path, lang: Lang) -> Entry:
    path = report.results[at].path
    assert path
    entry = read_entry(path, lang, out)
    assert isinstance(entry, Entry), entry
    return entry

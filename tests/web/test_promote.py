"""``assistant kb promote``: what was added in the console becomes a change to files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.store import Database
from assistant.store.improve import ImproveStore
from kb.lint import lint
from kb.load import ROOT, entry_path, load_entries
from web.cli.failures import Failure
from web.cli.promote import run
from web.settings import Settings

NEW = ["咱这令牌咋弄到号上哟", "how's a token put: on the account?"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A knowledge base of two entries."""
    for lang in ("zh", "en"):
        for name in ("mfa/bind", "mfa/unbind"):
            path = tmp_path / "kb" / f"faq_{lang}" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / f"faq_{lang}" / f"{name}.md", path)
    return tmp_path / "kb"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'assistant.db'}"


async def attach(url: str, *added: tuple[str, str, str]) -> None:
    database = Database(url)
    await database.migrate()
    for entry_id, lang, text in added:
        await ImproveStore(database).attach(entry_id, "zh" if lang == "zh" else "en", text, "ada")
    await database.close()


def phrasings(root: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(entry.id, entry.lang): entry.phrasings for entry in load_entries(root)}


async def test_phrasings_go_to_the_end_of_their_lists_once(url: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = phrasings(root)
    await attach(url, ("mfa/bind", "zh", NEW[0]), ("mfa/bind", "en", NEW[1]), ("mfa/bind", "zh", f"{NEW[0]}！"))
    await run(Settings(database_url=url), root, root / "drafts", dry_run=False)
    after = phrasings(root)
    assert after["mfa/bind", "zh"] == (*before["mfa/bind", "zh"], NEW[0])
    assert after["mfa/bind", "en"] == (*before["mfa/bind", "en"], NEW[1])
    assert after["mfa/unbind", "zh"] == before["mfa/unbind", "zh"]
    assert "3 phrasings promoted in 2 files" in capsys.readouterr().out
    await run(Settings(database_url=url), root, root / "drafts", dry_run=False)
    assert phrasings(root) == after
    assert "0 phrasings" in capsys.readouterr().out


async def test_a_dry_run_shows_the_difference_and_changes_nothing(url: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = phrasings(root)
    await attach(url, ("mfa/bind", "zh", NEW[0]))
    for _ in range(2):
        await run(Settings(database_url=url), root, root / "drafts", dry_run=True)
        shown = capsys.readouterr().out
        assert f"+  - {NEW[0]}" in shown
        assert "1 phrasings would be promoted" in shown
    assert phrasings(root) == before


async def test_what_another_entry_claims_or_has_no_entry_is_refused_and_the_rest_is_done(url: str, root: Path) -> None:
    claimed = phrasings(root)["mfa/unbind", "zh"][0]
    await attach(url, ("mfa/bind", "zh", claimed), ("gone/entry", "zh", "x y z"), ("mfa/bind", "en", NEW[1]))
    with pytest.raises(Failure) as refused:
        await run(Settings(database_url=url), root, root / "drafts", dry_run=False)
    assert "mfa/unbind" in str(refused.value)
    assert "gone/entry" in str(refused.value)
    assert phrasings(root)["mfa/bind", "en"][-1] == NEW[1]
    assert not [problem for problem in lint({"bind-mfa", "unbind-mfa"}, root) if "claimed" in problem.text]


async def test_drafts_are_written_for_review_and_never_over_a_file(url: str, root: Path, tmp_path: Path) -> None:
    database = Database(url)
    await database.migrate()
    store = ImproveStore(database)
    await store.add_draft("billing/invoice", "---\nquestion: 怎么开发票\n---\n先结论。\n", "---\nquestion: Invoices\n---\nFirst.\n", "ada")
    out = tmp_path / "drafts"
    await run(Settings(database_url=url), root, out, dry_run=True)
    assert not out.exists()
    await run(Settings(database_url=url), root, out, dry_run=False)
    assert entry_path(out, "billing/invoice", "zh").read_text(encoding="utf-8") == (await store.drafts())[0].zh
    assert (await store.drafts())[0].promoted_at is not None
    await store.add_draft("billing/invoice", "other", "other", "ada")
    with pytest.raises(Failure, match="exists"):
        await run(Settings(database_url=url), root, out, dry_run=False)
    assert "怎么开发票" in entry_path(out, "billing/invoice", "zh").read_text(encoding="utf-8")
    await database.close()

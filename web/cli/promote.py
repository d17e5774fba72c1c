"""``assistant kb promote``: what was added in the console becomes a change to the files, for review like any other."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.store.improve import AddedPhrasing, Draft, ImproveStore
from kb.edit import add_phrasings
from kb.entry import LANGS, Entry, Lang
from kb.load import entry_path, load_entries
from kb.text import normalise
from web.cli.data import opened
from web.cli.failures import Failure
from web.settings import Settings


@dataclass
class Plan:
    """New texts by file, the phrasings that are in the files then, and what cannot be done."""

    texts: dict[Path, str] = field(default_factory=dict)
    promoted: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def run(settings: Settings, root: Path, out: Path, *, dry_run: bool) -> None:
    """Write the phrasings below ``root`` and the drafts below ``out``, or only show the changes."""
    async with opened(settings) as database:
        store = ImproveStore(database)
        added = [phrasing for phrasing in await store.in_force() if phrasing.promoted_at is None]
        drafts = [draft for draft in await store.drafts() if draft.promoted_at is None]
        plan = plan_phrasings(reversed(added), load_entries(root), root)
        for path, text in plan.texts.items():
            print(_difference(path, _read(path), text) if dry_run else path)
            if not dry_run:
                _write(path, text)
        if not dry_run and plan.promoted:
            await store.mark_promoted(plan.promoted)
        written = [draft for draft in drafts if _promote_draft(draft, out, plan, dry_run=dry_run)]
        if not dry_run:
            for draft in written:
                await store.mark_draft_promoted(draft.id)
    would = "would be " if dry_run else ""
    print(f"{len(plan.promoted)} phrasings {would}promoted in {len(plan.texts)} files, {len(written)} drafts {would}written.")
    if plan.refused:
        raise Failure("\n".join(plan.refused))


def plan_phrasings(added: Iterable[AddedPhrasing], entries: Sequence[Entry], root: Path) -> Plan:
    """What the files will hold; a phrasing already there is only marked, one that another entry claims is refused."""
    plan = Plan()
    known = {(entry.id, entry.lang) for entry in entries}
    owners = {_bare(phrasing): entry.id for entry in entries for phrasing in entry.phrasings}
    new: defaultdict[tuple[str, Lang], list[str]] = defaultdict(list)
    for phrasing in added:
        owner = owners.get(_bare(phrasing.text))
        if (phrasing.entry_id, phrasing.lang) not in known:
            plan.refused.append(f"{phrasing.entry_id} ({phrasing.lang}): there is no such entry for: {phrasing.text}")
        elif owner not in (None, phrasing.entry_id):
            plan.refused.append(f"{phrasing.entry_id}: {owner} has this phrasing already: {phrasing.text}")
        else:
            plan.promoted.append(phrasing.id)
            if owner is None:
                owners[_bare(phrasing.text)] = phrasing.entry_id
                new[phrasing.entry_id, phrasing.lang].append(phrasing.text)
    for (entry_id, lang), texts in new.items():
        path = entry_path(root, entry_id, lang)
        plan.texts[path] = add_phrasings(_read(path), texts)
    return plan


def _promote_draft(draft: Draft, out: Path, plan: Plan, *, dry_run: bool) -> bool:
    """Write both files of a draft; a file that lies there is never written over: someone may be working on it."""
    paths = {lang: entry_path(out, draft.entry_id, lang) for lang in LANGS}
    lying = [path for path in paths.values() if path.exists()]
    if lying:
        plan.refused.append(f"draft {draft.id}: {lying[0]} exists; move it away and promote again")
        return False
    for lang, path in paths.items():
        print(_difference(path, "", draft.markdown(lang)) if dry_run else path)
        if not dry_run:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, draft.markdown(lang))
    return True


def _bare(text: str) -> str:
    """A phrasing as ``assistant kb lint`` compares it."""
    return re.sub(r"\W+", "", normalise(text))


def _read(path: Path) -> str:
    # As it is, with its line ends: whoever reviews the change sees only what was added.
    return path.read_bytes().decode("utf-8")


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _difference(path: Path, before: str, after: str) -> str:
    name = str(path)
    return "".join(difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name))

"""Everything the assistant can mean by an answer: entries, acts, flows, and how an utterance finds them."""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from assistant.guide import Guide
from flows.accounts.calendar import day_of
from flows.load import DEFINITIONS, load_flows
from flows.model import Flow
from flows.official import official
from flows.parts import PARTS
from kb.apart import compile_apart
from kb.entry import LANGS, Entry, Lang
from kb.index import FORMAT, KIND_WEIGHTS, Index, Item, Kind, Phrasing, entry_items
from kb.lexicon import HERE as LEXICON
from kb.lexicon import load_lexicon
from kb.load import ROOT, BrokenContent, Problem, entry_files, load_entries
from kb.search import Overlay, Searcher, SecondOpinion, load_weights

HERE = Path(__file__).parent
ACTS = HERE / "acts.yaml"
OUT_OF_SCOPE = HERE / "out_of_scope.yaml"

Progress = Callable[[str], None]


class Knowledge:
    """The loaded knowledge base with its index; immutable, shared by all conversations."""

    def __init__(self, entries: Iterable[Entry], flows: Iterable[Flow], searcher: Searcher) -> None:
        self._entries = {(entry.id, entry.lang): entry for entry in entries}
        self.flows = {flow.id: flow for flow in flows}
        self.guide = Guide(self.flows, official(lambda: day_of(datetime.now(UTC))))
        self.searcher = searcher

    def entry(self, entry_id: str, lang: Lang) -> Entry | None:
        """The entry in this language, else in the other one."""
        other: Lang = "en" if lang == "zh" else "zh"
        return self._entries.get((entry_id, lang)) or self._entries.get((entry_id, other))

    def offers(self, entry_id: str, flow_id: str) -> bool:
        """Whether the flow carries out what the entry describes."""
        entry = self.entry(entry_id, "zh")
        return entry is not None and entry.flow == flow_id

    def entries(self, lang: Lang) -> list[Entry]:
        """All entries of one language, by id."""
        return sorted((entry for (_, of), entry in self._entries.items() if of == lang), key=lambda entry: entry.id)

    def with_overlay(self, overlay: Overlay) -> Knowledge:
        """The same knowledge, whose search knows these phrasings too."""
        widened = copy(self)
        widened.searcher = self.searcher.with_overlay(overlay)
        return widened

    def count(self, lang: Lang) -> int:
        """How many entries there are in this language."""
        return sum(1 for _, of in self._entries if of == lang)


def load_knowledge(cache: Path | None, root: Path = ROOT, progress: Progress = lambda _: None, semantic: bool = False) -> Knowledge:
    """The knowledge base, compiled: from the cache folder, or anew when any of its files has changed.

    Raises ``kb.load.BrokenContent`` naming every file and line that is wrong.
    """
    compiled = _cached(cache, "knowledge", _fingerprint(root), lambda: _compile(root, progress))
    steps = _cached(cache, "flows", _digest(_read_or_empty(path) for path in _flow_files()), _plain_flows)
    entries = [Entry.model_validate(fields) for fields in compiled["entries"]]
    flows = [Flow.model_validate(fields) for fields in steps["flows"]]
    index = Index(compiled["index"], load_lexicon())
    weights, meaning_weights = load_weights()
    meaning = (_meaning(index, cache, progress), meaning_weights) if semantic else None
    return Knowledge(entries, flows, Searcher(index, weights, meaning))


def all_items(entries: Iterable[Entry], flows: Iterable[Flow]) -> list[Item]:
    """What the index learns from: entries, flows, acts, and questions that belong elsewhere."""
    return [
        *entry_items(entries),
        *(_item("flow", flow.id, flow.phrasings.model_dump()) for flow in flows),
        *(_item("act", act, ways) for act, ways in read_yaml(ACTS).items()),
        _item("none", "out-of-scope", read_yaml(OUT_OF_SCOPE)),
    ]


def read_yaml(path: Path) -> Any:
    """A YAML file; raises ``BrokenContent`` with the line when it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # makes nothing but strings
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BrokenContent([Problem(path, mark.line + 1 if mark else 1, str(getattr(error, "problem", None) or error))]) from error


def _item(kind: Kind, item_id: str, phrasings: Mapping[str, Iterable[str]]) -> Item:
    return Item(kind, item_id, tuple(Phrasing(lang, text) for lang in LANGS for text in phrasings.get(lang, ())))


def _meaning(index: Index, cache: Path | None, progress: Progress) -> SecondOpinion:
    # numpy and a model of 150 MB: only for those who ask for them.
    from kb.semantic import Meaning, load_encoder

    progress("Loading the meaning of all phrasings (half a minute when they have changed) ...")
    return Meaning(load_encoder(), index.targets, cache)


def _flow_files() -> Iterator[Path]:
    yield from sorted(DEFINITIONS.glob("*.yaml"))
    yield from sorted(PARTS.glob("*.yaml"))


def _fingerprint(root: Path) -> str:
    """What the index was compiled from; the steps of flows are no part of it, so that editing them costs no compilation."""
    heads = (_read_or_empty(path).partition(b"\nsteps:")[0] for path in sorted(DEFINITIONS.glob("*.yaml")))
    files = [*(path for _, path in entry_files(root)), *sorted(LEXICON.glob("*.t*")), ACTS, OUT_OF_SCOPE]
    return _digest([f"{FORMAT} {KIND_WEIGHTS}".encode(), *heads, *(str(path).encode() + _read_or_empty(path) for path in files)])


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]


def _read_or_empty(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # reported when it is loaded
        return b""


def _plain_flows() -> dict[str, Any]:
    return {"flows": [flow.model_dump(mode="json") for flow in load_flows().values()]}


def _compile(root: Path, progress: Progress) -> dict[str, Any]:
    entries, flows = load_entries(root), list(load_flows().values())
    started = time.perf_counter()
    progress("The knowledge base has changed: compiling its index, once, for about half a minute ...")
    data = compile_apart(all_items(entries, flows))
    progress(f"Compiled in {time.perf_counter() - started:.0f} s.")
    return {
        "entries": [entry.model_dump(mode="json") for entry in entries],
        "index": data,
    }


def _cached(cache: Path | None, name: str, fingerprint: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was made from the same files before, or made now and kept."""
    if cache is None:
        return make()
    path = cache / f"{name}-{sys.implementation.cache_tag}-{fingerprint}.bin"
    kept = _read(path)
    if kept is None:
        kept = make()
        _keep(path, kept)
    return kept


def _read(path: Path) -> dict[str, Any] | None:
    try:
        loaded: dict[str, Any] = marshal.loads(path.read_bytes())  # noqa: S302  # our own file, in our own folder
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return loaded


def _keep(path: Path, compiled: dict[str, Any]) -> None:
    """Write whole or not at all; a folder that cannot be written costs the next start some seconds, nothing else."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(marshal.dumps(compiled))
        for old in path.parent.glob(f"{path.name.partition('-')[0]}-*.bin"):
            old.unlink(missing_ok=True)
        part.replace(path)

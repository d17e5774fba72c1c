"""Reads entry files; a mistake becomes a ``Problem`` with its file and line, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from kb.entry import LANGS, Entry, Lang

ROOT = Path(__file__).parent

_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the content; ``line`` counts from 1."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class BrokenContent(Exception):
    """The knowledge base cannot be served; holds every ``Problem`` found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def folder(root: Path, lang: Lang) -> Path:
    """Where the entries of one language live."""
    return root / f"faq_{lang}"


def entry_path(root: Path, entry_id: str, lang: Lang) -> Path:
    """The file of an entry."""
    return folder(root, lang) / f"{entry_id}.md"


def entry_files(root: Path = ROOT) -> Iterator[tuple[Lang, Path]]:
    """Every entry file, Chinese first, by path."""
    for lang in LANGS:
        for path in sorted(folder(root, lang).rglob("*.md")):
            yield lang, path


def load_entries(root: Path = ROOT) -> list[Entry]:
    """All entries of both languages.

    Raises ``BrokenContent`` with every problem when one file is wrong.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    for lang, path in entry_files(root):
        found = read_entry(path, lang, root)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            problems += found
    if not entries and not problems:
        problems.append(Problem(root, 1, "no entries: expected faq_zh/<section>/<slug>.md and faq_en/<section>/<slug>.md"))
    if problems:
        raise BrokenContent(problems)
    return entries


def read_entry(path: Path, lang: Lang, root: Path = ROOT) -> Entry | list[Problem]:
    """One entry file, or what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return [Problem(path, 1, f"not UTF-8: byte {error.start} cannot be read; save the file as UTF-8")]
    parts = split_front_matter(text)
    if parts is None:
        return [Problem(path, 1, "front matter missing: the file starts with '---', YAML, and a second '---'")]
    front, body = parts
    try:
        fields = yaml.load(front, Loader=yaml.CBaseLoader)  # noqa: S506  # makes nothing but strings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return [Problem(path, (mark.line + 2) if mark else 1, f"YAML: {error.problem or error.context}")]
    except yaml.YAMLError as error:
        return [Problem(path, 1, f"YAML: {error}")]
    if not isinstance(fields, dict):
        return [Problem(path, 2, "front matter must be a mapping such as 'question: ...'")]
    entry_id = path.relative_to(folder(root, lang)).with_suffix("").as_posix()
    try:
        return Entry.model_validate({**fields, "id": entry_id, "lang": lang, "body": body, "path": path})
    except ValidationError as error:
        node = yaml.compose(front, Loader=yaml.CBaseLoader)
        body_line = front.count("\n") + 3
        return [
            Problem(path, _line_of(node, mistake["loc"], body_line), f"{'.'.join(map(str, mistake['loc']))}: {mistake['msg']}")
            for mistake in error.errors()
        ]


def split_front_matter(text: str) -> tuple[str, str] | None:
    """The YAML between the two fences and the body after them; None when a fence is missing."""
    if not text.startswith(_FENCE + "\n"):
        return None
    front, fence, body = text[len(_FENCE) + 1 :].partition(f"\n{_FENCE}\n")
    return (front + "\n", body) if fence else None


def _line_of(node: yaml.Node | None, location: tuple[int | str, ...], body_line: int) -> int:
    """The line of the deepest node on an error's path; front matter starts on line 2."""
    if location and location[0] == "body":
        return body_line
    line = 2
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 2, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 2
    return line

"""The console's own sentences: one YAML file per page beside its template, both languages side by side."""

from __future__ import annotations

from pathlib import Path

import yaml

from kb.entry import Lang

FOLDER = Path(__file__).parents[1] / "templates" / "console"


class Texts:
    """All sentences, each under ``<file>.<key>``."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.all: dict[str, dict[Lang, str]] = {
            f"{path.stem}.{key}": pair
            for path in sorted(folder.glob("*.yaml"))
            for key, pair in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        }

    def __contains__(self, key: object) -> bool:
        return key in self.all

    def __call__(self, lang: Lang, key: str, **values: object) -> str:
        """One sentence with its ``{values}`` filled in; raises ``KeyError`` for a key that does not exist."""
        return self.all[key][lang].format(**values)


TEXTS = Texts()

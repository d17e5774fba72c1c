"""Names of what the account service lists, in both languages, for options and texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import JsonValue

from flows.model import Bilingual, Lang, Phrases

LABELS = Path(__file__).with_name("labels.yaml")


class Label(Bilingual):
    """What something is called, and what else people call it when they choose it."""

    synonyms: Phrases = Phrases()


def option(group: str, name: str, detail: str = "") -> JsonValue:
    """One thing to choose, as an ``ask`` with ``options`` wants it; ``detail`` is masked already."""
    label = labels()[group][name]
    after = {"zh": f"（{detail}）", "en": f" ({detail})"} if detail else {"zh": "", "en": ""}
    shown: JsonValue = {"zh": label.zh + after["zh"], "en": label.en + after["en"]}
    return {"id": name, "label": shown, "synonyms": list(label.synonyms.all)}


def options(group: str, names: Iterable[str]) -> list[JsonValue]:
    """Several things to choose."""
    return [option(group, name) for name in names]


def label(group: str, name: str, lang: Lang) -> str:
    """The name of one thing."""
    return labels()[group][name][lang]


def names(group: str, found: Iterable[str], lang: Lang) -> str:
    """The names of several things, one after the other."""
    return ("、" if lang == "zh" else ", ").join(label(group, name, lang) for name in found)


@cache
def labels() -> Mapping[str, Mapping[str, Label]]:
    """All of them: group, name, texts."""
    loaded = yaml.load(LABELS.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # makes nothing but strings
    return {group: {name: Label.model_validate(text) for name, text in names.items()} for group, names in loaded.items()}

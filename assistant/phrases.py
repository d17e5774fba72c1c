"""The assistant's own sentences from ``phrases.yaml``, filled in by Jinja2's sandbox."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kb.entry import Lang

PHRASES = Path(__file__).with_name("phrases.yaml")


@cache
def _sentences() -> dict[str, dict[Lang, str]]:
    loaded: dict[str, dict[Lang, str]] = yaml.load(PHRASES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # No HTML is made here: the text is Markdown, and what a browser gets is sanitised where it is rendered.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def phrase(name: str, lang: Lang, **values: object) -> str:
    """The sentence of this name in this language; raises ``KeyError`` for a name that does not exist."""
    text = _sentences()[name][lang]
    return _environment().from_string(text).render(values) if "{" in text else text

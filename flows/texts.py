"""Fills in texts by Jinja2's sandbox: the engine's own sentences from ``texts.yaml``, and the steps'."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Self

import yaml
from jinja2 import ChainableUndefined, Template, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from flows.model import Bilingual, Lang

TEXTS = Path(__file__).with_name("texts.yaml")


class Chosen(str):
    """The label of an option: ``{{ holder }}`` shows it, ``{{ holder.id }}`` is the option's name."""

    __slots__ = ("id",)
    id: str

    def __new__(cls, label: str, option: str) -> Self:
        """A label that knows its option."""
        chosen = super().__new__(cls, label)
        chosen.id = option
        return chosen


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # No HTML is made here: the text is Markdown, and what a browser gets is sanitised where it is rendered. A slot that was
    # skipped, or belongs to another branch, is empty: a text must not break a conversation.
    return ImmutableSandboxedEnvironment(undefined=ChainableUndefined, autoescape=False)


@lru_cache(maxsize=4096)
def _template(text: str) -> Template:
    return _environment().from_string(text)


def fill(text: str, values: Mapping[str, object]) -> str:
    """A text with its values filled in."""
    return _template(text).render(values) if "{" in text else text


def names_in(text: str) -> frozenset[str]:
    """The values that a text asks for; raises ``jinja2.TemplateSyntaxError`` when it is none."""
    return frozenset(meta.find_undeclared_variables(_environment().parse(text)))


@cache
def _sentences() -> dict[str, Bilingual]:
    loaded: dict[str, dict[str, str]] = yaml.load(TEXTS.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # texts only
    return {name: Bilingual.model_validate(text) for name, text in loaded.items()}


def sentence(name: str, lang: Lang, **values: object) -> str:
    """The engine's sentence of this name; raises ``KeyError`` for a name that does not exist."""
    return fill(_sentences()[name][lang], values)

"""The schema of an entry: one question, its phrasings and its reviewed answer, in one language."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")

FIRST_PARAGRAPH_LIMIT: dict[Lang, int] = {"zh": 160, "en": 320}
"""Characters; English needs about twice as many for the same content."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
FlowId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a fact comes from: a document, a heading in it and the date of that section."""

    doc: Line
    heading: Line
    updated: date


class Link(_Strict):
    """A page that an answer may point to; only URLs that the source documents give."""

    label: Line
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class FrontMatter(_Strict):
    """What an author writes above the answer; unknown keys are errors."""

    question: Line = Field(description="The question as a person would put it.")
    phrasings: tuple[Line, ...] = Field(min_length=1, description="How people really ask; each must find this entry first.")
    sources: tuple[Source, ...] = Field(min_length=1, description="The document sections the facts come from.")
    links: tuple[Link, ...] = Field(default=(), description="Pages to open next; only URLs the documents give.")
    related: tuple[EntryId, ...] = Field(default=(), description="Entries a reader of this one may want next.")
    flow: FlowId | None = Field(default=None, description="The guided flow that carries out what this answer describes.")
    reviewed: date = Field(description="The day a person last checked this entry against its sources.")


class Entry(FrontMatter):
    """One entry in one language; ``id`` is its path below the language's folder, without the ending."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: EntryId
    lang: Lang
    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    path: Path

    @property
    def section(self) -> str:
        """The folder, which groups entries by subject."""
        return self.id.partition("/")[0]

    @property
    def summary(self) -> str:
        """The first paragraph: the answer itself."""
        return self.body.partition("\n\n")[0]

    @property
    def updated(self) -> date:
        """The newest date among the sources."""
        return max(source.updated for source in self.sources)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change whenever the reader would see another answer."""
        shown = "\n".join([self.question, self.body, *map(str, self.sources), *map(str, self.links), str(self.flow)])
        return hashlib.sha256(shown.encode()).hexdigest()[:12]

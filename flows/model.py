"""The schema of a flow: three kinds of step, both languages side by side, no expressions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
FlowId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A step, a slot, an option, an action or an outcome."""
FieldName = Literal["reset_link", "code", "old_password", "new_password", "new_password_again"]


class Model(BaseModel):
    """A frozen value without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Model):
    """One text in both languages; a Jinja2 template where it belongs to a step."""

    zh: Words
    en: Words

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class Phrases(Model):
    """Any number of words for one thing, per language."""

    zh: tuple[Words, ...] = ()
    en: tuple[Words, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Both languages: people mix them."""
        return (*self.zh, *self.en)


class Choice(Model):
    """One option of an ``ask`` and where it leads."""

    label: Bilingual
    synonyms: Phrases = Field(default=Phrases(), description="Other words for the option.")
    next: Name


class AskChoice(Model):
    """Asks for one of several options; the answer's slot has the name of the step."""

    ask: Bilingual
    choices: dict[Name, Choice] = Field(min_length=2)
    why: Bilingual | None = Field(default=None, description='The answer to "why do you ask?".')


class AskSlot(Model):
    """Asks for a value: one of a named format, or one of the ``options`` that an action has returned under that name."""

    ask: Bilingual
    slot: Name
    accepts: Name | None = Field(default=None, description="The name of a format, such as email.")
    options: Name | None = Field(default=None, description="A value of an action: a list of {id, label, synonyms}.")
    names: Phrases = Field(default=Phrases(), description="What people call this value: needed where two slots share a format.")
    sensitive: bool = Field(default=False, description="Stored encrypted and shown masked.")
    secret: bool = Field(default=False, description="Lives for one turn; never stored.")
    fields: tuple[FieldName, ...] = Field(default=(), description="Secrets that come in one message, in this order, separated by spaces.")
    optional: bool = Field(default=False, description="May be skipped.")
    why: Bilingual | None = Field(default=None, description='The answer to "why do you ask?".')
    next: Name

    @model_validator(mode="after")
    def _one_kind_of_value(self) -> Self:
        if (self.accepts is None) == (self.options is None):
            raise ValueError("a slot has either `accepts` or `options`")
        if self.secret and (self.sensitive or self.optional):
            raise ValueError("a secret slot is neither `sensitive` (it is never stored) nor `optional` (its `do` needs it)")
        if self.fields and not (self.secret and self.accepts == "text"):
            raise ValueError("only a `secret` slot that accepts text has `fields`")
        return self


class Do(Model):
    """Carries out a named action and branches on the name of its outcome."""

    do: Name
    label: Bilingual | None = Field(default=None, description="What was done, for the sentence after a cancel.")
    confirm: Bilingual | None = Field(default=None, description="Asked before anything is changed.")
    confirmed_by: Name | None = Field(default=None, description="The `ask` whose answer is the confirmation, such as a new password.")
    declined: Name | None = Field(default=None, description="Where a no to `confirm` leads; otherwise answers can be changed.")
    outcomes: dict[Name, Name] = Field(default={}, description="Outcome name to step; the flow's own `outcomes` fill the gaps.")


class Say(Model):
    """Says something; ends the flow unless it has ``next``."""

    say: Bilingual
    person: bool = Field(default=False, description="Offers to hand over to a person.")
    next: Name | None = None


def _kind(step: Any) -> str | None:
    if not isinstance(step, Mapping):
        return type(step).__name__
    given = [kind for kind in ("ask", "do", "say") if kind in step]
    if given == ["ask"]:
        return "AskChoice" if "choices" in step else "AskSlot"
    return given[0].capitalize() if len(given) == 1 else None


Step: TypeAlias = Annotated[
    Annotated[AskChoice, Tag("AskChoice")] | Annotated[AskSlot, Tag("AskSlot")] | Annotated[Do, Tag("Do")] | Annotated[Say, Tag("Say")],
    Discriminator(_kind, custom_error_type="step_kind", custom_error_message="a step has exactly one of: ask, do, say"),
]


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a step to another; ``where`` is its place inside the definition."""

    source: str
    name: str
    target: str
    where: tuple[str, ...]


class Flow(Model):
    """One guided flow; without steps it is known by name only."""

    id: FlowId
    title: Bilingual
    phrasings: Phrases
    start: Name | None = None
    outcomes: dict[Name, Name] = Field(default={}, description="Outcomes that every `do` treats alike, such as unavailable.")
    steps: dict[Name, Step] = {}
    shared: dict[Name, Name] = Field(default={}, description="Steps of parts, with their names there; the loader knows.")

    @model_validator(mode="after")
    def _starts_somewhere(self) -> Self:
        if self.steps and self.start not in self.steps:
            raise ValueError("`start` names the first step")
        return self

    @property
    def built(self) -> bool:
        """Whether it can be run."""
        return bool(self.steps)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change with the steps."""
        steps = self.model_dump_json(include={"start", "outcomes", "steps"})
        return hashlib.sha256(steps.encode()).hexdigest()[:12]

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every way from step to step."""
        return tuple(edge for step_id in self.steps for edge in self._edges(step_id))

    def _edges(self, step_id: str) -> Iterator[Edge]:
        step, here = self.steps[step_id], ("steps", step_id)
        match step:
            case AskChoice():
                for option, choice in step.choices.items():
                    yield Edge(step_id, option, choice.next, (*here, "choices", option, "next"))
            case Do():
                for outcome, target in step.outcomes.items():
                    yield Edge(step_id, outcome, target, (*here, "outcomes", outcome))
                for outcome, target in self.outcomes.items():
                    if outcome not in step.outcomes:
                        yield Edge(step_id, outcome, target, ("outcomes", outcome))
                if step.declined:
                    yield Edge(step_id, "declined", step.declined, (*here, "declined"))
            case AskSlot() | Say():
                if step.next:
                    yield Edge(step_id, "next", step.next, (*here, "next"))

    def following(self, step_id: str, without: str | None = None) -> frozenset[str]:
        """The steps that can be reached from this one, itself included, on ways that avoid ``without``."""
        seen: set[str] = set()
        waiting = [step_id]
        while waiting:
            current = waiting.pop()
            if current not in seen and current != without and current in self.steps:
                seen.add(current)
                waiting += self._targets[current]
        return frozenset(seen)

    @cached_property
    def _targets(self) -> dict[str, list[str]]:
        targets: dict[str, list[str]] = {step_id: [] for step_id in self.steps}
        for edge in self.edges:
            targets[edge.source].append(edge.target)
        return targets

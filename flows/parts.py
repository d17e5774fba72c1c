"""Steps that several flows share: a step ``{part: identity, next: ..., otherwise: ...}`` stands for the steps of ``parts/identity.yaml``.

The part's first step takes the id of the step that includes it, the others stand behind it: ``identity`` and ``identity_code``. The
targets ``next`` and ``otherwise`` inside a part are its exits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from pydantic import Field, TypeAdapter

from flows.model import Model, Name

PARTS = Path(__file__).with_name("parts")

_Plain: TypeAlias = dict[str, Any]


class Included(Model):
    """The step that a part stands for."""

    part: Name = Field(description="The name of a file in parts/.")
    next: Name
    otherwise: Name


_included = TypeAdapter(Included)


class UnknownPart(ValueError):
    """A definition includes a part that does not exist."""


def is_part(step: object) -> bool:
    """Whether a step includes a part."""
    return isinstance(step, Mapping) and "part" in step


def expand(step_id: str, step: object) -> Iterator[tuple[str, _Plain]]:
    """The steps that an including step stands for.

    Raises ``UnknownPart``, and pydantic's ``ValidationError`` for a step that is not of this form.
    """
    included = _included.validate_python(step)
    part = _parts().get(included.part)
    if part is None:
        raise UnknownPart(f"there is no part {included.part}; known: {', '.join(sorted(_parts()))}")
    exits = {"next": included.next, "otherwise": included.otherwise}

    def named(name: str) -> str:
        return exits.get(name) or (step_id if name == part["start"] else f"{step_id}_{name}")

    for name, inner in part["steps"].items():
        yield named(name), _renamed(inner, named)


def _renamed(step: _Plain, named: Any) -> _Plain:
    """A part's step with the targets and the references to steps under their names in the flow."""
    renamed = dict(step)
    for field in ("next", "declined", "confirmed_by"):
        if field in renamed:
            renamed[field] = named(renamed[field])
    if "outcomes" in renamed:
        renamed["outcomes"] = {outcome: named(target) for outcome, target in renamed["outcomes"].items()}
    if "choices" in renamed:
        renamed["choices"] = {option: {**choice, "next": named(choice["next"])} for option, choice in renamed["choices"].items()}
    return renamed


@cache
def _parts() -> dict[str, _Plain]:
    return {
        path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # makes nothing but strings
        for path in sorted(PARTS.glob("*.yaml"))
    }

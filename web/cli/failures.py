"""What to tell a person about an error that is theirs to mend."""

from __future__ import annotations

from pydantic import ValidationError

from flows.load import BrokenFlows
from kb.load import BrokenContent
from web.settings import Settings, variable

_CLEAR = {"DatabaseUnavailable", "BadKey", "BadStorage", "Undecryptable", "SimulationFailed"}
"""Errors whose text is enough; by name, for most commands never import them."""


class Failure(Exception):
    """An error whose text already says what was wrong and what to do."""


def explain(error: Exception) -> str | None:
    """One sentence a person understands, or None for an error of ours."""
    if isinstance(error, BrokenFlows):
        return f"{error}\nThe flows were not loaded: mend the lines above."
    if isinstance(error, BrokenContent):
        return f"{error}\nThe knowledge base was not loaded: mend the lines above ('assistant kb lint' checks all files)."
    if isinstance(error, ValidationError) and error.title == "Settings":
        return "\n".join(_mistake(str(one["loc"][0]), one["msg"]) for one in error.errors())
    if isinstance(error, Failure) or type(error).__name__ in _CLEAR:
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'File'}: {error.strerror or error}"
    return None


def _mistake(field: str, message: str) -> str:
    """What is wrong with a setting, and what it is; its value may be secret."""
    meaning = (Settings.model_fields[field.lower()].description or "").removesuffix(".")
    return f"{variable(field)} ({meaning}): {message.removeprefix('Value error, ')}. Correct it or leave it out; see docs/settings.md."

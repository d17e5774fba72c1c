"""What to tell a person about an error that is theirs to mend."""

from __future__ import annotations

from pydantic import ValidationError

from flows.load import BrokenFlows
from kb.load import BrokenContent


class Failure(Exception):
    """An error whose text already says what was wrong and what to do."""


def explain(error: Exception) -> str | None:
    """One sentence a person understands, or None for an error of ours."""
    if isinstance(error, BrokenFlows):
        return f"{error}\nThe flows were not loaded: mend the lines above."
    if isinstance(error, BrokenContent):
        return f"{error}\nThe knowledge base was not loaded: mend the lines above ('assistant kb lint' checks all files)."
    if isinstance(error, ValidationError) and error.title == "Settings":
        return "\n".join(f"Setting {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    if isinstance(error, Failure) or type(error).__name__ == "DatabaseUnavailable":
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'File'}: {error.strerror or error}"
    return None

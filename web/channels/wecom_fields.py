"""What the fields of a callback may hold: generously what WeCom allows, and nothing that a database could not store."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from kb.text import clean

_NO_CONTROLS = r"^\P{Cc}*$"  # lone surrogates are no strings to pydantic anyway


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(max_length=128, pattern=_NO_CONTROLS)]
"""Who, where, which: WeCom's own ids have 64 characters at most."""
Corp = Annotated[str, StringConstraints(max_length=64, pattern=_NO_CONTROLS)]
Token = Annotated[str, StringConstraints(max_length=2048, pattern=_NO_CONTROLS)]
"""Keys of menus and cards (1,024 bytes), response codes, addresses."""
Words = Annotated[str, BeforeValidator(_cleaned)]
"""What a person said, without what cannot be stored and shown."""

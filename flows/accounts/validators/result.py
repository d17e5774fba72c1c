"""What a validator returns."""

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

Reason: TypeAlias = Literal["format", "region", "birth_date", "checksum", "under_18", "not_public", "license_not_filing"]


@dataclass(frozen=True, slots=True)
class Valid:
    """The text in its normal form."""

    value: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why the text is not accepted, and by which rule."""

    rule: str
    reason: Reason


Checked: TypeAlias = Valid | Invalid


def normal(text: str, without: str = "") -> str:
    """NFKC, trimmed, and without the given characters. VAL."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return "".join(character for character in folded if character not in without)

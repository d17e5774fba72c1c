"""Where randomness comes from, so that rules need none and the demo can repeat itself."""

import random
import secrets
from typing import Protocol


class Chance(Protocol):
    """Draws for codes, tokens and amounts."""

    def pick(self, alphabet: str, length: int) -> str:
        """So many characters of an alphabet."""

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""


class SecureChance:
    """The operating system's randomness."""

    def pick(self, alphabet: str, length: int) -> str:
        """So many characters of an alphabet."""
        return "".join(secrets.choice(alphabet) for _ in range(length))

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + secrets.randbelow(high - low + 1)


class SeededChance:
    """The same draws for the same seed: for the demo and for tests, never for real accounts."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  deterministic on purpose

    def pick(self, alphabet: str, length: int) -> str:
        """So many characters of an alphabet."""
        return "".join(self._random.choices(alphabet, k=length))

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

"""What the stub needs from outside."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from pydantic import SecretStr

from flows.accounts.chance import Chance, SecureChance
from flows.accounts.notifier import Notifier
from flows.accounts.passwords import Passwords
from flows.accounts.simulator import Simulator

_TOKEN_CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105  an alphabet
_TOKEN_LENGTH = 32


@dataclass(frozen=True)
class Services:
    """Messages, evidence, randomness, hashing, the holidays, and the key of the digests."""

    notifier: Notifier
    simulator: Simulator
    pepper: SecretStr
    chance: Chance = field(default_factory=SecureChance)
    passwords: Passwords = field(default_factory=Passwords)
    holidays: Collection[date] = ()

    def digest(self, *parts: str) -> str:
        """A keyed digest: codes, tokens and inputs are kept only as this. GEN-10."""
        return hmac.new(self.pepper.get_secret_value().encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()

    def token(self) -> str:
        """An unguessable text for a link."""
        return self.chance.pick(_TOKEN_CHARACTERS, _TOKEN_LENGTH)

    def code(self) -> str:
        """Six digits. GEN-6."""
        return self.chance.pick("0123456789", 6)

    def ticket_number(self) -> str:
        """``TK`` and ten digits."""
        return "TK" + self.chance.pick("0123456789", 10)

"""Password hashes. GEN-10."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr

_HASHER = PasswordHasher()


@cache
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody")


class Passwords:
    """Argon2id; a check against no hash costs as much as a real one. GEN-7."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or _HASHER
        self._nobody = _nobody(self._hasher)

    def hash(self, password: SecretStr, salt: bytes | None = None) -> str:
        """A salted hash; only the demo, which has to repeat itself, gives the salt."""
        return self._hasher.hash(password.get_secret_value(), salt=salt)

    def matches(self, hashed: str | None, password: SecretStr) -> bool:
        """Whether the password has this hash."""
        try:
            right = self._hasher.verify(hashed or self._nobody, password.get_secret_value())
        except (VerificationError, InvalidHashError):
            return False
        return right and hashed is not None

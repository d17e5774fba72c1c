"""Password hashes. GEN-10."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr


class Passwords:
    """Argon2id; a check against no hash costs as much as a real one. GEN-7."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody")

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

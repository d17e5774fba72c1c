"""Keeps what the database holds unreadable without the keys: encrypted texts, and digests to look values up by."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr


class CipherError(Exception):
    """Something is wrong with the encryption keys; the text says what to do."""


class BadKey(CipherError):
    """A text that is no key."""


class Undecryptable(CipherError):
    """A stored value that none of the keys opens."""


def new_key() -> str:
    """A random key."""
    return Fernet.generate_key().decode()


class Cipher:
    """Encrypts with the first key and decrypts with any, so that keys can be changed one after the other.

    The last key also makes the digests: it is the oldest one and has to stay. Raises ``BadKey``.
    """

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        if not keys:
            raise BadKey("There is no encryption key; set ASSISTANT_ENCRYPTION_KEYS or remove it to have one made.")
        self._fernet = MultiFernet([_fernet(key, number) for number, key in enumerate(keys, 1)])
        # Derived, so that the digests' key tells nothing about the one that encrypts.
        self._digest_key = hmac.digest(keys[-1].get_secret_value().encode(), b"digests", "sha256")

    def encrypt(self, text: str) -> str:
        """The text, unreadable."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text again; raises ``Undecryptable``."""
        try:
            return self._fernet.decrypt(token).decode()
        except InvalidToken as error:
            raise Undecryptable(
                "Stored data cannot be read with the encryption keys at hand. Add the key that wrote it to ASSISTANT_ENCRYPTION_KEYS, "
                "or put it back into keys/encryption.key in the data folder."
            ) from error

    def digest(self, *parts: str) -> str:
        """The same 64 characters for the same parts: what is only looked up need not be readable."""
        return hmac.digest(self._digest_key, "\x1f".join(parts).encode(), "sha256").hex()


def _fernet(key: SecretStr, number: int) -> Fernet:
    try:
        return Fernet(key.get_secret_value())
    except ValueError as error:
        raise BadKey(
            f"Encryption key {number} of ASSISTANT_ENCRYPTION_KEYS or keys/encryption.key is not valid: "
            "a key is 32 random bytes in URL-safe base64 (44 characters)."
        ) from error

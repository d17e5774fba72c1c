"""WeCom's envelope: signatures, and AES-256-CBC with the sender's id inside."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from assistant.message import now

WINDOW = timedelta(minutes=10)
"""How far a callback's time may be from ours: signatures have no expiry of their own."""
_BLOCK = 32  # PKCS#7 pads to 32 bytes here, not to AES's 16


class Refused(Exception):
    """A callback that is not WeCom's; the text is for the log, the caller learns nothing."""


def aes_key(text: str) -> bytes:
    """The 32 bytes of an EncodingAESKey; raises ``ValueError``."""
    if len(text) != 43 or not text.isascii() or not text.isalnum():
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    # WeCom's keys may carry non-zero bits beyond the last byte, which strict decoders refuse.
    return base64.b64decode(text + "=")


class Crypto:
    """One callback address's token and key; ``receive_id`` is the corp's id for applications, empty for AI bots."""

    def __init__(self, token: str, key: str, receive_id: str) -> None:
        self._token = token
        self._key = aes_key(key)
        self._receive_id = receive_id.encode()

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature of an encrypted text."""
        parts = sorted(part.encode("utf-8", "surrogateescape") for part in (self._token, timestamp, nonce, encrypted))
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()  # the protocol prescribes SHA-1

    def open(self, signature: str, timestamp: str, nonce: str, encrypted: str, at: datetime | None = None) -> str:
        """The text of a callback, once its signature, time, padding, length and receiver are right; raises ``Refused``."""
        expected = self.sign(timestamp, nonce, encrypted)
        # As bytes: compare_digest raises on text that is not ASCII.
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape")):
            raise Refused("signature")
        if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12:
            raise Refused("timestamp")
        if abs((at or now()).timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise Refused("time window")
        return self.decrypt(encrypted)

    def decrypt(self, encrypted: str) -> str:
        """The text inside; raises ``Refused``."""
        plain = _unpad(self._decipher(encrypted))
        if len(plain) < 20:
            raise Refused("too short")
        length = int.from_bytes(plain[16:20], "big")
        text, receiver = plain[20 : 20 + length], plain[20 + length :]
        if len(text) != length or not hmac.compare_digest(receiver, self._receive_id):
            raise Refused("length or receiver")
        try:
            return text.decode()
        except UnicodeDecodeError as error:
            raise Refused("encoding") from error

    def encrypt(self, text: str, prefix: bytes = b"") -> str:
        """The text for WeCom; ``prefix`` (16 bytes) is random unless a test fixes it."""
        body = text.encode()
        plain = (prefix or os.urandom(16)) + len(body).to_bytes(4, "big") + body + self._receive_id
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._aes().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def _decipher(self, encrypted: str) -> bytes:
        try:
            raw = base64.b64decode(encrypted, validate=True)
            decryptor = self._aes().decryptor()
            return decryptor.update(raw) + decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise Refused("ciphertext") from error

    def _aes(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES256(self._key), modes.CBC(self._key[:16]))


def _unpad(plain: bytes) -> bytes:
    padding = plain[-1] if plain else 0
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise Refused("padding")
    return plain[:-padding]

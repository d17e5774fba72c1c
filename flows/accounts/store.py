"""What keeps the documents: versions, look-ups and the idempotency record, committed in one step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from flows.accounts.base import Document

D = TypeVar("D", bound=Document)


class Conflict(Exception):
    """Something that was read has changed meanwhile, or the key was just used; do it all again."""


@dataclass(frozen=True, slots=True)
class Stored(Generic[D]):
    """A document as kept, and its version."""

    document: D
    version: int


@dataclass(frozen=True, slots=True)
class Record:
    """What an idempotency key did: a keyed digest of the inputs, and the result as JSON without secrets. GEN-9."""

    key: str
    inputs: str
    result: str


@dataclass(frozen=True, slots=True)
class Commit:
    """Writes that hold only if everything they were decided on still does (version 0 = was absent)."""

    seen: Mapping[tuple[type[Document], str], int] = field(default_factory=dict)
    found: Mapping[tuple[type[Document], str, str], tuple[str, ...]] = field(default_factory=dict)
    writes: tuple[Document, ...] = ()
    record: Record | None = None


class AccountStore(Protocol):
    """Documents by type and id, found by their look-ups."""

    async def load(self, kind: type[D], document_id: str) -> Stored[D] | None:
        """A document and its version."""

    async def find(self, kind: type[Document], index: str, value: str) -> tuple[str, ...]:
        """Ids of the documents with this look-up, sorted."""

    async def replay(self, key: str) -> Record | None:
        """What the key did before."""

    async def commit(self, commit: Commit) -> None:
        """All of it or, raising ``Conflict``, nothing."""

"""A store in memory, for tests and the demo; every method runs without a pause, so each is atomic."""

from collections import defaultdict

from flows.accounts.base import Document
from flows.accounts.store import Commit, Conflict, D, Record, Stored


class MemoryStore:
    """An ``AccountStore`` that forgets when the process ends."""

    def __init__(self) -> None:
        self._documents: dict[type[Document], dict[str, Stored[Document]]] = defaultdict(dict)
        self._index: dict[tuple[type[Document], str, str], set[str]] = defaultdict(set)
        self._records: dict[str, Record] = {}

    async def load(self, kind: type[D], document_id: str) -> Stored[D] | None:
        """A document and its version."""
        stored = self._documents[kind].get(document_id)
        if stored is None:
            return None
        assert isinstance(stored.document, kind)
        return Stored(stored.document, stored.version)

    async def find(self, kind: type[Document], index: str, value: str) -> tuple[str, ...]:
        """Ids of the documents with this look-up, sorted."""
        return tuple(sorted(self._index.get((kind, index, value), ())))

    async def replay(self, key: str) -> Record | None:
        """What the key did before."""
        return self._records.get(key)

    async def commit(self, commit: Commit) -> None:
        """All of it or, raising ``Conflict``, nothing."""
        if commit.record and commit.record.key in self._records:
            raise Conflict
        for (kind, document_id), version in commit.seen.items():
            stored = self._documents[kind].get(document_id)
            if (stored.version if stored else 0) != version:
                raise Conflict
        for place, ids in commit.found.items():
            if tuple(sorted(self._index.get(place, ()))) != ids:
                raise Conflict
        for document in commit.writes:
            self._write(document)
        if commit.record:
            self._records[commit.record.key] = commit.record

    def _write(self, document: Document) -> None:
        kind = type(document)
        before = self._documents[kind].get(document.id)
        for index, value in before.document.lookups() if before else ():
            self._index[(kind, index, value)].discard(document.id)
        for index, value in document.lookups():
            self._index[(kind, index, value)].add(document.id)
        self._documents[kind][document.id] = Stored(document, before.version + 1 if before else 1)

    def all_of(self, kind: type[D]) -> tuple[D, ...]:
        """Everything of one type, for tests."""
        return tuple(stored.document for stored in self._documents[kind].values() if isinstance(stored.document, kind))

"""The account service's documents in the database, within the transaction of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import Cipher
from assistant.message import now
from assistant.store.tables import account_documents, account_lookups, account_records
from flows.accounts.base import Document, model_json
from flows.accounts.notifier import Notifier
from flows.accounts.protocol import AccountService
from flows.accounts.store import Commit, Conflict, D, Record, Stored
from flows.accounts.stub.service import StubAccounts
from flows.accounts.stub.services import Services

AccountsIn: TypeAlias = Callable[[AsyncConnection], AccountService]
"""The account service as one transaction sees it: what it changes is committed, or rolled back, with everything else."""

_DEADLOCK = "40P01"


def stub_accounts(
    services: Services,
    cipher: Cipher,
    clock: Callable[[], datetime],
    notifier_in: Callable[[AsyncConnection], Notifier] | None = None,
) -> AccountsIn:
    """The built-in service over the database; its messages are kept in the same transaction if ``notifier_in`` says how."""

    def accounts_in(connection: AsyncConnection) -> AccountService:
        given = replace(services, notifier=notifier_in(connection)) if notifier_in else services
        return StubAccounts(SqlAccountStore(connection, cipher), given, clock)

    return accounts_in


class SqlAccountStore:
    """An ``AccountStore`` inside the caller's transaction, which ``Database.transaction`` has begun.

    Documents are encrypted; their ids and what they are found by (phones, ID numbers) are there as digests only.
    """

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    async def load(self, kind: type[D], document_id: str) -> Stored[D] | None:
        """A document and its version; raises ``Undecryptable``."""
        table = account_documents.c
        query = select(table.body, table.version).where(table.digest == self._document(kind, document_id))
        row = (await self._connection.execute(query)).one_or_none()
        return Stored(kind.model_validate_json(self._cipher.decrypt(row.body)), row.version) if row else None

    async def find(self, kind: type[Document], index: str, value: str) -> tuple[str, ...]:
        """Ids of the documents with this look-up, sorted."""
        query = select(account_lookups.c.document_id).where(account_lookups.c.digest == self._lookup(kind, index, value))
        return tuple(sorted(self._cipher.decrypt(found) for found in await self._connection.scalars(query)))

    async def replay(self, key: str) -> Record | None:
        """What the key did before."""
        query = select(account_records.c.inputs, account_records.c.result).where(account_records.c.digest == self._key(key))
        row = (await self._connection.execute(query)).one_or_none()
        return Record(key, row.inputs, self._cipher.decrypt(row.result)) if row else None

    async def commit(self, commit: Commit) -> None:
        """All of it or, raising ``Conflict``, nothing; the caller's transaction goes on in either case."""
        if not commit.writes and commit.record is None:
            return
        try:
            async with self._connection.begin_nested():
                await self._lock(commit)
                versions = await self._checked_versions(commit)
                await self._check_found(commit)
                for document in commit.writes:
                    await self._write(document, versions.get(self._document(type(document), document.id), 0))
                if commit.record:
                    await self._keep(commit.record)
        except IntegrityError as error:
            raise Conflict from error
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) == _DEADLOCK:
                raise Conflict from error
            raise

    async def _lock(self, commit: Commit) -> None:
        """Until this transaction ends, nobody else changes anything that the commit rests on or writes.

        PostgreSQL's READ COMMITTED shows no rows that another transaction has yet to commit: two that add the same login e-mail
        at once would both find it free. A row lock cannot help, as there is no row yet; so every digest has an advisory lock.
        Taken in one order they rarely deadlock; where several commands of two transactions do, one is a conflict. SQLite needs
        none: its transactions hold the write lock from the start.
        """
        if self._connection.dialect.name != "postgresql":
            return
        documents = {*self._seen(commit), *(self._document(type(document), document.id) for document in commit.writes)}
        lost = await self._connection.scalars(select(account_lookups.c.digest).where(account_lookups.c.document.in_(documents)))
        gained = (digest for document in commit.writes for digest in self._lookups(document))
        keys = [self._key(commit.record.key)] if commit.record else []
        digests = sorted({*documents, *lost, *gained, *self._found(commit), *keys})
        # 64 of the 256 bits: two digests that share a lock only wait for each other once in a while.
        numbers = [int.from_bytes(bytes.fromhex(digest[:16]), signed=True) for digest in digests]
        lock = text("SELECT pg_advisory_xact_lock(number) FROM unnest(CAST(:numbers AS bigint[])) AS number")
        await self._connection.execute(lock, {"numbers": numbers})

    async def _checked_versions(self, commit: Commit) -> Mapping[str, int]:
        """The versions of all documents concerned, which are still those that were seen."""
        seen = self._seen(commit)
        concerned = {*seen, *(self._document(type(document), document.id) for document in commit.writes)}
        query = select(account_documents.c.digest, account_documents.c.version).where(account_documents.c.digest.in_(concerned))
        versions = {row.digest: row.version for row in await self._connection.execute(query)}
        if any(versions.get(digest, 0) != version for digest, version in seen.items()):
            raise Conflict
        return versions

    async def _check_found(self, commit: Commit) -> None:
        """Every look-up still finds what it found."""
        expected = self._found(commit)
        query = select(account_lookups.c.digest, account_lookups.c.document).where(account_lookups.c.digest.in_(expected))
        found: dict[str, set[str]] = {digest: set() for digest in expected}
        for row in await self._connection.execute(query):
            found[row.digest].add(row.document)
        if found != expected:
            raise Conflict

    async def _write(self, document: Document, version: int) -> None:
        digest = self._document(type(document), document.id)
        values = {"version": version + 1, "body": self._cipher.encrypt(model_json(document))}
        if version:
            table = account_documents.c
            changed = update(account_documents).where(table.digest == digest, table.version == version).values(values)
            if (await self._connection.execute(changed)).rowcount != 1:
                raise Conflict
            await self._connection.execute(delete(account_lookups).where(account_lookups.c.document == digest))
        else:
            await self._connection.execute(insert(account_documents).values(digest=digest, kind=type(document).__name__, **values))
        if lookups := self._lookups(document):
            document_id = self._cipher.encrypt(document.id)
            rows = [{"digest": lookup, "document": digest, "document_id": document_id} for lookup in lookups]
            await self._connection.execute(insert(account_lookups), rows)

    async def _keep(self, record: Record) -> None:
        result = self._cipher.encrypt(record.result)
        values = {"digest": self._key(record.key), "inputs": record.inputs, "result": result, "at": now()}
        await self._connection.execute(insert(account_records).values(values))

    def _seen(self, commit: Commit) -> dict[str, int]:
        return {self._document(*place): version for place, version in commit.seen.items()}

    def _found(self, commit: Commit) -> dict[str, set[str]]:
        return {
            self._lookup(kind, index, value): {self._document(kind, document_id) for document_id in ids}
            for (kind, index, value), ids in commit.found.items()
        }

    def _lookups(self, document: Document) -> Iterable[str]:
        return {self._lookup(type(document), index, value) for index, value in document.lookups()}

    def _document(self, kind: type[Document], document_id: str) -> str:
        return self._cipher.digest("document", kind.__name__, document_id)

    def _lookup(self, kind: type[Document], index: str, value: str) -> str:
        return self._cipher.digest("lookup", kind.__name__, index, value)

    def _key(self, key: str) -> str:
        return self._cipher.digest("record", key)

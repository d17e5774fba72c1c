"""One operation under way: what it has read, found and is about to write."""

from datetime import datetime
from typing import TypeVar

from pydantic import SecretStr

from flows.accounts.account import Account
from flows.accounts.base import Document, Refusal
from flows.accounts.commands.base import Actor, Proven
from flows.accounts.notifier import Message
from flows.accounts.rules.codes import CodeBox, try_code
from flows.accounts.store import AccountStore, Commit, D, Record
from flows.accounts.stub.services import Services

R = TypeVar("R")


class Turn:
    """Reads are remembered, so that the commit holds only if they still do; writes wait for the end."""

    def __init__(self, store: AccountStore, services: Services, actor: Actor, now: datetime) -> None:
        self._store = store
        self.services = services
        self.actor = actor
        self.now = now
        self.messages: list[Message] = []
        self.before: dict[tuple[type[Document], str], Document | None] = {}
        self._seen: dict[tuple[type[Document], str], int] = {}
        self._found: dict[tuple[type[Document], str, str], tuple[str, ...]] = {}
        self._saved: dict[tuple[type[Document], str], Document] = {}
        self._counted: dict[tuple[type[Document], str], Document] = {}

    async def load(self, kind: type[D], document_id: str) -> D | None:
        """A document, as this operation has left it so far."""
        place = (kind, document_id)
        for staged in (self._saved, self._counted):
            if place in staged:
                document = staged[place]
                assert isinstance(document, kind)
                return document
        stored = await self._store.load(kind, document_id)
        self._seen[place] = stored.version if stored else 0
        self.before[place] = stored.document if stored else None
        return stored.document if stored else None

    async def find(self, kind: type[Document], index: str, value: str) -> tuple[str, ...]:
        """Ids of the documents with this look-up."""
        ids = await self._store.find(kind, index, value)
        self._found[(kind, index, value)] = ids
        return ids

    async def accounts(self, index: str, value: str) -> tuple[Account, ...]:
        """The accounts with this look-up."""
        loaded = [await self.load(Account, account_id) for account_id in await self.find(Account, index, value)]
        return tuple(account for account in loaded if account)

    async def others(self, index: str, value: str, account_id: str) -> int:
        """How many other accounts have this look-up."""
        return len(set(await self.find(Account, index, value)) - {account_id})

    @property
    def account(self) -> Account:
        """The actor's own account, which was loaded before the rules were asked."""
        assert isinstance(self.actor, Proven)
        place = (Account, self.actor.account)
        account = self._saved.get(place) or self._counted.get(place) or self.before[place]
        assert isinstance(account, Account)
        return account

    def save(self, document: Document) -> None:
        """Write it, unless the operation ends in a refusal."""
        self._saved[(type(document), document.id)] = document

    def count(self, document: Document) -> None:
        """Write it even if the operation is refused: tries are counted."""
        self._counted[(type(document), document.id)] = document

    def apply(self, decision: tuple[Account, R] | Refusal) -> R | Refusal:
        """Take a rule's decision over; an account beside a refusal has only counted a try."""
        if isinstance(decision, Refusal):
            return decision
        account, result = decision
        if isinstance(result, Refusal):
            self.count(account)
        else:
            self.save(account)
        return result

    def tell(self, *messages: Message) -> None:
        """Have messages delivered once everything is committed."""
        self.messages += messages

    async def try_code(self, purpose: str, target: str, code: SecretStr) -> Refusal | None:
        """Spend a code: void once the operation succeeds; a wrong try counts in any case. GEN-6."""
        box = await self.load(CodeBox, target) or CodeBox(id=target)
        worn, verdict = try_code(box, purpose, self.services.digest(purpose, target, code.get_secret_value()), self.now)
        if verdict == "right":
            self.save(worn)
            return None
        self.count(worn)
        return Refusal(rule="GEN-6", reason="wrong_code", details={"why": verdict})

    def commit(self, *, refused: bool, record: Record | None) -> Commit:
        """Everything to be written, and everything it rests on."""
        writes = self._counted if refused else {**self._counted, **self._saved}
        return Commit(seen=self._seen, found=self._found, writes=tuple(writes.values()), record=record)

    @property
    def saved_accounts(self) -> tuple[Account, ...]:
        """The accounts that are about to change."""
        return tuple(document for document in self._saved.values() if isinstance(document, Account))

"""The account service over both databases: what two conversations do at once, and what somebody with a copy can read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.cipher import BadKey, Cipher, Undecryptable, new_key
from assistant.store import Database, tables
from assistant.store.accounts import SqlAccountStore, stub_accounts
from flows.accounts.account import Account
from flows.accounts.base import Refusal
from flows.accounts.commands.account_info import SetNickname
from flows.accounts.commands.base import Command
from flows.accounts.commands.contacts import SetSecurityPhone
from flows.accounts.commands.login_methods import BindLoginMethod
from flows.accounts.protocol import AccountService
from flows.accounts.store import Commit, Conflict
from flows.accounts.stub.service import StubAccounts
from tests.flows.accounts.world import LI, PERSONAL, ROOT_ID, World, account, methods, mfa

CIPHER = Cipher([SecretStr(new_key())])
NEW_PHONE = "13900139000"


class Together(SqlAccountStore):
    """Commits only once everybody has read: the worst moment."""

    def __init__(self, connection: AsyncConnection, everybody: asyncio.Barrier) -> None:
        super().__init__(connection, CIPHER)
        self._everybody: asyncio.Barrier | None = everybody

    async def commit(self, commit: Commit) -> None:
        if self._everybody:
            waiting, self._everybody = self._everybody, None
            await waiting.wait()
        await super().commit(commit)


class Turns(AccountService):
    """Each operation in a transaction of its own."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def perform(self, actor: Any, command: Command[Any], key: str | None = None) -> Any:
        return await self._company.turn(lambda service: service.perform(actor, command, key))


class Company:
    """A world whose accounts are in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.world = World()
        self.world.service = Turns(self)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[SqlAccountStore]:
        async with self.database.transaction() as connection:
            yield SqlAccountStore(connection, CIPHER)

    async def add(self, *documents: Any) -> None:
        async with self.store() as store:
            await store.commit(Commit(writes=documents))

    async def get(self, account_id: str = ROOT_ID) -> Account:
        async with self.store() as store:
            stored = await store.load(Account, account_id)
        assert stored
        return stored.document

    async def turn(self, work: Callable[[AccountService], Awaitable[Any]]) -> Any:
        accounts_in = stub_accounts(self.world.services, CIPHER, lambda: self.world.now)
        async with self.database.transaction() as connection:
            return await work(accounts_in(connection))

    async def at_once(self, *commands: tuple[str, Command[Any]], key: str | None = None) -> list[Any]:
        """Each in a transaction of its own; on SQLite, where only one can begin, one after the other."""
        everybody = asyncio.Barrier(1 if self.database.is_sqlite else len(commands))

        async def one(number: int, account_id: str, command: Command[Any]) -> Any:
            async with self.database.transaction() as connection:
                service = StubAccounts(Together(connection, everybody), self.world.services, lambda: self.world.now)
                return await service.perform(self.world.root(account_id), command, key or f"at-once-{number}")

        return await asyncio.gather(*(one(number, *command) for number, command in enumerate(commands)))


@pytest.fixture
async def company(database: Database) -> Company:
    return Company(database)


async def test_a_code_is_spent_once_by_two_at_once(company: Company) -> None:
    second = account("100000000002", contacts=account().contacts.but(security_phone="13700137000"))
    await company.add(account(), second)
    command = SetSecurityPhone(number=NEW_PHONE, code=await company.world.code("security_phone", NEW_PHONE))
    results = await company.at_once((ROOT_ID, command), (second.id, command))
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True]
    phones = [(await company.get(one)).contacts.security_phone for one in (ROOT_ID, second.id)]
    assert phones.count(NEW_PHONE) == 1


async def test_the_last_place_is_taken_once_by_two_at_once(company: Company) -> None:
    others = [account(f"10000000000{number}", methods=methods("email", registration="email", tag=str(number))) for number in (2, 3)]
    await company.add(*others)
    command = BindLoginMethod(kind="qq", scan=company.world.scan("qq", "qq-free"))
    results = await company.at_once(*((one.id, command) for one in others))
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True]
    async with company.store() as store:
        assert len(await store.find(Account, "login", "qq:qq-free")) == 1


async def test_a_key_used_by_two_at_once_does_one_thing(company: Company) -> None:
    await company.add(account())
    command = SetNickname(nickname="once")
    first, second = await company.at_once((ROOT_ID, command), (ROOT_ID, command), key="same")
    assert first == second
    assert len((await company.get()).events) == 1


async def test_two_changes_of_one_account_at_once_are_both_kept(company: Company) -> None:
    await company.add(account())
    await company.at_once(*((ROOT_ID, SetNickname(nickname=name)) for name in ("one", "two")))
    assert len((await company.get()).events) == 2


async def test_a_conflict_leaves_the_rest_of_the_turn_alone(company: Company) -> None:
    await company.add(account())
    other = account("100000000002")
    async with company.store() as store:
        await store.commit(Commit(writes=(other,)))
        with pytest.raises(Conflict):
            await store.commit(Commit(seen={(Account, ROOT_ID): 7}, writes=(account(nickname="lost"),)))
        with pytest.raises(Conflict):
            await store.commit(Commit(found={(Account, "login", "wechat:wechat-a"): ()}, writes=(account(nickname="lost"),)))
    assert (await company.get()).nickname == "demo"
    assert await company.get(other.id) == other


async def test_a_turn_that_fails_takes_the_accounts_change_back(company: Company) -> None:
    await company.add(account())

    async def fail(service: AccountService) -> None:
        assert not isinstance(await service.perform(company.world.root(), SetNickname(nickname="lost"), "key"), Refusal)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await company.turn(fail)
    assert (await company.get()).nickname == "demo"
    assert not isinstance(await company.world.do(SetNickname(nickname="kept")), Refusal)


async def test_wrong_tries_of_a_refused_command_are_counted(company: Company) -> None:
    await company.add(account())
    right = await company.world.code("security_phone", NEW_PHONE)
    wrong = SecretStr("000000" if right.get_secret_value() != "000000" else "000001")
    for _ in range(5):
        assert await company.world.refused(SetSecurityPhone(number=NEW_PHONE, code=wrong)) == ("GEN-6", "wrong_code")
    refused = await company.world.do(SetSecurityPhone(number=NEW_PHONE, code=right))
    assert isinstance(refused, Refusal)
    assert refused.details["why"] == "used_up"


async def test_a_copy_of_the_database_tells_nothing(company: Company) -> None:
    await company.add(account(mfa=mfa(), verification=PERSONAL))
    code = (await company.world.code("security_phone", NEW_PHONE)).get_secret_value()
    await company.world.do(SetNickname(nickname="visible-nickname"))
    async with company.database.engine.connect() as connection:
        kept = [str(row) for table in tables.metadata.tables.values() for row in await connection.execute(select(table))]
    personal = [LI.id_number, LI.name, NEW_PHONE, "13800138000", "example.com", "JBSWY3DPEHPK3PXP", code, "argon2", "visible-nickname"]
    assert [value for value in personal if any(value in row for row in kept)] == []


def test_keys_change_one_after_the_other() -> None:
    old, new = SecretStr(new_key()), SecretStr(new_key())
    written = Cipher([old]).encrypt("text")
    both = Cipher([new, old])
    assert both.decrypt(written) == "text"
    assert both.digest("a") == Cipher([old]).digest("a")
    with pytest.raises(Undecryptable, match="ASSISTANT_ENCRYPTION_KEYS"):
        Cipher([old]).decrypt(both.encrypt("text"))
    for wrong in ([], [SecretStr("short")]):
        with pytest.raises(BadKey) as refused:
            Cipher(wrong)
        assert "short" not in str(refused.value)

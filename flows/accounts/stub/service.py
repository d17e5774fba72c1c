"""The stub service: admits, carries out, commits, then tells."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from flows.accounts.account import Account, Event
from flows.accounts.base import Refusal, model_json
from flows.accounts.calendar import day_of
from flows.accounts.commands.base import Actor, Change, Command, Proven, operation_name
from flows.accounts.notifier import message_to
from flows.accounts.protocol import AccountService
from flows.accounts.protocol.base import ServiceUnavailable
from flows.accounts.rules.ground import admit
from flows.accounts.store import AccountStore, Conflict, Record
from flows.accounts.stub import areas
from flows.accounts.stub.handlers import HANDLERS
from flows.accounts.stub.services import Services
from flows.accounts.stub.turn import Turn

R = TypeVar("R")
_ATTEMPTS = 8
_KEPT_EVENTS = 500
__all__ = ["StubAccounts", "areas"]


@cache
def _answers(command: type[Command[Any]]) -> TypeAdapter[Any]:
    return TypeAdapter(command.result_type() | Refusal)


class StubAccounts(AccountService):
    """The account service over a store: the rules of the documents, without a real cloud behind them."""

    def __init__(self, store: AccountStore, services: Services, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._services = services
        self._clock = clock

    async def perform(self, actor: Actor, command: Command[R], key: str | None = None) -> R | Refusal:
        """Carry a command out, again from the start if somebody else was faster."""
        if command.changes and not key:
            raise ValueError(f"{type(command).__name__} changes something and needs an idempotency key")
        for _ in range(_ATTEMPTS):
            try:
                return await self._attempt(actor, command, key if command.changes else None)
            except Conflict:
                continue
        raise ServiceUnavailable("too many changes at the same time")

    async def _attempt(self, actor: Actor, command: Command[R], key: str | None) -> R | Refusal:
        inputs = self._digest_of(actor, command)
        if key and (record := await self._store.replay(key)):
            return cast("R | Refusal", _replayed(record, inputs, type(command)))
        turn = Turn(self._store, self._services, actor, self._clock())
        result = await _result(turn, command)
        refused = isinstance(result, Refusal)
        if not refused:
            self._write_events(turn, command)
        record = Record(key, inputs, _answers(type(command)).dump_json(result).decode()) if key else None
        await self._store.commit(turn.commit(refused=refused, record=record))
        if not refused:
            for message in turn.messages:
                await self._services.notifier.deliver(message)
        return cast("R | Refusal", result)

    def _digest_of(self, actor: Actor, command: Command[Any]) -> str:
        """What must be the same for a key to return the first result; who acts is part of it. GEN-9."""
        who = actor.account if isinstance(actor, Proven) else actor.kind
        return self._services.digest(who, actor.conversation, type(command).__name__, model_json(command))

    def _write_events(self, turn: Turn, command: Command[Any]) -> None:
        """Every change of an account is written down, some are told where they were told before. GEN-14."""
        if not isinstance(command, Change):
            return
        for account in turn.saved_accounts:
            before = turn.before.get((Account, account.id))
            if not isinstance(before, Account) or before == account:
                continue
            event = Event(at=turn.now, operation=operation_name(type(command)), who=_who(turn.actor))
            turn.save(account.but(events=(*account.events, event)[-_KEPT_EVENTS:]))
            if command.tells:
                contacts = before.contacts
                told = [address for address in (contacts.security_phone, contacts.security_email) if address]
                turn.tell(*(message_to(address, "notice", operation=event.operation) for address in told))


async def _result(turn: Turn, command: Command[Any]) -> Any:
    """Format, then proof and state, then the area. GEN-11."""
    normalised = command.normalised(day_of(turn.now))
    if isinstance(normalised, Refusal):
        return normalised
    account = await turn.load(Account, turn.actor.account) if isinstance(turn.actor, Proven) else None
    result = admit(account, normalised, turn.actor, turn.now) or await HANDLERS[type(command)](turn, normalised)
    return result if isinstance(result, Refusal) else _answers(type(command)).validate_python(vars(result))


def _replayed(record: Record, inputs: str, command: type[Command[Any]]) -> Any:
    if record.inputs != inputs:
        return Refusal(rule="GEN-9", reason="key_reused")
    return _answers(command).validate_json(record.result)


def _who(actor: Actor) -> str:
    if isinstance(actor, Proven):
        return actor.user or "root"
    return "staff" if actor.kind == "staff" else "anonymous"

"""The account service on the other side of HTTP."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import httpx
from pydantic import TypeAdapter

from flows.accounts.base import Refusal, model_json
from flows.accounts.commands.base import Actor, Command, R, operation_name
from flows.accounts.protocol import AccountService, ServiceUnavailable

TIMEOUT = httpx.Timeout(5.0, connect=2.0)
_OK, _REFUSED = 200, 409
_TRY_AGAIN = frozenset({429, 502, 503, 504})


@cache
def _result(command: type[Command[Any]]) -> TypeAdapter[Any]:
    return TypeAdapter(command.result_type())


class HttpAccounts(AccountService):
    """Gives every operation to a server; what is safe to repeat is repeated after short waits."""

    def __init__(self, client: httpx.AsyncClient, waits: Sequence[float] = (0.2, 0.8)) -> None:
        self._client = client
        self._waits = waits
        self.down = False
        """Whether the server did not answer when it was last asked."""

    async def perform(self, actor: Actor, command: Command[R], key: str | None = None) -> R | Refusal:
        """Carry it out there; raises ``ServiceUnavailable`` when the server does not answer."""
        if command.changes and not key:
            raise ValueError(f"{type(command).__name__} changes something and needs an idempotency key")
        try:
            response = await self._answer(actor, command, key)
        except ServiceUnavailable:
            self.down = True
            raise
        self.down = response.status_code not in (_OK, _REFUSED)
        if response.status_code == _OK:
            return cast("R", _result(type(command)).validate_json(response.content))
        if response.status_code == _REFUSED:
            return Refusal.model_validate_json(response.content)
        raise ServiceUnavailable(f"{operation_name(type(command))}: the server answered {response.status_code}")

    async def _answer(self, actor: Actor, command: Command[Any], key: str | None) -> httpx.Response:
        """A key makes a change safe to repeat; a question by anyone may spend a code and is asked once."""
        safe = command.changes or command.who == "proven"
        for wait in (*(self._waits if safe else ()), None):
            try:
                response = await self._client.post(
                    f"operations/{operation_name(type(command))}",
                    content=f'{{"actor":{model_json(actor)},"command":{model_json(command)}}}',
                    headers={"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})},
                    timeout=TIMEOUT,
                )
            except httpx.TransportError as error:
                if wait is None:
                    raise ServiceUnavailable(f"{operation_name(type(command))}: {type(error).__name__}") from error
            else:
                if response.status_code not in _TRY_AGAIN or wait is None:
                    return response
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

"""The account service over HTTP: one POST per operation, described by OpenAPI."""

import secrets
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import SecretStr, create_model

from flows.accounts.base import Model, Refusal, model_json
from flows.accounts.commands.base import Actor, Command
from flows.accounts.operations import operations
from flows.accounts.protocol import AccountService, ServiceUnavailable

_KEY_LENGTH = 200


def create_app(service: AccountService, token: SecretStr | None = None) -> FastAPI:
    """The application; with a token, only callers who have it are served."""

    def authorized(authorization: Annotated[str, Header()] = "") -> None:
        if token and not secrets.compare_digest(authorization.encode(), f"Bearer {token.get_secret_value()}".encode()):
            raise HTTPException(401, "unknown caller")

    app = FastAPI(title="Account service", version="1", dependencies=[Depends(authorized)])
    app.add_exception_handler(RequestValidationError, _without_inputs)
    app.add_exception_handler(ServiceUnavailable, _unavailable)
    for name, command in operations().items():
        app.add_api_route(
            f"/operations/{name}",
            _endpoint(service, name, command),
            methods=["POST"],
            operation_id=name,
            summary=(command.__doc__ or name).strip(),
            responses={200: {"model": command.result_type()}, 409: {"model": Refusal}},
        )
    return app


def _endpoint(service: AccountService, name: str, command: type[Command[Any]]) -> Any:
    body_model = create_model(f"{command.__name__}Request", __base__=Model, actor=(Actor, ...), command=(command, ...))

    async def endpoint(body: Any, idempotency_key: Annotated[str, Header(max_length=_KEY_LENGTH)] = "") -> Response:
        if command.changes and not idempotency_key:
            raise HTTPException(400, "a change needs the header Idempotency-Key")
        result = await service.perform(body.actor, body.command, idempotency_key or None)
        return Response(model_json(result), 409 if isinstance(result, Refusal) else 200, media_type="application/json")

    endpoint.__name__ = name
    endpoint.__annotations__["body"] = body_model
    return endpoint


async def _without_inputs(_request: Request, error: Exception) -> JSONResponse:
    """What was wrong, without repeating codes and passwords. GEN-10."""
    assert isinstance(error, RequestValidationError)
    return JSONResponse({"detail": [{"loc": one["loc"], "type": one["type"]} for one in error.errors()]}, 422)


async def _unavailable(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "try again"}, 503)

"""The callback addresses: one answer for everything that is not WeCom's, and never a word about why."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from web.channels.doors import Doors
from web.channels.wecom_app import AppDoor
from web.channels.wecom_bot import BotDoor
from web.channels.wecom_crypto import Refused

log = structlog.get_logger()

router = APIRouter(prefix="/wecom", include_in_schema=False)


@router.get("/app")
async def verify_app(request: Request) -> Response:
    """WeCom checks the application's address."""
    return _verify(request, _door(_doors(request).app))


@router.post("/app")
async def receive_app(request: Request) -> Response:
    """WeCom delivers to the application."""
    return await _receive(request, _door(_doors(request).app), "application/xml")


@router.get("/bot")
async def verify_bot(request: Request) -> Response:
    """WeCom checks the bot's address."""
    return _verify(request, _door(_doors(request).bot))


@router.post("/bot")
async def receive_bot(request: Request) -> Response:
    """WeCom delivers to the bot."""
    return await _receive(request, _door(_doors(request).bot), "application/json")


def _doors(request: Request) -> Doors:
    found: Doors = request.app.state.wecom
    return found


def _door(door: AppDoor | BotDoor | None) -> AppDoor | BotDoor:
    if door is None:
        raise HTTPException(404)
    return door


def _verify(request: Request, door: AppDoor | BotDoor) -> Response:
    try:
        return PlainTextResponse(door.crypto.open(*_signed(request), request.query_params.get("echostr", "")))
    except Refused as error:
        return _refused(error)


async def _receive(request: Request, door: AppDoor | BotDoor, media_type: str) -> Response:
    try:
        answer = await door.receive(*_signed(request), await request.body())
    except Refused as error:
        return _refused(error)
    return Response(answer, media_type=media_type)


def _signed(request: Request) -> tuple[str, str, str]:
    query = request.query_params
    return query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", "")


def _refused(error: Refused) -> Response:
    log.warning("wecom callback refused", reason=str(error))
    return Response(status_code=403)

"""Operations: alive, ready, metrics."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from assistant.store import Database
from assistant.store.outbox import Outbox
from kb.entry import LANGS
from web import version
from web.accounts import Elsewhere
from web.context import Shared
from web.limits import client_address
from web.problems import Problem

router = APIRouter(tags=["operations"])

UNDELIVERED = Gauge("assistant_outbox_messages", "Messages that wait to be delivered, or were given up in the last days.", ["state"])


class Ready(BaseModel):
    """What is loaded and which version runs, and what did not answer when it was last asked but is not needed for answers."""

    status: str
    kb: dict[str, int]
    version: str
    accounts: Literal["down"] | None = None
    limits: Literal["down"] | None = None


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Alive."""
    return {"status": "ok"}


@router.get("/readyz", response_model_exclude_none=True)
async def ready(shared: Shared) -> Ready:
    """Database reachable, knowledge base loaded; 503 otherwise."""
    await shared.database.ping()
    return Ready(
        status="ready",
        kb={lang: shared.knowledge.count(lang) for lang in LANGS},
        version=version.VERSION,
        accounts="down" if isinstance(shared.accounts_in, Elsewhere) and shared.accounts_in.down else None,
        limits="down" if shared.limits.down else None,
    )


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, shared: Shared) -> Response:
    """Prometheus' figures, for addresses of this machine and its private network only."""
    if not _near(client_address(request)):
        raise Problem(404, "这个地址下没有内容。", "There is nothing at this address.")
    await _count_outbox(shared.database)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _near(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a proxy may know no address
        return False
    return found.is_loopback or found.is_private


async def _count_outbox(database: Database) -> None:
    """Without a database there are no figures rather than old ones."""
    UNDELIVERED.clear()
    with suppress(SQLAlchemyError, OSError):
        for state, count in (await Outbox(database).undelivered()).items():
            UNDELIVERED.labels(state).set(count)

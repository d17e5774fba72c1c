"""Operations: alive, ready, metrics."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from kb.entry import LANGS
from web import version
from web.context import Shared
from web.problems import Problem

router = APIRouter(tags=["operations"])


class Ready(BaseModel):
    """What is loaded and which version runs."""

    status: str
    kb: dict[str, int]
    version: str


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Alive."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(shared: Shared) -> Ready:
    """Database reachable, knowledge base loaded; 503 otherwise."""
    await shared.database.ping()
    return Ready(status="ready", kb={lang: shared.knowledge.count(lang) for lang in LANGS}, version=version.VERSION)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Prometheus' figures, for addresses of this machine and its private network only."""
    address = ipaddress.ip_address(request.client.host) if request.client else None
    if address is None or not (address.is_loopback or address.is_private):
        raise Problem(404, "这个地址下没有内容。", "There is nothing at this address.")
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

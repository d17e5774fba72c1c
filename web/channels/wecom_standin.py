"""A stand-in for WeCom's API on this machine, for ``assistant wecom simulate``: it takes everything and shows it."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from fastapi import FastAPI, Request

Json = dict[str, Any]


def stand_in(arrived: asyncio.Queue[Json]) -> FastAPI:
    """The part of the API that the channels call; what they send is put into ``arrived``."""
    app = FastAPI(openapi_url=None)
    ids = itertools.count(1)

    @app.get("/cgi-bin/gettoken")
    async def _token() -> Json:
        return {"errcode": 0, "access_token": "simulated", "expires_in": 7200}

    @app.get("/cgi-bin/agent/get")
    async def _agent() -> Json:
        return {"errcode": 0, "name": "simulated", "allow_userinfos": {"user": [{"userid": "zhangsan"}]}}

    @app.post("/cgi-bin/media/upload")
    async def _upload() -> Json:
        return {"errcode": 0, "media_id": f"picture-{next(ids)}"}

    @app.post("/cgi-bin/{path:path}")
    async def _take(path: str, request: Request) -> Json:
        sent = await request.json()
        if sent.get("markdown") == {"content": ""}:  # the doctor knocks at the robot's door
            return {"errcode": 44004, "errmsg": "empty content"}
        arrived.put_nowait({"path": path, **sent})
        return {"errcode": 0, "errmsg": "ok", "response_code": f"simulated-{next(ids)}"}

    return app

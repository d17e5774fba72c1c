"""``python -m flows.accounts`` serves the demo company over HTTP, on this machine only unless told otherwise."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from pydantic import SecretStr

from flows.accounts.demo import DemoCompany, demo_company
from flows.accounts.loopback import asked_here, is_loopback
from flows.accounts.server import create_app


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m flows.accounts", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8391)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--token-file", type=Path, help="callers have to send this file's text as bearer token")
    parser.add_argument("--beyond-this-machine", action="store_true", help="needed, with --token-file, for any other host")
    given = parser.parse_args()
    token = SecretStr(given.token_file.read_text().strip()) if given.token_file else None
    here = is_loopback(given.host)
    if not here and not (given.beyond_this_machine and token):
        parser.error("the demo leaves this machine only with --beyond-this-machine and --token-file")
    company = asyncio.run(demo_company(seed=given.seed, clock=lambda: datetime.now(UTC)))
    app = example(company, token, inbox=here)
    if here:
        address = f"http://{f'[{given.host}]' if ':' in given.host else given.host}:{given.port}"
        print(f"The demo company's account service on {address}; the codes it sends are at {address}/inbox.", flush=True)
    uvicorn.run(app, host=given.host, port=given.port)


def example(company: DemoCompany, token: SecretStr | None = None, *, inbox: bool = True) -> FastAPI:
    """The service, and on this machine the ``inbox`` of everything it sent: nobody else has the phones of a made-up company."""
    app = create_app(company.service, token)
    if not inbox:
        return app

    @app.get("/inbox")
    async def read_inbox(request: Request) -> list[dict[str, Any]]:
        """What was sent, newest first."""
        if not asked_here(request.headers):
            raise HTTPException(404)
        return [message.model_dump() for message in reversed(list(company.inbox))]

    return app


if __name__ == "__main__":
    main()

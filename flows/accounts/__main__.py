"""``python -m flows.accounts`` serves the demo company over HTTP, on this machine only unless told otherwise."""

import argparse
import asyncio
import ipaddress
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from flows.accounts.demo import demo_company
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
    if not ipaddress.ip_address(given.host).is_loopback and not (given.beyond_this_machine and token):
        parser.error("the demo leaves this machine only with --beyond-this-machine and --token-file")
    company = asyncio.run(demo_company(seed=given.seed, clock=lambda: datetime.now(UTC)))
    uvicorn.run(create_app(company.service, token), host=given.host, port=given.port)


if __name__ == "__main__":
    main()

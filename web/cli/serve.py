"""``assistant serve``: checks everything that can be wrong before it listens, then runs uvicorn."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from assistant.knowledge import load_knowledge
from assistant.store import Database
from web import logs
from web.app import create_app
from web.cli.failures import Failure
from web.settings import Settings, publish


def run(**given: Any) -> None:
    """Serve until stopped; raises ``Failure`` and its kin with one sentence when that cannot begin."""
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    if settings.database_url is None or settings.data != Path("data"):
        _check_writable(settings.data)
    logs.configure(settings.log_level)
    knowledge = load_knowledge(settings.cache, progress=print, semantic=settings.semantic)
    asyncio.run(_migrate(settings.database))
    listener = _listen(settings.host, settings.port)
    shown = f"http://{settings.host}:{listener.getsockname()[1]}"
    print(f"Account assistant on {shown} ({knowledge.count('zh')} zh and {knowledge.count('en')} en entries). Ctrl+C stops it.", flush=True)
    options: dict[str, Any] = {
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.trusted_proxies,
        "timeout_graceful_shutdown": 5,
    }
    if settings.workers == 1:
        server = uvicorn.Server(uvicorn.Config(create_app(settings, knowledge), **options))
        server.run(sockets=[listener])
        return
    publish(settings)
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config("web.cli.serve:worker", factory=True, workers=settings.workers, **options)
    Multiprocess(config, sockets=[listener]).run()


def worker() -> FastAPI:
    """The application in a worker process."""
    settings = Settings()
    logs.configure(settings.log_level)
    return create_app(settings, load_knowledge(settings.cache, semantic=settings.semantic))


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Failure(f"The data folder {folder} cannot be written ({error.strerror}); choose another with --data.") from error


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Failure(
            f"Cannot listen on {host}:{port} ({error.strerror}); is it running already? Choose another port with --port."
        ) from error
    listener.set_inheritable(True)
    return listener

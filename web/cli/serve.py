"""``assistant serve``: checks everything that can be wrong before it listens, then runs uvicorn."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI

from assistant.knowledge import load_knowledge
from assistant.store import Database
from web import logs
from web.accounts import demo_from
from web.app import create_app
from web.cli.failures import Failure
from web.console.invitations import invite_first
from web.keys import cipher_from
from web.limits import check_storage
from web.settings import Settings, publish

FIRST_LINK = "first-administrator.txt"
"""The file in the data folder that keeps the first administrator's link until it is used."""
_ADVICE = {
    errno.EADDRINUSE: "an earlier server may still be running. Stop it, or choose another port with --port.",
    errno.EACCES: "ports below 1024 are not for every user. Choose another with --port.",
}


def run(**given: Any) -> None:
    """Serve until stopped; raises ``Failure`` and its kin with one sentence when that cannot begin."""
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    _check_demo(settings)
    os.umask(0o077)  # what people write and what opens it is for the server's own user
    if settings.database_url is None or settings.data != Path("data"):
        _check_writable(settings.data)
    logs.configure(settings.log_level)
    invitation = asyncio.run(_prepare(settings))
    knowledge = load_knowledge(settings.cache, progress=print, semantic=settings.semantic)
    listener = _listen(settings.host, settings.port)
    shown = settings.address(listener.getsockname()[1])
    print(f"Account assistant on {shown} ({knowledge.count('zh')} zh and {knowledge.count('en')} en entries). Ctrl+C stops it.", flush=True)
    if not settings.demo_mode and not settings.accounts_url:
        print("No account service is connected (ASSISTANT_ACCOUNTS_URL), so flows guide and carry nothing out.", flush=True)
    if settings.demo_mode and not settings.demo_for_anybody:
        print("The demo is on, for this machine only; a server for the public needs ASSISTANT_DEMO=0.", flush=True)
    _hand_over(settings.data / FIRST_LINK, f"{shown}{invitation}" if invitation else None)
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
    Thread(target=_end_with_parent, daemon=True).start()
    return create_app(settings, load_knowledge(settings.cache, semantic=settings.semantic))


def _end_with_parent() -> None:
    """A parent that was killed can no longer stop its workers, which would keep the port for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


async def _prepare(settings: Settings) -> str | None:
    """Migrate, make the keys and the demo company; the path for setting up the first administrator as long as there is none."""
    await check_storage(settings)
    database = Database(settings.database)
    try:
        await database.migrate()
        cipher = cipher_from(settings)
        if demo := demo_from(settings, database, cipher):
            await demo.found()
        return await invite_first(database, cipher, _kept(settings.data / FIRST_LINK))
    finally:
        await database.close()


def _kept(file: Path) -> str:
    """The path of the first administrator's link as an earlier start has kept it."""
    with suppress(OSError):
        return urlsplit(file.read_text().strip()).path
    return ""


def _hand_over(file: Path, link: str | None) -> None:
    """Show the first administrator's link, or where it is kept: what is not a terminal may be a log that others read."""
    with suppress(OSError):
        file.unlink(missing_ok=True)
    if link is None:
        return
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            print(link, file=kept)
        where = f"with the link in {file}, which only its owner can read"
    except OSError:
        where = "with the link that 'assistant agents add NAME --role admin' prints"
    if sys.stdout.isatty():
        where = f"at {link}"
    print(f"There is no administrator yet. Set up the first one {where}. The link works once, within 72 hours.", flush=True)


def _check_demo(settings: Settings) -> None:
    """In the demo anybody can sign in as anybody, so it leaves this machine only for those who have said so twice."""
    if settings.demo_mode and not settings.on_loopback and not settings.demo_beyond_loopback:
        raise Failure(
            f"The demo would be open to everybody who reaches {settings.host}: anyone could sign in as any demo account. "
            "Set ASSISTANT_DEMO=0, listen on 127.0.0.1, or set ASSISTANT_DEMO_BEYOND_LOOPBACK=1 as well if that is meant."
        )


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
        advice = _ADVICE.get(error.errno or 0, "give --host an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all it has.")
        raise Failure(f"Cannot listen on {host}:{port} ({error.strerror}): {advice}") from error
    listener.set_inheritable(True)
    return listener

"""Fixtures: the real knowledge base, both databases, the application in-process and as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from assistant.cipher import Cipher, new_key
from assistant.knowledge import Knowledge, load_knowledge
from assistant.store import ConversationStore, Database
from assistant.store.accounts import AccountsIn
from flows.accounts.demo import nobody
from web.app import create_app
from web.settings import Settings

ROOT = Path(__file__).parents[1]
QUERIES = ROOT / "tests" / "data" / "queries"
CACHE = ROOT / "build" / "cache"
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")

Client = httpx.AsyncClient
OpenClient = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The knowledge base of the project, compiled once for all runs."""
    return load_knowledge(CACHE)


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'assistant.db'}"
        return
    schema = f"test_{uuid.uuid4().hex}"
    try:
        connection = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL does not answer at {POSTGRES}: {error}")
    connection.execute(f"CREATE SCHEMA {schema}")
    yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
    connection.execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    with empty_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database of each kind."""
    database = Database(database_url)
    await database.migrate()
    yield database
    await database.close()


def store_on(database: Database, accounts: AccountsIn = lambda _: nobody()) -> ConversationStore:
    """Conversations of a database, with a key of their own and an account service without accounts."""
    return ConversationStore(database, Cipher([SecretStr(new_key())]), accounts)


@pytest.fixture
def open_client(knowledge: Knowledge, tmp_path: Path) -> OpenClient:
    """Opens the application in-process; keyword arguments are settings."""

    @asynccontextmanager
    async def opened(**settings: object) -> AsyncIterator[Client]:
        given = {"data": tmp_path, "rate_limit": "off", **settings}
        app = create_app(Settings.model_validate(given), knowledge)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                yield client

    return opened


@pytest.fixture
async def client(open_client: OpenClient) -> AsyncIterator[Client]:
    """The application with SQLite and no limits."""
    async with open_client() as client:
        yield client


@dataclass(frozen=True)
class Conversation:
    """A conversation as a client holds it."""

    client: Client
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, message_id: str | None = None, **message: str) -> httpx.Response:
        body = {"message_id": message_id or uuid.uuid4().hex, **message}
        return await self.client.post(f"{self.path}/messages", json=body, headers=self.headers)

    async def say(self, text: str, message_id: str | None = None) -> dict[str, object]:
        response = await self.post(message_id, text=text)
        assert response.status_code == 200, response.text
        reply: dict[str, object] = response.json()
        return reply

    async def transcript(self) -> str:
        return (await self.client.get(f"{self.path}/messages", headers=self.headers)).text


async def converse(client: Client, lang: str | None = None) -> Conversation:
    """Open a conversation."""
    response = await client.post("/api/v1/conversations", json={"lang": lang, "channel": "web", "identity": None})
    assert response.status_code == 201, response.text
    opened = response.json()
    return Conversation(client, opened["conversation_id"], opened["token"])


@dataclass
class Server:
    """The program as users run it: a process, a port, a data folder."""

    data: Path
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def start(self) -> None:
        # The compiled knowledge base is shared; conversations are not.
        (self.data / "cache").mkdir(parents=True, exist_ok=True)
        for compiled in CACHE.glob("*.bin"):
            target = self.data / "cache" / compiled.name
            if not target.exists():
                target.write_bytes(compiled.read_bytes())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "web", "serve", "--port", "0", "--data", str(self.data)],
            cwd=ROOT,
            env={**os.environ, "ASSISTANT_RATE_LIMIT": "off", **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if match := re.search(r"http://[\d.]+:\d+", line):
                self.url = match[0]
                break
        assert self.url, "the server did not say where it listens"
        with httpx.Client(transport=httpx.HTTPTransport(retries=50)) as client:
            assert client.get(f"{self.url}/healthz", timeout=30).status_code == 200

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@pytest.fixture
def server(tmp_path: Path, knowledge: Knowledge) -> Iterator[Server]:
    """A real server on a free port."""
    server = Server(tmp_path / "data", {})
    server.start()
    yield server
    if server.process and server.process.poll() is None:
        server.stop()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Server]:
    """A real server for tests that leave it as it was."""
    server = Server(tmp_path_factory.mktemp("server"), {})
    server.start()
    yield server
    server.stop()

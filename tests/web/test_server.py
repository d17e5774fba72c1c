"""The program as users run it: a process, a real socket, a kill."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, Server, converse
from web.cli.serve import FIRST_LINK


async def test_what_was_acknowledged_survives_a_kill(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as client:
        conversation = await converse(client)
        first = (await conversation.post("m1", text="怎么注销账号")).json()
    server.kill()
    server.start()
    async with httpx.AsyncClient(base_url=server.url) as client:
        again = type(conversation)(client, conversation.id, conversation.token)
        assert (await again.post("m1", text="怎么注销账号")).json() == first
        assert (await again.post("m2", text="要准备什么材料")).json()["turn"] == 2


def test_it_stops_when_told(server: Server) -> None:
    assert server.stop() in (0, -15)


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "web", *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_busy_port_is_one_sentence(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    done = run("serve", "--port", port, "--data", str(server.data))
    assert done.returncode != 0
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "an earlier server may still be running" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = run("serve", "--port", "0", "--data", str(blocked / "data"))
    assert done.returncode != 0
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unreachable_database_is_one_sentence(server: Server) -> None:
    done = run("serve", "--port", "0", "--data", str(server.data), env={"DATABASE_URL": "postgresql://x:hunter2@127.0.0.1:1/none"})
    assert done.returncode != 0
    assert "database postgresql+psycopg://x:***@127.0.0.1:1/none" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", ""), "empty"),
        (("ask", "x" * 2001), "2000"),
        (("ask", "--lang", "fr", "hi"), "choose zh or en"),
        (("eval", "/nowhere"), "no such folder"),
        (("kb", "import", "/nowhere.md"), "/nowhere.md"),
        (("kb", "ask", " "), "empty"),
        (("purge", "--data", "/nowhere"), "There is no database /nowhere/assistant.db"),
        (("agents", "list", "--data", "/nowhere"), "There is no database /nowhere/assistant.db"),
        (("demo", "reset", "--data", "/nowhere"), "There is no database /nowhere/assistant.db"),
        (("kb", "promote", "--data", "/nowhere"), "There is no database /nowhere/assistant.db"),
        (("serve", "--port", "99999"), "ASSISTANT_PORT"),
    ],
)
def test_mistakes_on_the_command_line_are_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ASSISTANT_RATE_MESSAGES", "lots", "30/minute"),
        ("ASSISTANT_RATE_MESSAGES", "0/minute", "1 or more"),
        ("ASSISTANT_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.5/8", "10.0.0.0/8"),
        ("ASSISTANT_RATE_STORAGE", "pigeon://coop", "redis://host"),
        ("ASSISTANT_RATE_STORAGE", "redis://127.0.0.1:bad", "redis://host"),
        ("ASSISTANT_RATE_STORAGE", "redis://127.0.0.1:1", "start Redis"),
        ("ASSISTANT_BODY_LIMIT", "-5", "16384"),
        ("ASSISTANT_CORS_ORIGINS", "example.com", "https://example.com"),
        ("ASSISTANT_CORS_ORIGINS", "https://example.com/", "without a path"),
        ("ASSISTANT_IDENTITY_SECRET", "hunter2", "32 random characters"),
        ("ASSISTANT_ACCOUNTS_URL", "accounts.example.com", "https://accounts.example.com/"),
        ("DATABASE_URL", "nonsense-hunter2", "postgresql://user:password@host"),
        ("DATABASE_URL", "postgresql://user:hunter2:@host:bad/name", "postgresql://user:password@host"),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence_that_names_it(tmp_path: Path, name: str, value: str, says: str) -> None:
    done = run("serve", "--port", "0", "--data", str(tmp_path), env={name: value, "ASSISTANT_RATE_LIMIT": ""})
    assert done.returncode == 1
    assert done.stderr.startswith(name)
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hunter2" not in done.stderr
    assert "Account assistant on" not in done.stdout


def test_empty_variables_are_not_set(tmp_path: Path) -> None:
    empty = {"ASSISTANT_DEMO": "", "ASSISTANT_PORT": "", "ASSISTANT_IDENTITY_SECRET": "", "DATABASE_URL": "", "ASSISTANT_HOST": ""}
    server = Server(tmp_path / "data", empty)
    server.start()
    assert httpx.get(f"{server.url}/api/v1/demo/accounts").status_code == 200
    server.stop()


@pytest.mark.parametrize("host", ["nosuchhost.invalid", "192.0.2.1"])
def test_a_host_that_is_not_this_machines_is_one_sentence(shared_server: Server, host: str) -> None:
    done = run("serve", "--host", host, "--port", "0", "--data", str(shared_server.data))
    assert done.returncode == 1
    assert "give --host an address of this machine" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_the_owner_reads_what_the_server_makes(tmp_path: Path, server: Server) -> None:
    fresh = tmp_path / "fresh"
    run("serve", "--port", "0", "--data", str(fresh), env={"ASSISTANT_ENCRYPTION_KEYS": "not-a-key"})
    made = [fresh, fresh / "assistant.db", *server.data.glob("assistant.db*"), server.data / "keys", *server.data.glob("keys/*")]
    assert len(made) >= 6
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def first_link(server: Server) -> str:
    return (server.data / FIRST_LINK).read_text().rpartition("/")[2]


def test_the_first_administrators_link_is_for_the_owner_and_stays_the_same(server: Server) -> None:
    link = first_link(server)
    assert (server.data / FIRST_LINK).stat().st_mode & 0o077 == 0
    done = run("serve", "--host", "192.0.2.1", "--data", str(server.data), env={"ASSISTANT_DEMO": "0"})
    assert link.strip() not in done.stdout + done.stderr
    server.stop()
    server.start()
    assert first_link(server) == link
    assert httpx.get(f"{server.url}/console/setup/{link.strip()}").status_code == 200
    assert run("agents", "add", "ada", "--role", "admin", "--data", str(server.data)).returncode == 0
    server.stop()
    server.start()
    assert not (server.data / FIRST_LINK).exists()


def test_a_terminal_is_shown_the_first_administrators_link(tmp_path: Path, knowledge: object) -> None:
    server = Server(tmp_path / "data", {})
    server.start()
    server.stop()
    reader, terminal = pty.openpty()
    command = [sys.executable, "-m", "web", "serve", "--port", "0", "--data", str(server.data)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=terminal, stderr=subprocess.DEVNULL)
    shown = b""
    while b"works once" not in shown:
        shown += os.read(reader, 1000)
    process.terminate()
    process.wait(30)
    os.close(reader)
    os.close(terminal)
    assert first_link(server).strip() in shown.decode()


LOGS = r"""
import logging, warnings, structlog
from web import logs
logs.configure("info")
try:
    raise ValueError("two\nlines")
except ValueError:
    logging.getLogger("uvicorn.error").exception('Exception in "ASGI" application\n')
    structlog.get_logger().exception("ours")
logging.getLogger("other").warning("an %s\nin lines", "argument")
warnings.warn("old")
"""


def test_every_line_of_the_log_is_one_object() -> None:
    done = subprocess.run([sys.executable, "-c", LOGS], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["level"] for line in lines] == ["error", "error", "warning", "warning"]
    assert [line.get("logger") for line in lines] == ["uvicorn.error", None, "other", "py.warnings"]
    assert all("two\nlines" in line["exception"] for line in lines[:2])
    assert lines[2]["event"] == "an argument\nin lines"


def test_ask_answers_in_the_terminal(tmp_path: Path) -> None:
    done = run("ask", "注销冷静期多少天")
    assert done.returncode == 0
    assert "15" in done.stdout
    assert run("ask", "明天会下雨吗").returncode == 1


def test_kb_commands_describe_the_base() -> None:
    assert "phrasings" in run("kb", "schema").stdout
    assert "mfa/lost-phone" in run("kb", "ask", "手机丢了 mfa").stdout


def test_two_workers_share_one_port_and_one_truth(tmp_path: Path, knowledge: object) -> None:
    server = Server(tmp_path / "data", {"ASSISTANT_WORKERS": "2"})
    server.start()
    try:
        with httpx.Client(base_url=server.url) as client:
            opened = client.post("/api/v1/conversations", json={}).json()
            headers = {"Authorization": f"Bearer {opened['token']}"}
            path = f"/api/v1/conversations/{opened['conversation_id']}/messages"
            bodies = set()
            for _ in range(20):
                with httpx.Client(base_url=server.url) as other:
                    bodies.add(other.post(path, json={"message_id": "m", "text": "怎么注销账号"}, headers=headers).text)
            assert len(bodies) == 1
    finally:
        server.stop()


def test_workers_stop_when_their_parent_was_killed(tmp_path: Path, knowledge: object) -> None:
    server = Server(tmp_path / "data", {"ASSISTANT_WORKERS": "2"})
    server.start()
    server.kill()
    for _ in range(150):
        try:
            httpx.get(f"{server.url}/healthz", timeout=1)
        except httpx.TransportError:
            return
        time.sleep(0.1)
    pytest.fail("somebody still serves")

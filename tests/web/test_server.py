"""The program as users run it: a process, a real socket, a kill."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, Server, converse


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
    ],
)
def test_mistakes_on_the_command_line_are_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


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

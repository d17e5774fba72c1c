"""``assistant wecom``: the doctor's findings, the simulator in front of a real server, unbinding."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from assistant.knowledge import Knowledge
from assistant.store import Database
from tests.conftest import ROOT, OpenClient, Server
from tests.web.channels.conftest import Running, wecom_settings
from tests.web.channels.fake_wecom import FakeWecom, listening
from web.channels.wecom_doctor import Finding, examine
from web.channels.wecom_standin import stand_in
from web.settings import Settings

Environment = dict[str, str]


def environment(api: str, **changes: str | None) -> Environment:
    settings: dict[str, Any] = {**wecom_settings(api), **changes}
    return {f"ASSISTANT_{name.upper()}": str(value) for name, value in settings.items() if value is not None}


async def assistant(*arguments: str, env: Environment, said: str = "") -> tuple[int, str]:
    """Run the command; its exit code and all that it prints."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "web", *arguments],
        cwd=ROOT,
        env={**os.environ, **env},
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


async def test_the_doctor_finds_a_good_set_up_good(running: Running, wecom: FakeWecom) -> None:
    code, said = await assistant("wecom", "doctor", "--url", running.url, env=environment(wecom.url))
    assert code == 0, said
    assert "✗" not in said
    for words in ("Secret 正确", "本机 IP 可信", "可见范围：1 名成员", "/wecom/app 验证通过", "/wecom/bot 验证通过", "群机器人的 key 有效"):
        assert words in said
    assert wecom.robot == []


async def examined(url: str, settings: dict[str, Any]) -> list[Finding]:
    return [finding async for finding in examine(Settings.model_validate(settings), url)]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"wecom_secret": None}, "lacks ASSISTANT_WECOM_SECRET"),
        ({"wecom_secret": "another"}, "40001: The Secret is wrong"),
        ({"wecom_corp_id": "ww0000000000000000"}, "40013: The corp ID is wrong"),
        ({"wecom_corp_id": "my company"}, "does not look like one"),
        ({"wecom_agent_id": 7}, "40056: The AgentId is wrong"),
        ({"wecom_app_token": "with-a-dash"}, "1 to 32 letters and digits"),
        ({"wecom_app_token": "other"}, "/wecom/app answers 403"),
        ({"wecom_robot_key": "another"}, "93000: The group robot's key is not valid"),
        ({"wecom_api_base": "http://127.0.0.1:9"}, "http://127.0.0.1:9 cannot be reached: ConnectError"),
    ],
)
async def test_the_doctor_says_what_to_mend(running: Running, wecom: FakeWecom, changes: dict[str, Any], says: str) -> None:
    findings = await examined(running.url, {**wecom_settings(wecom.url), **changes})
    assert any(finding.good is False and says in finding.en for finding in findings)
    for finding in findings:
        assert finding.zh
        assert "app-secret" not in finding.zh + finding.en


@pytest.mark.parametrize("names", [("wecom_secret", "wecom_agent_id"), ("wecom_app_token", "wecom_app_aes_key"), ("wecom_bot_token",)])
async def test_half_a_set_up_is_named_at_start_and_by_the_doctor(
    running: Running, wecom: FakeWecom, open_client: OpenClient, names: tuple[str, ...]
) -> None:
    settings = {**wecom_settings(wecom.url), **dict.fromkeys(names)}
    variables = {f"ASSISTANT_{name.upper()}" for name in names}
    findings = await examined(running.url, settings)
    assert any(finding.good is False and all(name in finding.zh for name in variables) for finding in findings)
    with capture_logs() as logs:
        async with open_client(**settings):
            pass
    (said,) = [line for line in logs if line["event"] == "wecom door not open"]
    assert said["address"] == ("/wecom/bot" if names == ("wecom_bot_token",) else "/wecom/app")
    assert set(said["missing"].split(", ")) == variables


async def test_a_door_that_is_not_wanted_is_not_missed(open_client: OpenClient, wecom: FakeWecom) -> None:
    settings = {name: value for name, value in wecom_settings(wecom.url).items() if "app" not in name and "secret" not in name}
    with capture_logs() as logs:
        async with open_client(**{**settings, "wecom_agent_id": None}):
            pass
    assert [line for line in logs if line["log_level"] == "warning"] == []


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/cgi-bin/gettoken", {"errcode": 0}, "answers “JSON without an access_token”"),
        ("/cgi-bin/gettoken", {"access_token": "t", "expires_in": "soon"}, "answers “JSON without an access_token”"),
        ("/cgi-bin/gettoken", "<html>Sign in to the network</html>", "answers “HTTP 200 without JSON”"),
        ("/cgi-bin/gettoken", {"errcode": -1}, "-1: WeCom is busy: run this check again"),
        ("/cgi-bin/agent/get", {"errcode": 45009}, "45009: Too many calls: wait a minute"),
        ("/cgi-bin/agent/get", {"errcode": 41001}, "41001: The request arrived without its access token"),
        ("/cgi-bin/agent/get", {"errcode": 0, "allow_userinfos": [], "allow_partys": {"partyid": 5}}, "visible scope is empty"),
        ("/cgi-bin/webhook/send", "<html/>", "answers “HTTP 200 without JSON”"),
    ],
)
async def test_the_doctor_says_what_was_answered_instead(running: Running, wecom: FakeWecom, path: str, answer: Any, says: str) -> None:
    wecom.odd[path] = answer
    findings = await examined(running.url, wecom_settings(wecom.url))
    wecom.odd.clear()
    wrong = [finding for finding in findings if finding.good is False]
    assert any(says in finding.en for finding in wrong)
    for finding in wrong:
        assert "cannot be reached" not in finding.en
        assert "by itself" not in finding.en
        assert "自动" not in finding.zh


async def test_the_doctor_tells_a_gateways_answer_from_none(running: Running, wecom: FakeWecom) -> None:
    wecom.down = True
    findings = await examined(running.url, wecom_settings(wecom.url))
    wecom.down = False
    assert f"{wecom.url} answers “HTTP 502”" in "\n".join(finding.en for finding in findings if finding.good is False)


async def test_the_doctor_finds_the_simulators_api_good(running: Running) -> None:
    arrived: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    async with listening(stand_in(arrived)) as api:
        findings = await examined(running.url, wecom_settings(api))
    assert [finding.en for finding in findings if not finding.good] == []
    assert arrived.empty()


@pytest.mark.parametrize("command", ["doctor", "simulate"])
async def test_an_address_without_a_scheme_is_told_so(command: str) -> None:
    code, said = await assistant("wecom", command, "--url", "127.0.0.1:8303", env={})
    assert code == 1
    assert "add http:// or https://, as in http://127.0.0.1:8303." in said


async def test_the_doctor_names_an_untrusted_address_and_an_unreachable_server(wecom: FakeWecom) -> None:
    wecom.trusted = False
    findings = await examined("http://127.0.0.1:9", wecom_settings(wecom.url))
    wecom.trusted = True
    assert any("WeCom sees the IP 203.0.113.9." in finding.en for finding in findings)
    said = "\n".join(finding.zh for finding in findings if finding.good is False)
    assert "60020" in said
    assert "企业可信IP" in said
    assert "连不上 http://127.0.0.1:9/wecom/app" in said


@pytest.mark.parametrize(("lang", "says"), [("zh", "43 个字母或数字"), ("en", "43 letters and digits")])
async def test_settings_that_cannot_be_read_are_findings_too(wecom: FakeWecom, lang: str, says: str) -> None:
    env = environment(wecom.url, wecom_app_aes_key="short")
    code, said = await assistant("wecom", "doctor", "--lang", lang, env=env)
    assert code == 1
    assert says in said
    assert "ASSISTANT_WECOM_APP_AES_KEY" in said


@pytest.fixture
async def simulated(tmp_path: Path, knowledge: Knowledge) -> AsyncIterator[Server]:
    """A server whose WeCom is the simulator."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(tmp_path / "data", environment(f"http://127.0.0.1:{port}"))
    await asyncio.to_thread(server.start)
    yield server
    await asyncio.to_thread(server.stop)


async def test_the_simulator_plays_a_member_in_front_of_both_doors(simulated: Server) -> None:
    lines = "/enter\n/enter\n绑定了 MFA 但手机丢了，怎么登录？\n/click 2\n/again\n/image\nthank you\n\n"
    code, said = await assistant("wecom", "simulate", "--url", simulated.url, env=simulated.environment, said=lines)
    assert code == 0, said
    for words in ("我是账号助手", "申请登录腾讯云账号", "(2) 2", "已选：怎么解绑 MFA", "看不了图片", "You're welcome"):
        assert words in said
    assert said.count("我是账号助手") == 1
    assert said.count("已选：") == 1
    code, said = await assistant("wecom", "simulate", "--bot", "--url", simulated.url, env=simulated.environment, said=lines)
    assert code == 0, said
    for words in ("我是账号助手", "**自助处理**", "已选：", "解绑虚拟 MFA", "看不了图片", "You're welcome"):
        assert words in said


async def test_the_simulator_has_what_the_doors_know_and_says_what_is_possible(simulated: Server) -> None:
    lines = "/again\n/click 1\n/menu act:human\n/voice\n/group on\n绑定了 MFA 但手机丢了，怎么登录？\n/click 9\n/click\n/dance\n\n"
    code, said = await assistant("wecom", "simulate", "--url", simulated.url, env=simulated.environment, said=lines)
    assert code == 0, said
    for words in ("还没有投递过", "还没有卡片", "人工", "听不了语音", "启动时加 --bot", "卡片上只有 1 到 "):
        assert words in said
    assert said.count("/menu KEY") == 3  # at first, after /click and after /dance
    lines = "/menu act:human\n/voice 谢谢\n/group on\n/image\n谢谢\n/group off\n/image\n\n"
    code, said = await assistant("wecom", "simulate", "--bot", "--url", simulated.url, env=simulated.environment, said=lines)
    assert code == 0, said
    for words in ("智能机器人没有菜单", "在群里", "先 /group off", "在单聊里", "看不了图片"):
        assert words in said
    assert said.count("不客气") == 2


async def test_the_simulator_says_what_it_needs(tmp_path: Path) -> None:
    code, said = await assistant("wecom", "simulate", env={})
    assert code == 1
    assert "wecom simulate --env" in said
    _, exports = await assistant("wecom", "simulate", "--env", env={})
    made_up = dict(line.removeprefix("export ").split("=", 1) for line in exports.splitlines())
    code, said = await assistant("wecom", "simulate", "--url", "http://127.0.0.1:9", env=made_up, said="hi\n")
    assert code == 1
    assert "is the server running?" in said


async def test_unbinding_from_the_terminal(tmp_path: Path) -> None:
    code, said = await assistant("wecom", "unbind", "nobody", "--data", str(tmp_path), env={})
    assert (code, said.strip()) == (
        1,
        f"There is no database {tmp_path}/assistant.db: say with --data where the server keeps its data, or start it once.",
    )
    database = Database(Settings(data=tmp_path).database)
    await database.migrate()
    await database.close()
    code, said = await assistant("wecom", "unbind", "nobody", "--data", str(tmp_path), env={})
    assert (code, said.strip()) == (0, "0 bindings removed.")

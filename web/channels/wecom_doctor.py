"""Checks a WeCom set-up step by step, from the form of the settings to WeCom's own answers, and says what to mend."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr, ValidationError

from assistant.message import now
from kb.entry import Lang
from web.channels.doors import Door, app_crypto, bot_crypto, missing
from web.channels.wecom_client import WecomError, WecomHttp
from web.channels.wecom_crypto import Crypto
from web.channels.wecom_errors import known
from web.settings import Settings

_UNREACHED = ("连不上 {where}：{why}。检查网络、代理和防火墙。", "{where} cannot be reached: {why}. Check network, proxy and firewall.")
_STRANGE = (
    "{where} 的回答是“{what}”，不像企业微信：检查 ASSISTANT_WECOM_API_BASE 和中间的代理，然后再运行一次本检查。",
    "{where} answers “{what}”, unlike WeCom: check ASSISTANT_WECOM_API_BASE and any proxy in between, then run this check again.",
)
_SEEN_IP = re.compile(r"from ip: *([0-9A-Fa-f.:]*[0-9A-Fa-f])")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one step came to; ``good`` is None for what was left out."""

    good: bool | None
    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """In this language."""
        return self.zh if lang == "zh" else self.en


async def examine(settings: Settings, url: str) -> AsyncIterator[Finding]:
    """All findings, as they come; ``url`` is where the server answers."""
    for finding in check_settings(settings):
        yield finding
    http = WecomHttp(settings.wecom_api_base)
    try:
        async for finding in _check_application(settings, http):
            yield finding
        for name, crypto in (("app", app_crypto(settings)), ("bot", bot_crypto(settings))):
            if crypto:
                yield await _check_address(f"{url.rstrip('/')}/wecom/{name}", crypto)
        if settings.wecom_robot_key:
            yield await _check_robot(settings.wecom_robot_key, http)
    finally:
        await http.close()


def malformed(error: ValidationError) -> Iterator[Finding]:
    """Settings that cannot even be read."""
    for mistake in error.errors():
        name = f"ASSISTANT_{'_'.join(str(part) for part in mistake['loc']).upper()}"
        if name.endswith("_AES_KEY"):
            yield Finding(
                False,
                f"{name} 的格式不对：EncodingAESKey 是 43 个字母或数字，请在“接收消息”设置页重新复制。",
                f"{name} is not an EncodingAESKey: that has 43 letters and digits; copy it again from the page Receive Messages.",
            )
        else:
            yield Finding(False, f"{name} 的值不对：{mistake['msg']}", f"{name} is not valid: {mistake['msg']}")


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Whether each door's settings are complete and well-formed."""
    doors: tuple[tuple[Door, str, str], ...] = (("app", "自建应用", "self-built application"), ("bot", "智能机器人", "AI bot"))
    for door, zh, en in doors:
        lacking = missing(settings, door)
        if lacking is None:
            yield Finding(None, f"{zh}：没有配置，跳过。", f"The {en} is not configured: left out.")
        elif lacking:
            listed = ", ".join(lacking)
            yield Finding(
                False,
                f"{zh}：还缺 {listed}，因此 /wecom/{door} 不存在（404）。",
                f"The {en} lacks {listed}, so /wecom/{door} does not exist (404).",
            )
        else:
            yield Finding(True, f"{zh}：配置项齐全。", f"The {en}'s settings are complete.")
    if settings.wecom_corp_id and not re.fullmatch(r"w[wx][0-9a-f]{16}", settings.wecom_corp_id):
        yield Finding(
            False,
            "企业 ID 的格式不对：应为 ww 开头的 18 个字符，在“我的企业 > 企业信息”底部。",
            "The corp ID does not look like one: 18 characters beginning with ww, at the bottom of My Company > Company Information.",
        )
    for name, token in (("ASSISTANT_WECOM_APP_TOKEN", settings.wecom_app_token), ("ASSISTANT_WECOM_BOT_TOKEN", settings.wecom_bot_token)):
        if token and not re.fullmatch(r"[0-9A-Za-z]{1,32}", token.get_secret_value()):
            yield Finding(
                False,
                f"{name} 只能是 1 到 32 个字母或数字，请在“接收消息”设置页重新生成。",
                f"{name} must be 1 to 32 letters and digits; generate it again on the page Receive Messages.",
            )


async def _check_application(settings: Settings, http: WecomHttp) -> AsyncIterator[Finding]:
    if not settings.wecom_corp_id or not settings.wecom_secret or settings.wecom_agent_id is None:
        return
    try:
        token, _ = await http.fetch_token(settings.wecom_corp_id, settings.wecom_secret.get_secret_value())
        yield Finding(True, "企业 ID 和 Secret 正确。", "Corp ID and Secret are right.")
        agent = await http.call("GET", "/cgi-bin/agent/get", params={"access_token": token, "agentid": settings.wecom_agent_id})
    except WecomError as error:
        yield _explained(error, http.base)
        return
    yield Finding(
        True,
        f"AgentId 正确（“{agent.get('name', '')}”），本机 IP 可信。",
        f"The AgentId is right (“{agent.get('name', '')}”) and this machine's IP is trusted.",
    )
    yield _scope(agent)


def _scope(agent: dict[str, Any]) -> Finding:
    lists = (("allow_userinfos", "user"), ("allow_partys", "partyid"), ("allow_tags", "tagid"))
    users, parties, tags = (_count(agent.get(outer), inner) for outer, inner in lists)
    if agent.get("close"):
        return Finding(False, "应用已停用：在应用详情页启用它。", "The application is switched off: switch it on, on its page.")
    if not users + parties + tags:
        return Finding(
            False,
            "可见范围是空的，谁都看不到这个应用：在应用详情页设置“可见范围”。",
            "The visible scope is empty, so nobody sees the application: set Visible Scope on its page.",
        )
    return Finding(
        True,
        f"可见范围：{users} 名成员，{parties} 个部门，{tags} 个标签。",
        f"Visible scope: {users} members, {parties} departments, {tags} tags.",
    )


def _count(within: object, name: str) -> int:
    listed = within.get(name) if isinstance(within, dict) else None
    return len(listed) if isinstance(listed, list) else 0


async def _check_address(address: str, crypto: Crypto) -> Finding:
    """Ask the address what WeCom asks when the page Receive Messages is saved."""
    echo, timestamp, nonce = secrets.token_hex(8), str(int(now().timestamp())), secrets.token_hex(5)
    sealed = crypto.encrypt(echo)
    query = {"msg_signature": crypto.sign(timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce, "echostr": sealed}
    try:
        async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
            response = await client.get(address, params=query)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _bad(_UNREACHED, where=address, why=type(error).__name__)
    if response.status_code == 200 and response.text == echo:
        return Finding(True, f"回调地址 {address} 验证通过。", f"The callback address {address} verifies.")
    advice = {
        403: ("Token、EncodingAESKey 或企业 ID 与服务器上的不一致", "token, EncodingAESKey or corp ID differ from the server's"),
        404: ("服务器没有配置这个入口，或地址不是本服务", "the server has no such door configured, or this is another server"),
    }
    zh, en = advice.get(response.status_code, ("请检查反向代理", "check the reverse proxy"))
    status = response.status_code
    return Finding(False, f"回调地址 {address} 返回 {status}：{zh}。", f"The callback address {address} answers {status}: {en}.")


async def _check_robot(key: SecretStr, http: WecomHttp) -> Finding:
    """An empty message is refused for its emptiness if the key is right; nothing appears in the group."""
    try:
        await http.robot(key.get_secret_value(), "")
    except WecomError as error:
        if error.code is None or error.code == 93000 or known(error.code).remedy in ("mend", "again"):
            return _explained(error, http.base)
    return Finding(True, "群机器人的 key 有效。", "The group robot's key is valid.")


def _explained(error: WecomError, base: str) -> Finding:
    if error.code is None and error.answer:
        return _bad(_STRANGE, where=base, what=error.answer)
    if error.code is None:
        return _bad(_UNREACHED, where=base, why=error.detail.rpartition(": ")[2])
    found = known(error.code)
    zh, en = f"{error.code}：{found.zh}", f"{error.code}: {found.en}"
    if error.code == 60020 and (seen := _SEEN_IP.search(error.errmsg)):
        zh, en = f"{zh}企业微信看到的 IP 是 {seen[1]}。", f"{en} WeCom sees the IP {seen[1]}."
    return Finding(False, zh, en)


def _bad(sentences: tuple[str, str], **values: str) -> Finding:
    zh, en = (sentence.format(**values) for sentence in sentences)
    return Finding(False, zh, en)

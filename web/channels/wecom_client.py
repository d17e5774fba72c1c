"""WeCom's API as far as we use it: tokens, messages, cards, pictures, the group robot, a bot's late answers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from assistant.store.wecom import Tokens
from web.channels.wecom_errors import known

TIMEOUT = httpx.Timeout(10, connect=5)


class WecomError(Exception):
    """WeCom did not take it; ``code`` is WeCom's, or None when it was not reached or its answer cannot be read."""

    def __init__(self, code: int | None, detail: str, *, reached: bool = True, answer: str = "", errmsg: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.reached = reached
        """False when certainly nothing was delivered."""
        self.answer = answer
        """What came instead of WeCom's answer; empty when nothing came."""
        self.errmsg = errmsg
        """WeCom's own words: for a person at the terminal, not for logs, since they may quote what was sent."""


def _unusable(answer: str) -> WecomError:
    return WecomError(None, f"an answer that is not WeCom's: {answer}", answer=answer)


class WecomHttp:
    """Calls that need no access token; no error and no log ever holds an address, since addresses hold secrets."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        # Redirects would carry secrets elsewhere; a proxy from the environment is the operator's choice.
        self._http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """The answer of a call; raises ``WecomError``."""
        return await self._request(method, f"{self.base}{path}", **options)

    async def fetch_token(self, corp_id: str, secret: str) -> tuple[str, timedelta]:
        """A new access token, and how long it is valid."""
        answer = await self.call("GET", "/cgi-bin/gettoken", params={"corpid": corp_id, "corpsecret": secret})
        if not isinstance(answer.get("access_token"), str) or not isinstance(answer.get("expires_in", 0), int):
            raise _unusable("JSON without an access_token")
        return answer["access_token"], timedelta(seconds=answer.get("expires_in", 7200))

    async def robot(self, key: str, content: str) -> None:
        """Markdown to a support group."""
        body = {"msgtype": "markdown", "markdown": {"content": content}}
        await self.call("POST", "/cgi-bin/webhook/send", params={"key": key}, json=body)

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """A bot's late answer, at the address that came with the question; WeCom's own host only, whatever the address says."""
        if not self.is_ours(url):
            raise WecomError(None, "the response address is not WeCom's")
        await self._request("POST", url, json=body)

    def is_ours(self, url: str) -> bool:
        """Whether an address is of the very host, scheme and port that we call anyway."""
        try:
            given, own = httpx.URL(url), httpx.URL(self.base)
        except httpx.InvalidURL:
            return False
        return (given.scheme, given.host, given.port, given.userinfo) == (own.scheme, own.host, own.port, b"")

    async def _request(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, url, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise WecomError(None, f"not reached: {type(error).__name__}", reached=False) from None
        except httpx.HTTPError as error:
            raise WecomError(None, f"no answer: {type(error).__name__}") from None
        if response.status_code != 200:
            raise _unusable(f"HTTP {response.status_code}")
        try:
            answer = response.json()
            code = int(answer.get("errcode", 0))
        except (ValueError, AttributeError, TypeError):
            raise _unusable("HTTP 200 without JSON") from None
        if code:
            raise WecomError(code, f"errcode {code}", reached=False, errmsg=str(answer.get("errmsg", "")))
        found: dict[str, Any] = answer
        return found


class AppClient:
    """What a self-built application sends."""

    def __init__(self, http: WecomHttp, tokens: Tokens, corp_id: str, agent_id: int, secret: str) -> None:
        self._http = http
        self._tokens = tokens
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._secret = secret

    async def send(self, user_id: str, message: dict[str, Any], once: int) -> None:
        """A message to one member. WeCom drops the same request again; ``once`` tells two equal messages apart."""
        body = {
            "touser": user_id,
            "agentid": self._agent_id,
            **message,
            "enable_duplicate_check": 1,
            # A retried request is the same to the last byte; another message of the same words has another interval.
            "duplicate_check_interval": 1800 + once % 9000,
        }
        answer = await self._call("/cgi-bin/message/send", json=body)
        if answer.get("invaliduser"):
            raise WecomError(81013, "errcode 0, but the receiver is not valid")

    async def grey_card(self, user_id: str, response_code: str, label: str) -> None:
        """Replace a clicked card's buttons by a label that cannot be clicked."""
        body = {"userids": [user_id], "agentid": self._agent_id, "response_code": response_code, "button": {"replace_name": label}}
        await self._call("/cgi-bin/message/update_template_card", json=body)

    async def upload(self, picture: bytes) -> str:
        """A picture's media id."""
        name, kind = ("picture.png", "image/png") if picture.startswith(b"\x89PNG") else ("picture.jpg", "image/jpeg")
        answer = await self._call("/cgi-bin/media/upload", params={"type": "image"}, files={"media": (name, picture, kind)})
        if not isinstance(answer.get("media_id"), str):
            raise _unusable("JSON without a media_id")
        media: str = answer["media_id"]
        return media

    async def agent(self) -> dict[str, Any]:
        """The application as WeCom knows it."""
        return await self._call("/cgi-bin/agent/get", method="GET", params={"agentid": self._agent_id})

    async def token(self, rejected: str | None = None) -> str:
        """The shared access token."""
        fetch = partial(self._http.fetch_token, self._corp_id, self._secret)
        return await self._tokens.get(f"{self._corp_id}:{self._agent_id}", fetch, rejected)

    async def _call(self, path: str, method: str = "POST", params: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        token = await self.token()
        try:
            return await self._http.call(method, path, params={**(params or {}), "access_token": token}, **options)
        except WecomError as error:
            if error.code is None or known(error.code).remedy != "token":
                raise
        token = await self.token(rejected=token)
        return await self._http.call(method, path, params={**(params or {}), "access_token": token}, **options)

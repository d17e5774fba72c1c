"""Errors as people read them: RFC 9457 ``application/problem+json`` in the request's language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from assistant.store import DatabaseUnavailable, Unknown
from kb.entry import Lang

log = structlog.get_logger()

_TITLES: dict[int, dict[Lang, str]] = {
    400: {"zh": "请求有误", "en": "Bad request"},
    401: {"zh": "身份无效", "en": "Identity not accepted"},
    403: {"zh": "不允许", "en": "Not allowed"},
    404: {"zh": "没有找到", "en": "Not found"},
    405: {"zh": "方法不支持", "en": "Method not allowed"},
    413: {"zh": "内容过长", "en": "Too long"},
    422: {"zh": "内容有误", "en": "Invalid content"},
    429: {"zh": "请求过于频繁", "en": "Too many requests"},
    500: {"zh": "服务出错", "en": "Server error"},
    503: {"zh": "服务暂不可用", "en": "Service unavailable"},
}
_DETAILS: dict[int, dict[Lang, str]] = {
    400: {"zh": "请求无法读取。", "en": "The request cannot be read."},
    404: {"zh": "这个地址下没有内容。", "en": "There is nothing at this address."},
    405: {"zh": "这个地址不支持该方法。", "en": "This address does not support that method."},
    500: {
        "zh": "服务出错了，我们已记录；请稍后再试。",
        "en": "Something went wrong on our side and has been noted; please try again later.",
    },
}


class Problem(Exception):
    """An error with a sentence in both languages."""

    def __init__(
        self, status: int, zh: str, en: str, headers: Mapping[str, str] | None = None, errors: Sequence[dict[str, str]] = ()
    ) -> None:
        super().__init__(en)
        self.status = status
        self.detail: dict[Lang, str] = {"zh": zh, "en": en}
        self.headers = dict(headers or {})
        self.errors = list(errors)


def unknown_conversation() -> Problem:
    """One and the same for a wrong id and a wrong token."""
    return Problem(
        404, "没有这个对话，或凭证不对。请开始新的对话。", "No such conversation, or the token is wrong. Please start a new one."
    )


def request_language(request: Request) -> Lang:
    """``?lang=``, else the first of zh and en in ``Accept-Language``, else Chinese."""
    asked = request.query_params.get("lang")
    if asked in ("zh", "en"):
        return "zh" if asked == "zh" else "en"
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.strip()[:2]
        if tag in ("zh", "en"):
            return "zh" if tag == "zh" else "en"
    return "zh"


def problem_response(
    lang: Lang, status: int, detail: str, headers: Mapping[str, str] | None = None, errors: Sequence[dict[str, str]] = ()
) -> Response:
    """The problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status, _TITLES[500 if status >= 500 else 400])[lang],
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return Response(json.dumps(body, ensure_ascii=False), status, dict(headers or {}), media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_response(
            request_language(request), error.status, error.detail[request_language(request)], error.headers, error.errors
        )

    async def on_unknown(request: Request, _error: Exception) -> Response:
        return await on_problem(request, unknown_conversation())

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        lang = request_language(request)
        errors = [_field(mistake) for mistake in error.errors()]
        if any(mistake["type"] == "json_invalid" for mistake in error.errors()):
            return problem_response(lang, 400, _DETAILS[400][lang] + (" JSON 格式不正确。" if lang == "zh" else " Its JSON is not valid."))
        where = ", ".join(sorted({item["pointer"].rpartition("/")[2] or "/" for item in errors}))
        detail = f"这些字段不正确：{where}。" if lang == "zh" else f"These fields are not right: {where}."
        return problem_response(lang, 422, detail, errors=errors)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        lang = request_language(request)
        detail = _DETAILS.get(error.status_code, {}).get(lang) or str(error.detail)
        return problem_response(lang, error.status_code, detail, error.headers)

    async def on_database(request: Request, error: Exception) -> Response:
        log.error("database", reason=str(error))
        lang = request_language(request)
        return problem_response(
            lang,
            503,
            "数据库暂时不可用，消息没有保存；请稍后重发。"
            if lang == "zh"
            else "The database is not available; your message was not saved. Please send it again later.",
            {"Retry-After": "5"},
        )

    async def on_crash(request: Request, _error: Exception) -> Response:
        lang = request_language(request)
        return problem_response(lang, 500, _DETAILS[500][lang])

    from sqlalchemy.exc import InterfaceError, OperationalError

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(Unknown, on_unknown)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    for kind in (DatabaseUnavailable, OperationalError, InterfaceError):
        app.add_exception_handler(kind, on_database)
    app.add_exception_handler(Exception, on_crash)


def _field(mistake: Any) -> dict[str, str]:
    location = [str(part) for part in mistake["loc"] if part not in ("body", "query", "path", "header")]
    return {"pointer": "/" + "/".join(location), "detail": str(mistake["msg"])}

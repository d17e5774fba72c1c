"""Whatever the account service sends has a text."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.notices import notice
from flows.accounts.notifier import Message, message_to
from flows.accounts.operations import operations

TOLD = [name for name, command in operations().items() if getattr(command, "tells", False)]


@pytest.mark.parametrize("operation", TOLD)
def test_owners_read_what_was_changed(operation: str) -> None:
    text = notice(message_to("13800138000", "notice", operation=operation))
    assert operation not in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("what", "values", "shown"),
    [
        ("code", {"code": "123456", "purpose": "prove"}, "123456"),
        ("link", {"token": "T0KEN"}, "T0KEN"),
        ("request", {"token": "T0KEN"}, "T0KEN"),
        ("accounts", {"accounts": "100000000001 wechat; 100000000002 email/qq"}, "100000000001（微信）、100000000002（登录邮箱/QQ）"),
        ("accounts", {"accounts": "100000000001 wechat; 100000000002 email/qq"}, "100000000001 (WeChat), 100000000002 (Login email/QQ)"),
        ("result", {"approved": "True", "reason": ""}, "已通过"),
        ("result", {"approved": "False", "reason": "资料不符"}, "资料不符"),
        ("result", {"state": "approved"}, "已通过"),
        ("result", {"state": "rejected"}, "没有通过"),
    ],
)
def test_messages_say_what_matters(what: Any, values: dict[str, str], shown: str) -> None:
    assert shown in notice(Message(channel="sms", to="13800138000", what=what, values=values))

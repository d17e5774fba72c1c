"""Texts of the messages that the demo shows instead of sending, from ``notices.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from flows.accounts.notifier import Message

NOTICES = Path(__file__).with_name("notices.yaml")


@cache
def _loaded() -> dict[str, dict[str, Any]]:
    notices: dict[str, dict[str, Any]] = yaml.load(NOTICES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return notices


def notice(message: Message) -> str:
    """What the message says, in both languages; raises ``KeyError`` for an operation without a name."""
    values = dict(message.values)
    if message.what == "notice":
        values["zh"], values["en"] = _loaded()["operations"][values["operation"]]
    text: str = _loaded()["messages"][_name(message)]
    return text.format(**values)


def _name(message: Message) -> str:
    """Results are of two matters, and good or bad."""
    if message.what != "result":
        return message.what
    if "approved" in message.values:
        return "cancellation-approved" if message.values["approved"] == "True" else "cancellation-rejected"
    return f"request-{message.values['state']}"

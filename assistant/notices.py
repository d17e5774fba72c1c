"""Texts of the messages that the demo shows instead of sending, from ``notices.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from flows.accounts.notifier import Message
from flows.actions.labels import label
from flows.model import Lang

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
    if message.what == "accounts":
        values |= {"zh": _accounts(values["accounts"], "zh"), "en": _accounts(values["accounts"], "en")}
    text: str = _loaded()["messages"][_name(message)]
    return text.format(**values)


def _accounts(listed: str, lang: Lang) -> str:
    """Ids with the names of their login methods: the service lists them as ``1000 wechat; 1001 email/qq``."""
    shown = []
    for account, _, kinds in (entry.partition(" ") for entry in listed.split("; ") if entry):
        names = "/".join(label("login_kind", kind, lang) for kind in kinds.split("/") if kind)
        shown.append(f"{account}（{names}）" if lang == "zh" else f"{account} ({names})")
    return ("、" if lang == "zh" else ", ").join(shown)


def _name(message: Message) -> str:
    """Results are of two matters, and good or bad."""
    if message.what != "result":
        return message.what
    if "approved" in message.values:
        return "cancellation-approved" if message.values["approved"] == "True" else "cancellation-rejected"
    return f"request-{message.values['state']}"

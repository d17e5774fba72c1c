"""What actions say to the account service, and what becomes of its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import JsonValue

from flows.accounts.base import Refusal
from flows.accounts.commands.base import Command
from flows.accounts.protocol import ServiceUnavailable
from flows.actions.base import Call, CheckNeeded, NotProven, Result
from flows.model import Bilingual, Lang
from flows.texts import fill

REASONS = Path(__file__).with_name("refusals.yaml")
R = TypeVar("R")


async def perform(call: Call, command: Command[R], part: str = "") -> R | Refusal:
    """Carry a command out for whoever talks; ``part`` tells several changes of one action apart.

    Raises ``NotProven`` and ``CheckNeeded``, which become outcomes, and ``ServiceUnavailable``, which is tried again.
    """
    key = (f"{call.key}:{part}" if part else call.key) if command.changes else None
    answer = await call.accounts.perform(call.caller.actor, command, key)
    if isinstance(answer, Refusal) and answer.reason == "not_proven":
        raise NotProven
    if isinstance(answer, Refusal) and answer.reason == "identity_check_needed":
        raise CheckNeeded
    return answer


async def granted(call: Call, command: Command[R]) -> R:
    """The result of a command that nothing can refuse any more: its fields are checked, and it asks for no account's state.

    Raises what ``perform`` raises; a refusal nobody foresaw is a service that cannot be used, ``ServiceUnavailable``.
    """
    answer = await perform(call, command)
    if isinstance(answer, Refusal):
        raise ServiceUnavailable(answer.reason)
    return answer


def refused(call: Call, refusal: Refusal) -> Result[Literal["refused"]]:
    """The outcome of a refusal: its sentence as ``reason``, and the rule's id as ``rule``."""
    return Result("refused", {"reason": sentence(refusal, call.caller.lang), "rule": refusal.rule})


def sentence(refusal: Refusal, lang: Lang) -> str:
    """Why the service refuses, in words: by rule and reason where the rule says it its own way, otherwise by reason."""
    texts = _reasons()
    text = texts.get(f"{refusal.rule} {refusal.reason}") or texts.get(refusal.reason) or texts["refused"]
    return fill(text[lang], _details(refusal)).strip()


def _details(refusal: Refusal) -> Mapping[str, JsonValue]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in refusal.details.items()}


@cache
def _reasons() -> Mapping[str, Bilingual]:
    loaded = yaml.load(REASONS.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # makes nothing but strings
    return {name: Bilingual.model_validate(texts) for name, texts in loaded.items()}

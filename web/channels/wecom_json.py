"""The JSON of an AI bot's callbacks."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from web.channels.wecom_crypto import Refused
from web.channels.wecom_fields import Corp, Name, Token, Words

_MENTION = re.compile(r"^\s*@\S+\s*")


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    encrypt: str


class _Part(BaseModel):
    """Fields that are not read here may hold anything; null is as good as absent."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: object) -> object:
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data


class _Sender(_Part):
    userid: Name = ""
    corpid: Corp = ""


class _Said(_Part):
    content: Words = ""


class _Item(_Part):
    msgtype: Name = ""
    text: _Said = _Said()


class _Mixed(_Part):
    msg_item: tuple[_Item, ...] = ()


class _Marked(_Part):
    option_id: tuple[Name, ...] = ()


class _Answer(_Part):
    question_key: Token = ""
    option_ids: _Marked = _Marked()


class _Answers(_Part):
    selected_item: tuple[_Answer, ...] = ()


class Click(_Part):
    """A click on a card."""

    event_key: Token = ""
    task_id: Name = ""
    selected_items: _Answers = _Answers()

    @property
    def selected(self) -> dict[str, tuple[str, ...]]:
        """What was marked: the question's key and the options' ids."""
        return {answer.question_key: answer.option_ids.option_id for answer in self.selected_items.selected_item}


class Verdict(_Part):
    """What a user thinks of an answer: ``type`` is 1 for good, 2 for bad, 3 when it is taken back."""

    id: Token = ""
    type: int = 0
    content: Words = ""
    inaccurate_reason_list: tuple[int, ...] = ()


class _Event(_Part):
    eventtype: Name = Field(min_length=1)
    template_card_event: Click = Click()
    feedback_event: Verdict = Verdict()


class _Stream(_Part):
    id: Name = ""


class _Callback(_Part):
    msgtype: Name = Field(min_length=1)
    msgid: Name = ""
    aibotid: Name = ""
    chattype: Name = ""
    chatid: Name = ""
    sender: _Sender = Field(_Sender(), alias="from")
    create_time: int = 0
    response_url: Token = ""
    text: _Said = _Said()
    voice: _Said = _Said()
    mixed: _Mixed = _Mixed()
    stream: _Stream = _Stream()
    event: _Event | None = None

    @model_validator(mode="after")
    def _whole(self) -> _Callback:
        if self.msgtype == "event" and self.event is None:
            raise ValueError("an event that is none")
        if self.chattype == "group" and not self.chatid:
            raise ValueError("a group without an id")
        return self


@dataclass(frozen=True, slots=True)
class BotCallback:
    """What a user did; ``kind`` is a message's type, or an event's."""

    user_id: str
    corp: str
    chat: str
    kind: str
    key: str
    text: str
    stream: str
    response_url: str
    click: Click
    verdict: Verdict


def encrypted_json(body: bytes) -> str:
    """The envelope's content; raises ``Refused``."""
    try:
        return _Envelope.model_validate_json(body).encrypt.strip()
    except ValidationError as error:
        raise Refused("envelope") from error


def parse_bot_callback(text: str) -> BotCallback:
    """A decrypted callback; raises ``Refused``."""
    try:
        data = json.loads(text)
        read = _Callback.model_validate(data)
        key = _key(read, data)
    except (ValueError, RecursionError) as error:
        raise Refused("callback") from error
    chat = read.chatid if read.chattype == "group" else ""
    event = read.event if read.msgtype == "event" else None
    return BotCallback(
        user_id=read.sender.userid,
        corp=read.sender.corpid,
        chat=chat,
        kind=event.eventtype if event else read.msgtype,
        key=key,
        text=_said(read, in_group=bool(chat)),
        stream=read.stream.id,
        response_url=read.response_url,
        click=event.template_card_event if event else Click(),
        verdict=event.feedback_event if event else Verdict(),
    )


def _said(read: _Callback, *, in_group: bool) -> str:
    """The words of a message: typed, spoken (WeCom transcribes), or those beside pictures."""
    mixed = "\n".join(item.text.content for item in read.mixed.msg_item if item.msgtype == "text")
    said = {"text": read.text.content, "voice": read.voice.content, "mixed": mixed}.get(read.msgtype, "")
    return _MENTION.sub("", said) if in_group else said


def _key(read: _Callback, data: dict[str, Any]) -> str:
    """What makes a delivery the same again: the message's id, or all that an event says."""
    kind = read.event.eventtype if read.event else read.msgtype
    event = json.dumps(data.get("event") or {}, sort_keys=True)
    parts = [read.aibotid, *([read.msgid] if read.msgid else [kind, read.sender.userid, str(read.create_time), event])]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

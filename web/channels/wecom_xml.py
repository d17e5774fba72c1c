"""The XML of a self-built application's callbacks and passive replies."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from web.channels.wecom_crypto import Refused
from web.channels.wecom_fields import Name, Token, Words


class Callback(BaseModel):
    """What a member did."""

    model_config = ConfigDict(frozen=True)

    user_id: Name = Field(min_length=1)
    kind: Name = Field(min_length=1)
    key: str
    text: Words
    event: Name
    event_key: Token
    task_id: Name
    response_code: Token
    selected: Mapping[Token, tuple[Name, ...]]


def encrypted_part(body: bytes) -> str:
    """The Encrypt element of an envelope; raises ``Refused``. This is read before anything is authenticated."""
    found = _parse(body).findall("Encrypt")
    if len(found) != 1:
        raise Refused("envelope")
    return (found[0].text or "").strip()


def parse_callback(text: str) -> Callback:
    """A decrypted callback; raises ``Refused``."""
    root = _parse(text.encode())

    def value(name: str) -> str:
        return (root.findtext(name) or "").strip()

    try:
        return Callback(
            user_id=value("FromUserName"),
            kind=value("MsgType").lower(),
            key=_key(root),
            text=root.findtext("Content") or "",
            event=value("Event"),
            event_key=value("EventKey"),
            task_id=value("TaskId"),
            response_code=value("ResponseCode"),
            selected={
                item.findtext("QuestionKey") or "": tuple(option.text or "" for option in item.findall("OptionIds/OptionId"))
                for item in root.findall("SelectedItems/SelectedItem")
            },
        )
    except ValidationError as error:
        raise Refused("callback") from error


def text_reply(user_id: str, corp_id: str, content: str, at: int) -> str:
    """A passive text."""
    return (
        f"<xml><ToUserName>{_cdata(user_id)}</ToUserName><FromUserName>{_cdata(corp_id)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{_cdata(content)}</Content></xml>"
    )


def envelope(encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
    """What a passive reply travels in."""
    return (
        f"<xml><Encrypt>{_cdata(encrypted)}</Encrypt><MsgSignature>{_cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _key(root: Element) -> str:
    """What makes a delivery the same again: the message's id, or what tells two events of one second apart."""
    names = ("MsgId",) if root.findtext("MsgId") else ("FromUserName", "CreateTime", "Event", "EventKey", "TaskId", "AgentID")
    parts = [root.findtext(name) or "" for name in ("ToUserName", *names)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _parse(body: bytes) -> Element:
    try:
        root: Element = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Refused("XML") from error
    return root


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"

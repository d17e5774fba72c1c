"""Chat: open a conversation, send a message, read the transcript, listen for live messages, give feedback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.message import TEXT_LIMIT, Decision, Incoming, Message, Reply, State
from assistant.privacy import mask
from kb.entry import Lang
from kb.text import clean
from web.context import Authenticated, Context, Shared, WithToken
from web.identity import verify
from web.limits import client_address
from web.origins import FromKnownPage
from web.problems import Problem, request_language
from web.render import with_html

router = APIRouter(prefix="/api/v1/conversations", tags=["chat"], dependencies=[FromKnownPage])

_POLL_SECONDS = 1.0
_HEARTBEAT_POLLS = 15


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class OpenConversation(_Body):
    """Who opens a conversation, and how."""

    lang: Lang | None = None
    channel: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")] = "web"
    identity: Annotated[str, Field(max_length=4096)] | None = None


class Opened(BaseModel):
    """A new conversation; ``token`` is its only key and is shown this once."""

    conversation_id: str
    token: str
    messages: list[Message]
    state: State


class SendMessage(_Body):
    """Words or a choice, under the client's own unique id."""

    message_id: Annotated[str, Field(min_length=1, max_length=128)]
    text: str | None = None
    choice: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> SendMessage:
        if (self.text is None) == (self.choice is None):
            raise ValueError("give either text or choice")
        return self


class Answered(BaseModel):
    """What a turn gives back."""

    turn: int
    messages: list[Message]
    decision: Decision
    state: State


class Transcript(BaseModel):
    """Stored messages with the turns they belong to."""

    messages: list[TranscriptItem]
    state: State


class TranscriptItem(BaseModel):
    """One stored message."""

    turn: int
    message: Message


class ProveIdentity(_Body):
    """A signed identity token."""

    identity: Annotated[str, Field(min_length=1, max_length=4096)]


class GiveFeedback(_Body):
    """Whether an answer helped."""

    turn: Annotated[int, Field(ge=1)]
    helpful: bool
    comment: Annotated[str, Field(max_length=2000)] | None = None


@router.post("", status_code=201)
async def open_conversation(body: OpenConversation, request: Request, shared: Shared) -> Opened:
    """Open a conversation; without ``lang`` the assistant follows the language of what is typed."""
    await shared.limits.check(shared.limits.conversations, "conversations", client_address(request))
    subject = _verified(body.identity, shared) if body.identity is not None else None
    if subject and (reopened := await shared.dialogue.reopen(body.channel, subject, body.lang)):
        conversation, said = reopened
    else:
        conversation, first = await shared.dialogue.open(body.channel, body.lang or request_language(request))
        said = [first]
    if subject:
        await shared.dialogue.prove(conversation.id, subject)
    messages = [with_html(message) for message in said]
    return Opened(conversation_id=conversation.id, token=conversation.token, messages=messages, state=conversation.session.state)


@router.post("/{conversation_id}/messages", dependencies=[WithToken])
async def send_message(conversation_id: str, body: SendMessage, shared: Shared) -> Answered:
    """Say something; the same ``message_id`` again returns the same reply and does nothing twice."""
    if body.text is not None:
        _check_text(body.text)
    await shared.limits.check(shared.limits.messages, "messages", conversation_id)
    incoming = Incoming(message_id=clean(body.message_id), text=body.text, choice=clean(body.choice) if body.choice else None)
    return _answered(await shared.dialogue.handle(conversation_id, incoming))


@router.get("/{conversation_id}/messages")
async def read_transcript(
    conversation_id: str, session: Authenticated, shared: Shared, after: Annotated[int, Query(ge=-1, le=2**31 - 1)] = -1
) -> Transcript:
    """The stored messages of the turns after ``after``, sensitive values masked."""
    rows = await shared.store.transcript(conversation_id, after)
    return Transcript(messages=[TranscriptItem(turn=row.turn, message=with_html(row.message)) for row in rows], state=session.state)


@router.get("/{conversation_id}/events", response_class=StreamingResponse, dependencies=[WithToken])
async def listen(conversation_id: str, request: Request, shared: Shared) -> StreamingResponse:
    """Server-sent events: messages that arrive without a question; ``Last-Event-ID`` takes up where a stream broke off."""
    last = request.headers.get("last-event-id", "")
    start = int(last) if last.isdigit() and len(last) < 18 else await shared.store.last_row(conversation_id)
    return StreamingResponse(
        _events(conversation_id, start, request, shared),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/{conversation_id}/identity", status_code=204, dependencies=[WithToken])
async def prove_identity(conversation_id: str, body: ProveIdentity, shared: Shared) -> Response:
    """Prove who the visitor is, with a token that the host page's server has signed."""
    await shared.dialogue.prove(conversation_id, _verified(body.identity, shared))
    return Response(status_code=204)


@router.post("/{conversation_id}/feedback", status_code=204, dependencies=[WithToken])
async def give_feedback(conversation_id: str, body: GiveFeedback, shared: Shared) -> Response:
    """Say whether the answer of a turn helped; the last verdict counts."""
    comment = mask(clean(body.comment)) if body.comment else None
    if not await shared.store.record_feedback(conversation_id, body.turn, body.helpful, comment):
        raise Problem(404, "没有这一轮对话。", "There is no such turn.")
    return Response(status_code=204)


def _verified(token: str, shared: Context) -> str:
    secret = shared.identity_secret
    return verify(token, secret.get_secret_value() if secret else None)


def _check_text(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise Problem(
            413,
            f"一条消息最多 {TEXT_LIMIT} 个字符，请分几条发送。",
            f"A message may have {TEXT_LIMIT} characters at most; please send it in parts.",
        )
    if not clean(text):
        raise Problem(
            422, "消息是空的，请输入问题。", "The message is empty; please type a question.",
            errors=[{"pointer": "/text", "detail": "empty"}],
        )  # fmt: skip


def _answered(reply: Reply) -> Answered:
    return Answered(
        turn=reply.turn, messages=[with_html(message) for message in reply.messages], decision=reply.decision, state=reply.state
    )


async def _events(conversation_id: str, last: int, request: Request, shared: Context) -> AsyncIterator[str]:
    yield ": connected\n\n"
    quiet = 0
    while not await request.is_disconnected():
        for live in await shared.store.live_after(conversation_id, last):
            last, quiet = live.id, 0
            data = json.dumps(with_html(live.message).model_dump(mode="json"), ensure_ascii=False)
            yield f"id: {live.id}\nevent: message\ndata: {data}\n\n"
        quiet += 1
        if quiet % _HEARTBEAT_POLLS == 0:
            yield ": still here\n\n"
        await asyncio.sleep(_POLL_SECONDS)

"""``assistant ask`` and ``assistant chat``: the same answers in a terminal."""

from __future__ import annotations

import asyncio
import secrets
import sys
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from assistant.guide import Stage
from assistant.knowledge import Knowledge, load_knowledge
from assistant.message import TEXT_LIMIT, Incoming, Message, Sources, Text, now
from assistant.session import Session
from assistant.turn import take_turn
from flows.accounts.demo import demo_company, nobody
from flows.actions import Services
from flows.blocks import Checklist, Choices, Image, Ticket
from flows.desk import MemoryDesk
from kb.entry import Lang
from kb.text import clean
from web.cli.data import settings_of
from web.cli.failures import Failure

LangOption = Annotated[str | None, typer.Option("--lang", help="zh or en; the question's language by default.")]


def knowledge(data: Path | None = None) -> Knowledge:
    """The knowledge base, compiled on first use."""
    settings = settings_of(data)
    with suppress(OSError):
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return load_knowledge(settings.cache, progress=lambda text: print(text, file=sys.stderr), semantic=settings.semantic)


def ask(question: Annotated[str, typer.Argument(help="What you want to know.")], lang: LangOption = None) -> None:
    """Answer one question; the exit code is 1 when nothing fits."""
    check_question(question)
    session = Session(lang=_lang(lang) or "zh", lang_chosen=lang is not None)
    incoming = Incoming(message_id="ask", text=question)
    _, _, response = asyncio.run(take_turn(incoming, session, knowledge(), Stage("ask", Services(nobody(), MemoryDesk()))))
    for message in response.messages:
        show(message)
    if response.decision.kind == "fallback":
        raise typer.Exit(1)


def chat(lang: LangOption = None) -> None:
    """Talk to the assistant, with a demo company of its own; an empty line or Ctrl+D ends."""
    asyncio.run(_chat(Session(lang=_lang(lang) or "zh")))


async def _chat(session: Session) -> None:
    loaded = knowledge()
    company = await demo_company(seed=secrets.randbits(32), clock=now)
    stage = Stage("terminal", Services(company.service, MemoryDesk()))
    print("An empty line ends. 空行结束。")
    received = 0
    while line := _read():
        if len(line) > TEXT_LIMIT:
            print(f"! {TEXT_LIMIT} characters at most.")
            continue
        _, _, response = await take_turn(Incoming(message_id=uuid.uuid4().hex, text=line), session, loaded, stage)
        session = response.session.model_copy(update={"turn": session.turn + 1})
        for message in response.messages:
            show(message)
        sent = list(company.inbox)
        for delivered in sent[received:]:
            print(f"  [{delivered.channel} → {delivered.to}] {delivered.what}: {' '.join(delivered.values.values())}")
        received = len(sent)


def show(message: Message) -> None:
    """Print a message; choices are numbered, and a number picks one."""
    for block in message.blocks:
        if isinstance(block, Text):
            print(block.markdown)
        elif isinstance(block, Choices):
            print("\n" + "\n".join(f"  {number}. {option.label}" for number, option in enumerate(block.options, 1)))
        elif isinstance(block, Checklist):
            print("\n" + "\n".join(f"  [{item.status}] {item.label}" for item in block.items))
        elif isinstance(block, Ticket):
            print(f"\n  {block.id}: {block.status}")
        elif isinstance(block, Image):
            print(f"\n  [{block.alt}] {block.text}")
        elif isinstance(block, Sources):
            print("\n" + "\n".join(f"  [{item.updated}] {item.title}{f' {item.url}' if item.url else ''}" for item in block.items))
    print()


def _read() -> str:
    try:
        return clean(input("> "))
    except EOFError:
        return ""


def check_question(question: str) -> None:
    """Raises ``Failure`` for a question that is none or too long."""
    if not clean(question):
        raise Failure('The question is empty; type it in quotes, such as "怎么注销账号".')
    if len(question) > TEXT_LIMIT:
        raise Failure(f"A question may have {TEXT_LIMIT} characters at most; this one has {len(question)}.")


def _lang(lang: str | None) -> Lang | None:
    if lang in (None, "zh", "en"):
        return None if lang is None else "zh" if lang == "zh" else "en"
    raise Failure(f"--lang {lang}: choose zh or en.")

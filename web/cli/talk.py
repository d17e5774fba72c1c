"""``assistant ask`` and ``assistant chat``: the same answers in a terminal."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path
from typing import Annotated

import typer

from assistant.knowledge import Knowledge, load_knowledge
from assistant.message import TEXT_LIMIT, Incoming, Message, Sources, Text
from assistant.session import Session
from assistant.turn import take_turn
from flows.blocks import Choices
from kb.entry import Lang
from kb.text import clean
from web.cli.failures import Failure
from web.settings import Settings

LangOption = Annotated[str | None, typer.Option("--lang", help="zh or en; the question's language by default.")]


def knowledge(data: Path | None = None) -> Knowledge:
    """The knowledge base, compiled on first use."""
    settings = Settings(data=data) if data else Settings()
    return load_knowledge(settings.cache, progress=lambda text: print(text, file=sys.stderr), semantic=settings.semantic)


def ask(question: Annotated[str, typer.Argument(help="What you want to know.")], lang: LangOption = None) -> None:
    """Answer one question; the exit code is 1 when nothing fits."""
    _check(question)
    session = Session(lang=_lang(lang) or "zh", lang_chosen=lang is not None)
    _, _, response = take_turn(Incoming(message_id="ask", text=question), session, knowledge())
    for message in response.messages:
        show(message)
    if response.decision.kind == "fallback":
        raise typer.Exit(1)


def chat(lang: LangOption = None) -> None:
    """Talk to the assistant; an empty line or Ctrl+D ends."""
    loaded, session = knowledge(), Session(lang=_lang(lang) or "zh")
    print("An empty line ends. 空行结束。")
    while line := _read():
        if len(line) > TEXT_LIMIT:
            print(f"! {TEXT_LIMIT} characters at most.")
            continue
        _, _, response = take_turn(Incoming(message_id=uuid.uuid4().hex, text=line), session, loaded)
        session = response.session
        for message in response.messages:
            show(message)


def show(message: Message) -> None:
    """Print a message; choices are numbered, and a number picks one."""
    for block in message.blocks:
        if isinstance(block, Text):
            print(block.markdown)
        elif isinstance(block, Choices):
            print("\n" + "\n".join(f"  {number}. {option.label}" for number, option in enumerate(block.options, 1)))
        elif isinstance(block, Sources):
            print("\n" + "\n".join(f"  [{item.updated}] {item.title}{f' {item.url}' if item.url else ''}" for item in block.items))
    print()


def _read() -> str:
    try:
        return clean(input("> "))
    except EOFError:
        return ""


def _check(question: str) -> None:
    if not clean(question):
        raise Failure('The question is empty; type it in quotes: assistant ask "怎么注销账号"')
    if len(question) > TEXT_LIMIT:
        raise Failure(f"A question may have {TEXT_LIMIT} characters at most; this one has {len(question)}.")


def _lang(lang: str | None) -> Lang | None:
    if lang in (None, "zh", "en"):
        return None if lang is None else "zh" if lang == "zh" else "en"
    raise Failure(f"--lang {lang}: choose zh or en.")

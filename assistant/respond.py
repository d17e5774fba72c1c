"""From a route to a reply: the words, the options, and the session as it will be afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.guide import Guided
from assistant.knowledge import Knowledge
from assistant.message import Act, Block, Candidate, Decision, Message, SourceItem, Sources, Text, now
from assistant.phrases import phrase
from assistant.route import (
    SURE,
    Answer,
    Clarify,
    ExpiredChoice,
    Fallback,
    GoOn,
    HandOver,
    Perform,
    Resume,
    Route,
    StartFlow,
    is_smalltalk,
)
from assistant.session import Session
from assistant.understand import Understanding
from flows.blocks import Choices, Option
from kb.documents import document_title
from kb.entry import Entry, Lang
from kb.search import Hit

SUPPORT_ENTRY = "support/contact"
RELATED = 2
"""Neighbours offered under an answer."""


@dataclass(frozen=True, slots=True)
class Response:
    """What the dialogue saves and returns."""

    messages: tuple[Message, ...]
    decision: Decision
    session: Session


def respond(route: Route, understood: Understanding, session: Session, knowledge: Knowledge) -> Response:
    """Carry out a route."""
    session = session.model_copy(update={"offered": ()})
    match route:
        case Answer(entry_id, hits):
            return _answer(entry_id, hits, understood.text, session, knowledge)
        case StartFlow(flow_id, hits):
            return _start_flow(flow_id, hits, understood.text, session, knowledge)
        case GoOn(guided, question):
            return _go_on(guided, question, session, knowledge)
        case Resume(yes):
            return _resume(yes, session, knowledge)
        case Clarify(hits):
            return _clarify(hits, session, knowledge)
        case Perform(act):
            return _perform(act, session, knowledge)
        case HandOver():
            return _hand_over(session, knowledge)
        case Fallback(nearest, readable):
            return _fallback(nearest, readable, session, knowledge)
        case ExpiredChoice():
            return _say("unknown-choice", session, Decision(kind="fallback"))


def greeting(lang: Lang) -> Message:
    """The first message of a conversation."""
    return _message(lang, [Text(markdown=phrase("greeting", lang))])


def _answer(entry_id: str, hits: tuple[Hit, ...], question: str, session: Session, knowledge: Knowledge) -> Response:
    entry = knowledge.entry(entry_id, session.lang)
    if entry is None:
        return _say("unknown-choice", session, Decision(kind="fallback"))
    decision = Decision(kind="answer", entry_id=entry_id, candidates=_candidates(hits), entry_version=entry.version)
    return _give(entry, [], question or entry.question, session, decision, knowledge)


def _start_flow(flow_id: str, hits: tuple[Hit, ...], question: str, session: Session, knowledge: Knowledge) -> Response:
    if not knowledge.guide.runs(flow_id):
        return _say("unknown-choice", session, Decision(kind="fallback"))
    return _guided(knowledge.guide.start(flow_id, session, question), hits, session)


def _go_on(guided: Guided, question: Answer | None, session: Session, knowledge: Knowledge) -> Response:
    """What the running flow says, after the answer to a question in between."""
    between = question or _question_along(guided, knowledge)
    said = _guided(guided, (), session)
    entry = knowledge.entry(between.entry_id, session.lang) if between else None
    if between is None or entry is None:
        return said
    blocks = [Text(markdown=entry.body), sources(entry), *(block for message in said.messages for block in message.blocks)]
    decision = Decision(kind="answer", entry_id=entry.id, candidates=_candidates(between.hits), entry_version=entry.version)
    return Response((_message(session.lang, blocks),), decision if question else said.decision, said.session)


def _question_along(guided: Guided, knowledge: Knowledge) -> Answer | None:
    """The sure answer to a question that came along with an answer to the step."""
    hits = knowledge.searcher.search(guided.question, limit=1) if guided.question else []
    return Answer(hits[0].id, tuple(hits)) if hits and hits[0].confidence >= SURE else None


def _resume(yes: bool, session: Session, knowledge: Knowledge) -> Response:
    guided = knowledge.guide.resume(session) if yes else None
    if guided:
        return _guided(guided, (), session)
    return _say("cancel", knowledge.guide.drop(session), Decision(kind="control", act="cancel"))


def _guided(guided: Guided, hits: tuple[Hit, ...], session: Session) -> Response:
    blocks = list(guided.blocks)
    if guided.needs_person:
        blocks.append(Text(markdown=phrase("no-agents", session.lang)))
    decision = Decision(kind="flow", flow=guided.flow_id, candidates=_candidates(hits))
    return Response((_message(session.lang, blocks),), decision, guided.session)


def _give(entry: Entry, before: list[Block], question: str, session: Session, decision: Decision, knowledge: Knowledge) -> Response:
    options = _options_under(entry, knowledge)
    blocks = [*before, Text(markdown=entry.body), *([Choices(options=options)] if options else []), sources(entry)]
    session = session.model_copy(
        update={"entry_id": entry.id, "question": question, "offered": tuple(o.id for o in options), "fallbacks": 0}
    )
    return Response((_message(session.lang, blocks),), decision, session)


def _options_under(entry: Entry, knowledge: Knowledge) -> tuple[Option, ...]:
    options = []
    if entry.flow and (flow := knowledge.flows.get(entry.flow)):
        options.append(Option(id=f"flow:{flow.id}", label=phrase("start-flow", entry.lang, title=flow.title[entry.lang])))
    neighbours = (knowledge.entry(related, entry.lang) for related in entry.related[:RELATED])
    options += [Option(id=f"entry:{neighbour.id}", label=neighbour.question) for neighbour in neighbours if neighbour]
    return tuple(options)


def sources(entry: Entry) -> Sources:
    """Where an answer comes from and how old that is, then the pages to open."""
    cited = [
        SourceItem(title=f"{document_title(source.doc, entry.lang)} · {source.heading}", updated=source.updated.isoformat())
        for source in entry.sources
    ]
    pages = [SourceItem(title=link.label, url=link.url, updated=entry.updated.isoformat()) for link in entry.links]
    return Sources(items=(*cited, *pages))


def _clarify(hits: tuple[Hit, ...], session: Session, knowledge: Knowledge) -> Response:
    options = (*_hit_options(hits, session.lang, knowledge), Option(id="act:human", label=phrase("none-of-these", session.lang)))
    decision = Decision(kind="clarify", candidates=_candidates(hits))
    return _offer(phrase("clarify", session.lang), options, session, decision)


def _fallback(nearest: tuple[Hit, ...], readable: bool, session: Session, knowledge: Knowledge) -> Response:
    name = "no-words" if not readable else "fallback-again" if session.fallbacks else "fallback"
    text = phrase(name, session.lang, nearest=bool(nearest))
    options = (*_hit_options(nearest, session.lang, knowledge), Option(id="act:human", label=phrase("talk-to-person", session.lang)))
    session = session.model_copy(update={"fallbacks": session.fallbacks + 1})
    return _offer(text, options, session, Decision(kind="fallback", candidates=_candidates(nearest)))


def _offer(text: str, options: tuple[Option, ...], session: Session, decision: Decision) -> Response:
    session = session.model_copy(update={"offered": tuple(option.id for option in options)})
    return Response((_message(session.lang, [Text(markdown=text), Choices(options=options)]),), decision, session)


def _perform(act: Act, session: Session, knowledge: Knowledge) -> Response:
    if act in ("switch-zh", "switch-en"):
        return _switch(act, session, knowledge)
    if act == "restart":
        session = session.model_copy(update={"entry_id": None, "question": "", "fallbacks": 0, "flow": None, "waiting": ()})
    return _say(act, session, Decision(kind="smalltalk" if is_smalltalk(act) else "control", act=act))


def _switch(act: Act, session: Session, knowledge: Knowledge) -> Response:
    """Change the language and say the last answer again in it."""
    lang: Lang = "zh" if act == "switch-zh" else "en"
    session = session.model_copy(update={"lang": lang, "lang_chosen": True})
    entry = knowledge.entry(session.entry_id, lang) if session.entry_id else None
    if entry is None:
        return _say(act, session, Decision(kind="control", act=act))
    decision = Decision(kind="control", act=act, entry_id=entry.id, entry_version=entry.version)
    return _give(entry, [Text(markdown=phrase(act, lang))], session.question, session, decision, knowledge)


def _hand_over(session: Session, knowledge: Knowledge) -> Response:
    """Nobody can take a conversation over yet: give every way to reach a person instead of a promise."""
    decision = Decision(kind="handoff", act="human")
    entry = knowledge.entry(SUPPORT_ENTRY, session.lang)
    notice = Text(markdown=phrase("no-agents", session.lang))
    if entry is None:
        return Response((_message(session.lang, [notice]),), decision, session)
    return _give(entry, [notice], session.question, session, decision, knowledge)


def _say(name: str, session: Session, decision: Decision) -> Response:
    return Response((_message(session.lang, [Text(markdown=phrase(name, session.lang))]),), decision, session)


def _message(lang: Lang, blocks: list[Block]) -> Message:
    return Message(role="assistant", lang=lang, blocks=tuple(blocks), at=now())


def _hit_options(hits: tuple[Hit, ...], lang: Lang, knowledge: Knowledge) -> tuple[Option, ...]:
    options = []
    for hit in hits:
        if hit.kind == "flow" and (flow := knowledge.flows.get(hit.id)):
            options.append(Option(id=f"flow:{hit.id}", label=flow.title[lang]))
        elif hit.kind == "entry" and (entry := knowledge.entry(hit.id, lang)):
            options.append(Option(id=f"entry:{hit.id}", label=entry.question))
    return tuple(options)


def label(choice: str, lang: Lang, knowledge: Knowledge) -> str:
    """What the person saw on the option they tapped."""
    kind, _, name = choice.partition(":")
    if kind == "entry" and (entry := knowledge.entry(name, lang)):
        return entry.question
    if kind == "flow" and (flow := knowledge.flows.get(name)):
        return flow.title[lang]
    return phrase("talk-to-person", lang) if choice == "act:human" else choice


def _candidates(hits: tuple[Hit, ...]) -> tuple[Candidate, ...]:
    return tuple(Candidate(kind="flow" if hit.kind == "flow" else "entry", id=hit.id, confidence=hit.confidence) for hit in hits[:4])

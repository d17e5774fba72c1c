"""From a route to a reply: the words, the options, and the session as it will be afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assistant.guide import Guided, Settled, Stage, Walked
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
    LeaveTicket,
    Perform,
    Resume,
    Route,
    StartFlow,
    is_smalltalk,
    likely_flow,
)
from assistant.session import Session
from assistant.understand import Understanding
from flows.blocks import Choices, Option, Ticket
from flows.engine import HUMAN_CHOICE, RETRY_CHOICE
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
    walked: Walked | None = None


async def respond(route: Route, understood: Understanding, session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    """Carry out a route; the actions of flows act on the ``stage``."""
    session = session.model_copy(update={"offered": ()})
    match route:
        case Answer(entry_id, hits):
            return _answer(entry_id, hits, understood.text, session, knowledge)
        case StartFlow(flow_id, hits):
            return await _start_flow(flow_id, hits, understood.text, session, knowledge, stage)
        case GoOn():
            return await _go_on(route, session, knowledge, stage)
        case Resume(yes):
            return await _resume(yes, session, knowledge, stage)
        case Clarify(hits):
            return _clarify(hits, understood.text, session, knowledge)
        case Perform(act):
            return await _perform(act, session, knowledge, stage)
        case HandOver():
            return await _hand_over(session, knowledge, stage)
        case LeaveTicket():
            return _leave_ticket(session, stage)
        case Fallback(nearest, readable):
            return _fallback(nearest, readable, session, knowledge)
    assert isinstance(route, ExpiredChoice)
    return _say("unknown-choice", session, Decision(kind="fallback"))


def greeting(lang: Lang) -> Message:
    """The first message of a conversation."""
    return _message(lang, [Text(markdown=phrase("greeting", lang))])


def _answer(entry_id: str, hits: tuple[Hit, ...], question: str, session: Session, knowledge: Knowledge) -> Response:
    entry = knowledge.entry(entry_id, session.lang)
    if entry is None:
        return _say("unknown-choice", session, Decision(kind="fallback"))
    decision = Decision(kind="answer", entry_id=entry_id, candidates=_candidates(hits), entry_version=entry.version)
    return _give(entry, [], question or entry.question, session, decision, knowledge, likely_flow(hits))


async def _start_flow(flow_id: str, hits: tuple[Hit, ...], question: str, session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    if not knowledge.guide.runs(flow_id):
        return _say("unknown-choice", session, Decision(kind="fallback"))
    if question:
        topic = next((hit.id for hit in hits if hit.kind == "entry" and knowledge.offers(hit.id, flow_id)), None)
        session = session.model_copy(update={"entry_id": topic, "question": question})
    return _guided(await knowledge.guide.settle(knowledge.guide.start(flow_id, session, question), stage), hits, session)


async def _go_on(route: GoOn, session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    """What the running flow says, after the answer to a question in between."""
    if route.act:
        return await _beside(route.guided, route.act, session, knowledge, stage)
    settled = await knowledge.guide.settle(route.guided, stage)
    between = route.answer or _question_along(settled, knowledge)
    said = _guided(settled, (), session)
    entry = knowledge.entry(between.entry_id, session.lang) if between else None
    if between is None or entry is None:
        return said
    blocks = [Text(markdown=entry.body), sources(entry), *(block for message in said.messages for block in message.blocks)]
    decision = Decision(kind="answer", entry_id=entry.id, candidates=_candidates(between.hits), entry_version=entry.version)
    return Response((_message(session.lang, blocks),), decision if route.answer else said.decision, said.session, said.walked)


async def _beside(guided: Guided, act: Act, session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    """A word of small talk or control, then the step of the flow again."""
    said = _guided(await knowledge.guide.settle(guided, stage), (), session)
    blocks = [Text(markdown=phrase(act, session.lang)), *(block for message in said.messages for block in message.blocks)]
    return Response((_message(session.lang, blocks),), _act_decision(act), said.session, said.walked)


def _act_decision(act: Act) -> Decision:
    return Decision(kind="smalltalk" if is_smalltalk(act) else "control", act=act)


def _question_along(guided: Settled, knowledge: Knowledge) -> Answer | None:
    """The sure answer to a question that came along with an answer to the step."""
    hits = knowledge.searcher.search(guided.question, limit=1) if guided.question else []
    return Answer(hits[0].id, tuple(hits)) if hits and hits[0].confidence >= SURE else None


async def _resume(yes: bool, session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    guided = knowledge.guide.resume(session) if yes else None
    if guided:
        return _guided(await knowledge.guide.settle(guided, stage), (), session)
    return _say("cancel", knowledge.guide.drop(session), Decision(kind="control", act="cancel"))


def _guided(guided: Settled, hits: tuple[Hit, ...], session: Session) -> Response:
    blocks = list(guided.blocks)
    if guided.needs_person and HUMAN_CHOICE not in guided.session.offered:
        blocks.append(Choices(options=(Option(id=HUMAN_CHOICE, label=phrase("talk-to-person", session.lang)),)))
    decision = Decision(kind="flow", flow=guided.flow_id, candidates=_candidates(hits))
    return Response((_message(session.lang, blocks),), decision, guided.session, guided.walked)


def _give(
    entry: Entry, before: list[Block], question: str, session: Session, decision: Decision, knowledge: Knowledge, likely: Hit | None = None
) -> Response:
    options = _options_under(entry, knowledge, likely)
    blocks = [*before, Text(markdown=entry.body), *([Choices(options=options)] if options else []), sources(entry)]
    session = session.model_copy(
        update={"entry_id": entry.id, "question": question, "offered": tuple(o.id for o in options), "fallbacks": 0}
    )
    return Response((_message(session.lang, blocks),), decision, session)


def _options_under(entry: Entry, knowledge: Knowledge, likely: Hit | None) -> tuple[Option, ...]:
    """The entry's own flow, the one that the words speak for, and neighbours."""
    ids = dict.fromkeys(name for name in (entry.flow, likely and likely.id) if name)
    flows = [knowledge.flows[name] for name in ids if name in knowledge.flows]
    options = [Option(id=f"flow:{flow.id}", label=phrase("start-flow", entry.lang, title=flow.title[entry.lang])) for flow in flows]
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


def _clarify(hits: tuple[Hit, ...], question: str, session: Session, knowledge: Knowledge) -> Response:
    session = session.model_copy(update={"entry_id": None, "question": question})
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


async def _perform(act: Act, session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    if act in ("switch-zh", "switch-en"):
        return await _switch(act, session, knowledge, stage)
    if act == "restart":
        session = session.model_copy(update={"entry_id": None, "question": "", "fallbacks": 0, "flow": None, "waiting": ()})
    return _say(act, session, _act_decision(act))


async def _switch(act: Act, session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    """Change the language and say again in it what was said last: the flow's question, or the answer."""
    lang: Lang = "zh" if act == "switch-zh" else "en"
    session = session.model_copy(update={"lang": lang, "lang_chosen": True})
    if again := knowledge.guide.ask_again(session):
        return await _beside(again, act, session, knowledge, stage)
    entry = knowledge.entry(session.entry_id, lang) if session.entry_id else None
    if entry is None:
        return _say(act, session, Decision(kind="control", act=act))
    decision = Decision(kind="control", act=act, entry_id=entry.id, entry_version=entry.version)
    return _give(entry, [Text(markdown=phrase(act, lang))], session.question, session, decision, knowledge)


async def _hand_over(session: Session, knowledge: Knowledge, stage: Stage) -> Response:
    """Queue for a person; while no agent is there, every other way to reach one stands below."""
    decision = Decision(kind="handoff", act="human")
    place = await stage.queue.join(session) if stage.queue else None
    entry = knowledge.entry(SUPPORT_ENTRY, session.lang)
    if place and place.agents:
        return _say("queued", session, decision, before=place.before)
    notice = Text(markdown=phrase("queued-offline" if place else "no-agents", session.lang))
    if entry is None:
        return Response((_message(session.lang, [notice]),), decision, session)
    return _give(entry, [notice], session.question, session, decision, knowledge)


def _leave_ticket(session: Session, stage: Stage) -> Response:
    """A ticket of the support desk, one for each run of a flow and step; the flow stays, so that it can be tried again."""
    flow = session.flow
    assert flow
    digest = hashlib.sha256(f"{stage.conversation}:{flow.flow}:{flow.run}:{flow.step}".encode()).digest()
    ticket = Ticket(id=f"SD{int.from_bytes(digest[:5]) % 10**10:010d}", status="open", url="")
    options = (Option(id=RETRY_CHOICE, label=phrase("try-again", session.lang)),)
    blocks: list[Block] = [Text(markdown=phrase("ticket-left", session.lang, number=ticket.id)), ticket, Choices(options=options)]
    session = session.model_copy(update={"offered": tuple(option.id for option in options)})
    return Response((_message(session.lang, blocks),), Decision(kind="flow", flow=flow.flow), session)


def _say(name: str, session: Session, decision: Decision, **values: object) -> Response:
    return Response((_message(session.lang, [Text(markdown=phrase(name, session.lang, **values))]),), decision, session)


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

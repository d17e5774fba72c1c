"""One conversation: read along, take it over, write, give it back; what a flow has collected is masked until revealed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from assistant.handover import Handover, NotYours, Reason, called
from assistant.knowledge import Knowledge
from assistant.message import TEXT_LIMIT
from assistant.privacy import mask
from assistant.respond import SUPPORT_ENTRY
from assistant.route import CLARIFY
from assistant.session import Session
from assistant.store import TranscriptRow, Unknown
from assistant.store.inbox import Handoff, InboxStore
from flows.accounts.masking import mask_code
from kb.entry import Entry
from kb.text import clean
from web.console.collected import IDENTITY, Run, collected, reveal
from web.console.figures import series_name
from web.console.inbox import POLL_SECONDS, outcome_of
from web.console.lookup import Found, find
from web.console.page import AsAgent, Page, Refused
from web.console.reply import LIMIT, blocks_of
from web.console.spoken import asked_for, said
from web.render import with_html

router = APIRouter(prefix="/inbox/{conversation_id}")

SUGGESTED = 3
Words = Annotated[str, Form(max_length=TEXT_LIMIT)]
Digest = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows of a conversation."""

    id: str
    session: Session
    rows: list[TranscriptRow]
    handoff: Handoff | None

    @property
    def holder(self) -> Handoff | None:
        """The handoff by which an agent has it now."""
        return self.handoff if self.handoff and self.handoff.state == "taken" else None


@router.get("")
async def show(page: AsAgent, conversation_id: str, draft: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The whole page; ``draft=entry:<id>:<language>`` fills the composer with an answer."""
    return await _show(page, conversation_id, entries=_drafted(page, [draft]))


@router.get("/live")
async def changed(page: AsAgent, conversation_id: str, log: Digest = "", desk: Digest = "", hints: Digest = "") -> Response:
    """The parts that have changed since they were seen, each under the digest it had then."""
    shown = await _values(page, await _read(page, conversation_id))
    seen = {"log": log, "desk": desk, "hints": hints}
    stale = [name for name, digest in shown["digests"].items() if seen[name] != digest]
    return page.render("conversation_live.html", stale=stale, **shown) if stale else Response(status_code=204)


@router.post("/take")
async def take(page: AsAgent, conversation_id: str, taken_from: Annotated[str, Form(max_length=64)] = "") -> Response:
    """Take the conversation over."""
    try:
        await Handover(page.shared.store).take(conversation_id, page.agent, taken_from or None)
    except NotYours as error:
        return await _too_late(page, conversation_id, error)
    await page.record("inbox.take", conversation_id, **({"from": taken_from} if taken_from else {}))
    return page.redirect(f"/console/inbox/{conversation_id}", "inbox.taken_now")


@router.post("/reply")
async def reply(
    page: AsAgent, conversation_id: str, text: Annotated[str, Form()] = "", entry: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Write to the visitor; the sources of an entry go with its text as it stands."""
    entries, words = _drafted(page, entry or ()), text.replace("\r\n", "\n").strip()
    blocks = blocks_of(words, entries)
    if not blocks or len(words) > LIMIT:
        mistake = page.t("inbox.too_long", limit=LIMIT) if blocks else page.t("inbox.nothing_written")
        return await _show(page, conversation_id, mistake, entries=entries, unsent=words)
    try:
        await Handover(page.shared.store).reply(conversation_id, page.agent, blocks)
    except NotYours as error:
        return await _too_late(page, conversation_id, error, unsent=words)
    # By the mark the page knows that the draft has gone.
    return page.redirect(f"/console/inbox/{conversation_id}#sent")


@router.post("/note")
async def note(page: AsAgent, conversation_id: str, text: Words = "") -> Response:
    """Leave a note for colleagues."""
    await _read(page, conversation_id)
    if not (words := mask(clean(text))):
        return await _show(page, conversation_id, mistake=page.t("inbox.nothing_written"))
    await InboxStore(page.shared.database).note(conversation_id, page.agent.id, words)
    return page.redirect(f"/console/inbox/{conversation_id}", "inbox.noted")


@router.post("/return")
async def give_back(page: AsAgent, conversation_id: str) -> Response:
    """Let the assistant answer again."""
    try:
        await Handover(page.shared.store).give_back(conversation_id, page.agent)
    except NotYours as error:
        return await _too_late(page, conversation_id, error)
    await page.record("inbox.return", conversation_id)
    return page.redirect("/console/inbox", "inbox.returned")


@router.post("/close")
async def close(page: AsAgent, conversation_id: str, reason: Annotated[Reason | Literal[""], Form()] = "", text: Words = "") -> Response:
    """Close the conversation with a reason."""
    if not reason:
        return await _show(page, conversation_id, page.t("inbox.reason_missing"))
    try:
        await Handover(page.shared.store).close(conversation_id, page.agent, reason, mask(clean(text)))
    except NotYours as error:
        return await _too_late(page, conversation_id, error)
    await page.record("inbox.close", conversation_id, reason=reason)
    return page.redirect("/console/inbox", "inbox.closed_now")


@router.post("/reveal")
async def show_revealed(page: AsAgent, conversation_id: str, key: Annotated[str, Form(max_length=200)]) -> Response:
    """Show one value, on this page only, to the agent who has the conversation."""
    view = await _read(page, conversation_id)
    if view.holder is None or view.holder.agent_id != page.agent.id:
        return await _too_late(page, conversation_id, NotYours(view.holder.agent if view.holder else None))
    value = reveal(view.session, key)
    if value is None:
        raise Refused(404, "inbox.no_value")
    await page.record("inbox.reveal", conversation_id, slot=key)
    return await _show(page, conversation_id, revealed={key: value})


async def _read(page: Page, conversation_id: str) -> View:
    store = page.shared.store
    try:
        session = await store.session(conversation_id)
    except Unknown as error:
        raise Refused(404, "inbox.unknown") from error
    handoff = await InboxStore(page.shared.database).latest(conversation_id)
    return View(conversation_id, session, await store.transcript(conversation_id), handoff)


async def _show(page: Page, conversation_id: str, mistake: str = "", status: int = 422, **given: Any) -> Response:
    view = await _read(page, conversation_id)
    values = {**await _values(page, view), **given}
    notes = await InboxStore(page.shared.database).notes(conversation_id)
    return page.render("conversation.html", status if mistake else 200, mistake=mistake, notes=notes, **values)


async def _too_late(page: Page, conversation_id: str, error: NotYours, unsent: str = "") -> Response:
    mistake = page.t("inbox.with_other", agent=error.agent) if error.agent else page.t("inbox.with_nobody")
    return await _show(page, conversation_id, mistake, 409, unsent=unsent)


async def _values(page: Page, view: View) -> dict[str, Any]:
    runs = collected(view.session, page.shared.knowledge, page.lang)
    return {
        "view": view,
        "called": called(page.agent, page.lang),
        "mine": view.holder is not None and view.holder.agent_id == page.agent.id,
        "runs": runs,
        "suggested": _suggested(view, page.shared.knowledge),
        "asked_for": lambda block: asked_for(block, page.shared.knowledge, page.lang),
        "answer": lambda found: _answer(view, found),
        "digests": _digests(page, view, runs),
        "identity": (IDENTITY, view.session.identity.how, mask_code(view.session.identity.account)) if view.session.identity else None,
        "revealed": {},
        "entries": [],
        "unsent": "",
        "part": "",
        "poll": POLL_SECONDS,
        "limit": TEXT_LIMIT,
        "reply_limit": LIMIT,
        "reasons": get_args(Reason),
        "shown": with_html,
        "channel": lambda name: series_name(page, name),
        "outcome": lambda outcome: outcome_of(page, outcome),
    }


def _digests(page: Page, view: View, runs: list[Run]) -> dict[str, str]:
    """What each part of the page depends on."""
    last = view.rows[-1].id if view.rows else 0
    parts: dict[str, object] = {"log": last, "desk": view.handoff, "hints": (said(view.rows), runs, view.session.identity, view.handoff)}
    return {name: hashlib.sha256(repr((found, page.lang)).encode()).hexdigest()[:16] for name, found in parts.items()}


def _suggested(view: View, knowledge: Knowledge) -> tuple[str, list[Found]]:
    """The visitor's last question and what answers it; asking for a person is none."""
    for words in said(view.rows):
        found = [hit for hit in find(clean(words), knowledge, SUGGESTED) if hit.confidence >= CLARIFY]
        if found and found[0].id != SUPPORT_ENTRY:
            return words, found
    return "", []


def _answer(view: View, found: Found) -> Entry:
    """The entry in the visitor's language, if it exists in it."""
    return found.pair.get(view.session.lang) or next(iter(found.pair.values()))


def _drafted(page: Page, drafts: Iterable[str]) -> list[Entry]:
    """The entries that a draft names; anything else fills nothing."""
    parts = (draft.removeprefix("entry:").rpartition(":") for draft in drafts if draft.startswith("entry:"))
    found = (page.shared.knowledge.entry(entry_id, "zh" if lang == "zh" else "en") for entry_id, _, lang in parts)
    return [entry for entry in found if entry]

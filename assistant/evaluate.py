"""Measures the assistant in-process on labelled queries, with the figures that decide whether it is good enough.

A data folder holds any of ``*queries_zh.tsv``, ``*queries_en.tsv`` (query, lang, gold, type), ``*out_of_scope.tsv``,
``*chitchat.tsv``, ``*flow_intents.tsv`` and ``*followups.tsv`` (first, second, lang, gold, type).
"""

from __future__ import annotations

import asyncio
import csv
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.guide import Stage
from assistant.knowledge import Knowledge
from assistant.message import Decision, Incoming
from assistant.respond import Response
from assistant.session import Session
from assistant.turn import take_turn
from flows.accounts.demo import nobody
from flows.actions import Services
from flows.blocks import Choices
from flows.desk import MemoryDesk
from kb.search import Hit, candidates

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Miss:
    """One query that did not get what its label wants."""

    part: str
    lang: str
    query: str
    wanted: str
    got: str


@dataclass(slots=True)
class Report:
    """Figures by part, and every miss."""

    figures: dict[str, dict[str, object]] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)


def evaluate(knowledge: Knowledge, folder: Path) -> Report:
    """All parts that the folder has data for."""
    report = Report()
    for ending, name, measure in (
        ("queries_zh.tsv", "zh queries", _queries),
        ("queries_en.tsv", "en queries", _queries),
        ("out_of_scope.tsv", "out of scope", _out_of_scope),
        ("chitchat.tsv", "small talk and control", _acts),
        ("flow_intents.tsv", "flow intents", _flows),
        ("followups.tsv", "follow-ups", _follow_ups),
    ):
        cases = rows(folder, ending)
        if cases:
            report.figures[name] = measure(knowledge, cases, name, report.misses)
    return report


_STAGE = Stage("evaluation", Services(nobody(), MemoryDesk()))


def rows(folder: Path, ending: str) -> list[Row]:
    """The labelled lines of all files with this ending."""
    found: list[Row] = []
    for path in sorted(folder.glob(f"*{ending}")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return found


def answer(knowledge: Knowledge, text: str, session: Session | None = None) -> Response:
    """What a person gets for these words, in a new conversation or in this one."""
    session = session or Session()
    return asyncio.run(take_turn(Incoming(message_id="evaluation", text=text), session, knowledge, _STAGE))[2]


def offered(response: Response) -> set[str]:
    """The choices a reply lets people tap."""
    return {
        option.id for message in response.messages for block in message.blocks if isinstance(block, Choices) for option in block.options
    }


def judged_evidence(knowledge: Knowledge, folder: Path) -> list[tuple[tuple[float, ...], bool]]:
    """The evidence of each labelled query's first hit, and whether that hit helps: what calibration learns from."""
    index = knowledge.searcher.index
    judged = []
    for ending in ("queries_zh.tsv", "queries_en.tsv", "out_of_scope.tsv", "chitchat.tsv", "flow_intents.tsv"):
        for case in rows(folder, ending):
            hits = knowledge.searcher.rank(index.analyser.analyse(case["query"]), limit=1)
            found = {
                (candidate.target.kind, candidate.target.id): candidate.evidence
                for candidate in candidates(index, index.analyser.analyse(case["query"]), ("entry", "flow", "act"))
            }
            if hits:
                judged.append((found[hits[0].kind, hits[0].id], _helps(hits[0], _gold(case), knowledge)))
    return judged


def _helps(hit: Hit, gold: list[str], knowledge: Knowledge) -> bool:
    """Right, or one tap away: a flow for an entry that it carries out, an entry for a flow that it offers."""
    if hit.id in gold:
        return True
    flows = {entry.flow for entry_id in gold if (entry := knowledge.entry(entry_id, "zh"))} if hit.kind == "flow" else set()
    entry = knowledge.entry(hit.id, "zh") if hit.kind == "entry" else None
    return hit.id in flows or bool(entry and entry.flow in gold)


def _queries(knowledge: Knowledge, cases: Sequence[Row], part: str, misses: list[Miss]) -> dict[str, object]:
    ranks: list[int | None] = []
    outcomes: Counter[str] = Counter()
    by_type: dict[str, list[bool]] = defaultdict(list)
    times = []
    for case in cases:
        gold = _gold(case)
        started = time.perf_counter()
        hits = knowledge.searcher.search(case["query"])
        times.append(1000 * (time.perf_counter() - started))
        rank = next((place for place, hit in enumerate(hits, 1) if hit.id in gold), None)
        ranks.append(rank)
        by_type[case["type"]].append(rank == 1)
        response = answer(knowledge, case["query"])
        outcome = _outcome(response, gold)
        outcomes[outcome] += 1
        if rank != 1 or outcome in ("wrong", "nothing"):
            misses.append(Miss(part, case["lang"], case["query"], case["gold"], f"rank {rank}, {_shown(response.decision)}"))
    n = len(cases)
    return {
        "n": n,
        "search top-1 %": _share(sum(rank == 1 for rank in ranks), n),
        "search top-3 %": _share(sum(rank is not None and rank <= 3 for rank in ranks), n),
        "MRR": round(sum(1 / rank for rank in ranks if rank) / n, 4),
        "chat answered right %": _share(outcomes["right"], n),
        "chat offered right %": _share(outcomes["offered"], n),
        "chat answered wrong %": _share(outcomes["wrong"], n),
        "search p50 ms": round(statistics.median(times), 3),
        "search p99 ms": round(sorted(times)[int(0.99 * (n - 1))], 3),
        "top-1 % by type": {kind: _share(sum(right), len(right)) for kind, right in sorted(by_type.items())},
    }


def _outcome(response: Response, gold: list[str]) -> str:
    decision = response.decision
    if decision.kind == "answer":
        return "right" if decision.entry_id in gold else "wrong"
    shown = {candidate.id for candidate in decision.candidates} | {option.removeprefix("entry:") for option in offered(response)}
    return "offered" if decision.kind in ("clarify", "flow") and shown & set(gold) else "nothing"


def _out_of_scope(knowledge: Knowledge, cases: Sequence[Row], part: str, misses: list[Miss]) -> dict[str, object]:
    outcomes: Counter[str] = Counter()
    for case in cases:
        response = answer(knowledge, case["query"])
        kind = response.decision.kind
        outcome = "misled" if kind in ("answer", "flow") else "clarified" if kind == "clarify" else "refused"
        outcomes[outcome] += 1
        if outcome == "misled":
            misses.append(Miss(part, case["lang"], case["query"], "none", _shown(response.decision)))
    return {"n": len(cases), **{f"{name} %": _share(outcomes[name], len(cases)) for name in ("refused", "clarified", "misled")}}


def _acts(knowledge: Knowledge, cases: Sequence[Row], part: str, misses: list[Miss]) -> dict[str, object]:
    right = 0
    for case in cases:
        decision = answer(knowledge, case["query"]).decision
        good = decision.act == case["gold"] or (case["gold"] == "human" and decision.flow == "contact-support")
        right += good
        if not good:
            misses.append(Miss(part, case["lang"], case["query"], case["gold"], _shown(decision)))
    return {"n": len(cases), "right %": _share(right, len(cases))}


def _flows(knowledge: Knowledge, cases: Sequence[Row], part: str, misses: list[Miss]) -> dict[str, object]:
    started = near = 0
    for case in cases:
        response = answer(knowledge, case["query"])
        if response.decision.kind == "flow" and response.decision.flow == case["gold"]:
            started += 1
        elif f"flow:{case['gold']}" in offered(response):
            near += 1
        else:
            misses.append(Miss(part, case["lang"], case["query"], case["gold"], _shown(response.decision)))
    n = len(cases)
    return {"n": n, "started %": _share(started, n), "one tap away %": _share(near, n), "reached %": _share(started + near, n)}


def _follow_ups(knowledge: Knowledge, cases: Sequence[Row], part: str, misses: list[Miss]) -> dict[str, object]:
    right = 0
    for case in cases:
        first = answer(knowledge, case["first"])
        decision = answer(knowledge, case["second"], first.session).decision
        good = decision.entry_id in _gold(case) or (case["type"] == "switch" and str(decision.act).startswith("switch"))
        right += good
        if not good:
            misses.append(Miss(part, case["lang"], f"{case['first']} / {case['second']}", case["gold"], _shown(decision)))
    return {"n": len(cases), "right %": _share(right, len(cases))}


def _gold(case: Row) -> list[str]:
    return [topic.strip() for topic in case["gold"].split(",")]


def _shown(decision: Decision) -> str:
    best = decision.candidates[0] if decision.candidates else None
    what = decision.act or decision.entry_id or decision.flow or (best and f"near {best.id}") or ""
    return f"{decision.kind} {what}{f' {best.confidence:.2f}' if best else ''}".strip()


def _share(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0

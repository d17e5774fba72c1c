"""``make bench``: search against plain fuzzy matching, the server's and the shell's start, memory."""

from __future__ import annotations

import asyncio
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from assistant.evaluate import answer, rows
from assistant.guide import Stage
from assistant.knowledge import Knowledge, load_knowledge
from assistant.message import Incoming
from assistant.session import Session
from assistant.turn import take_turn
from flows.accounts.demo import nobody
from flows.actions import Services
from flows.desk import MemoryDesk

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print the figures."""
    knowledge = load_knowledge(ROOT / "build" / "cache")
    queries = [row["query"] for ending in ("queries_zh.tsv", "queries_en.tsv") for row in rows(ROOT / "tests" / "data" / "queries", ending)]
    phrasings = [text for target in knowledge.searcher.index.targets for _, text in target.phrasings]
    search = milliseconds(queries, knowledge.searcher.search)
    turn = milliseconds(queries, lambda query: answer(knowledge, query))
    fuzzy = milliseconds(queries, lambda query: process.extractOne(query, phrasings, scorer=fuzz.ratio))
    show("search", search)
    show("whole turn without the database", turn)
    show("CPU of one turn in a flow, without the database", asyncio.run(flow_turns(knowledge)))
    show(f"rapidfuzz ratio over {len(phrasings)} phrasings", fuzzy)
    print(f"search takes {statistics.median(search) / statistics.median(fuzzy):.2f} times as long as that plain comparison")
    print(f"resident memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    bare, ask = seconds("-c", "import pydantic, typer, jieba"), seconds("-m", "web", "ask", "怎么注销账号")
    print(f"assistant ask: {ask:.2f} s, {ask / bare:.1f} times its libraries' import ({bare:.2f} s)")
    growth(knowledge, queries)


async def flow_turns(knowledge: Knowledge) -> list[float]:
    """CPU time of each turn that a running flow takes, over the guidance transcripts, after one round to warm up."""
    times: list[float] = []
    stage = Stage("bench", Services(nobody(), MemoryDesk()))
    for timed in (False, True):
        for path in sorted((ROOT / "tests" / "transcripts" / "flows").glob("*.yaml")):
            session = Session()
            for number, turn in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
                if "<" in str(turn.get("say")) or not {"say", "choose"} & turn.keys():
                    break
                in_flow, started = session.flow is not None, time.process_time()
                incoming = Incoming(message_id=str(number), text=turn.get("say") and str(turn["say"]), choice=turn.get("choose"))
                response = (await take_turn(incoming, session, knowledge, stage))[2]
                session = response.session.model_copy(update={"turn": number})
                if timed and in_flow:
                    times.append(1000 * (time.process_time() - started))
    return times


def growth(knowledge: Knowledge, queries: list[str]) -> None:
    """How many postings a query reads, of all there are."""
    index = knowledge.searcher.index
    read = [sum(index.starts[f + 1] - index.starts[f] for f, _ in index.vector(index.analyser.analyse(query))[0]) for query in queries]
    median, total = statistics.median(read), len(index.weights)
    print(f"postings read by a query: {median:.0f} of {total} ({100 * median / total:.1f} %)")


def milliseconds(queries: list[str], work: Callable[[str], object]) -> list[float]:
    """Time of each query, after one round to warm up."""
    times = []
    for timed in (False, True):
        for query in queries:
            started = time.perf_counter()
            work(query)
            if timed:
                times.append(1000 * (time.perf_counter() - started))
    return times


def show(name: str, times: list[float]) -> None:
    """One line."""
    print(f"{name}: p50 {statistics.median(times):.2f} ms, p99 {sorted(times)[int(0.99 * len(times))]:.2f} ms")


def seconds(*arguments: str) -> float:
    """Median wall time of five runs of this Python."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


main()

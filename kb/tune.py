"""Learns the search weights from the phrasings themselves, by cross-validation (``assistant eval tune``).

Each fold hides a fifth of every target's phrasings from the index. What the hidden phrasings find, right or wrong, and what
hidden questions that belong elsewhere find, wrong by definition, are the examples of a logistic regression. Its probability,
fitted once more to labelled questions, is the confidence.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kb.entry import LANGS
from kb.index import Index, Item, Kind, Phrasing, compile_index
from kb.lexicon import load_lexicon
from kb.search import DOUBT, FEATURES, WEIGHTS, MeaningWeights, Weights, candidates, probability
from kb.semantic import Encoder, embed

FOLDS = 5
_KINDS: tuple[Kind, ...] = ("entry", "flow", "act")
_EXAMPLES_PER_TRIAL = 4
_ELSEWHERE_COUNTS = 6.0
"""How often a question that belongs elsewhere counts: there are few of them, and answering one misleads."""
_FLOW_COUNTS = 4.0
"""How often a flow's phrasing counts: entries have six times as many, yet people order about as often as they ask."""

Vector = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A hidden phrasing, the target it belongs to (None: elsewhere) and the evidence of what it found, best score first."""

    phrasing: Phrasing
    wanted: str | None
    found: tuple[tuple[str, tuple[float, ...]], ...]


def trials(items: Sequence[Item], progress: Callable[[str], None] = lambda _: None) -> list[Trial]:
    """What every phrasing finds in an index that has not seen it."""
    lexicon = load_lexicon()
    shuffled = random.Random(20_261_121)  # noqa: S311  # the same folds every time
    folds = {
        (item.kind, item.id, place): at % FOLDS
        for item in items
        for at, place in enumerate(shuffled.sample(range(len(item.phrasings)), len(item.phrasings)))
    }
    found: list[Trial] = []
    for fold in range(FOLDS):
        progress(f"fold {fold + 1} of {FOLDS}")
        kept, asked = [], []
        for item in items:
            wanted = None if item.kind == "none" else f"{item.kind}:{item.id}"
            hidden = [folds[item.kind, item.id, place] == fold for place in range(len(item.phrasings))]
            asked += [(phrasing, wanted) for phrasing, is_hidden in zip(item.phrasings, hidden, strict=True) if is_hidden]
            rest = [phrasing for phrasing, is_hidden in zip(item.phrasings, hidden, strict=True) if not is_hidden]
            kept.append(replace(item, phrasings=tuple(rest)))
        index = compile_index(kept, lexicon)
        found += [_trial(index, phrasing, wanted) for phrasing, wanted in asked]
    return found


def _trial(index: Index, phrasing: Phrasing, wanted: str | None) -> Trial:
    shown = candidates(index, index.analyser.analyse(phrasing.text), _KINDS)
    return Trial(phrasing, wanted, tuple((f"{c.target.kind}:{c.target.id}", c.evidence) for c in shown))


def fit(found: Sequence[Trial]) -> Weights:
    """Logistic regression over the first candidates of all trials."""
    rows, right, counts = [], [], []
    for trial in found:
        for target, evidence in trial.found[:_EXAMPLES_PER_TRIAL]:
            rows.append(evidence)
            right.append(target == trial.wanted)
            counts.append(_count(trial))
    return Weights(tuple(_logistic(np.array(rows), np.array(right, float), np.array(counts))))


def _count(trial: Trial) -> float:
    if trial.wanted is None:
        return _ELSEWHERE_COUNTS
    return _FLOW_COUNTS if trial.wanted.startswith("flow:") else 1.0


def calibrate(weights: Weights, judged: Sequence[tuple[tuple[float, ...], bool]]) -> Weights:
    """The weights with offset, scale and the say of "elsewhere" refitted, so that confidence means what it says.

    ``judged`` is the evidence of the first hit of each labelled question and whether it is right (Platt 1999). Hidden
    phrasings are harder than what people type: an author writes each in other words than the one before.
    """
    elsewhere, bias = FEATURES.index("elsewhere"), FEATURES.index("bias")
    inputs = np.array([[1.0, np.dot(weights.values, evidence), evidence[elsewhere]] for evidence, _ in judged])
    labels = np.array([right for _, right in judged], float)
    offset, scale, more = _logistic(inputs, labels, np.ones(len(labels)))
    values = [scale * value for value in weights.values]
    values[bias] += offset
    values[elsewhere] += more
    return Weights(tuple(values))


def _logistic(inputs: Vector, labels: Vector, counts: Vector) -> list[float]:
    """Weighted logistic regression by Newton's method, lightly regularised."""
    weights = np.zeros(inputs.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ ((chance - labels) * counts) + 1e-2 * weights
        curvature = (inputs * (chance * (1 - chance) * counts)[:, None]).T @ inputs + 1e-2 * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, gradient)
    return [float(weight) for weight in weights]


def fit_meaning(found: Sequence[Trial], weights: Weights, items: Sequence[Item], encoder: Encoder) -> MeaningWeights:
    """How much a second opinion by meaning counts for the hidden phrasings that words leave in doubt."""
    texts = {f"{item.kind}:{item.id}": [phrasing.text for phrasing in item.phrasings] for item in items}
    rows = {target: embed(encoder, phrasings) for target, phrasings in texts.items()}
    inputs, right = [], []
    for trial in found:
        totals = [weights.total(evidence) for _, evidence in trial.found]
        if not totals or probability(max(totals)) >= DOUBT:
            continue
        vector = embed(encoder, [trial.phrasing.text])[0]
        meanings = [_nearest_other(rows[target] @ vector, texts[target], trial.phrasing.text) for target, _ in trial.found]
        for place in range(min(_EXAMPLES_PER_TRIAL, len(totals))):
            rival = max((other for at, other in enumerate(meanings) if at != place), default=0.0)
            inputs.append([1.0, totals[place], meanings[place], meanings[place] - rival])
            right.append(trial.found[place][0] == trial.wanted)
    return MeaningWeights(*_logistic(np.array(inputs), np.array(right, float), np.ones(len(right))))


def _nearest_other(likeness: Vector, texts: Sequence[str], hidden: str) -> float:
    """The best likeness among the phrasings other than the hidden one."""
    return max((float(value) for value, text in zip(likeness, texts, strict=True) if text != hidden), default=0.0)


def save_weights(weights: Weights, meaning: MeaningWeights, measures: dict[str, object], path: Path = WEIGHTS) -> None:
    """Write the weights with the cross-validated measures they were learned at."""
    content = {
        "about": "Learned by 'assistant eval tune' from the phrasings; docs/retrieval.md explains each weight.",
        "weights": {name: round(value, 4) for name, value in zip(FEATURES, weights.values, strict=True)},
        "meaning": {name: round(value, 4) for name, value in asdict(meaning).items()},
        "cross-validated": measures,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def measures(found: Sequence[Trial], weights: Weights) -> dict[str, object]:
    """Top-1, top-3 and calibration of the hidden phrasings under these weights."""
    counts = {"zh": [0, 0, 0], "en": [0, 0, 0]}
    bins: dict[int, list[float]] = {}
    for trial in found:
        ranked = sorted(((weights.confidence(e), t) for t, e in trial.found), reverse=True)
        if ranked:
            entry = bins.setdefault(min(9, int(ranked[0][0] * 10)), [0, 0.0, 0])
            entry[0] += 1
            entry[1] += ranked[0][0]
            entry[2] += ranked[0][1] == trial.wanted
        if trial.wanted is None:
            continue
        names = [name for _, name in ranked]
        count = counts[trial.phrasing.lang]
        count[0] += 1
        count[1] += trial.wanted in names[:1]
        count[2] += trial.wanted in names[:3]
    return {
        **{
            lang: {"phrasings": n, "top-1 %": round(100 * one / max(n, 1), 1), "top-3 %": round(100 * three / max(n, 1), 1)}
            for lang, (n, one, three) in counts.items()
        },
        "calibration": [
            {"confidence": round(total / n, 3), "right": round(right / n, 3), "n": int(n)} for _, (n, total, right) in sorted(bins.items())
        ],
    }


def learning_curve(
    items: Sequence[Item], cases: Sequence[tuple[str, Sequence[str]]], counts: Sequence[int] = (5, 10, 20, 0)
) -> Iterator[tuple[int, float]]:
    """Top-1 of labelled queries against phrasings per entry and language (0: all), scored by the index alone."""
    lexicon = load_lexicon()
    for count in counts:
        index = compile_index([_fewer(item, count) if item.kind == "entry" and count else item for item in items], lexicon)
        right = sum(_first(index, query) in gold for query, gold in cases)
        yield count, 100 * right / len(cases)


def _fewer(item: Item, count: int) -> Item:
    return replace(item, phrasings=tuple(p for lang in LANGS for p in [p for p in item.phrasings if p.lang == lang][:count]))


def _first(index: Index, query: str) -> str | None:
    found = next(candidates(index, index.analyser.analyse(query), ("entry",), 2), None)
    return found.target.id if found else None

"""Learns one linear scorer per target from example phrasings: feature → weights, as an inverted index needs them.

One-against-rest support vector machines with squared hinge loss, trained by dual coordinate descent (Hsieh et al. 2008,
"A Dual Coordinate Descent Method for Large-scale Linear SVM", algorithm 1); all targets take their step at an example
together, as one vector. numpy is needed here only, never to answer a question.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Example = Sequence[tuple[int, float]]
"""Feature numbers and their values; the values' squares sum to 1."""

_EPOCHS = 8
_COST = 0.5
_NEGLIGIBLE = 0.08
"""Weights below this change no ranking and are left out of the postings."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Feature f scores targets ``targets[starts[f]:starts[f + 1]]`` by the ``weights`` at the same places."""

    starts: array[int]
    targets: array[int]
    weights: array[float]
    biases: array[float]


def learn(examples: Sequence[Example], labels: Sequence[Sequence[int]], features: int, targets: int, cost: float = _COST) -> Postings:
    """Postings such that an example's own targets (``labels``) score about +1 and every other about -1."""
    rows = [
        (np.fromiter((f for f, _ in row), np.int32, len(row)), np.fromiter((v for _, v in row), np.float32, len(row))) for row in examples
    ]
    # One more feature, always 1, carries the biases.
    weights = np.zeros((features + 1, targets), np.float32)
    multipliers = np.zeros((len(rows), targets), np.float32)
    softness = np.float32(1 / (2 * cost))
    order = np.random.default_rng(20_261_121)
    for _ in range(_EPOCHS):
        for i in order.permutation(len(rows)):
            columns, values = rows[i]
            signs = np.full(targets, -1, np.float32)
            signs[list(labels[i])] = 1
            margin = values @ weights[columns] + weights[-1]
            mine = multipliers[i]
            gradient = signs * margin - 1 + softness * mine
            step = np.maximum(mine - gradient / (float(values @ values) + 1 + softness), 0) - mine
            moved = np.flatnonzero(np.abs(step) > 1e-6)
            if moved.size:
                mine[moved] += step[moved]
                change = step[moved] * signs[moved]
                weights[np.ix_(columns, moved)] += np.outer(values, change)
                weights[-1, moved] += change
    return _postings(weights)


def _postings(weights: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Postings:
    starts, targets, values = array("I", [0]), array("H"), array("f")
    for row in weights[:-1]:
        kept = np.flatnonzero(np.abs(row) > _NEGLIGIBLE)
        targets.extend(kept.tolist())
        values.extend(row[kept].tolist())
        starts.append(len(targets))
    return Postings(starts, targets, values, array("f", weights[-1].tolist()))

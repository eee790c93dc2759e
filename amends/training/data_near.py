"""Which examples are almost the same, and which sit among those of another intent."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from amends.training.data_model import Example
from amends.training.data_text import same_saying, shingles

NEARLY_SAME: Final = 0.75
"""Shared pieces of all pieces (Jaccard), from which two texts differ by a word or a number."""

FEWEST_PIECES: Final = 10  # shorter texts are alike by chance

NEIGHBOURS: Final = 10
NEAR_ENOUGH: Final = 0.4  # cosine of sentence vectors; below, nearness says nothing
FEWEST_NEIGHBOURS: Final = 3
MOST_AGREE: Final = 0.5
"""Share of the neighbours' weight that one other intent must have, and the example's own none.

Measured by giving 300 of 13,500 examples a wrong intent: of the 385 found, 67 were among those.
"""

Neighbours = Sequence[Sequence[tuple[int, float]]]
"""For each example the nearest others, nearest first: index and cosine."""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """An example whose nearest neighbours are of another intent."""

    example: Example
    nearer: str
    neighbour: Example  # the nearest of them
    sureness: float  # likeness of all of them together


def near_duplicates(examples: Sequence[Example]) -> Iterator[tuple[Example, Example, float]]:
    """Yield an earlier example, one that is almost the same, and their likeness.

    Almost equal texts share one of their rarest pieces, so only those are compared.
    """
    pieces = [shingles(one.text) for one in examples]
    frequency = Counter(piece for some in pieces for piece in some)
    index: defaultdict[str, list[int]] = defaultdict(list)
    for at, some in enumerate(pieces):
        if len(some) < FEWEST_PIECES:
            continue
        rarest = sorted(some, key=lambda piece: (frequency[piece], piece))
        # Two sets this alike must share one of this many of their rarest members.
        prefix = rarest[: len(some) - math.ceil(NEARLY_SAME * len(some)) + 1]
        fewest, most = NEARLY_SAME * len(some), len(some) / NEARLY_SAME
        candidates = {
            before
            for piece in prefix
            for before in index[piece]
            if fewest <= len(pieces[before]) <= most
        }
        found = [(_jaccard(some, pieces[one]), -one) for one in candidates]
        likeness, before = max(found, default=(0.0, 0))
        if likeness >= NEARLY_SAME and _differ(examples[-before], examples[at]):
            yield examples[-before], examples[at], likeness
        for piece in prefix:
            index[piece].append(at)


def misplaced(examples: Sequence[Example], neighbours: Neighbours) -> list[Misplaced]:
    """Return the examples that their neighbours would file under another intent, surest first."""
    judged = [
        _judged(example, [(examples[at], likeness) for at, likeness in near[:NEIGHBOURS]])
        for example, near in zip(examples, neighbours, strict=True)
    ]
    return sorted((one for one in judged if one), key=lambda one: -one.sureness)


def _judged(example: Example, near: Sequence[tuple[Example, float]]) -> Misplaced | None:
    close = [(one, likeness) for one, likeness in near if likeness >= NEAR_ENOUGH]
    weight: defaultdict[str, float] = defaultdict(float)
    for neighbour, likeness in close:
        weight[neighbour.intent] += likeness
    if len(close) < FEWEST_NEIGHBOURS or example.intent in weight:
        return None
    nearer = max(weight, key=lambda intent: weight[intent])
    if weight[nearer] < MOST_AGREE * sum(weight.values()) or nearer in example.secondary:
        return None
    nearest = next(one for one, _ in close if one.intent == nearer)
    return Misplaced(example, nearer, nearest, weight[nearer])


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _differ(one: Example, other: Example) -> bool:
    return same_saying(one.text) != same_saying(other.text)

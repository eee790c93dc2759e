"""How alike two messages are, found out of very many without comparing each with each.

A text's signature holds, for each of many mixings of its pieces, the smallest value: two texts
agree in a place as often as they share pieces (MinHash, Broder 1997). Signatures are cut into
bands; alike texts share a band nearly always, others hardly ever, so a band leads to the few texts
that are worth comparing. A signature holds no words: it may be kept when the text is deleted.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final
from zlib import crc32

import numpy as np

from amends.training.data_text import shingles

BANDS: Final = 24
ROWS: Final = 3
PLACES: Final = BANDS * ROWS

ALIKE: Final = 0.45
"""Share of equal places (in the mean the Jaccard likeness of the pieces) from which two messages
stand in one row. Two such texts share a band with a probability of 0.9, two of 0.1 with 0.02."""

_RANDOM = np.random.default_rng(20260301)
_TIMES = _RANDOM.integers(0, 2**63, PLACES, dtype=np.uint64) | np.uint64(1)
_PLUS = _RANDOM.integers(0, 2**63, PLACES, dtype=np.uint64)
_UPPER_HALF = np.uint64(32)
_CUT_OFF = 2**63 - 1  # a whole number as databases have it

Signature = tuple[int, ...]
"""`PLACES` whole numbers below 2 ** 32."""


def signature(text: str) -> Signature:
    """Return a text's signature; texts that differ in case, punctuation or numbers share it."""
    # Not through the cache of `shingles`: a million messages would stay in memory.
    pieces = shingles.__wrapped__(text)
    hashed = np.fromiter((crc32(one.encode()) for one in pieces), np.uint64, len(pieces))
    mixed = (hashed[:, None] * _TIMES + _PLUS) >> _UPPER_HALF
    return tuple(int(value) for value in mixed.min(axis=0))


def bands(of: Signature) -> tuple[int, ...]:
    """Return the keys under which a signature is found: one for each band, below 2 ** 63."""
    return tuple(_key(band, of[band * ROWS : (band + 1) * ROWS]) for band in range(len(of) // ROWS))


def likeness(one: Signature, other: Signature) -> float:
    """Return how alike two texts are, 0 to 1: an estimate, within about 0.06."""
    equal = sum(mine == theirs for mine, theirs in zip(one, other, strict=True))
    return equal / len(one)


def to_text(of: Signature) -> str:
    """Return a signature as it is stored."""
    return "".join(f"{value:08x}" for value in of)


def from_text(text: str) -> Signature:
    return tuple(int(text[at : at + 8], 16) for at in range(0, len(text), 8))


def _key(band: int, part: Sequence[int]) -> int:
    written = b"%d:" % band + b",".join(b"%d" % value for value in part)
    return int.from_bytes(blake2b(written, digest_size=8).digest(), "big") & _CUT_OFF

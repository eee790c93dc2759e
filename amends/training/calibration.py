"""Whether a confidence means what it says: of messages read at 0.8, four in five are right."""

from collections.abc import Sequence
from dataclasses import dataclass

from amends.training.model import AtThreshold, Bin, Calibration
from amends.training.statistics import share

BINS = 10
THRESHOLDS = tuple(step / 20 for step in range(20))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sure the assistant was of a message, and whether it was right."""

    confidence: float
    right: bool
    asks_back: bool = False


def calibrate(outcomes: Sequence[Outcome], threshold: float) -> Calibration:
    """Compare confidences with what came true.

    Args:
        outcomes: One per row.
        threshold: Confidence in [0, 1] below which the assistant asks back.
    """
    bins = reliability(outcomes)
    acting = [one for one in outcomes if not one.asks_back]
    return Calibration(
        bins=bins,
        expected_error=expected_error(bins),
        in_force=_at(threshold, outcomes, acting),
        by_threshold=tuple(_at(limit, outcomes, outcomes) for limit in THRESHOLDS),
    )


def reliability(outcomes: Sequence[Outcome], bins: int = BINS) -> tuple[Bin, ...]:
    """Return the bins that hold any row, by rising confidence."""
    filled: dict[int, list[Outcome]] = {}
    for one in outcomes:
        filled.setdefault(min(bins - 1, int(one.confidence * bins)), []).append(one)
    return tuple(
        Bin(
            low=place / bins,
            high=(place + 1) / bins,
            mean_confidence=sum(one.confidence for one in inside) / len(inside),
            right=share(one.right for one in inside),
        )
        for place, inside in sorted(filled.items())
    )


def expected_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: 0 when confidence and accuracy agree everywhere."""
    rows = sum(one.right.rows for one in bins)
    gaps = sum(one.right.rows * abs(one.right.rate - one.mean_confidence) for one in bins)
    return gaps / rows if rows else 0.0


def _at(threshold: float, outcomes: Sequence[Outcome], acting: Sequence[Outcome]) -> AtThreshold:
    alone = [one for one in acting if one.confidence >= threshold]
    return AtThreshold(
        threshold=threshold,
        alone=share([True] * len(alone) + [False] * (len(outcomes) - len(alone))),
        right=share(one.right for one in alone),
    )

"""What another limit in the handoff table would do, over understandings that are already there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pydantic.fields import FieldInfo

from amends.handoff.assess import assess
from amends.handoff.decide import rows_fired
from amends.handoff.model import Assessment
from amends.handoff.thresholds import ThresholdRow, Thresholds, When
from amends.training.evaluation import hard_negatives, must_reach_a_person, ordinary
from amends.training.model import CurvePoint, HandoffCurve, Predictions, RowId, Rows
from amends.training.statistics import Share, share

STEPS = 40


@dataclass(frozen=True, slots=True)
class _Case:
    """A first message: its assessment, and whether the rows that stay as they are fire."""

    found: Assessment | None
    fires_anyway: bool = False


@dataclass(frozen=True, slots=True)
class _Groups:
    """The messages of each figure."""

    must: tuple[_Case, ...]
    hard: tuple[_Case, ...]
    ordinary: tuple[_Case, ...]

    def beside(self, others: Thresholds) -> "_Groups":
        """Look once at the rows that stay; only the one that moves is looked at per limit."""

        def settled(cases: tuple[_Case, ...]) -> tuple[_Case, ...]:
            return tuple(_Case(case.found, _fires(others, case)) for case in cases)

        return _Groups(settled(self.must), settled(self.hard), settled(self.ordinary))


def handoff_curves(
    rows: Rows, predictions: Predictions, thresholds: Thresholds
) -> tuple[HandoffCurve, ...]:
    """Vary each limit on a bounded scale (a mood, a probability) alone; all else stays in force.

    A limit that changes nothing for first messages, such as one that also asks for three
    negative messages in a row, is left out.
    """
    groups = _groups(rows, predictions)
    curves = (
        _curve(groups, thresholds, row, condition, scale)
        for row in thresholds.rows
        for condition, scale in _scales(row.when)
    )
    return tuple(curve for curve in curves if _moves(curve))


def _groups(rows: Rows, predictions: Predictions) -> _Groups:
    def cases(ids: Iterable[RowId]) -> tuple[_Case, ...]:
        found = (predictions.get(row_id) for row_id in ids)
        return tuple(_Case(assess([one.signal]) if one and one.signal else None) for one in found)

    return _Groups(
        must=cases(row.id for row in must_reach_a_person(rows)),
        hard=cases(row.id for row in hard_negatives(rows)),
        ordinary=cases(row.id for row in ordinary(rows)),
    )


def _scales(when: When) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield each stated condition that is a number between two fixed ends, with these ends."""
    for name, field in type(when).model_fields.items():
        low, high = _end(field, "ge"), _end(field, "le")
        if isinstance(getattr(when, name), float) and low is not None and high is not None:
            yield name, (low, high)


def _end(field: FieldInfo, name: str) -> float | None:
    return next((float(getattr(r, name)) for r in field.metadata if hasattr(r, name)), None)


def _curve(
    groups: _Groups,
    thresholds: Thresholds,
    row: ThresholdRow,
    condition: str,
    scale: tuple[float, float],
) -> HandoffCurve:
    others = replace(thresholds, rows=tuple(r for r in thresholds.rows if r.id != row.id))
    beside, in_force = groups.beside(others), float(getattr(row.when, condition))
    low, high = scale
    grid = {round(low + (high - low) * step / STEPS, 4) for step in range(STEPS + 1)}
    points = []
    for limit in sorted(grid | {in_force}):
        moved = row.model_copy(update={"when": row.when.model_copy(update={condition: limit})})
        points.append(_point(beside, replace(thresholds, rows=(moved,)), limit))
    return HandoffCurve(row.id, condition, in_force, tuple(points))


def _point(groups: _Groups, moved: Thresholds, limit: float) -> CurvePoint:
    def handed_off(cases: tuple[_Case, ...]) -> Share:
        return share(case.fires_anyway or _fires(moved, case) for case in cases)

    return CurvePoint(
        limit=limit,
        recall=handed_off(groups.must),
        false_alarms_hard=handed_off(groups.hard),
        false_alarms_ordinary=handed_off(groups.ordinary),
    )


def _fires(thresholds: Thresholds, case: _Case) -> bool:
    return case.found is not None and bool(rows_fired(thresholds, case.found))


def _moves(curve: HandoffCurve) -> bool:
    def found(point: CurvePoint) -> Sequence[int]:
        return (point.recall.hits, point.false_alarms_hard.hits, point.false_alarms_ordinary.hits)

    return any(found(one) != found(other) for one, other in pairwise(curve.points))

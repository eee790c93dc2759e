"""What another limit of the handoff table would do."""

from datetime import timedelta

from amends.handoff.thresholds import ThresholdRow, Thresholds, When
from amends.training.handoff_curve import handoff_curves
from amends.training.model import CurvePoint, HandoffCurve
from amends.training.statistics import Share
from tests.training.samples import category, predictions, read_as, rows, severity, signal

LABELLED = rows(
    severity("flagged", "safety"),
    severity("furious", "harassment"),
    severity("hard", must=False, hard=True),
    category("calm", "wrong_item"),
)
READ = predictions(
    read_as("flagged", None, signal=signal(sentiment=0.1, flags=frozenset({"safety"}))),
    read_as("furious", None, signal=signal(sentiment=-0.9)),
    read_as("hard", None, signal=signal(sentiment=-0.6)),
    read_as("calm", "wrong_item", signal=signal(sentiment=-0.1)),
)


def table(*rows: ThresholdRow) -> Thresholds:
    return Thresholds(rows, timedelta(minutes=30), timedelta(hours=3))


def row(row_id: str, **when: object) -> ThresholdRow:
    return ThresholdRow(id=row_id, title="A row", priority=1, when=When.model_validate(when))


SAFETY = row("danger", flags=["safety"])
FURIOUS = row("furious", sentiment_below=-0.7)


def at(curve: HandoffCurve, limit: float) -> CurvePoint:
    return next(point for point in curve.points if point.limit == limit)


class TestHandoffCurves:
    def test_given_a_mood_limit_then_recall_and_false_alarms_rise_with_it(self) -> None:
        (curve,) = handoff_curves(LABELLED, READ, table(SAFETY, FURIOUS))

        assert (curve.row, curve.condition, curve.in_force) == ("furious", "sentiment_below", -0.7)
        assert at(curve, -1.0).recall == Share(1, 2)  # the flag alone
        assert at(curve, -0.7).recall == Share(2, 2)
        assert at(curve, -0.7).false_alarms_hard == Share(0, 1)
        assert at(curve, -0.5).false_alarms_hard == Share(1, 1)
        assert at(curve, 0.0).false_alarms_ordinary == Share(1, 1)

    def test_given_a_limit_off_the_grid_then_the_one_in_force_is_a_point(self) -> None:
        (curve,) = handoff_curves(LABELLED, READ, table(row("furious", sentiment_below=-0.873)))

        assert at(curve, -0.873).recall == Share(1, 2)

    def test_given_a_row_that_no_first_message_fires_then_no_curve(self) -> None:
        angrier = row("angrier", negative_run_at_least=3, sentiment_below=-0.5)

        assert handoff_curves(LABELLED, READ, table(SAFETY, angrier)) == ()

    def test_given_limits_without_a_scale_then_no_curve(self) -> None:
        waiting = row("waiting", waiting_hours_at_least=3, problems_at_least=2)

        assert handoff_curves(LABELLED, READ, table(SAFETY, waiting)) == ()

    def test_given_predictions_without_a_signal_then_nobody_is_handed_off(self) -> None:
        assert handoff_curves(LABELLED, {}, table(SAFETY, FURIOUS)) == ()

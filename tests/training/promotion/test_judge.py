"""What the rules make of an examination."""

import pytest

from amends.training.promotion.judge import FindingKind, judge
from amends.training.promotion.model import StepState
from amends.training.promotion.record import examination_of, record_of
from amends.training.promotion.rules import Consequence
from tests.training.promotion.samples import RULES, examination, figure, step


class TestJudge:
    def test_given_nothing_worse_then_nothing_speaks_against_it(self) -> None:
        found = judge(RULES, examination(figure("category_accuracy", 0.8, 0.8)))

        assert found.findings == ()
        assert not found.is_refused
        assert not found.needs_reason

    def test_given_no_examination_then_a_reason_is_needed(self) -> None:
        found = judge(RULES, None)

        assert [one.kind for one in found.findings] == [FindingKind.UNEXAMINED]
        assert found.needs_reason
        assert not found.is_refused

    @pytest.mark.parametrize(
        ("value", "finds"), [(0.80, False), (0.79, False), (0.7899, True), (0.9, False)]
    )
    def test_given_a_loss_then_only_beyond_the_tolerance_it_counts(
        self, value: float, finds: bool
    ) -> None:
        found = judge(RULES, examination(figure("category_accuracy", value, 0.80)))

        assert found.needs_reason is finds

    def test_given_a_figure_where_less_is_better_then_more_is_the_loss(self) -> None:
        slower = judge(RULES, examination(figure("latency_ratio", 1.6, 1.0, less=True)))
        faster = judge(RULES, examination(figure("latency_ratio", 0.2, 1.0, less=True)))

        assert [one.consequence for one in slower.findings] == [Consequence.ALLOW]
        assert faster.findings == ()

    def test_given_several_findings_then_the_gravest_comes_first(self) -> None:
        found = judge(
            RULES,
            examination(
                figure("category_accuracy", 0.5, 0.8),
                figure("handoff_recall", 0.5, 0.9),
                steps=(step("rows", StepState.FAILED), step("validation", StepState.FAILED)),
            ),
        )

        assert [one.key for one in found.of(Consequence.REFUSE)] == ["validation", "handoff_recall"]
        assert found.findings[0].consequence is Consequence.REFUSE
        assert found.is_refused
        assert found.needs_reason

    @pytest.mark.parametrize("state", [StepState.SKIPPED, StepState.PASSED])
    def test_given_a_step_that_did_not_fail_then_it_speaks_against_nobody(
        self, state: StepState
    ) -> None:
        assert judge(RULES, examination(steps=(step("validation", state),))).findings == ()

    def test_given_a_figure_without_a_live_value_or_a_rule_then_nothing_follows(self) -> None:
        found = judge(
            RULES,
            examination(figure("category_accuracy", 0.1, None), figure("alarms_hard", 0.9, 0.1)),
        )

        assert found.findings == ()


def test_given_an_examination_when_recorded_then_read_as_it_was() -> None:
    found = examination(figure("category_accuracy", 0.5, 0.8), evaluation={"format": 1})

    assert examination_of(record_of(found)) == found

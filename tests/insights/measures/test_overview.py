"""The first page, by hand on small tables."""

import pytest

from amends.insights.facts import ConversationFacts
from amends.insights.measures.figures import Move
from amends.insights.measures.overview import NAMES, overview
from amends.insights.table import Table
from tests.insights.measures.samples import FOUR_WEEKS, mixed, rows, table, told


def read(now, before=()):  # type: ignore[no-untyped-def]
    return overview(table(now, NAMES), table(before, NAMES), FOUR_WEEKS, ())


class TestOverview:
    def test_given_conversations_then_each_figure_is_as_counted_by_hand(self) -> None:
        now = mixed(
            (4, {"result": "no_case", "category": None}),
            (6, {"csat": 5, "nps": 10, "ces": 7, "promises_kept": 2, "first_answer_seconds": 1.0}),
            (2, {"csat": 1, "nps": 0, "ces": 1, "promises_broken": 1, "handed_off": True}),
            (3, {"result": "open", "handed_off": True, "csat": 3}),
        )

        found = read(now)

        assert (found.conversations.now, found.complaints.now) == (15, 11)
        # Eight have ended, six of them without a person.
        assert (found.without_person.now.value, found.without_person.n) == (0.75, 8)
        assert (found.satisfied.now.value, found.satisfied.n) == (pytest.approx(6 / 11), 11)
        assert found.stated.now.value == pytest.approx((30 + 2 + 9) / 11)
        assert found.predicted.n == 15
        assert (found.nps.now.value, found.nps.now.detractors) == (50, 2)
        assert found.nps.change.now.value == 50
        assert found.effort.now.value == pytest.approx((42 + 2) / 8)
        assert (found.promises_kept.now.value, found.promises_kept.n) == (
            pytest.approx(12 / 14),
            14,
        )
        assert (found.first_answer.now.value, found.first_answer.n) == (1.0, 6)
        assert found.handed_off.now.value == pytest.approx(1 / 3)
        assert [count for _, count in found.counts] == [0, 0, 0, 15]

    def test_given_two_currencies_then_each_has_its_own_cost_over_all_conversations(self) -> None:
        now = mixed(
            (5, {"currency": "EUR", "remedy_minor": 1000, "remedy_kind": "refund"}),
            (1, {"currency": "GBP", "remedy_minor": 600, "remedy_kind": "refund"}),
            (4, {}),
        )

        eur, gbp = read(now).costs

        assert (eur.currency, eur.total_minor, eur.remedies) == ("EUR", 5000, 5)
        assert eur.per_conversation.now.value == 500
        assert (gbp.currency, gbp.total_minor) == ("GBP", 600)
        assert gbp.per_conversation.now.value == 60

    def test_given_more_people_needed_than_before_then_that_is_worse(self) -> None:
        before = mixed((90, {"days_ago": 40}), (10, {"days_ago": 40, "handed_off": True}))
        now = mixed((50, {}), (50, {"handed_off": True}))

        found = read(now, before)

        assert found.handed_off.move is Move.WORSE
        assert found.without_person.move is Move.WORSE
        assert found.conversations.move is Move.CHANCE

    def test_given_a_steady_world_then_what_ends_late_does_not_make_the_present_look_better(
        self,
    ) -> None:
        def of_period(start: float) -> list[ConversationFacts]:
            """A hundred a day for 28 days: half by the assistant at once, half by people after
            ten days."""
            return [
                told(
                    place,
                    days_ago=start - place / 100,
                    handed_off=place % 2 == 1,
                    resolution_seconds=86_400.0 * 10 if place % 2 else 60.0,
                )
                for place in range(2800)
            ]

        found = read(of_period(28), of_period(56)).without_person

        assert found.now.value == pytest.approx(found.before.value, abs=0.01)
        assert found.move is Move.CHANCE

    def test_given_a_complaint_that_was_withdrawn_then_nobody_resolved_it(self) -> None:
        found = read(mixed((5, {}), (5, {"result": "withdrawn", "resolution_seconds": None})))

        assert found.without_person.n == 5

    def test_given_nothing_then_nothing_is_told(self) -> None:
        found = read([])

        assert found.conversations.now == 0
        assert found.satisfied.now is None
        assert found.nps.now is None
        assert found.costs == ()

    def test_given_only_the_named_columns_then_they_are_enough(self) -> None:
        given: Table = table(rows(3), NAMES)

        assert set(given) == set(NAMES)
        assert overview(given, given, FOUR_WEEKS, ()).conversations.now == 3

"""Whether an action helped: which weeks count, which conversations, and by which measure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from amends.cases.model import Category
from amends.cases.root_causes import RootCause
from amends.insights.action_effect import Effect, effect_of
from amends.insights.actions import ActionState, CauseAction, Measure
from amends.insights.statistics.before_after import Verdict, Why
from amends.storage import Database
from tests.insights.action_samples import facts, seed_facts, store
from tests.insights.test_actions import ACTION, PLAN, TODAY
from tests.support.database import database as database

DONE = TODAY - timedelta(days=36)
"""Five whole weeks ago; the day itself and today do not count."""


def done(measure: Measure = Measure.CASES_PER_WEEK, **changes: object) -> CauseAction:
    plan = replace(PLAN, measure=measure, **changes)  # type: ignore[arg-type]
    return replace(ACTION, plan=plan, state=ActionState.DONE, done_on=DONE)


def effect(database: Database, action: CauseAction, today: date = TODAY) -> Effect:
    with database.read() as uow:
        found = effect_of(uow, action, today)
    assert found is not None
    return found


class TestWeeks:
    def test_given_half_as_many_cases_then_better_by_the_counts_of_weeks(
        self, database: Database
    ) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (9, 11, 8, 10, 12), (5, 4, 6, 3, 7))
            uow.commit()

        found = effect(database, done())

        assert (found.weeks_before, found.weeks_after) == (5, 5)
        assert (found.conversations_before, found.conversations_after) == (50, 25)
        assert found.compared.before is not None
        assert found.compared.after is not None
        assert (found.compared.before.value, found.compared.after.value) == (10, 5)
        assert found.compared.verdict is Verdict.BETTER

    def test_given_causes_that_are_not_looked_into_yet_then_the_latest_weeks_do_not_look_better(
        self, database: Database
    ) -> None:
        after = DONE + timedelta(days=1)
        with database.write() as uow:
            seed_facts(uow, DONE, (10,) * 5, (10, 10, 5, 5, 5))
            for week in (2, 3, 4):  # half of the complaints of these weeks have no cause yet
                day = after + timedelta(weeks=week)
                store(uow, *(facts(f"{week}-{one}", day, root_cause=None) for one in range(5)))
            uow.commit()

        found = effect(database, done())

        assert found.compared.after is not None
        assert found.compared.after.value == 10
        assert found.compared.verdict is not Verdict.BETTER

    def test_given_quiet_weeks_then_they_count_as_none(self, database: Database) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (8, 0, 0, 0), (4, 0, 0, 0, 0))
            uow.commit()

        found = effect(database, done())

        assert found.compared.before is not None
        assert found.compared.after is not None
        assert (found.compared.before.value, found.compared.after.value) == (2, 0.8)

    def test_given_the_day_itself_and_what_is_not_a_whole_week_then_left_out(
        self, database: Database
    ) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (1, 1, 1, 1), (1, 1, 1, 1))
            store(uow, facts("on the day", DONE), facts("sixth week", TODAY))
            uow.commit()

        found = effect(database, done(), TODAY + timedelta(days=3))

        assert (found.weeks_after, found.conversations_after) == (5, 4)
        assert found.conversations_before == 4

    def test_given_years_then_twelve_weeks_on_either_side(self, database: Database) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (1,) * 20, (1,) * 20)
            uow.commit()

        found = effect(database, done(), DONE + timedelta(weeks=20, days=1))

        assert (found.weeks_before, found.weeks_after) == (12, 12)
        assert (found.conversations_before, found.conversations_after) == (12, 12)

    @pytest.mark.parametrize("later", [0, 1, 28])
    def test_given_fewer_than_four_weeks_then_cannot_be_told(
        self, database: Database, later: int
    ) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (9, 11, 8, 10, 12), (5, 4, 6, 3))
            uow.commit()

        found = effect(database, done(), DONE + timedelta(days=later))

        assert found.weeks_after == max(0, later - 1) // 7
        assert found.compared.why is Why.TOO_FEW

    def test_given_no_conversation_at_all_then_cannot_be_told(self, database: Database) -> None:
        assert effect(database, done()).compared.why is Why.TOO_FEW

    def test_given_not_done_then_nothing(self, database: Database) -> None:
        with database.read() as uow:
            assert effect_of(uow, ACTION, TODAY) is None


class TestWhichConversations:
    def test_given_cause_and_category_then_only_those_of_both(self, database: Database) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (2, 2, 2, 2), (2, 2, 2, 2, 2))
            day = DONE - timedelta(days=3)
            store(
                uow,
                facts("other cause", day, root_cause=RootCause.CAPACITY.value),
                facts("other category", day, category=Category.WRONG_ITEM.value),
                facts("no case", day, root_cause=None, category=None),
            )
            uow.commit()

        packaging = effect(database, done())
        both = effect(database, done(category=Category.DAMAGED_ITEM))
        category = effect(database, done(cause=None, category=Category.WRONG_ITEM))

        assert packaging.conversations_before == 9  # whatever its category
        assert both.conversations_before == 8
        assert category.conversations_before == 1


class TestMeasures:
    def test_given_satisfaction_then_that_which_was_predicted(self, database: Database) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (3, 3, 3, 3), (), predicted=2.0)
            seed_facts(uow, DONE, (), (3, 3, 3, 3, 3), predicted=3.5)
            uow.commit()

        found = effect(database, done(Measure.SATISFACTION)).compared

        assert found.difference is not None
        assert found.difference.value == 1.5
        assert found.verdict is Verdict.BETTER

    def test_given_cost_then_in_the_most_usual_currency_with_those_who_got_nothing(
        self, database: Database
    ) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (3, 3, 3, 3), (), remedy_minor=1200, currency="GBP")
            seed_facts(uow, DONE, (), (3, 3, 3, 3, 3))
            day = DONE + timedelta(days=2)
            store(uow, facts("elsewhere", day, remedy_minor=9_999_999, currency="JPY"))
            uow.commit()

        found = effect(database, done(Measure.COST_PER_CASE))

        assert found.currency == "GBP"
        assert found.compared.difference is not None
        assert found.compared.difference.value == -1200
        assert found.compared.verdict is Verdict.BETTER

    def test_given_more_repeats_then_worse(self, database: Database) -> None:
        with database.write() as uow:
            seed_facts(uow, DONE, (5, 5, 5, 5), ())
            seed_facts(uow, DONE, (), (5, 5, 5, 5, 5), repeat=True)
            uow.commit()

        found = effect(database, done(Measure.REPEAT_SHARE)).compared

        assert found.difference is not None
        assert found.difference.value == 1
        assert found.verdict is Verdict.WORSE

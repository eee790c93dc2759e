"""Actions on causes: what a plan needs, which states follow, what comes first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from amends.cases.model import Category
from amends.cases.root_causes import RootCause
from amends.insights.action_errors import (
    ActionError,
    DayUnusable,
    MoveNotPossible,
    NothingNoted,
    TargetMissing,
    TitleUnusable,
    WordsTooLong,
)
from amends.insights.actions import (
    MOVES,
    ActionState,
    CauseAction,
    Measure,
    Plan,
    checked,
    checked_note,
    differences,
    in_order,
    moved,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
PLAN = Plan("Stronger cartons", "Order them", RootCause.PACKAGING, None, "s-sam", TODAY)
ACTION = CauseAction("a1", PLAN, ActionState.PLANNED, 1, NOW, "s-sam", NOW, "s-sam")


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


class TestPlans:
    def test_given_blanks_around_then_stored_without_them(self) -> None:
        found = checked(replace(PLAN, title="  Stronger \n cartons ", what=" Order\r\nthem \n"))

        assert (found.title, found.what) == ("Stronger cartons", "Order\nthem")

    @pytest.mark.parametrize(
        ("changes", "refused"),
        [
            ({"title": "  "}, TitleUnusable),
            ({"title": "x" * 121}, TitleUnusable),
            ({"what": "x" * 2001}, WordsTooLong),
            ({"cause": None}, TargetMissing),
            ({"due_on": None}, DayUnusable),
            ({"due_on": date(1026, 3, 2)}, DayUnusable),
        ],
    )
    def test_given_what_cannot_be_stored_then_refused_in_a_sentence(
        self, changes: dict[str, object], refused: type[ActionError]
    ) -> None:
        with pytest.raises(refused, match=r"\.$"):
            checked(replace(PLAN, **changes))  # type: ignore[arg-type]

    def test_given_a_category_alone_then_enough(self) -> None:
        plan = replace(PLAN, cause=None, category=Category.DAMAGED_ITEM)

        assert checked(plan) == plan

    def test_given_a_note_then_it_needs_words(self) -> None:
        assert checked_note(" It works \n") == "It works"
        with pytest.raises(NothingNoted):
            checked_note(" \n ")
        with pytest.raises(WordsTooLong):
            checked_note("x" * 2001)


class TestMoves:
    def test_given_begun_and_done_then_both_days_are_kept(self) -> None:
        begun = moved(ACTION, ActionState.UNDER_WAY, days(-9), TODAY)
        done = moved(begun, ActionState.DONE, days(-2), TODAY)

        assert (done.state, done.started_on, done.done_on) == (
            ActionState.DONE, days(-9), days(-2),
        )  # fmt: skip

    def test_given_taken_up_again_then_not_done_and_begun_when_it_was(self) -> None:
        done = replace(ACTION, state=ActionState.DONE, started_on=days(-9), done_on=days(-2))

        again = moved(done, ActionState.UNDER_WAY, TODAY, TODAY)

        assert (again.started_on, again.done_on) == (days(-9), None)

    def test_given_back_to_planned_then_not_begun(self) -> None:
        begun = replace(ACTION, state=ActionState.UNDER_WAY, started_on=days(-9))

        assert moved(begun, ActionState.PLANNED, TODAY, TODAY).started_on is None

    @pytest.mark.parametrize("state", ActionState)
    @pytest.mark.parametrize("wanted", ActionState)
    def test_given_any_two_states_then_only_those_of_the_table_follow(
        self, state: ActionState, wanted: ActionState
    ) -> None:
        action = replace(ACTION, state=state, done_on=TODAY if state == "done" else None)

        if wanted in MOVES[state]:
            assert moved(action, wanted, TODAY, TODAY).state is wanted
        else:
            with pytest.raises(MoveNotPossible):
                moved(action, wanted, TODAY, TODAY)

    @pytest.mark.parametrize(
        ("state", "on", "why"),
        [
            (ActionState.UNDER_WAY, days(1), "ahead"),
            (ActionState.DONE, days(1), "ahead"),
            (ActionState.DONE, days(-10), "done_before_start"),
        ],
    )
    def test_given_a_day_that_cannot_be_then_refused(
        self, state: ActionState, on: date, why: str
    ) -> None:
        begun = ActionState.UNDER_WAY if state is ActionState.DONE else ActionState.PLANNED
        action = replace(ACTION, state=begun)
        if begun is ActionState.UNDER_WAY:
            action = replace(action, started_on=days(-9))

        with pytest.raises(DayUnusable) as refused:
            moved(action, state, on, TODAY)

        assert refused.value.why == why


class TestOrder:
    def test_given_several_then_overdue_first_then_by_day_and_closed_last(self) -> None:
        def action(name: str, due: int, state: ActionState = ActionState.PLANNED) -> CauseAction:
            return replace(ACTION, id=name, plan=replace(PLAN, due_on=days(due)), state=state)

        done = replace(action("done", -9, ActionState.DONE), done_on=TODAY)
        dropped = replace(
            action("dropped", -9, ActionState.DROPPED), changed_at=NOW + timedelta(hours=1)
        )
        actions = [
            done,
            action("later", 5),
            action("today", 0),
            action("late", -1),
            dropped,
            action("later still", 9),
            action("very late", -8, ActionState.UNDER_WAY),
        ]

        assert [one.id for one in in_order(actions, TODAY)] == [
            "very late", "late", "today", "later", "later still", "dropped", "done",
        ]  # fmt: skip
        assert [one.id for one in actions if one.is_overdue(TODAY)] == ["late", "very late"]


def test_given_two_versions_then_only_what_differs_is_told() -> None:
    plan = replace(PLAN, owner="s-luz", due_on=days(3), measure=Measure.SATISFACTION)

    before, after = differences(ACTION, replace(ACTION, plan=plan))

    assert before == {"owner": "s-sam", "due_on": "2026-03-02", "measure": "cases_per_week"}
    assert after == {"owner": "s-luz", "due_on": "2026-03-05", "measure": "satisfaction"}

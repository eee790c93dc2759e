"""Which waiting chats a person sees first; the laws of the order."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import Case, CaseId, CaseStatus, Category
from amends.conversations.model import Conversation, ConversationId, Mode
from amends.handoff import fit
from amends.handoff.deadlines import Deadline, DeadlineKind
from amends.handoff.model import Handoff, HandoffState, StaffMember, StaffRole
from amends.handoff.queue import QueueItem
from tests.support.shop import NOW

ANA = StaffMember(
    "s-ana", "ana", "Ana", StaffRole.AGENT, languages=("en",), skills=("billing_error",)
)
ALL_ROUND = StaffMember("s-ben", "ben", "Ben", StaffRole.AGENT, languages=("en", "zh"))


def item(
    name: str = "h1",
    *,
    priority: int = 3,
    language: str = "en",
    category: Category | None = Category.BILLING_ERROR,
    waited: int = 5,
    minutes_due: int | None = 25,
) -> QueueItem:
    asked = NOW - timedelta(minutes=waited)
    handoff = Handoff(
        name, name, None, HandoffState.WAITING, priority, ("customer_asked",), asked, asked, asked
    )
    talk = Conversation(ConversationId(name), Mode.WAITING, language, 1, 1, asked)
    case = category and Case(
        CaseId(name), "AM-1", name, category, CaseStatus.OPEN, asked, 1, "bot", "staff_answers"
    )
    deadline = Deadline(DeadlineKind.ANSWER, asked)
    return QueueItem(handoff, talk, case, None, "", waited, 0, minutes_due, deadline)


def order(*items: QueueItem, member: StaffMember = ANA) -> list[str]:
    return [one.handoff.id for one in fit.in_order_for(items, member)]


class TestFits:
    @pytest.mark.parametrize(
        ("language", "category", "expected"),
        [
            ("en", Category.BILLING_ERROR, True),
            ("en", None, True),
            ("en", Category.DAMAGED_ITEM, False),
            ("zh", Category.BILLING_ERROR, False),
        ],
    )
    def test_given_languages_and_categories_then_both_must_fit(
        self, language: str, category: Category | None, expected: bool
    ) -> None:
        assert fit.fits(item(language=language, category=category), ANA) is expected

    def test_given_no_categories_are_named_then_all_are_taken(self) -> None:
        assert fit.fits(item(language="zh", category=Category.FACILITIES), ALL_ROUND)


class TestOrder:
    def test_given_the_same_priority_then_what_fits_comes_first(self) -> None:
        old, new = item("old", language="zh", waited=20), item("new", waited=1)

        assert order(old, new) == ["new", "old"]
        assert order(old, new, member=ALL_ROUND) == ["old", "new"]

    def test_given_overdue_then_first_within_its_priority_whoever_looks(self) -> None:
        late = item("late", language="zh", waited=10, minutes_due=-1)
        fitting = item("fitting", waited=20)

        assert order(fitting, late) == ["late", "fitting"]

    def test_given_a_more_urgent_one_then_it_stays_before_what_fits(self) -> None:
        urgent = item("urgent", priority=2, language="zh")

        assert order(item("fits"), urgent) == ["urgent", "fits"]


items = st.builds(
    item,
    name=st.uuids().map(str),
    priority=st.integers(1, 4),
    language=st.sampled_from(["en", "zh"]),
    category=st.sampled_from([None, Category.BILLING_ERROR, Category.DAMAGED_ITEM]),
    waited=st.integers(0, 300),
    minutes_due=st.none() | st.integers(-100, 100),
)


class TestLaws:
    @given(st.lists(items, max_size=12))
    def test_given_any_queue_then_a_critical_chat_is_never_behind_another(
        self, queue: list[QueueItem]
    ) -> None:
        priorities = [one.handoff.priority for one in fit.in_order_for(tuple(queue), ANA)]

        assert priorities == sorted(priorities)

    @given(st.lists(items, max_size=12))
    def test_given_any_queue_then_all_of_it_is_shown_and_nothing_twice(
        self, queue: list[QueueItem]
    ) -> None:
        assert sorted(order(*queue)) == sorted(one.handoff.id for one in queue)

    @given(items)
    def test_given_a_deadline_has_passed_or_danger_then_it_is_for_everybody(
        self, one: QueueItem
    ) -> None:
        if one.is_overdue or one.handoff.priority == fit.MOST_URGENT:
            assert fit.is_for(one, ANA)

    @given(st.lists(items, min_size=2, max_size=8))
    def test_given_any_two_when_one_is_overdue_and_the_other_not_then_it_is_before_its_equals(
        self, queue: list[QueueItem]
    ) -> None:
        placed = fit.in_order_for(tuple(queue), ANA)

        for before, after in pairwise(placed):
            if before.handoff.priority == after.handoff.priority:
                assert before.is_overdue or not after.is_overdue

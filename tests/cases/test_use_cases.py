"""The life of a case, on a real database."""

from collections.abc import Callable

import pytest

from amends.cases import use_cases as cases
from amends.cases.details import NO_ORDER, Detail
from amends.cases.model import Case, CaseStatus, Category, NextStep, Wish
from amends.storage import SqlUnitOfWork
from amends.storage.tables.outbox import OutboxRow
from tests.support.shop import DELIVERED, LATE, NOW, STORY, Shop

Step = Callable[[SqlUnitOfWork, Case], object]


def announced(shop: Shop, topic: str) -> list[str]:
    with shop.db.read() as uow:
        rows = uow.outbox._session.query(OutboxRow).filter_by(topic=topic).all()
        return [row.key for row in rows]


class TestTakeComplaint:
    def test_given_a_first_complaint_when_taken_then_a_case_is_opened_with_all_it_says(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        case = chat.complains(
            "damaged_item",
            DELIVERED,
            "The kettle came broken and I want my money back for it",
            severity="medium",
            flags=frozenset({"media"}),
            secondary=(Category.UNRESPONSIVE_SUPPORT,),
        )

        assert case == chat.case
        assert case.status is CaseStatus.OPEN
        assert (case.owner, case.next_step) == ("bot", NextStep.CUSTOMER_ANSWERS)
        assert (case.category, case.secondary) == (
            Category.DAMAGED_ITEM,
            (Category.UNRESPONSIVE_SUPPORT,),
        )
        assert (case.order_number, case.severity, case.flags) == (DELIVERED, "medium", {"media"})
        assert case.what_happened == "The kettle came broken and I want my money back for it"
        assert case.wish is Wish.REFUND
        assert chat.timeline == ["complained"]
        assert announced(shop, "case.opened") == [case.id]

    def test_given_few_words_when_taken_then_what_happened_is_still_asked(self, shop: Shop) -> None:
        assert shop.chat().complains(text="kettle broken").what_happened is None

    def test_given_the_same_problem_again_when_taken_then_the_words_are_added(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        first = chat.complains(order=None)

        again = chat.complains(
            order=LATE,
            text="STILL nothing here!",
            severity="high",
            flags=frozenset({"legal"}),
        )

        assert again.id == first.id
        assert chat.case.what_happened == f"{STORY}\nSTILL nothing here!"
        assert (chat.case.order_number, chat.case.flags) == (LATE, {"legal"})
        assert chat.case.severity == "high"
        assert chat.timeline == ["complained", "added"]
        assert announced(shop, "case.opened") == [first.id]

    def test_given_a_milder_word_when_added_then_the_severity_stays(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains(severity="critical")

        chat.complains(severity="low", order=None)

        assert (chat.case.severity, chat.case.order_number) == ("critical", LATE)

    def test_given_another_problem_when_taken_then_it_is_noted_for_later(self, shop: Shop) -> None:
        chat = shop.chat()
        first = chat.complains()

        kept = chat.complains("staff_conduct", None, "And your driver shouted at me")

        assert kept == first
        assert chat.timeline == ["complained", "second_problem"]

    def test_given_a_case_with_staff_when_another_problem_comes_then_they_hear_of_it(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains()
        with shop.write() as uow:
            cases.set_progress(uow, case.id, CaseStatus.WITH_STAFF, NextStep.STAFF_ANSWERS, NOW)

        chat.complains("staff_conduct", None, "And your driver shouted at me")

        assert chat.timeline[-1] == "added"
        assert "shouted" in (chat.case.what_happened or "")

    def test_given_the_last_case_is_closed_when_complaining_then_a_new_one_opens(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        first = chat.complains()
        with shop.write() as uow:
            cases.resolve(uow, first.id, "remedy_accepted", "customer", NOW)

        second = chat.complains()

        assert second.number != first.number


class TestRepeatComplaint:
    @pytest.mark.parametrize(("days", "repeat"), [(0, True), (30, True), (31, False)])
    def test_given_an_earlier_complaint_when_complaining_then_30_days_decide(
        self, shop: Shop, days: int, repeat: bool
    ) -> None:
        shop.chat("cus-collins").complains()
        shop.clock.forward(days=days)

        case = shop.chat("cus-collins").complains()

        assert case.repeat_complaint is repeat

    def test_given_a_withdrawn_or_a_strangers_case_when_complaining_then_it_is_no_repeat(
        self, shop: Shop
    ) -> None:
        withdrawn = shop.chat("cus-collins").complains()
        shop.chat("cus-rahman").complains(order=None)
        shop.chat().complains()
        with shop.write() as uow:
            cases.withdraw(uow, withdrawn.id, NOW)

        assert not shop.chat("cus-collins").complains().repeat_complaint
        assert not shop.chat().complains().repeat_complaint

    def test_given_two_problems_in_one_chat_when_complaining_then_the_second_is_no_repeat(
        self, shop: Shop
    ) -> None:
        chat = shop.chat("cus-collins")
        case = chat.complains()
        with shop.write() as uow:
            cases.resolve(uow, case.id, "remedy_accepted", "customer", NOW)

        assert not chat.complains("damaged_item").repeat_complaint


class TestTakeNextProblem:
    def test_given_a_noted_problem_when_taken_up_then_once_and_with_its_own_words(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        first = chat.complains()
        words = "And the kettle of my other order does not even switch on"
        chat.complains("faulty_product", DELIVERED, words, severity="medium")
        with shop.write() as uow:
            cases.resolve(uow, first.id, "remedy_accepted", "customer", NOW)

        with shop.write() as uow:
            taken = cases.take_next_problem(uow, chat.id, NOW)
        with shop.write() as uow:
            again = cases.take_next_problem(uow, chat.id, NOW)

        assert taken is not None
        assert again is None
        assert taken == chat.case
        assert (taken.category, taken.severity) == (Category.FAULTY_PRODUCT, "medium")
        assert (taken.order_number, taken.what_happened) == (DELIVERED, words)

    def test_given_two_noted_problems_when_taken_up_then_the_oldest_first_each_once(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        chat.complains("staff_conduct", None)
        chat.complains("facilities", None)

        with shop.write() as uow:
            found = [cases.take_next_problem(uow, chat.id, NOW) for _ in range(3)]

        assert [case and case.category for case in found] == [
            Category.STAFF_CONDUCT,
            Category.FACILITIES,
            None,
        ]

    def test_given_no_other_order_was_named_when_taken_up_then_it_is_about_the_same(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        chat.complains("damaged_item", None)

        with shop.write() as uow:
            taken = cases.take_next_problem(uow, chat.id, NOW)

        assert taken is not None
        assert taken.order_number == LATE


class TestRecordDetails:
    def test_given_answers_when_recorded_then_later_ones_replace_earlier_ones(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        case = chat.complains(order=None, text="broken")
        answers = {
            Detail.ORDER_NUMBER: NO_ORDER,
            Detail.ITEM: "the lamp",
            Detail.WHAT_HAPPENED: "It fell apart",
            Detail.WISH: "no idea",
        }

        with shop.write() as uow:
            cases.record_details(uow, case.id, answers, NOW)
            cases.record_details(uow, case.id, {Detail.WISH: "a voucher then"}, NOW)

        told = chat.case
        assert (told.order_number, told.item) == (NO_ORDER, "the lamp")
        assert told.what_happened == "It fell apart"
        assert (told.wish, told.wish_text) == (Wish.COMPENSATION, "a voucher then")
        assert chat.timeline == ["complained", "details", "details"]

    def test_given_an_unreadable_wish_when_recorded_then_it_counts_as_another(
        self, shop: Shop
    ) -> None:
        case = shop.chat().complains()

        with shop.write() as uow:
            told = cases.record_details(uow, case.id, {Detail.WISH: "a pony"}, NOW)

        assert told.wish is Wish.OTHER

    def test_given_no_answer_when_recorded_then_the_timeline_is_silent(self, shop: Shop) -> None:
        chat = shop.chat()
        case = chat.complains()

        with shop.write() as uow:
            assert cases.record_details(uow, case.id, {}, NOW) == case

        assert chat.timeline == ["complained"]


class TestOrderOf:
    @pytest.mark.parametrize("number", [None, NO_ORDER, "99999"])
    def test_given_no_known_order_when_looked_up_then_there_is_none(
        self, shop: Shop, number: str | None
    ) -> None:
        case = shop.chat().complains(order=number)

        with shop.db.read() as uow:
            assert cases.order_of(uow, case) is None

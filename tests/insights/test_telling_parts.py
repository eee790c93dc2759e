"""A conversation of two complaints becomes two rows of facts."""

from datetime import timedelta

from amends.conversations.model import Role
from amends.handoff import use_cases as handoff
from amends.insights.table import FactsQuery
from amends.satisfaction import use_cases as satisfaction
from amends.satisfaction.scoring import BELIEVED
from amends.satisfaction.surveys.model import Answers
from tests.compensation.steps import accept, late_chat, offered
from tests.insights.telling_steps import all_told, score_all
from tests.support.shop import NOW, Shop


class TestParts:
    def test_given_a_customer_comes_back_with_another_complaint_then_each_has_its_row(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        accept(shop, offered(shop, chat))
        with shop.write() as uow:
            said = Answers(csat=5)
            satisfaction.record_survey(uow, BELIEVED, chat.id, said, shop.clock())
        later = shop.clock.forward(days=90)
        chat.complains("damaged_item", "10046", "The kettle is dented.", severity="high")

        first, second = all_told(shop, chat)

        assert (first.part, first.category, first.result) == (0, "not_received", "remedy_accepted")
        assert (second.part, second.category, second.result) == (1, "damaged_item", "open")
        assert (first.started_at, second.started_at) == (NOW, later)
        assert (first.csat, second.csat) == (5, None)
        assert first.remedy_minor > 0
        assert second.remedy_minor == 0
        assert (first.severity, second.severity) == ("low", "high")
        customers = [one for one in chat.log if one.role is Role.CUSTOMER]
        assert second.messages == 1
        assert first.messages == len(customers) - 1 + len(
            [one for one in chat.log if one.role is Role.BOT]
        )

    def test_given_a_handoff_in_the_second_part_then_only_that_part_tells_of_it(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        accept(shop, offered(shop, chat))
        shop.clock.forward(days=90)
        chat.complains("damaged_item", "10046", "The kettle is dented.")
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())

        first, second = all_told(shop, chat)

        assert (first.handed_off, second.handed_off) == (False, True)

    def test_given_one_was_asked_about_then_the_other_was_not(self, shop: Shop) -> None:
        chat = late_chat(shop)
        accept(shop, offered(shop, chat))
        with shop.write() as uow:
            assert shop.app.ask_survey(uow, chat.id, shop.clock()) is not None
        shop.clock.forward(days=90)
        chat.complains("damaged_item", "10046", "The kettle is dented.")

        first, second = all_told(shop, chat)

        assert (first.survey_asked, second.survey_asked) == (True, False)

    def test_given_two_parts_then_both_rows_are_kept(self, shop: Shop) -> None:
        chat = late_chat(shop)
        accept(shop, offered(shop, chat))
        shop.clock.forward(days=90)
        chat.complains("damaged_item", "10046", "The kettle is dented.")
        score_all(shop, chat)
        score_all(shop, chat)

        with shop.db.read() as uow:
            query = FactsQuery(NOW, shop.clock() + timedelta(days=1))
            assert [one.category for one in uow.facts.find(query)] == [
                "damaged_item",
                "not_received",
            ]

"""Decide: each decision leaves its rows, and no other chat gets round a cap."""

import pytest

from amends.cases import use_cases as cases
from amends.cases.errors import CaseClosed
from amends.cases.model import CaseStatus, Category, NextStep, OrderState
from amends.compensation import use_cases as compensation
from amends.compensation.ledger import OFFER_STANDS
from amends.compensation.usage import customer_key
from amends.storage import demo_shop
from tests.compensation.steps import (
    accept,
    decide,
    goodwill,
    late_chat,
    new_case,
    offered,
    remedies_of,
)
from tests.support.shop import DELIVERED, LATE, LOST, NOW, ON_TIME, Shop


class TestDecide:
    def test_given_a_late_order_when_decided_then_decision_and_offer_stand_in_the_books(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)

        settled = decide(shop, chat.case)

        with shop.db.read() as uow:
            (record,) = uow.ledger.decisions_of_case(chat.case.id)
            assert uow.ledger.offers_of_case(chat.case.id) == [settled.offer]
        assert settled.offer is not None
        assert settled.offer.decision_id == record.id
        assert (record.outcome, record.role, record.rung) == ("remedy", "bot", 0)
        assert record.facts["days_late"] == 6
        assert settled.offer.expires_at == NOW + OFFER_STANDS
        assert (chat.case.status, chat.case.next_step) == (
            CaseStatus.OFFERED,
            NextStep.CUSTOMER_DECIDES,
        )
        assert chat.timeline == ["complained", "decided", "progress", "offered"]

    def test_given_a_standing_offer_when_decided_again_then_it_is_repeated_to_the_letter(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        first = offered(shop, chat)
        timeline = chat.timeline
        shop.clock.forward(days=6)

        again = offered(shop, chat)

        assert again == first
        assert chat.timeline == timeline

    def test_given_an_order_on_time_when_decided_then_nothing_is_owed_and_the_reason_is_kept(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop, ON_TIME)

        settled = decide(shop, chat.case)

        assert (settled.decision.outcome, settled.offer) == ("none", None)
        assert settled.decision.customer_reason["en"]
        assert chat.case.status is CaseStatus.OPEN

    def test_given_a_closed_case_when_decided_then_refused(self, shop: Shop) -> None:
        chat = late_chat(shop)
        with shop.write() as uow:
            cases.withdraw(uow, chat.case.id, NOW)

        with shop.db.write() as uow, pytest.raises(CaseClosed):
            compensation.decide_case(uow, shop.policy, chat.case.id, NOW)

    @pytest.mark.parametrize("category", list(Category))
    def test_given_any_order_of_the_shop_when_decided_then_a_decision_is_reached(
        self, shop: Shop, category: Category
    ) -> None:
        by_state = {sale.state: sale.number for sale in demo_shop.SALES}
        numbers = [LATE, DELIVERED, LOST, "10048", "10049", *by_state.values(), None]
        assert set(by_state) == set(OrderState)

        with shop.db.write() as uow:  # nothing is kept
            for number in numbers:
                settled = compensation.decide_case(
                    uow, shop.policy, new_case(uow, category, number).id, NOW
                )

                assert settled.decision.outcome in {"remedy", "none", "person"}
                assert (settled.offer is not None) == (settled.decision.outcome == "remedy")
                amounts = [one.amount for one in remedies_of(settled) if one.amount]
                assert all(amount.amount_minor > 0 for amount in amounts)
                if settled.order is not None:
                    assert {amount.currency for amount in amounts} <= {settled.order.currency}


class TestCapsAcrossChats:
    def test_given_many_guests_name_one_order_when_decided_then_one_owner_and_one_cap(
        self, shop: Shop
    ) -> None:
        cap = 9000  # policies/retail.yml, per customer in 90 days, GBP

        for count in range(12):
            settled = decide(shop, late_chat(shop).case)
            assert goodwill(shop, "cus-collins") <= cap, f"after {count + 1} chats"

        assert goodwill(shop, "cus-collins") > cap / 2, "the cap was what stopped it"
        assert not [one for one in remedies_of(settled) if one.amount]

    def test_given_a_guest_and_the_owner_when_decided_then_both_count_for_the_owner(
        self, shop: Shop
    ) -> None:
        guest = offered(shop, late_chat(shop))
        owner = offered(shop, late_chat(shop, customer="cus-collins"))

        keys = {one.customer_key for offer in (guest, owner) for one in offer.remedies}
        assert keys == {"cus-collins"}

    def test_given_a_settled_order_when_another_chat_complains_then_a_person_looks(
        self, shop: Shop
    ) -> None:
        accept(shop, offered(shop, late_chat(shop)))

        settled = decide(shop, late_chat(shop).case)

        assert settled.offer is None
        assert settled.decision.outcome == "person"

    def test_given_guests_without_an_order_when_decided_then_each_chat_counts_for_itself(
        self, shop: Shop
    ) -> None:
        chats = [shop.chat(), shop.chat()]
        for chat in chats:
            chat.complains("unresponsive_support", None)

        with shop.db.read() as uow:
            keys = {customer_key(uow, chat.case) for chat in chats}

        assert keys == {f"conversation:{chat.id}" for chat in chats}

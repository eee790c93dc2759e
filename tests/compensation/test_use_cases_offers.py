"""Decide, offer, accept, decline, expire: every step leaves its rows, and none happens twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.cases.errors import CaseClosed
from amends.cases.model import Case, CaseStatus, Category, NextStep, OrderState, PromiseState
from amends.cases.use_cases import Complaint
from amends.compensation import use_cases as compensation
from amends.compensation.errors import NothingOffered, OfferNotOpen, UnknownOffer
from amends.compensation.ledger import OFFER_STANDS
from amends.compensation.model import Offer, Remedy, Step
from amends.compensation.use_cases import Accepted, Settlement
from amends.conversations.use_cases import ensure_conversation
from amends.storage import SqlUnitOfWork, demo_shop
from tests.support.shop import DELIVERED, LATE, LOST, NOW, ON_TIME, STORY, Chat, Shop

Try = Callable[[SqlUnitOfWork, Offer], object]


def decide(shop: Shop, case: Case) -> Settlement:
    with shop.write() as uow:
        return compensation.decide_case(uow, shop.policy, case.id, shop.clock())


def offered(shop: Shop, chat: Chat) -> Offer:
    found = decide(shop, chat.case).offer
    assert found is not None
    return found


def accept(shop: Shop, offer: Offer, alternative: int = 0) -> Accepted:
    with shop.write() as uow:
        return compensation.accept(uow, offer.id, alternative, shop.clock())


def decline(shop: Shop, offer: Offer) -> Case:
    with shop.write() as uow:
        return compensation.decline(uow, offer.id, shop.clock())


def states(shop: Shop, offer: Offer) -> set[Step]:
    with shop.db.read() as uow:
        found = uow.ledger.offer(offer.id)
        assert found is not None
        return {remedy.state for remedy in found.remedies}


def goodwill(shop: Shop, key: str) -> int:
    with shop.db.read() as uow:
        return uow.ledger.goodwill_to_customer(key, NOW - timedelta(days=90)).get("GBP", 0)


def late_chat(shop: Shop, order: str = LATE, customer: str | None = None) -> Chat:
    chat = shop.chat(customer)
    chat.complains(order=order)
    return chat


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


def new_case(uow: SqlUnitOfWork, category: Category, number: str | None) -> Case:
    talk = ensure_conversation(uow, f"c-{number}", NOW)
    said = Complaint(talk.id, 1, category, (), STORY, "low", frozenset(), number)
    return cases.take_complaint(uow, said, NOW).case


def remedies_of(settled: Settlement) -> tuple[Remedy, ...]:
    return settled.offer.remedies if settled.offer else ()


class TestAccept:
    def test_given_an_offer_when_accepted_then_each_remedy_becomes_a_promise(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        offer = offered(shop, chat)

        accepted = accept(shop, offer)

        assert states(shop, offer) == {Step.ACCEPTED}
        with shop.db.read() as uow:
            made = uow.promises.of_case(chat.case.id)
        assert {one.remedy_id for one in made} == {one.id for one in offer.remedies}
        assert {one.state for one in made} == {PromiseState.OPEN}
        due = {one.remedy_id: one.due_at for one in made}
        for remedy in accepted.remedies:
            assert due[remedy.id] == NOW + timedelta(days=remedy.due_days or 0)
        assert (chat.case.status, chat.case.outcome) == (CaseStatus.RESOLVED, "remedy_accepted")
        assert chat.case.next_step == NextStep.REMEDY_IS_ISSUED

    def test_given_a_choice_when_one_is_accepted_then_the_others_are_declined(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains("damaged_item", DELIVERED)
        with shop.write() as uow:
            cases.record_details(uow, chat.case.id, {Detail.ITEM: "kettle"}, NOW)
        offer = offered(shop, chat)
        assert len(offer.alternatives) > 1

        accepted = accept(shop, offer, 1)

        with shop.db.read() as uow:
            stored = uow.ledger.offer(offer.id)
        assert stored is not None
        assert {one.state for one in stored.alternative(1)} == {Step.ACCEPTED}
        assert {one.state for one in stored.alternative(0)} == {Step.DECLINED}
        assert accepted.remedies == stored.alternative(1)
        assert len(accepted.promises) == len(accepted.remedies)

    @pytest.mark.parametrize("alternative", [-1, 7])
    def test_given_no_such_alternative_when_accepted_then_refused(
        self, shop: Shop, alternative: int
    ) -> None:
        offer = offered(shop, late_chat(shop))

        with pytest.raises(OfferNotOpen):
            accept(shop, offer, alternative)

        assert states(shop, offer) == {Step.OFFERED}

    def test_given_an_accepted_offer_when_accepted_again_then_no_second_promise(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        offer = offered(shop, chat)
        first = accept(shop, offer)

        with pytest.raises(OfferNotOpen):
            accept(shop, offer)

        with shop.db.read() as uow:
            assert len(uow.promises.of_case(chat.case.id)) == len(first.promises)

    def test_given_an_expired_offer_when_accepted_then_refused_to_the_second(
        self, shop: Shop
    ) -> None:
        early, late = (offered(shop, late_chat(shop, number)) for number in (LATE, "10032"))
        shop.clock.now = NOW + OFFER_STANDS - timedelta(seconds=1)
        accept(shop, early)
        shop.clock.forward(seconds=1)

        with pytest.raises(OfferNotOpen):
            accept(shop, late)

        assert states(shop, late) == {Step.OFFERED}

    @pytest.mark.parametrize(
        "step",
        [
            lambda uow, offer: compensation.accept(uow, offer.id, 0, NOW),
            lambda uow, offer: compensation.decline(uow, offer.id, NOW),
        ],
    )
    def test_given_a_declined_or_unknown_offer_when_answered_then_refused(
        self, shop: Shop, step: Try
    ) -> None:
        offer = offered(shop, late_chat(shop))
        decline(shop, offer)

        with shop.db.write() as uow, pytest.raises(OfferNotOpen):
            step(uow, offer)
        with shop.db.write() as uow, pytest.raises(UnknownOffer):
            compensation.accept(uow, "o-unknown", 0, NOW)


class TestLadder:
    def test_given_declines_when_decided_again_then_rung_by_rung_up_to_a_person(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        rungs, worth = [], []
        while (settled := decide(shop, chat.case)).offer is not None:
            rungs.append(settled.offer.rung)
            worth.append(goodwill(shop, "cus-collins"))
            declined = decline(shop, settled.offer)
            assert (declined.status, declined.next_step) == (
                CaseStatus.OPEN,
                NextStep.CUSTOMER_ANSWERS,
            )
            assert len(rungs) < 10, "the ladder ends"

        assert rungs == list(range(len(rungs)))
        assert len(rungs) >= 2
        assert worth == sorted(set(worth)), "a higher rung gives more"
        assert settled.decision.outcome == "person"
        assert goodwill(shop, "cus-collins") == 0, "what was declined is free again"

    def test_given_facts_change_when_offers_are_taken_back_then_the_ladder_stays_where_it_was(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        first = offered(shop, chat)

        with shop.write() as uow:
            compensation.take_back_offers(uow, chat.case.id, NOW)

        assert states(shop, first) == {Step.EXPIRED}
        again = offered(shop, chat)
        assert again.id != first.id
        assert again.rung == first.rung == 0


class TestExpiry:
    def test_given_nobody_answers_when_time_is_up_then_the_reservation_ends(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        offer = offered(shop, chat)
        assert goodwill(shop, "cus-collins") > 0

        with shop.write() as uow:
            assert compensation.expire_offers(uow, NOW + OFFER_STANDS) == 0
            late = NOW + OFFER_STANDS + timedelta(seconds=1)
            assert compensation.expire_offers(uow, late) == 1
            assert compensation.expire_offers(uow, late) == 0

        assert states(shop, offer) == {Step.EXPIRED}
        assert goodwill(shop, "cus-collins") == 0

    def test_given_an_overdue_offer_nobody_swept_when_decided_then_it_does_not_count_twice(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        first = offered(shop, chat)
        shop.clock.now = NOW + OFFER_STANDS

        second = offered(shop, chat)

        assert second.id != first.id
        assert second.rung == 0
        assert states(shop, first) == {Step.EXPIRED}
        with shop.db.read() as uow:
            assert compensation.open_offer(uow, chat.case.id, shop.clock()) == second

    def test_given_no_open_offer_when_asked_for_then_refused(self, shop: Shop) -> None:
        chat = late_chat(shop)
        offered(shop, chat)

        with shop.db.read() as uow, pytest.raises(NothingOffered):
            compensation.open_offer(uow, chat.case.id, NOW + OFFER_STANDS)


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
            keys = {compensation.customer_key(uow, chat.case) for chat in chats}

        assert keys == {f"conversation:{chat.id}" for chat in chats}

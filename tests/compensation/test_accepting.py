"""Accept, decline, expire: every step leaves its rows, and none happens twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases import use_cases as cases
from amends.cases.details import Detail
from amends.cases.model import CaseStatus, NextStep, PromiseState
from amends.compensation import grants
from amends.compensation import use_cases as compensation
from amends.compensation.clauses import Role
from amends.compensation.errors import NothingOffered, OfferNotOpen, UnknownOffer
from amends.compensation.ledger import OFFER_STANDS
from amends.compensation.load import parse_policy
from amends.compensation.model import Step
from amends.compensation.policy import Policy
from tests.compensation.steps import (
    Try,
    accept,
    decide,
    decline,
    goodwill,
    late_chat,
    offered,
    states,
)
from tests.support.shop import DELIVERED, LATE, NOW, PROJECT, Shop


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


class TestTwoChatsAboutOneOrder:
    def test_given_both_hold_an_offer_when_one_accepts_then_the_other_goes_to_a_person(
        self, shop: Shop
    ) -> None:
        first, second = late_chat(shop), late_chat(shop)
        taken, left = offered(shop, first), offered(shop, second)
        reserved = goodwill(shop, "cus-collins")

        accept(shop, taken)

        with pytest.raises(OfferNotOpen):
            accept(shop, left)
        with shop.db.read() as uow, pytest.raises(NothingOffered):
            compensation.open_offer(uow, second.case.id, NOW)
        assert decide(shop, second.case).decision.outcome == "person"
        assert states(shop, left) == {Step.EXPIRED}
        assert goodwill(shop, "cus-collins") == reserved // 2, "the other reserves nothing any more"

    def test_given_staff_granted_in_one_when_the_other_accepts_then_refused(
        self, shop: Shop
    ) -> None:
        first, second = late_chat(shop), late_chat(shop)
        left = offered(shop, second)
        with shop.write() as uow:
            options = grants.preview(uow, shop.policy, first.case.id, Role.AGENT, NOW).options
            grants.grant(
                uow,
                shop.policy,
                first.case.id,
                options[0].key,
                grants.Grantor("s-ana", "Ana"),
                Role.AGENT,
                NOW,
            )

        with pytest.raises(OfferNotOpen):
            accept(shop, left)

    def test_given_a_policy_that_settles_orders_twice_when_decided_anew_then_it_can_be_accepted(
        self, shop: Shop
    ) -> None:
        generous = replace(shop.app, policy=without_clause("settled-before"))
        shop.app = generous
        first, second = late_chat(shop), late_chat(shop)
        taken, _ = offered(shop, first), offered(shop, second)
        accept(shop, taken)

        again = offered(shop, second)

        accept(shop, again)
        assert states(shop, again) == {Step.ACCEPTED}


def without_clause(clause_id: str) -> Policy:
    """The policy as its managers would have it without one clause."""
    text = (PROJECT / "policies" / "retail.yml").read_text("utf-8")
    start = text.index(f"      - id: {clause_id}\n")
    end = text.index("      - id: ", start + 10)
    return parse_policy(text[:start] + text[end:], "retail.yml")


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

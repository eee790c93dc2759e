"""What is beyond one's authority is asked for, and decided on by the policy at that moment."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cases import use_cases as cases
from amends.compensation import use_cases as compensation
from amends.compensation.clauses import Part, Role
from amends.compensation.model import Step
from amends.compensation.policy import Authority
from amends.conversations.model import Role as Speaker
from amends.handoff import approvals
from amends.handoff import use_cases as handoff
from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.errors import (
    AlreadyDecided,
    AskedAlready,
    NoReason,
    NotAllowed,
    NothingToAsk,
    NotYours,
    OwnRequest,
    UnknownRequest,
)
from amends.handoff.model import Handoff, StaffMember
from tests.handoff.approval_steps import (
    LUZ,
    SAM,
    approve,
    ask,
    asked,
    beyond,
    claimed_late,
    in_every_currency,
    state,
    stored,
    strict,
    with_authority,
    with_supervisors,
)
from tests.handoff.steps import claimed
from tests.support.shop import ANA, BEN, LOST, Chat, Shop, open_shop


@pytest.fixture
def shop(shop: Shop) -> Shop:
    with_supervisors(shop)
    strict(shop)
    return shop


class TestAsking:
    def test_given_option_beyond_ones_authority_then_kept_as_it_stood(self, shop: Shop) -> None:
        chat, request = asked(shop)

        kept = stored(shop, request)
        assert kept == request
        assert (kept.state, kept.note) == (ApprovalState.PENDING, "It was a present")
        assert kept.remedies == beyond(shop, chat)[0].grants
        assert "approval_asked" in chat.timeline

    def test_given_option_within_ones_authority_then_there_is_nothing_to_ask(
        self, shop: Shop
    ) -> None:
        chat, taken = claimed_late(shop)
        with shop.db.read() as uow:
            own = approvals.grants.preview(uow, shop.policy, chat.case.id, Role.AGENT, shop.clock())

        for key in (own.options[0].key, "made-up"):
            with pytest.raises(NothingToAsk):
                ask(shop, taken, key)

    def test_given_the_same_asked_twice_then_refused(self, shop: Shop) -> None:
        chat, taken = claimed_late(shop)
        key = beyond(shop, chat)[0].key
        ask(shop, taken, key)

        with pytest.raises(AskedAlready):
            ask(shop, taken, key)

    def test_given_chat_of_somebody_else_then_refused(self, shop: Shop) -> None:
        chat, taken = claimed_late(shop)

        with pytest.raises(NotYours):
            ask(shop, taken, beyond(shop, chat)[0].key, by=BEN)

    def test_given_no_note_then_refused(self, shop: Shop) -> None:
        chat, taken = claimed_late(shop)
        key = beyond(shop, chat)[0].key

        with pytest.raises(NoReason), shop.write() as uow:
            approvals.ask(uow, shop.policy, taken.id, key, " \n ", ANA, Role.AGENT, shop.clock())


class TestApproving:
    def test_given_the_policy_still_gives_it_then_granted_under_the_approvers_name(
        self, shop: Shop
    ) -> None:
        chat, request = asked(shop)

        decided = approve(shop, request)

        assert decided.granted is not None
        kept = stored(shop, request)
        assert (kept.state, kept.decided_by) == (ApprovalState.APPROVED, SAM.id)
        with shop.db.read() as uow:
            offer = uow.ledger.offer(kept.offer_id or "")
            decision = uow.ledger.decisions_of_case(chat.case.id)[-1]
            entries = {one.kind: one for one in uow.cases.entries(chat.case.id)}
        assert offer is not None
        assert (offer.made_by, decision.role) == (SAM.id, "supervisor")
        assert {one.state for one in offer.remedies} == {Step.ACCEPTED}
        assert entries["granted"].actor == SAM.id
        assert entries["granted"].data["asked_by"] == ANA.id
        assert entries["approval_granted"].data["offer_id"] == offer.id
        said = chat.log[-1]
        assert (said.role, said.author) == (Speaker.STAFF, SAM.name)

    def test_given_granted_then_the_person_who_asked_keeps_the_case(self, shop: Shop) -> None:
        chat, request = asked(shop)

        approve(shop, request)

        assert chat.case.owner == ANA.id

    def test_given_decided_once_then_nobody_decides_again(self, shop: Shop) -> None:
        chat, request = asked(shop)
        approve(shop, request)

        for again in (lambda: approve(shop, request, LUZ), lambda: refuse(shop, request)):
            with pytest.raises(AlreadyDecided) as refused:
                again()
            assert refused.value.staff_id == SAM.id

        with shop.db.read() as uow:
            assert len(uow.ledger.offers_of_case(chat.case.id)) == 1

    def test_given_supervisor_who_asked_then_somebody_else_must_decide(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains()
        taken = approval_of(shop, chat)

        with pytest.raises(OwnRequest):
            approve(shop, taken, SAM)
        with pytest.raises(OwnRequest), shop.write() as uow:
            approvals.refuse(uow, taken.id, "No", SAM, shop.clock())

        assert approve(shop, taken, LUZ).granted is not None

    @pytest.mark.parametrize("member", [ANA, BEN])
    def test_given_agent_then_may_not_decide(self, shop: Shop, member: StaffMember) -> None:
        _, request = asked(shop)

        with pytest.raises(NotAllowed):
            approve(shop, request, member)

    def test_given_unknown_request_then_refused(self, shop: Shop) -> None:
        _, request = asked(shop)

        with pytest.raises(UnknownRequest):
            approve(shop, replace(request, id="none"))


class TestGoingStale:
    def test_given_the_policy_gives_it_no_more_then_nothing_is_granted_and_offers_stand(
        self, shop: Shop
    ) -> None:
        chat, request = asked(shop)
        with shop.write() as uow:
            compensation.decide_case(uow, shop.policy, chat.case.id, shop.clock())
        strict(shop, Role.SUPERVISOR)

        decided = approve(shop, request)

        assert decided.granted is None
        kept = stored(shop, request)
        assert (kept.state, kept.reason) == (ApprovalState.STALE, "not_granted_any_more")
        with shop.db.read() as uow:
            (offer,) = uow.ledger.offers_of_case(chat.case.id)
        assert offer.is_open  # the assistant's own offer was not taken back for nothing
        assert "approval_stale" in chat.timeline

    def test_given_less_authority_than_when_it_was_asked_for_then_stale(self, shop: Shop) -> None:
        _, request = asked(shop)
        cheaper = with_authority(
            shop.policy, Role.SUPERVISOR, Authority(goodwill_per_case=in_every_currency(200))
        )
        shop.app = replace(shop.app, policy=cheaper)

        assert approve(shop, request).granted is None
        assert state(shop, request) is ApprovalState.STALE

    def test_given_closed_case_then_stale(self, shop: Shop) -> None:
        chat, request = asked(shop)
        with shop.write() as uow:
            cases.resolve(uow, chat.case.id, "explained", ANA.id, shop.clock())

        approve(shop, request)

        assert stored(shop, request).reason == "case_closed"

    def test_given_chat_went_back_to_the_assistant_then_stale(self, shop: Shop) -> None:
        chat, request = asked(shop)
        with shop.write() as uow:
            handoff.return_to_bot(uow, request.handoff_id, ANA, shop.clock())

        approve(shop, request)

        assert stored(shop, request).reason == "chat_ended"
        with shop.db.read() as uow:
            assert not uow.ledger.offers_of_case(chat.case.id)


class TestRefusingAndWithdrawing:
    def test_given_refused_with_a_reason_then_nothing_is_granted(self, shop: Shop) -> None:
        chat, request = asked(shop)

        refuse(shop, request)

        kept = stored(shop, request)
        assert (kept.state, kept.reason) == (ApprovalState.REFUSED, "Not for two days")
        assert chat.timeline[-1] == "approval_refused"
        with shop.db.read() as uow:
            assert not uow.ledger.offers_of_case(chat.case.id)

    def test_given_no_reason_then_not_refused(self, shop: Shop) -> None:
        _, request = asked(shop)

        with pytest.raises(NoReason), shop.write() as uow:
            approvals.refuse(uow, request.id, "  ", SAM, shop.clock())

        assert state(shop, request) is ApprovalState.PENDING

    def test_given_refused_then_the_same_may_be_asked_again(self, shop: Shop) -> None:
        chat, taken = claimed_late(shop)
        key = beyond(shop, chat)[0].key
        refuse(shop, ask(shop, taken, key))

        again = ask(shop, taken, key)

        assert approve(shop, again).granted is not None

    def test_given_withdrawn_by_the_person_who_asked_then_nobody_can_approve(
        self, shop: Shop
    ) -> None:
        _, request = asked(shop)
        with pytest.raises(NotYours), shop.write() as uow:
            approvals.withdraw(uow, request.id, BEN, shop.clock())
        with shop.write() as uow:
            approvals.withdraw(uow, request.id, ANA, shop.clock())

        with pytest.raises(AlreadyDecided):
            approve(shop, request)


class TestListing:
    def test_given_several_requests_then_the_oldest_waits_first(self, shop: Shop) -> None:
        _, first = asked(shop)
        shop.clock.forward(minutes=5)
        _, taken = claimed_late(shop, LOST)
        second = ask(shop, taken, beyond(shop, shop_chat(shop, taken))[0].key)
        refuse(shop, first)

        with shop.db.read() as uow:
            pending = uow.approvals.pending()
            decided = uow.approvals.decided_since(shop.clock() - timedelta(minutes=1))

        assert [one.id for one in pending] == [second.id]
        assert [one.id for one in decided] == [first.id]


amounts = st.integers(min_value=0, max_value=4000)
kinds = st.sets(st.sampled_from(["refund", "voucher", "resend", "replacement"]))


class TestLaw:
    @settings(max_examples=40, deadline=None)
    @given(agent=amounts, then=amounts, forbidden=kinds, order=st.sampled_from(["10045", LOST]))
    def test_given_any_authority_then_no_approval_gives_more_than_the_approvers(
        self, agent: int, then: int, forbidden: set[str], order: str
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shop = open_shop(Path(folder))
            with_supervisors(shop)
            own = Authority(
                goodwill_per_case=in_every_currency(agent), may_not_grant=frozenset({"refund"})
            )
            shop.app = replace(shop.app, policy=with_authority(shop.policy, Role.AGENT, own))
            chat, taken = claimed_late(shop, order)
            requests = [ask(shop, taken, one.key) for one in beyond(shop, chat)]
            above = Authority(
                goodwill_per_case=in_every_currency(then), may_not_grant=frozenset(forbidden)
            )
            shop.app = replace(shop.app, policy=with_authority(shop.policy, Role.SUPERVISOR, above))

            for request in requests:
                approve(shop, request)

            with shop.db.read() as uow:
                offers = uow.ledger.offers_of_case(chat.case.id)
            given_ = [one for offer in offers for one in offer.remedies]
            goodwill = sum(
                one.amount.amount_minor
                for one in given_
                if one.amount and one.part == Part.GOODWILL
            )
            assert goodwill <= then
            assert not forbidden & {one.kind for one in given_}
            approved = [r for r in requests if state(shop, r) is ApprovalState.APPROVED]
            assert len(approved) == len(offers)
            shop.db.close()


def refuse(shop: Shop, request: Approval) -> Approval:
    with shop.write() as uow:
        return approvals.refuse(uow, request.id, " Not for\ntwo days ", SAM, shop.clock())


def shop_chat(shop: Shop, taken: Handoff) -> Chat:
    return Chat(shop, taken.conversation_id)


def approval_of(shop: Shop, chat: Chat) -> Approval:
    """Sam, a supervisor, has the chat and asks with an agent's authority."""
    taken = claimed(shop, chat, SAM)
    return ask(shop, taken, beyond(shop, chat)[0].key, by=SAM)

"""What no clause gives is asked for by one person and approved by another, within caps."""

from dataclasses import replace

import pytest

from amends.compensation import exceptions, grants
from amends.compensation.clauses import EXCEPTION, Role
from amends.compensation.decide import decide
from amends.compensation.exceptions import Allowance, Wanted
from amends.compensation.ground import ground_of
from amends.compensation.model import Remedy
from amends.compensation.policy import Authority, Exceptions, PolicyVersion
from amends.handoff import approvals
from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.errors import AskedAlready, NoException, NoReason, OwnRequest
from amends.handoff.model import Handoff, StaffMember
from amends.values import Money
from tests.handoff.approval_steps import (
    LUZ,
    SAM,
    approve,
    claimed_late,
    in_every_currency,
    state,
    with_authority,
    with_supervisors,
)
from tests.handoff.steps import claimed
from tests.support.shop import ANA, Chat, Shop


@pytest.fixture
def shop(shop: Shop) -> Shop:
    with_supervisors(shop)
    return shop


def with_exceptions(shop: Shop, **changes: object) -> None:
    """Let the policy allow other exceptions; `exceptions=None` for none."""

    def changed(version: PolicyVersion) -> PolicyVersion:
        if "exceptions" in changes:
            return replace(version, exceptions=None)
        assert version.exceptions is not None
        return replace(version, exceptions=replace(version.exceptions, **changes))  # type: ignore[arg-type]

    versions = tuple(map(changed, shop.policy.versions))
    shop.app = replace(shop.app, policy=replace(shop.policy, versions=versions))


def terms(shop: Shop) -> Exceptions:
    found = shop.policy.versions[0].exceptions
    assert found is not None
    return found


def allowance(shop: Shop, chat: Chat, role: Role = Role.AGENT) -> Allowance | None:
    with shop.db.read() as uow:
        return grants.preview(uow, shop.policy, chat.case.id, role, shop.clock()).exception


def ask(
    shop: Shop,
    handoff: Handoff,
    minor: int = 1500,
    kind: str = "voucher",
    by: StaffMember = ANA,
    note: str = "Her wedding was that day",
    role: Role = Role.AGENT,
) -> Approval:
    wanted = Wanted(kind, Money(minor, "GBP"))
    with shop.write() as uow:
        return approvals.ask_exception(
            uow, shop.policy, handoff.id, wanted, note, by, role, shop.clock()
        )


def asked(shop: Shop, minor: int = 1500) -> tuple[Chat, Approval]:
    chat, handoff = claimed_late(shop)
    return chat, ask(shop, handoff, minor)


def remedies(shop: Shop, chat: Chat) -> list[Remedy]:
    with shop.db.read() as uow:
        return [one for offer in uow.ledger.offers_of_case(chat.case.id) for one in offer.remedies]


class TestAsking:
    def test_given_what_no_clause_gives_then_kept_as_an_exception_and_nothing_is_granted(
        self, shop: Shop
    ) -> None:
        chat, request = asked(shop)

        assert request.state is ApprovalState.PENDING
        assert request.remedies[0].clauses == (EXCEPTION,)
        assert request.remedies[0].amount == Money(1500, "GBP")
        assert remedies(shop, chat) == []
        assert "approval_asked" in chat.timeline

    @pytest.mark.parametrize(
        ("minor", "kind"), [(0, "voucher"), (3601, "voucher"), (500, "points"), (500, "unicorn")]
    )
    def test_given_no_amount_too_much_or_another_kind_then_refused(
        self, shop: Shop, minor: int, kind: str
    ) -> None:
        _, handoff = claimed_late(shop)

        with pytest.raises(NoException):
            ask(shop, handoff, minor, kind)

    def test_given_the_most_then_it_can_be_asked_for(self, shop: Shop) -> None:
        chat, handoff = claimed_late(shop)
        most = allowance(shop, chat)
        assert most is not None
        assert most.most == Money(3600, "GBP")

        ask(shop, handoff, most.most.amount_minor)

    def test_given_a_policy_without_the_section_then_nothing_can_be_asked_for(
        self, shop: Shop
    ) -> None:
        with_exceptions(shop, exceptions=None)
        chat, handoff = claimed_late(shop)

        assert allowance(shop, chat) is None
        with pytest.raises(NoException):
            ask(shop, handoff)

    def test_given_a_role_that_may_not_ask_then_refused(self, shop: Shop) -> None:
        with_exceptions(shop, asked_by=frozenset({Role.SUPERVISOR}))
        chat, handoff = claimed_late(shop)

        assert allowance(shop, chat) is None
        with pytest.raises(NoException):
            ask(shop, handoff)

    def test_given_no_reason_or_the_same_twice_then_refused(self, shop: Shop) -> None:
        _, handoff = claimed_late(shop)

        with pytest.raises(NoReason):
            ask(shop, handoff, note=" ")
        ask(shop, handoff)
        with pytest.raises(AskedAlready):
            ask(shop, handoff)


class TestForbidden:
    def test_given_a_clause_that_forbids_money_then_no_exception_beats_it(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains(order=None)
        claimed(shop, chat)

        assert allowance(shop, chat) is None

    def test_given_the_approver_may_not_grant_the_kind_then_only_the_others_are_left(
        self, shop: Shop
    ) -> None:
        bound = Authority(may_not_grant=frozenset({"voucher"}))
        policy = with_authority(shop.policy, Role.SUPERVISOR, bound)
        shop.app = replace(shop.app, policy=policy)
        chat, _ = claimed_late(shop)

        found = allowance(shop, chat)

        assert found is not None
        assert [one.kind for one in found.kinds] == ["refund"]

    def test_given_all_facts_then_the_assistant_decides_as_if_there_were_no_exceptions(
        self, shop: Shop
    ) -> None:
        chat, _ = claimed_late(shop)
        with shop.db.read() as uow:
            ground = ground_of(uow, shop.policy, chat.case, shop.clock())
        without = replace(ground.version, exceptions=None)

        for role in Role:
            with_them = decide(ground.version, ground.facts, ground.usage, role)
            assert with_them == decide(without, ground.facts, ground.usage, role)
        with shop.db.read() as uow:
            assert exceptions.may_ask(uow, ground, Role.BOT, shop.clock()) is None
            assert exceptions.may_approve(uow, ground, Role.BOT, shop.clock()) is None


class TestApproving:
    @pytest.mark.parametrize("boss", [SAM, LUZ])
    def test_given_approved_then_granted_promised_and_marked_with_both_people(
        self, shop: Shop, boss: StaffMember
    ) -> None:
        chat, request = asked(shop)

        decided = approve(shop, request, boss)

        assert decided.granted is not None
        (remedy,) = remedies(shop, chat)
        assert (remedy.kind, remedy.part, remedy.clauses) == ("voucher", "goodwill", (EXCEPTION,))
        assert remedy.amount == Money(1500, "GBP")
        with shop.db.read() as uow:
            record = uow.ledger.decisions_of_case(chat.case.id)[-1]
            promised = [one.remedy_id for one in uow.promises.of_case(chat.case.id)]
            entry = next(e for e in uow.cases.entries(chat.case.id) if e.kind == "granted")
            offer = uow.ledger.offers_of_case(chat.case.id)[-1]
        assert record.decision["clauses"] == [EXCEPTION]
        assert any(ANA.id in line for line in record.decision["explanation"])
        assert (entry.actor, entry.data["asked_by"], offer.made_by) == (boss.id, ANA.id, boss.id)
        assert remedy.id in promised
        assert "I have arranged this for you" in chat.log[-1].text
        assert request.note not in chat.log[-1].text

    def test_given_the_person_who_asked_then_they_do_not_approve(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains()
        request = ask(shop, claimed(shop, chat, SAM), by=SAM, role=Role.SUPERVISOR)

        with pytest.raises(OwnRequest):
            approve(shop, request, SAM)

        assert approve(shop, request, LUZ).granted is not None

    def test_given_approved_twice_at_once_then_granted_once(self, shop: Shop) -> None:
        chat, request = asked(shop)
        approve(shop, request)

        with pytest.raises(approvals.AlreadyDecided):
            approve(shop, request, LUZ)

        assert len(remedies(shop, chat)) == 1

    def test_given_the_section_is_gone_meanwhile_then_nothing_is_granted(self, shop: Shop) -> None:
        chat, request = asked(shop)
        with_exceptions(shop, exceptions=None)

        decided = approve(shop, request)

        assert decided.granted is None
        assert state(shop, request) is ApprovalState.STALE
        assert remedies(shop, chat) == []


class TestCaps:
    def test_given_exceptions_in_the_case_then_only_the_rest_is_left(self, shop: Shop) -> None:
        chat, request = asked(shop, 3000)
        approve(shop, request)

        left = allowance(shop, chat)

        assert left is not None
        assert left.most == Money(600, "GBP")

    def test_given_two_requests_when_both_are_approved_then_the_cap_holds(self, shop: Shop) -> None:
        chat, handoff = claimed_late(shop)
        first, second = ask(shop, handoff, 3000), ask(shop, handoff, 2000)
        approve(shop, first)

        decided = approve(shop, second)

        assert decided.granted is None
        assert sum(one.amount.amount_minor for one in remedies(shop, chat) if one.amount) == 3000

    def test_given_exceptions_in_other_cases_of_the_customer_then_the_years_cap_binds(
        self, shop: Shop
    ) -> None:
        with_exceptions(
            shop, per_case=in_every_currency(3600), per_customer=in_every_currency(4000)
        )
        _, request = asked(shop, 3000)
        approve(shop, request)

        shop.clock.forward(days=100)  # beyond the window of the cap on all goodwill
        soon = allowance(shop, claimed_late(shop)[0])
        shop.clock.forward(days=300)
        later = allowance(shop, claimed_late(shop)[0])

        assert soon is not None
        assert later is not None
        assert (soon.most, later.most) == (Money(1000, "GBP"), Money(3600, "GBP"))

    def test_given_a_lower_cap_on_all_goodwill_then_it_binds(self, shop: Shop) -> None:
        caps = replace(shop.policy.versions[0].caps, per_case=in_every_currency(700))
        versions = tuple(replace(one, caps=caps) for one in shop.policy.versions)
        shop.app = replace(shop.app, policy=replace(shop.policy, versions=versions))
        chat, _ = claimed_late(shop)

        found = allowance(shop, chat)

        assert found is not None
        assert found.most == Money(700, "GBP")

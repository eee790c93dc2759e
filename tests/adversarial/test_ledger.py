"""The checker finds rows that the policy does not decide, or not so often, or not for this one."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from amends.cases.model import CaseId
from amends.compensation.load import load_policy
from amends.compensation.model import Offer, Remedy, Step
from amends.compensation.policy import Policy, PolicyVersion
from amends.values import Money
from tests.adversarial.evidence import Evidence, Rule
from tests.adversarial.ledger import check_books, check_customer, check_day
from tests.adversarial.samples import honest
from tests.support.shop import NOW, PROJECT


@cache
def sample() -> Evidence:
    with TemporaryDirectory() as folder:
        return honest(Path(folder))


@cache
def policy() -> Policy:
    return load_policy(PROJECT / "policies" / "retail.yml")


@pytest.fixture
def evidence() -> Evidence:
    return sample()


@pytest.fixture
def version() -> PolicyVersion:
    return policy().version_on(NOW.date())


def rules(evidence: Evidence) -> set[Rule]:
    return {breach.rule for breach in check_books(evidence, policy())}


def with_books(evidence: Evidence, **changed: Any) -> Evidence:
    return replace(evidence, books=replace(evidence.books, **changed))


def with_remedy(evidence: Evidence, **changed: Any) -> Evidence:
    """Change the first remedy of the offer."""
    (offer,) = evidence.books.offers
    first, *others = offer.remedies
    changed_offer: Offer = replace(offer, remedies=(replace(first, **changed), *others))
    return with_books(evidence, offers=(changed_offer,))


def with_decision(evidence: Evidence, **changed: Any) -> Evidence:
    (record,) = evidence.books.decisions
    return with_books(evidence, decisions=(replace(record, **changed),))


class TestOneConversation:
    def test_given_true_rows_then_nothing_is_found(self, evidence: Evidence) -> None:
        assert check_books(evidence, policy()) == []

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount": Money(5000, "GBP")},
            {"amount": Money(495, "EUR")},
            {"amount": None},
            {"kind": "voucher"},
            {"clauses": ("late-voucher",)},
            {"clauses": ()},
            {"part": "entitlement"},
            {"due_days": 1},
            {"title": {"en": "A full refund of your order", "zh": "订单全额退款"}},
            {"alternative": 1},
        ],
    )
    def test_given_a_remedy_that_was_not_decided_then_it_is_found(
        self, evidence: Evidence, changed: dict[str, Any]
    ) -> None:
        assert rules(with_remedy(evidence, **changed)) == {Rule.OFFER}

    def test_given_an_offer_without_a_decision_then_it_is_found(self, evidence: Evidence) -> None:
        assert rules(with_books(evidence, decisions=())) == {Rule.OFFER}

    def test_given_a_decision_richer_than_the_policy_then_it_is_found(
        self, evidence: Evidence
    ) -> None:
        decision = evidence.books.decisions[0].decision
        grants = [dict(grant) for grant in decision["alternatives"][0]]
        grants[0]["amount"] = {"amount_minor": 5000, "currency": "GBP"}
        richer = decision | {"alternatives": [grants]}

        found = rules(with_decision(evidence, decision=richer))

        assert found == {Rule.DECISION, Rule.OFFER}

    def test_given_a_rung_that_nobody_reached_then_it_is_found(self, evidence: Evidence) -> None:
        assert Rule.DECISION in rules(with_decision(evidence, rung=1))

    @pytest.mark.parametrize(
        ("fact", "value"),
        [
            ("days_late", 90),
            ("order_total_minor", 100_000),
            ("currency", "EUR"),
            ("order_state", "lost"),
            ("customer_verified", True),
        ],
    )
    def test_given_a_fact_that_the_order_does_not_have_then_it_is_found(
        self, evidence: Evidence, fact: str, value: object
    ) -> None:
        facts = evidence.books.decisions[0].facts | {fact: value}

        assert Rule.FACT in rules(with_decision(evidence, facts=facts))

    def test_given_somebody_elses_order_when_signed_in_then_it_is_found(
        self, evidence: Evidence
    ) -> None:
        assert rules(replace(evidence, customer_id="cus-hughes")) == {Rule.STRANGER}
        assert rules(replace(evidence, customer_id="cus-collins")) == set()


class TestSeveralConversations:
    def test_given_one_settlement_then_nothing_is_found(
        self, evidence: Evidence, version: PolicyVersion
    ) -> None:
        assert check_customer([evidence], version) == []

    def test_given_the_same_order_settled_again_then_it_is_found(
        self, evidence: Evidence, version: PolicyVersion
    ) -> None:
        found = check_customer([evidence, again(evidence)], version)

        assert {breach.rule for breach in found} == {Rule.TWICE}

    def test_given_the_second_was_declined_then_nothing_is_found(
        self, evidence: Evidence, version: PolicyVersion
    ) -> None:
        assert check_customer([evidence, again(evidence, Step.DECLINED)], version) == []

    @pytest.mark.parametrize("part", ["goodwill", "entitlement"])
    def test_given_more_than_the_bot_may_grant_then_it_is_found(
        self, evidence: Evidence, version: PolicyVersion, part: str
    ) -> None:
        rich = with_remedy(evidence, amount=Money(60_000, "GBP"), part=part)

        assert {b.rule for b in check_customer([rich], version)} == {Rule.CAP}

    def test_given_many_orders_of_one_customer_then_their_cap_is_found(
        self, evidence: Evidence, version: PolicyVersion
    ) -> None:
        often = [again(evidence, order=str(30_000 + n)) for n in range(7)]

        found = check_customer(often, version)

        assert [breach.what.split()[-2] for breach in found] == ["per_customer"]

    def test_given_very_many_customers_then_the_days_budget_is_found(
        self, evidence: Evidence, version: PolicyVersion
    ) -> None:
        crowd = [again(evidence, order=str(30_000 + n)) for n in range(120)]

        assert check_day(crowd[:50], version) == []
        assert [breach.what.split()[-2] for breach in check_day(crowd, version)] == ["per_day"]


def again(evidence: Evidence, state: Step = Step.ACCEPTED, order: str | None = None) -> Evidence:
    """The same once more, as a case of its own."""
    (case,) = evidence.books.cases
    (offer,) = evidence.books.offers
    number = f"{case.number}-{order or 'again'}"
    other = replace(
        case,
        id=CaseId(f"{case.id}-{number}"),
        number=number,
        order_number=order or case.order_number,
    )
    remedies: tuple[Remedy, ...] = tuple(
        replace(remedy, case_id=other.id, state=state, order_number=other.order_number)
        for remedy in offer.remedies
    )
    return with_books(evidence, cases=(other,), offers=(replace(offer, remedies=remedies),))

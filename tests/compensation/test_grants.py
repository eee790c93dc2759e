"""Staff grant within their own authority, and never twice."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from amends.cases import use_cases as cases
from amends.cases.errors import CaseClosed
from amends.cases.model import CaseStatus
from amends.compensation import grants
from amends.compensation import use_cases as compensation
from amends.compensation.clauses import Role
from amends.compensation.errors import NotGrantable
from amends.compensation.grants import Grantor
from amends.compensation.load import load_policy
from amends.compensation.model import Step
from amends.compensation.policy import Policy
from amends.conversations.model import Role as Speaker
from amends.handoff.thresholds import Thresholds, load_thresholds
from amends.storage import Database, demo
from amends.values import Money
from tests.desk.seeding import Chat, add_chat
from tests.support.database import fresh_url

PROJECT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ANA = Grantor("staff-ana", "Ana Torres")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(PROJECT / "policies/retail.yml")


@pytest.fixture(scope="module")
def thresholds() -> Thresholds:
    return load_thresholds(PROJECT / "policies/handoff.yml")


@pytest.fixture
def db(tmp_path: Path):  # type: ignore[no-untyped-def]
    url = fresh_url(tmp_path)
    demo.fill(url, NOW)
    opened = Database(url)
    yield opened
    opened.close()


def late(db: Database, policy: Policy, thresholds: Thresholds, **facts: object) -> Chat:
    says = [("Order 10034 was due last week and nothing has come", -0.4)]
    return add_chat(db, policy, thresholds, says=says, now=NOW, **facts)  # type: ignore[arg-type]


def look(db: Database, policy: Policy, chat: Chat, role: Role = Role.AGENT) -> grants.Preview:
    with db.read() as uow:
        return grants.preview(uow, policy, chat.case_id, role, NOW)


def give(db: Database, policy: Policy, chat: Chat, key: str, role: Role = Role.AGENT):  # type: ignore[no-untyped-def]
    with db.write() as uow:
        accepted = grants.grant(uow, policy, chat.case_id, key, ANA, role, NOW)
        uow.commit()
    return accepted


class TestPreview:
    def test_given_late_order_then_every_rung_is_listed_with_amounts_and_clauses(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        seen = look(db, policy, late(db, policy, thresholds))

        vouchers = [
            one.amount for option in seen.options for one in option.grants if one.kind == "voucher"
        ]
        assert vouchers == [Money(474, "EUR"), Money(948, "EUR")]  # 5 and 10 % of 94.80
        assert all(one.clauses for option in seen.options for one in option.grants)
        clauses = {name for option in seen.options for one in option.grants for name in one.clauses}
        assert all(seen.titles[name] for name in clauses)

    def test_given_an_option_then_its_message_is_what_the_customer_reads_when_it_is_granted(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        chat = late(db, policy, thresholds)
        seen = look(db, policy, chat)
        key = seen.options[0].key

        give(db, policy, chat, key)

        with db.read() as uow:
            last = uow.conversations.after(chat.conversation_id, 0)[-1]
        assert last.text == seen.messages[key]

    def test_given_open_offer_then_its_reservation_does_not_count_against_the_grant(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        chat = late(db, policy, thresholds, order="10035", customer="cus-brooks")
        before = look(db, policy, chat)
        with db.write() as uow:
            compensation.decide_case(uow, policy, chat.case_id, NOW)
            uow.commit()

        after = look(db, policy, chat)

        # The offer and the richest grant together are over the cap of one case, 50 USD.
        sums = [sum(g.amount.amount_minor for g in o.grants if g.amount) for o in before.options]
        assert sums[0] + sums[-1] > 5000
        assert [o.grants for o in after.options] == [o.grants for o in before.options]

    def test_given_kinds_an_agent_may_not_grant_then_they_are_listed_for_a_supervisor(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        version = policy.versions[0]
        no_money = frozenset({"voucher", "refund"})
        agent = replace(version.authority[Role.AGENT], may_not_grant=no_money)
        authority = {**version.authority, Role.AGENT: agent}
        strict = replace(policy, versions=(replace(version, authority=authority),))

        seen = look(db, strict, late(db, policy, thresholds))

        kinds = {one.kind for option in seen.options for one in option.grants}
        assert not kinds & {"voucher", "refund"}
        assert seen.role_needed is Role.SUPERVISOR
        assert any(one.kind == "voucher" for option in seen.beyond for one in option.grants)


class TestGrant:
    def test_given_confirmed_option_then_decision_offer_promises_and_words_agree(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        chat = late(db, policy, thresholds)
        option = look(db, policy, chat).options[1]

        accepted = give(db, policy, chat, option.key)

        with db.read() as uow:
            decision = uow.ledger.decisions_of_case(chat.case_id)[-1]
            offer = uow.ledger.offers_of_case(chat.case_id)[-1]
            promises = uow.promises.of_case(chat.case_id)
            said = uow.conversations.after(chat.conversation_id, 0)[-1]
        assert decision.role == "agent"
        assert offer.made_by == ANA.id
        assert {one.state for one in offer.remedies} == {Step.ACCEPTED}
        assert {p.remedy_id for p in promises if p.remedy_id} == {r.id for r in offer.remedies}
        assert (said.role, said.author) == (Speaker.STAFF, "Ana Torres")
        assert "€9.48" in said.text
        assert said.card is not None
        assert len(said.card["lines"]) == len(accepted.remedies) == len(option.grants)
        assert accepted.case.status is CaseStatus.WITH_STAFF

    def test_given_open_offer_of_the_assistant_then_it_is_taken_back(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        chat = late(db, policy, thresholds, offer=True)

        give(db, policy, chat, look(db, policy, chat).options[0].key)

        with db.read() as uow:
            offers = sorted(uow.ledger.offers_of_case(chat.case_id), key=lambda o: o.made_by)
        assert sorted((o.made_by, o.remedies[0].state) for o in offers) == [
            ("bot", Step.EXPIRED),
            (ANA.id, Step.ACCEPTED),
        ]

    def test_given_granted_once_then_the_same_is_refused_and_no_longer_listed(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        chat = late(db, policy, thresholds)
        key = look(db, policy, chat).options[0].key
        give(db, policy, chat, key)

        with pytest.raises(NotGrantable):
            give(db, policy, chat, key)

        assert not look(db, policy, chat).options
        with db.read() as uow:
            assert len(uow.ledger.offers_of_case(chat.case_id)) == 1

    def test_given_key_of_nothing_the_policy_gives_then_refused_and_nothing_changes(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        chat = late(db, policy, thresholds, offer=True)

        with pytest.raises(NotGrantable):
            give(db, policy, chat, "made-up")

        with db.read() as uow:
            (offer,) = uow.ledger.offers_of_case(chat.case_id)
        assert offer.is_open

    def test_given_closed_case_then_refused(
        self, db: Database, policy: Policy, thresholds: Thresholds
    ) -> None:
        chat = late(db, policy, thresholds)
        key = look(db, policy, chat).options[0].key
        with db.write() as uow:
            cases.resolve(uow, chat.case_id, "explained", "staff-ana", NOW)
            uow.commit()

        with pytest.raises(CaseClosed):
            give(db, policy, chat, key)

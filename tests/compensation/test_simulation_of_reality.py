"""What was decided in the shop can be asked again: all facts are kept, and the sums agree."""

from dataclasses import replace
from datetime import date, timedelta

from amends.compensation import grants
from amends.compensation.clauses import Role
from amends.compensation.decide import decide as decide_facts
from amends.compensation.facts import check_facts
from amends.compensation.grants import Grantor
from amends.compensation.model import DecisionRecord
from amends.compensation.simulation.history import asked_of
from amends.compensation.simulation.model import Asked
from amends.compensation.simulation.simulate import simulate
from amends.compensation.terms import MoneyTable
from amends.compensation.use_cases import decide_case
from tests.compensation.steps import accept, decide, decline, goodwill, late_chat, offered
from tests.support.shop import LOST, NOW, Chat, Shop

ANA = Grantor("s-ana", "Ana")


def cases_of(shop: Shop) -> list[Asked]:
    with shop.db.read() as uow:
        return list(map(asked_of, uow.ledger.first_decisions_since(NOW - timedelta(days=90))))


def records(shop: Shop, chat: Chat) -> list[DecisionRecord]:
    with shop.db.read() as uow:
        return list(uow.ledger.decisions_of_case(chat.case.id))


class TestFactsAreKeptWhole:
    def test_given_a_decision_when_stored_then_it_can_be_taken_again_from_its_record(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)

        settled = decide(shop, chat.case)

        (record,) = records(shop, chat)
        version = shop.policy.version_on(NOW.date())
        assert decide_facts(version, check_facts(version, record.facts)) == settled.decision
        assert set(record.facts) > set(settled.decision.facts_used)
        assert record.facts["customer_tier"] == "regular", "no clause that spoke asked for it"

    def test_given_staff_grant_a_remedy_then_their_record_holds_the_same_facts(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        decide(shop, chat.case)
        with shop.write() as uow:
            seen = grants.preview(uow, shop.policy, chat.case.id, Role.AGENT, NOW)
            key = seen.options[0].key
            grants.grant(uow, shop.policy, chat.case.id, key, ANA, Role.AGENT, NOW)

        by_assistant, by_staff = records(shop, chat)

        assert set(by_staff.facts) == set(by_assistant.facts)

    def test_given_a_record_of_an_earlier_version_then_it_is_told_apart(self, shop: Shop) -> None:
        chat = late_chat(shop)
        decide(shop, chat.case)
        with shop.db.read() as uow:
            (first,) = uow.ledger.first_decisions_since(NOW)
        used = first.record.decision["facts_used"]
        first.record.facts.clear()
        first.record.facts.update(used)

        (now,), before = cases_of(shop), asked_of(first)

        assert (now.whole, before.whole) == (True, False)


class TestAgreement:
    def test_given_chats_that_fill_a_cap_when_simulated_then_as_much_is_given_as_in_reality(
        self, shop: Shop
    ) -> None:
        version = shop.policy.version_on(NOW.date())
        most = MoneyTable(tuple((currency, 4000) for currency in version.currencies))
        strict = replace(version, caps=replace(version.caps, per_customer=most))
        policy = replace(shop.policy, versions=(strict,))
        for _ in range(6):
            chat = late_chat(shop)
            with shop.write() as uow:
                decide_case(uow, policy, chat.case.id, shop.clock())
            shop.clock.forward(hours=1)

        found = simulate(cases_of(shop), strict, strict)

        assert found.cost["GBP"].old_goodwill == goodwill(shop, "cus-collins") == 4000
        assert found.caps["per_customer"].old > 0
        assert (found.cases, found.partial, found.refused) == (6, 0, 0)

    def test_given_a_customer_who_declined_once_when_simulated_then_the_second_rung_is_given(
        self, shop: Shop
    ) -> None:
        chat = late_chat(shop)
        decline(shop, offered(shop, chat))
        taken = accept(shop, offered(shop, chat))
        version = shop.policy.version_on(NOW.date())

        (asked,) = cases_of(shop)
        found = simulate([asked], version, version)

        given = sum(one.amount.amount_minor for one in taken.remedies if one.amount)
        assert asked.declined == 1
        assert found.cost["GBP"].old == given

    def test_given_real_cases_when_the_vouchers_are_cut_then_the_manager_sees_who_gets_less(
        self, shop: Shop
    ) -> None:
        late, lost = late_chat(shop), shop.chat()
        lost.complains(order=LOST)
        for chat in (late, lost):
            decide(shop, chat.case)
        version = shop.policy.version_on(date(2026, 6, 1))
        without = tuple(clause for clause in version.clauses if clause.id != "late-voucher")

        found = simulate(cases_of(shop), version, replace(version, clauses=without))

        (changed,) = found.less["GBP"].biggest
        assert (changed.id, changed.group) == (late.case.number, "not_received")
        assert "late-voucher" in changed.old.clauses
        assert "late-voucher" not in changed.new.clauses

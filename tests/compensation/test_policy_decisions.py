"""Who wins: a person over all, forbid over grant, caps over goodwill, nothing over the owed."""

from typing import Any

import pytest

from amends.compensation.clauses import Role
from amends.compensation.decide import Decision, decide, decision_from_json, decision_to_json
from amends.compensation.explain import explain
from amends.compensation.policy import Usage
from amends.compensation.worked_cases import remedy_line
from tests.compensation.policy_texts import facts_of, version_of

OWED = """
- id: owed
  title: Owed
  source: Law
  part: entitlement
  when: {category: lost}
  choice:
    - {when: {stock: true}, grant: [{remedy: resend}]}
    - {first_when: {plus: true}, grant: [{remedy: refund, amount: {fact: total_minor}}]}
  reason: {en: It was lost.}
"""
GIFT = """
- id: gift
  title: Gift
  source: House
  part: goodwill
  when: {category: [lost, late]}
  ladder:
    - grant: [{remedy: voucher, amount: {EUR: 5, JPY: 500}}]
    - grant: [{remedy: voucher, amount: {EUR: 8, JPY: 800}}]
"""
SORRY = """
- {id: sorry, title: Sorry, source: House, part: goodwill, grant: [{remedy: apology}]}
"""
CAPS = """
caps:
  per_case: {EUR: 10, JPY: 1000}
  per_customer: {window_days: 90, amount: {EUR: 20, JPY: 2000}}
  per_day: {EUR: 100, JPY: 10000}
authority:
  bot: {goodwill_per_case: {EUR: 6, JPY: 600}, entitlement_per_case: {EUR: 50, JPY: 5000}}
  agent: {may_not_grant: [voucher]}
"""


def run(
    clauses: str,
    sections: str = "",
    role: Role = Role.BOT,
    rung: int = 0,
    usage: Usage | None = None,
    **raw: Any,
) -> Decision:
    version = version_of(clauses, sections)
    return decide(version, facts_of(version, **raw), usage, role, rung)


def bundles(decision: Decision) -> list[list[str]]:
    return [[remedy_line(grant) for grant in bundle] for bundle in decision.alternatives]


LOST: dict[str, Any] = {"category": "lost", "stock": True, "total_minor": 3000}


class TestPrecedence:
    def test_given_no_clause_speaks_then_a_person_decides(self) -> None:
        decision = run(GIFT, category="odd")

        assert (decision.outcome, decision.clauses, decision.rungs) == ("person", (), 0)
        assert decision.customer_reason == {"en": "A colleague will look."}

    def test_given_a_person_clause_then_it_beats_grants_and_forbids(self) -> None:
        danger = (
            "- {id: danger, title: D, source: S, when: {flags: {has: danger}}, person: agent, "
            "reason: {en: Safety first.}}"
        )
        stop = "- {id: stop, title: S, source: S, forbid: everything}"

        decision = run(f"{danger}\n{stop}\n{GIFT}", category="late", flags=["danger"])

        assert (decision.outcome, decision.clauses) == ("person", ("danger",))
        assert decision.customer_reason == {"en": "Safety first."}

    @pytest.mark.parametrize(
        ("needs", "role", "outcome"),
        [
            ("agent", Role.BOT, "person"),
            ("agent", Role.AGENT, "remedy"),
            ("supervisor", Role.AGENT, "person"),
            ("supervisor", Role.SUPERVISOR, "remedy"),
        ],
    )
    def test_given_a_high_enough_role_then_the_person_decides(
        self, needs: str, role: Role, outcome: str
    ) -> None:
        clause = f"- {{id: look, title: L, source: S, person: {needs}}}"

        assert run(f"{clause}\n{SORRY}", role=role).outcome == outcome

    def test_given_forbid_everything_then_none_with_the_clause_and_recourse(self) -> None:
        stop = "- {id: stop, title: S, source: S, forbid: everything, reason: {en: Not due.}}"

        decision = run(f"{GIFT}\n{stop}", category="late")

        assert (decision.outcome, decision.remedies) == ("none", ())
        assert decision.clauses[0] == "stop"
        assert decision.customer_reason == {"en": "Not due. Ask for a second look."}

    def test_given_a_reason_in_one_language_more_when_refused_then_those_of_the_policy_are_told(
        self,
    ) -> None:
        stop = "- {id: stop, title: S, source: S, forbid: everything, reason: {en: No., zh: 不。}}"

        assert set(run(f"{GIFT}\n{stop}", category="late").customer_reason) == {"en"}

    def test_given_a_partial_forbid_alone_then_a_person_decides(self) -> None:
        assert run("- {id: stop, title: S, source: S, forbid: goodwill}").outcome == "person"

    @pytest.mark.parametrize(
        ("forbid", "left"),
        [
            ("goodwill", [["resend"], ["refund 30.00 EUR"]]),
            ("money", [["resend", "apology"], ["apology"]]),
            ("{kinds: [voucher]}", [["resend", "apology"], ["refund 30.00 EUR", "apology"]]),
            ("{clauses: [owed]}", [["voucher 5.00 EUR", "apology"]]),
            ("{recovery: corrective}", [
                ["voucher 5.00 EUR", "apology"],
                ["refund 30.00 EUR", "voucher 5.00 EUR", "apology"],
            ]),
            ("{part: entitlement, money: true}", [
                ["resend", "voucher 5.00 EUR", "apology"],
                ["voucher 5.00 EUR", "apology"],
            ]),
            ("[goodwill, {kinds: resend}]", [["refund 30.00 EUR"]]),
        ],
    )  # fmt: skip
    def test_given_a_forbid_then_exactly_what_it_marks_is_struck(
        self, forbid: str, left: list[list[str]]
    ) -> None:
        stop = f"- {{id: stop, title: S, source: S, forbid: {forbid}}}"

        decision = run(f"{OWED}\n{GIFT}\n{SORRY}\n{stop}", **LOST)

        assert bundles(decision) == left
        assert "stop" in decision.clauses


class TestLadderAndChoice:
    def test_given_a_choice_then_each_alternative_is_a_whole_bundle(self) -> None:
        decision = run(f"{OWED}\n{GIFT}", **LOST)

        assert bundles(decision) == [
            ["resend", "voucher 5.00 EUR"],
            ["refund 30.00 EUR", "voucher 5.00 EUR"],
        ]
        assert decision.remedies == decision.alternatives[0]
        assert decision.remedies[0].choice_group == "owed"
        assert decision.remedies[1].choice_group is None
        assert decision.customer_reason == {"en": "It was lost."}

    def test_given_what_the_customer_prefers_then_it_stands_first(self) -> None:
        assert bundles(run(OWED, plus=True, **LOST)) == [["refund 30.00 EUR"], ["resend"]]

    def test_given_an_option_that_is_not_open_then_it_is_left_out(self) -> None:
        assert bundles(run(OWED, **LOST | {"stock": None})) == [["refund 30.00 EUR"]]

    def test_given_declines_then_rungs_then_a_person(self) -> None:
        offers = [run(f"{OWED}\n{GIFT}", rung=rung, **LOST) for rung in range(4)]

        assert [offer.outcome for offer in offers] == ["remedy", "remedy", "person", "person"]
        assert [bundles(offer)[0] for offer in offers[:2]] == [
            ["resend", "voucher 5.00 EUR"],
            ["resend", "voucher 8.00 EUR"],
        ]
        assert {offer.rungs for offer in offers} == {2}

    def test_given_caps_that_level_the_rungs_then_the_offer_is_not_repeated(self) -> None:
        low = "caps: {per_case: {EUR: 4, JPY: 400}}"

        assert run(GIFT, low, category="late").rungs == 1
        assert run(GIFT, low, category="late", rung=1).outcome == "person"

    def test_given_two_choices_then_at_most_three_bundles(self) -> None:
        both = OWED + OWED.replace("id: owed", "id: more").replace("resend", "apology")

        assert len(bundles(run(both, **LOST))) == 3

    def test_given_a_negative_rung_then_it_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="the first rung is 0"):
            run(GIFT, rung=-1)


class TestCaps:
    @pytest.mark.parametrize(
        ("usage", "granted", "caps"),
        [
            (Usage(), ["voucher 5.00 EUR"], []),
            (Usage(given_to_case={"EUR": 200}), ["voucher 4.00 EUR"], ["authority.bot"]),
            (Usage(given_to_case={"EUR": 700}), [], ["authority.bot", "per_case"]),
            (Usage(given_to_customer={"EUR": 1700}), ["voucher 3.00 EUR"], ["per_customer"]),
            (Usage(given_today={"EUR": 9999}), ["voucher 0.01 EUR"], ["per_day"]),
            (Usage(given_today={"EUR": 99999}), [], ["per_day"]),
            (Usage(given_to_case={"JPY": 99999}), ["voucher 5.00 EUR"], []),
            (
                Usage({"EUR": 1900}, {"EUR": 300}, {"EUR": 9950}),
                ["voucher 0.50 EUR"],
                ["authority.bot", "per_customer", "per_day"],
            ),
        ],
    )
    def test_given_earlier_goodwill_then_the_rest_is_given_and_every_cap_named(
        self, usage: Usage, granted: list[str], caps: list[str]
    ) -> None:
        decision = run(GIFT, CAPS, usage=usage, category="late")

        assert [remedy_line(grant) for grant in decision.remedies] == granted
        assert [hit.cap for hit in decision.caps] == caps
        assert decision.outcome == ("remedy" if granted else "none")

    def test_given_caps_are_used_up_then_what_is_owed_is_untouched(self) -> None:
        usage = Usage(given_to_case={"EUR": 10**6})

        decision = run(f"{OWED}\n{GIFT}", CAPS, usage=usage, **LOST)

        assert bundles(decision) == [["resend"], ["refund 30.00 EUR"]]

    def test_given_caps_bound_then_the_customer_hears_nothing_of_them(self) -> None:
        decision = run(GIFT, CAPS, usage=Usage(given_to_case={"EUR": 10**6}), category="late")

        assert decision.customer_reason == {"en": "We cannot offer more. Ask for a second look."}

    def test_given_more_owed_than_the_bot_may_confirm_then_a_person(self) -> None:
        decision = run(OWED, CAPS, **LOST | {"total_minor": 5001})

        assert (decision.outcome, decision.clauses) == ("person", ("owed",))
        assert [hit.cap for hit in decision.caps] == ["authority.bot.entitlement"]

    def test_given_a_role_without_that_limit_then_it_is_granted(self) -> None:
        decision = run(OWED, CAPS, role=Role.SUPERVISOR, **LOST | {"total_minor": 5001})

        assert decision.outcome == "remedy"

    def test_given_a_kind_that_the_role_may_not_grant_then_it_is_dropped_and_named(self) -> None:
        decision = run(f"{GIFT}\n{SORRY}", CAPS, role=Role.AGENT, category="late")

        assert bundles(decision) == [["apology"]]
        assert [hit.cap for hit in decision.caps] == ["authority.agent.kind"]

    def test_given_something_owed_of_such_a_kind_then_a_person(self) -> None:
        owed = GIFT.replace("goodwill", "entitlement").replace("ladder:", "choice:")

        assert run(owed, CAPS, role=Role.AGENT, category="late").outcome == "person"

    def test_given_a_currency_not_covered_then_gifts_are_left_out(self) -> None:
        decision = run(f"{GIFT}\n{SORRY}", CAPS, category="late", currency="SEK")

        assert bundles(decision) == [["apology"]]


class TestRecord:
    def test_given_two_clauses_give_the_same_apology_then_it_is_given_once(self) -> None:
        twice = SORRY + SORRY.replace("id: sorry", "id: again")

        grant = run(twice).remedies[0]

        assert (grant.kind, grant.clauses) == ("apology", ("sorry", "again"))

    def test_given_a_decision_then_facts_used_are_those_of_the_clauses_that_spoke(self) -> None:
        decision = run(f"{OWED}\n{GIFT}", days=3, **LOST)

        assert decision.facts_used == {
            "category": "lost",
            "stock": True,
            "plus": False,
            "total_minor": 3000,
        }

    def test_given_a_decision_then_json_gives_it_back(self) -> None:
        decision = run(f"{OWED}\n{GIFT}", CAPS, usage=Usage({"EUR": 1900}), **LOST)

        assert decision_from_json(decision_to_json(decision)) == decision

    def test_given_a_decision_then_staff_can_read_why(self) -> None:
        version = version_of(f"{OWED}\n{GIFT}", CAPS)
        facts = facts_of(version, category="late")

        text = explain(version, facts, decide(version, facts))

        assert "+ gift (goodwill, line" in text
        assert "not met: category is lost (category = late)" in text
        assert "category = late (claimed)" in text
        assert "Rung 1 of 2." in text

"""A policy that is not exactly understood is refused, and the refusal names the place."""

from datetime import date
from pathlib import Path

import pytest

from amends.compensation.errors import NoVersionError, PolicyError
from amends.compensation.load import load_policy, parse_policy
from tests.compensation.policy_texts import HEAD, policy_text

APOLOGY = "- {id: a, title: T, source: S, part: goodwill, grant: [{remedy: apology}]}"


def clause(**keys: str) -> str:
    given = {"id": "a", "title": "T", "source": "S", "part": "goodwill"}
    given |= {"grant": "[{remedy: apology}]"} | keys
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in given.items() if value)


def voucher(amount: str) -> str:
    return clause(grant=f"[{{remedy: voucher, amount: {amount}}}]")


class TestRefusals:
    @pytest.mark.parametrize(
        ("clauses", "complaint"),
        [
            (clause(titel="x"), "clause a: unknown key titel; did you mean title?"),
            (clause(source=""), "clause a: source is missing"),
            (clause(id=""), "id is missing"),
            (f"{APOLOGY}\n{APOLOGY}", "clause id a is given twice"),
            (clause(title="[x]"), "clause a.title: expected text"),
            (clause(title="7"), "'7' is not text"),
            (clause(part=""), "part is missing"),
            (clause(part="owed"), "'owed' is not known here"),
            (clause(grant=""), "give exactly one of"),
            (clause(person="agent"), "give exactly one of"),
            (clause(grant="", person="bot", part=""), "'bot' is not known here"),
            (clause(grant="", forbid="goodwill"), "part is for clauses that grant"),
            (clause(grant="", forbid="all", part=""), "'all' is not known here"),
            (clause(grant="", forbid="{}", part=""), "write everything to forbid everything"),
            (clause(grant="", forbid="{kinds: gold}", part=""), "unknown remedy gold"),
            (clause(grant="", forbid="{clauses: [b]}", part=""), "unknown clause b"),
            (clause(grant="[{remedy: gold}]"), "unknown remedy gold"),
            (clause(grant="[]"), "nothing is granted"),
            (clause(grant="[{remedy: voucher}]"), "remedy voucher needs an amount"),
            (clause(grant="[{remedy: apology, amount: {EUR: 1, JPY: 1}}]"), "is not money"),
            (clause(grant="", choice="[{grant: [{remedy: apology}]}]"), "a choice has 2 to 3"),
            (
                clause(grant="", part="entitlement", ladder="[{grant: [{remedy: apology}]}]"),
                "not haggled over",
            ),
            (clause(when="{dayz: 3}"), "unknown fact dayz"),
            (clause(when="{days: {atleast: 3}}"), "unknown key atleast; did you mean at_least?"),
            (clause(when="{days: three}"), "'three' is not a whole number"),
            (clause(when="{days: 1000}"), "above the greatest possible, 100"),
            (clause(when="{category: lat}"), "did you mean late?"),
            (clause(when="{category: {at_least: 3}}"), "only numbers are compared in size"),
            (clause(when="{stock: 1}"), "1 is not true or false"),
            (clause(when="{flags: danger}"), "test it with has or has_not"),
            (clause(when="{flags: {has: dangr}}"), "did you mean danger?"),
            (clause(when="{days: {has: 3}}"), "has and has_not are for lists"),
            (clause(when="{days: {at_least: {fact: stock}}}"), "but stock is a boolean"),
            (clause(when="{total_minor: {at_least: {EUR: 3}}}"), "an amount in JPY is missing"),
            (clause(when="{meets: nothing}"), "no definition is called nothing"),
            (clause(when="{}"), "the condition is empty"),
            (clause(when="{any: []}"), "the list of conditions is empty"),
            (clause(when="{days: 3, days: 4}"), "key days is given twice"),
            (clause(reason="{de: Hallo}"), "the wording in en is missing"),
            (voucher("{EUR: 5}"), "an amount in JPY is missing"),
            (voucher("{EUR: 5, JPY: 5, USD: 5}"), "USD is not a currency of this policy"),
            (voucher("{EUR: 5.001, JPY: 5}"), "finer than the smallest unit of EUR"),
            (voucher("{EUR: 5, JPY: 5.5}"), "finer than the smallest unit of JPY"),
            (voucher("{EUR: -5, JPY: 5}"), "negative"),
            (voucher("{EUR: .inf, JPY: 5}"), "not a"),
            (voucher("{percent: 10}"), "percent needs of"),
            (voucher("{percent: -1, of: total_minor}"), "cannot be negative"),
            (voucher("{percent: 10, of: category}"), "is a string, not a number"),
            (voucher("{percent: 10, of: total_minor, fact: days}"), "give exactly one of"),
            (voucher("{fact: total_minor, divided_by: 0}"), "0 is less than 1"),
            (voucher("{fact: total_minor, every: 2}"), "every goes with per"),
            (voucher("{tiers: []}"), "the list of tiers is empty"),
            (voucher("{named: gift}"), "no amount is called gift"),
        ],
    )
    def test_given_a_wrong_clause_then_the_refusal_names_place_and_line(
        self, clauses: str, complaint: str
    ) -> None:
        with pytest.raises(PolicyError) as caught:
            parse_policy(policy_text(clauses), "shop.yml")

        assert complaint in str(caught.value)
        assert str(caught.value).startswith("shop.yml, line ")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("policy: shop", "policy: shop\nextra: 1", "unknown key extra"),
            ("languages: [en]", "languages: [en, zh]", "the wording in zh is missing"),
            ("currencies: [EUR, JPY]", "currencies: [EUR, euro]", "'euro' is not an ISO 4217"),
            ("currencies: [EUR, JPY]", "currencies: [EUR, EUR]", "each currency once"),
            ("currency: {fact: currency}", "currency: EUR", "must be the only currency"),
            ("currency: {fact: currency}", "currency: {fact: days}", "not a string"),
            ("type: number", "type: float", "use one of"),
            ("source: claimed, about: Hours", "about: Hours", "source is missing"),
            ("type: boolean, source: system, about: In", "type: boolean, from: 1, source: system, "
             "about: In", "from is for numbers"),
            ("default: false", "default: 0", "0 is not true or false"),
            ("days: {type", "all: {type", "a fact cannot be called all"),
            ("reasons:", "rezons:", "unknown key rezons; did you mean reasons?"),
        ],
    )  # fmt: skip
    def test_given_a_wrong_head_then_it_is_refused(
        self, old: str, new: str, complaint: str
    ) -> None:
        text = policy_text(APOLOGY)
        assert old in text

        with pytest.raises(PolicyError, match=complaint):
            parse_policy(text.replace(old, new, 1), "shop.yml")

    @pytest.mark.parametrize(
        "text", ["", "a: [", "- 1", "policy: x", "\x00", "&a [*a]", "a: !!python/object:os.x {}"]
    )
    def test_given_no_policy_at_all_then_it_is_refused(self, text: str) -> None:
        with pytest.raises(PolicyError):
            parse_policy(text, "shop.yml")

    def test_given_endless_nesting_then_it_is_refused(self) -> None:
        nested = "{not: " * 60 + "{days: 1}" + "}" * 60

        with pytest.raises(PolicyError, match="nested too deeply"):
            parse_policy(policy_text(clause(when=nested)), "shop.yml")

    def test_given_a_missing_file_then_it_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(PolicyError, match="cannot be read"):
            load_policy(tmp_path / "none.yml")


def versions(*entries: str) -> str:
    return HEAD + f"clauses:\n  {APOLOGY}\nversions:\n" + "".join(f"  - {e}\n" for e in entries)


class TestDatedVersions:
    def test_given_two_versions_then_each_day_has_its_own(self) -> None:
        policy = parse_policy(
            versions(
                "{id: a, valid_from: 2026-01-01, valid_to: 2026-01-31}",
                "{id: b, valid_from: 2026-02-01}",
            ),
            "shop.yml",
        )

        assert policy.version_on(date(2026, 1, 31)).id == "a"
        assert policy.version_on(date(2026, 2, 1)).id == "b"
        with pytest.raises(NoVersionError, match="2025-12-31"):
            policy.version_on(date(2025, 12, 31))

    @pytest.mark.parametrize(
        "entries",
        [
            ("{id: a, valid_from: 2026-01-01}", "{id: b, valid_from: 2026-02-01}"),
            (
                "{id: b, valid_from: 2026-02-01}",
                "{id: a, valid_from: 2026-01-01, valid_to: 2026-02-01}",
            ),
        ],
    )
    def test_given_overlapping_dates_then_they_are_refused(self, entries: tuple[str, ...]) -> None:
        with pytest.raises(PolicyError, match="overlap; give a a valid_to before 2026-02-01"):
            parse_policy(versions(*entries), "shop.yml")

    @pytest.mark.parametrize(
        ("entry", "complaint"),
        [
            ("{id: a, valid_from: 2026-02-30}", "is not a date"),
            ("{id: a, valid_from: 2026-02-02, valid_to: 2026-02-01}", "before valid_from"),
            ("{id: a, valid_from: 2026-02-02, based_on: z}", "version z is not given above"),
            ("{id: a, valid_from: 2026-02-02, without_clauses: [z]}", "no clause z to leave out"),
        ],
    )
    def test_given_a_wrong_version_then_it_is_refused(self, entry: str, complaint: str) -> None:
        with pytest.raises(PolicyError, match=complaint):
            parse_policy(versions(entry), "shop.yml")

    def test_given_a_version_based_on_another_then_only_differences_are_written(self) -> None:
        changed = "{id: a, title: New, source: S, person: agent}"
        added = "{id: b, title: More, source: S, person: agent}"

        policy = parse_policy(
            versions(
                "{id: a, valid_from: 2026-01-01, valid_to: 2026-01-31}",
                "{id: b, valid_from: 2026-02-01, valid_to: 2026-02-28, based_on: a, "
                f"clauses: [{changed}, {added}]}}",
                "{id: c, valid_from: 2026-03-01, based_on: b, without_clauses: [a]}",
            ),
            "shop.yml",
        )

        titles = [[clause.title for clause in version.clauses] for version in policy.versions]
        assert titles == [["T"], ["New", "More"], ["More"]]

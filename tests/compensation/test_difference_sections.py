"""What two versions of a policy differ in beside their clauses, in sentences."""

from dataclasses import replace
from datetime import date

import pytest

from amends.compensation.differences.compare import compare_versions
from amends.compensation.differences.model import Kind, difference_to_json
from amends.compensation.differences.sections import compare_validity
from tests.compensation.difference_steps import TEXT, changed, only, read


class TestOtherSections:
    @pytest.mark.parametrize(
        ("old", "new", "section", "place", "sentence"),
        [
            (
                "per_case: {EUR: 50,", "per_case: {EUR: 40,", "caps", "per_case",
                "Goodwill in one case in EUR was 50.00 EUR and is now 40.00 EUR.",
            ),
            (
                "  per_case: {EUR: 50, JPY: 8000}\n",
                "  per_case: {EUR: 50, JPY: 8000}\n  per_day: {EUR: 500, JPY: 80000}\n",
                "caps", "per_day",
                "Goodwill of one day in EUR was without limit and is now 500.00 EUR.",
            ),
            (
                "window_days: 90", "window_days: 30", "caps", "per_customer",
                "The window in days was 90 and is now 30.",
            ),
            (
                "goodwill_per_case: {EUR: 30,", "goodwill_per_case: {EUR: 20,", "authority", "bot",
                "Goodwill in one case in EUR was 30.00 EUR and is now 20.00 EUR.",
            ),
            (
                "may_not_grant: [resend]", "may_not_grant: [resend, refund]", "authority", "bot",
                "What this role may not grant: now also refund.",
            ),
            (
                "about: Days late, from: 0, to: 100", "about: Days late, from: 0, to: 60",
                "facts", "days", "Its greatest value was 100 and is now 60.",
            ),
            (
                "values: [late, lost, odd]", "values: [late, lost, odd, gone]", "facts", "category",
                "Its values: now also gone.",
            ),
            (
                "about: Member, default: false", "about: Member", "facts", "plus",
                "What counts when it is unknown was no and is now not given.",
            ),
            (
                "resend: {recovery: corrective, title: {en: Sent again}}",
                "resend: {recovery: corrective, title: {en: Sent once more}}",
                "remedies", "resend",
                "Its title (en) was “Sent again” and is now “Sent once more”.",
            ),
            (
                "We cannot offer more.", "There is nothing more.", "reasons", "none",
                "What the customer is told (en) was “We cannot offer more.” and is now “There is "
                "nothing more.”.",
            ),
        ],
    )  # fmt: skip
    def test_given_a_change_then_one_sentence_at_its_place(
        self, old: str, new: str, section: str, place: str, sentence: str
    ) -> None:
        (found,) = changed((old, new))

        assert (found.section, found.place, found.kind) == (section, place, Kind.CHANGED)
        assert sentence in found.sentences

    def test_given_a_fact_added_then_what_it_is_and_who_vouches(self) -> None:
        found = only(
            ("  stock: {", "  gold: {type: boolean, source: system, about: Gold}\n  stock: {")
        )

        assert found == ("facts", "gold", "added", ("Gold (boolean, system).",))

    def test_given_a_currency_more_then_everything_in_it_is_new(self) -> None:
        more = TEXT.replace("[EUR, JPY]", "[EUR, JPY, USD]").replace("JPY: ", "USD: 1, JPY: ")

        found = {one.place: one for one in compare_versions(read(TEXT), read(more))}

        assert found["currencies"].sentences == ("The currencies: now also USD.",)
        assert "in USD was without limit and is now 1.00 USD" in found["per_case"].sentences[0]

    def test_given_another_id_or_day_then_only_validity_speaks_of_it(self) -> None:
        old = read(TEXT)
        later = replace(old, id="2", valid_from=date(2026, 2, 1))

        (found,) = compare_validity(old, later)

        assert compare_versions(old, later) == ()
        assert found.sentences == (
            "The version's id was 1 and is now 2.",
            "The first day was 2026-01-01 and is now 2026-02-01.",
        )

    def test_given_a_difference_then_its_json(self) -> None:
        (found,) = changed(("per_case: {EUR: 50,", "per_case: {EUR: 40,"))

        assert difference_to_json(found) == {
            "section": "caps",
            "place": "per_case",
            "change": "changed",
            "sentences": ["Goodwill in one case in EUR was 50.00 EUR and is now 40.00 EUR."],
        }

    def test_given_comments_and_layout_then_nothing_differs(self) -> None:
        assert changed(("caps:", "# as agreed in spring\ncaps:")) == ()

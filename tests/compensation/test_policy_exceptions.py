"""The section on exceptions: who asks, who approves, in which kinds, and how much."""

from datetime import date

import pytest

from amends.compensation.check import check_policy
from amends.compensation.clauses import Role
from amends.compensation.differences.compare import compare_versions
from amends.compensation.differences.model import Kind
from amends.compensation.errors import PolicyError
from amends.compensation.load import parse_policy
from amends.compensation.policy import PolicyVersion
from tests.compensation.policy_texts import policy_text, version_of

CLAUSE = "- {id: a, title: T, source: S, part: goodwill, grant: [{remedy: apology}]}"
CAPS = "caps: {per_case: {EUR: 50, JPY: 8000}}\n"
SECTION = """exceptions:
  asked_by: [agent, supervisor]
  approved_by: [supervisor]
  remedies: [voucher, refund]
  per_case: {EUR: 40, JPY: 6400}
  per_customer: {window_days: 365, amount: {EUR: 60, JPY: 9600}}
"""


def version(old: str = "", new: str = "") -> PolicyVersion:
    return version_of(CLAUSE, CAPS + SECTION.replace(old, new, 1))


def findings(sections: str) -> list[str]:
    policy = parse_policy(policy_text(CLAUSE, sections), "shop.yml")
    return [str(one) for one in check_policy(policy) if one.place == "exceptions"]


class TestReading:
    def test_given_the_section_then_it_is_read_as_it_stands(self) -> None:
        found = version().exceptions

        assert found is not None
        assert (found.asked_by, found.approved_by) == (
            {Role.AGENT, Role.SUPERVISOR},
            {Role.SUPERVISOR},
        )
        assert found.remedies == ("voucher", "refund")
        assert found.per_case.as_dict() == {"EUR": 4000, "JPY": 6400}
        assert found.per_customer.as_dict() == {"EUR": 6000, "JPY": 9600}
        assert found.customer_window_days == 365

    def test_given_no_section_then_there_are_no_exceptions(self) -> None:
        assert version_of(CLAUSE, CAPS).exceptions is None

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("asked_by: [agent", "asked_by: [bot", "bot is no role of people"),
            ("approved_by: [supervisor]", "approved_by: [bot]", "bot is no role of people"),
            ("approved_by: [supervisor]", "approved_by: []", "name at least one role"),
            ("[voucher, refund]", "[gold]", "unknown remedy gold"),
            ("[voucher, refund]", "[apology]", "apology is not money"),
            ("[voucher, refund]", "[refund, refund]", "each kind of remedy once"),
            ("[voucher, refund]", "[]", "at least one"),
            ("JPY: 6400", "GBP: 64", "GBP is not a currency of this policy"),
            ("window_days: 365, ", "", "window_days is missing"),
            ("  approved_by: [supervisor]\n", "", "approved_by is missing"),
            ("  per_case", "  per_caze", "did you mean per_case?"),
        ],
    )
    def test_given_what_cannot_be_meant_then_refused_with_the_place(
        self, old: str, new: str, complaint: str
    ) -> None:
        with pytest.raises(PolicyError, match=complaint.replace("?", r"\?")):
            version(old, new)

    def test_given_a_clause_called_exception_then_refused(self) -> None:
        with pytest.raises(PolicyError, match="stands for what no clause gives"):
            version_of(CLAUSE.replace("id: a", "id: exception"))


class TestChecking:
    def test_given_amounts_within_the_caps_then_nothing_is_found(self) -> None:
        assert findings(CAPS + SECTION) == []

    def test_given_more_than_a_cap_lets_through_then_a_warning_names_it(self) -> None:
        (found,) = findings(CAPS + SECTION.replace("EUR: 40", "EUR: 70"))

        assert "per_case is 70.00 EUR, above per_case (50.00 EUR), which binds first" in found


class TestComparing:
    def test_given_the_section_is_new_or_gone_then_a_sentence_says_so(self) -> None:
        without = version_of(CLAUSE, CAPS)

        (added,), (removed,) = (
            compare_versions(without, version()),
            compare_versions(version(), without),
        )

        assert (added.section, added.kind, removed.kind) == (
            "exceptions",
            Kind.ADDED,
            Kind.REMOVED,
        )

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("EUR: 40", "EUR: 30", "Exceptions in one case in EUR was 40.00 EUR"),
            ("EUR: 60", "EUR: 30", "Exceptions to one customer in EUR was 60.00 EUR"),
            ("days: 365", "days: 30", "The window in days was 365 and is now 30."),
            ("[voucher, refund]", "[voucher]", "The kinds of remedies: no longer refund."),
            ("[agent, supervisor]", "[supervisor]", "Who may ask: no longer agent."),
            ("approved_by: [", "approved_by: [agent, ", "Who may approve: now also agent."),
        ],
    )
    def test_given_a_change_then_a_sentence_says_what(
        self, old: str, new: str, sentence: str
    ) -> None:
        found = compare_versions(version(), version(old, new))

        assert any(sentence in line for one in found for line in one.sentences)


def test_given_the_section_in_a_later_version_then_it_holds_from_then_on() -> None:
    section = "".join(f"    {line}\n" for line in SECTION.splitlines())
    text = policy_text(CLAUSE, CAPS, version="    valid_to: 2026-06-30\n")
    text += f"  - id: '2'\n    valid_from: 2026-07-01\n    based_on: '1'\n{section}"
    policy = parse_policy(text, "shop.yml")

    assert policy.version_on(date(2026, 2, 1)).exceptions is None
    assert policy.version_on(date(2026, 8, 1)).exceptions is not None

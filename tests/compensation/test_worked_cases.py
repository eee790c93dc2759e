"""Every worked case of a shipped policy agrees, and a wrong one would be noticed."""

from pathlib import Path

import pytest

from amends.compensation.errors import PolicyError
from amends.compensation.worked_cases import WorkedCase, load_cases, run_case

POLICIES = Path(__file__).parents[2] / "policies"
RETAIL, CASES = load_cases(POLICIES / "retail.cases.yml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_retail(case: WorkedCase) -> None:
    assert run_case(RETAIL, case).differences == ()


def test_retail_has_cases_for_every_category_and_every_clause() -> None:
    version = RETAIL.versions[-1]
    named = {name for case in CASES for name in case.expected.clauses or ()}
    decided = {case.facts["category"] for case in CASES}

    without = {clause.id for clause in version.clauses} - named
    # These speak in cases that check the remedies instead of the clauses.
    assert without <= {"late-right-to-end", "dignity", "critical", "faulty-early", "plus-points"}
    assert len(set(version.facts["category"].values) - decided) <= 3


class TestDifferences:
    @pytest.fixture
    def files(self, tmp_path: Path) -> Path:
        (tmp_path / "retail.yml").write_text((POLICIES / "retail.yml").read_text("utf-8"), "utf-8")
        return tmp_path / "x.cases.yml"

    def written(self, files: Path, facts: str, expect: str) -> tuple[str, ...]:
        files.write_text(
            "policy: retail.yml\ngiven: {currency: EUR, order_found: true}\ncases:\n"
            f"  - {{case: Rude, date: 2026-03-01, facts: {facts}, expect: {expect}}}\n",
            "utf-8",
        )
        policy, cases = load_cases(files)
        return run_case(policy, cases[0]).differences

    def test_given_another_outcome_then_each_difference_is_told(self, files: Path) -> None:
        differences = self.written(
            files,
            "{category: service_failure}",
            "{outcome: none, remedies: [voucher 9.00 EUR], clauses: [x], rungs: 7}",
        )

        assert differences == (
            "outcome: expected none, decided remedy",
            "remedies: expected [voucher 9.00 EUR], decided [apology_letter, voucher 10.00 EUR]",
            "clauses: expected [x], decided [service-apology, service-voucher]",
            "rungs: expected 7, decided 2",
        )

    def test_given_a_wrong_fact_then_it_is_a_difference(self, files: Path) -> None:
        differences = self.written(files, "{categroy: late}", "{outcome: none}")

        assert differences == (
            "fact categroy: the policy declares no such fact; did you mean category?",
        )

    def test_given_an_unknown_key_then_the_file_is_refused(self, files: Path) -> None:
        with pytest.raises(PolicyError, match="unknown key remedy"):
            self.written(files, "{category: late}", "{outcome: none, remedy: [x]}")

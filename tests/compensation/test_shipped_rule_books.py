"""Each rule book that ships agrees with its worked cases, reads well, and decides at the door."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ruamel.yaml import YAML

from amends.cli.main import main
from amends.compensation.check import check_policy
from amends.compensation.clauses import Clause, Role
from amends.compensation.load import load_policy
from amends.compensation.policy import PolicyVersion
from amends.compensation.proof.findings import Level
from amends.compensation.worked_cases import WorkedCase, load_cases, run_case
from tests.compensation.rule_books import NAMES, POLICIES, book, decided

LEAST_CASES = {"eu261": 30, "delay_repay": 20, "airline_goodwill": 12}
HAN = re.compile(r"[\u3400-\u9fff]")
each_book = pytest.mark.parametrize("name", NAMES)


def cases_of(name: str) -> tuple[WorkedCase, ...]:
    return load_cases(POLICIES / f"{name}.cases.yml")[1]


EVERY_CASE = [(name, case) for name in NAMES for case in cases_of(name)]


class TestWorkedCases:
    @pytest.mark.parametrize(
        ("name", "case"), EVERY_CASE, ids=[f"{name}: {case.sentence}" for name, case in EVERY_CASE]
    )
    def test_given_a_worked_case_then_the_policy_agrees(self, name: str, case: WorkedCase) -> None:
        assert run_case(load_policy(POLICIES / f"{name}.yml"), case).differences == ()

    @each_book
    def test_given_the_cases_then_they_are_many_and_each_is_told_once(self, name: str) -> None:
        sentences = [case.sentence for case in cases_of(name)]

        assert len(sentences) >= LEAST_CASES[name]
        assert len(set(sentences)) == len(sentences)

    @each_book
    def test_given_a_clause_then_some_case_names_it_and_each_outcome_occurs(
        self, name: str
    ) -> None:
        expected = [case.expected for case in cases_of(name)]

        named = {clause for each in expected for clause in each.clauses or ()}

        assert named == {clause.id for clause in book(name).clauses}
        assert {str(each.outcome) for each in expected} == {"remedy", "none", "person"}


class TestTheBooks:
    @each_book
    def test_given_a_book_then_check_warns_of_nothing(self, name: str) -> None:
        findings = check_policy(load_policy(POLICIES / f"{name}.yml"))

        # A note may say that a person decides where a fact is unknown, which is meant here.
        assert [str(found) for found in findings if found.level is Level.WARNING] == []

    @each_book
    def test_given_a_book_then_it_fits_the_schema(self, name: str) -> None:
        jsonschema = pytest.importorskip("jsonschema", reason="an optional tool for developers")
        schema = json.loads((POLICIES / "schema.json").read_text("utf-8"))
        plain = YAML(typ="safe", pure=True).load((POLICIES / f"{name}.yml").read_text("utf-8"))

        found = jsonschema.Draft202012Validator(schema).iter_errors(
            json.loads(json.dumps(plain, default=str))
        )

        assert list(found) == []

    @each_book
    def test_given_a_book_then_its_head_says_that_it_is_no_legal_advice(self, name: str) -> None:
        head = (POLICIES / f"{name}.yml").read_text("utf-8").partition("\npolicy:")[0]

        assert "not legal advice" in head.replace("\n# ", " ")
        assert f"amends policy test policies/{name}.cases.yml" in head

    @each_book
    def test_given_a_text_then_it_is_written_in_both_languages(self, name: str) -> None:
        texts = list(texts_of(book(name)))

        assert all(set(text) == {"en", "zh"} for text in texts)
        assert [text["zh"] for text in texts if not HAN.search(text["zh"])] == []
        assert [text["en"] for text in texts if HAN.search(text["en"])] == []

    @each_book
    def test_given_a_clause_that_refuses_then_it_brings_its_own_reason(self, name: str) -> None:
        refusing = [clause for clause in book(name).clauses if clause.forbids]

        assert refusing
        assert [clause.id for clause in refusing if not clause.reason] == []

    @pytest.mark.parametrize(("name", "source"), [
        ("eu261", r"Art\. \d|C-402/07"),
        ("delay_repay", "Delay Repay terms"),
        ("airline_goodwill", r"House rule A-\d"),
    ])  # fmt: skip
    def test_given_a_clause_then_it_names_its_article(self, name: str, source: str) -> None:
        assert [c.id for c in book(name).clauses if not re.search(source, c.source)] == []

    @each_book
    def test_given_a_refusal_then_it_says_why_and_where_to_go_next(self, name: str) -> None:
        version = book(name)
        for case in cases_of(name):
            decision = decided(version, case.facts)
            if str(decision.outcome) == "none":
                reasons = forbidding_reasons(version, decision.clauses)
                for language, told in decision.customer_reason.items():
                    assert told.endswith(version.reasons.recourse[language])
                    assert all(reason[language] in told for reason in reasons)

    @each_book
    def test_given_the_bot_then_it_decides_in_full_what_a_supervisor_would(self, name: str) -> None:
        version = book(name)
        for case in cases_of(name):
            bot = decided(version, case.facts)
            supervisor = decided(version, case.facts, Role.SUPERVISOR)

            assert (bot.outcome, bot.alternatives) == (supervisor.outcome, supervisor.alternatives)
            assert bot.caps == ()


def texts_of(version: PolicyVersion) -> Iterator[Mapping[str, str]]:
    reasons = version.reasons
    yield from (reasons.remedy, reasons.none, reasons.person, reasons.recourse)
    yield from (remedy.title for remedy in version.remedies.values())
    yield from (clause.reason for clause in version.clauses if clause.reason)


def forbidding_reasons(version: PolicyVersion, ids: tuple[str, ...]) -> list[Mapping[str, str]]:
    clauses: list[Clause] = [version.clause(clause_id) for clause_id in ids]
    return [clause.reason for clause in clauses if clause.forbids]


# -- at the door -----------------------------------------------------------------------------------

FLIGHT = {
    "departs_eu": True, "arrives_eu": False, "eu_carrier": False, "intra_eu": False,
    "distance_km": 6200, "event": "cancellation", "arrival_delay_h": None, "notice_days": None,
    "departs_early_h": 0, "rerouted": False, "extraordinary_proved": False, "passengers": 2,
}  # fmt: skip
TRAIN = {
    "scheme": "DR15", "delay_min": 45, "ticket": "annual", "fare_minor": 500000,
    "days_since_travel": 28,
}  # fmt: skip
TRIP = {
    "membership": "regular", "insured": True, "asked_for_compensation": True,
    "facts_confirmed": True, "changed_or_cancelled": True, "cabin": "economy", "event": "delayed",
    "passengers": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "facts", "no", "unknown", "remedy"),
    [
        (
            "eu261", FLIGHT, {"notice_days": 14}, "passengers",
            ("compensation", "entitlement", 120_000, "EUR"),
        ),
        (
            "delay_repay", TRAIN, {"days_since_travel": 29}, "fare_minor",
            ("compensation", "entitlement", 539, "GBP"),
        ),
        (
            "airline_goodwill", TRIP, {"insured": False}, "event",
            ("certificate", "goodwill", 15_000, "USD"),
        ),
    ],
)  # fmt: skip
def test_given_json_lines_then_the_command_decides_each(
    name: str,
    facts: dict[str, Any],
    no: dict[str, Any],
    unknown: str,
    remedy: tuple[str, str, int, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [{"id": "a", **facts}, {"id": "b", **facts, **no}, {"id": "c", **facts, unknown: None}]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, rows)) + "\n"))

    code = main(["policy", "decide", "--policy", str(POLICIES / f"{name}.yml")])

    yes, nothing, person = map(json.loads, capsys.readouterr().out.splitlines())
    assert (code, yes["id"], yes["outcome"], yes["caps"]) == (0, "a", "remedy", [])
    [given] = yes["remedies"]
    assert tuple(given[key] for key in ("kind", "part", "amount_minor", "currency")) == remedy
    assert given["recovery"] == "compensatory"
    assert (nothing["outcome"], nothing["remedies"]) == ("none", [])
    assert nothing["clauses"]
    assert (person["outcome"], person["remedies"]) == ("person", [])


@each_book
def test_given_no_passengers_or_a_negative_fare_then_one_sentence_and_code_2(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"fare_minor": -1} if name == "delay_repay" else {"passengers": 0}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(wrong) + "\n"))

    code = main(["policy", "decide", "--policy", str(POLICIES / f"{name}.yml")])

    error = capsys.readouterr().err
    assert code == 2
    assert error.count("\n") == 1
    assert "below the least possible" in error

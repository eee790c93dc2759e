"""`amends policy` reads facts as JSON lines and says in one sentence what is wrong with them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from amends.cli.main import main

POLICIES = Path(__file__).parents[2] / "policies"
RETAIL = str(POLICIES / "retail.yml")
LATE = {
    "category": "not_received",
    "order_found": True,
    "order_state": "late",
    "days_late": 8,
    "currency": "EUR",
    "order_total_minor": 4990,
    "shipping_paid_minor": 495,
}


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(*lines: object) -> None:
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))

    return give


def policy(*arguments: str) -> int:
    return main(["policy", *arguments])


class TestDecide:
    def test_given_facts_beside_the_id_or_under_facts_then_the_same_decision(
        self, feed: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        feed({"id": 1, **LATE}, "", {"id": 1, "facts": LATE})

        code = policy("decide", "--policy", RETAIL, "--date", "2026-03-01")

        first, second = capsys.readouterr().out.splitlines()
        assert (code, first) == (0, second)
        row = json.loads(first)
        assert (row["id"], row["outcome"], row["caps"]) == (1, "remedy", [])
        assert row["remedies"][1] == {
            "kind": "voucher",
            "recovery": "compensatory",
            "part": "goodwill",
            "amount_minor": 499,
            "currency": "EUR",
            "quantity": None,
            "clauses": ["late-voucher"],
        }
        assert row["clauses"] == ["late-shipping-fee", "late-voucher", "late-chased"]
        assert row["explanation"]

    def test_given_rung_and_role_then_they_count(
        self, feed: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        feed(LATE, {"category": "staff_conduct"})

        policy("decide", "--policy", RETAIL, "--date", "2026-03-01", "--rung", "1")
        late, rude = map(json.loads, capsys.readouterr().out.splitlines())
        feed({"category": "staff_conduct"})
        policy("decide", "--policy", RETAIL, "--date", "2026-03-01", "--role", "agent")
        heard = json.loads(capsys.readouterr().out)

        assert late["remedies"][1]["amount_minor"] == 749
        assert rude["outcome"] == "person"
        assert (heard["id"], heard["outcome"]) == (None, "remedy")

    @pytest.mark.parametrize(
        ("line", "complaint"),
        [
            ("{", "line 2: not JSON"),
            ("[]", "line 2: expected an object"),
            ({"days_lat": 3}, "line 2: fact days_lat: the policy declares no such fact"),
            ({"days_late": "3"}, "line 2: fact days_late: '3' is not a whole number"),
            ({"facts": 3}, "line 2: facts must be an object"),
            ({"facts": {}, "days_late": 3}, "line 2: facts stand under facts or beside id"),
        ],
    )
    def test_given_bad_input_then_one_sentence_names_the_line(
        self, feed: Any, capsys: pytest.CaptureFixture[str], line: object, complaint: str
    ) -> None:
        feed(LATE, line)

        code = policy("decide", "--policy", RETAIL, "--date", "2026-03-01")

        error = capsys.readouterr().err
        assert code == 2
        assert complaint in error
        assert error.count("\n") == 1

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (("--policy", "none.yml"), "none.yml: cannot be read"),
            (("--policy", RETAIL, "--date", "1999-01-01"), "no version in force on 1999-01-01"),
            (("--policy", RETAIL, "--date", "soon"), "'soon' is not a day"),
            (("--policy", RETAIL, "--rung", "-1"), "the first rung is 0"),
        ],
    )
    def test_given_a_bad_option_then_one_sentence(
        self,
        feed: Any,
        capsys: pytest.CaptureFixture[str],
        arguments: tuple[str, ...],
        complaint: str,
    ) -> None:
        feed(LATE)

        assert policy("decide", *arguments) == 2
        assert complaint in capsys.readouterr().err


class TestOtherCommands:
    def test_explain_prints_the_reasoning(
        self, feed: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        feed({"id": "x", **LATE})

        assert policy("explain", "--policy", RETAIL, "--date", "2026-03-01") == 0

        text = capsys.readouterr().out
        assert "== x ==" in text
        assert "10 % of order_total_minor 49.90 EUR" in text

    def test_check_and_test_agree_with_the_shipped_policy(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert policy("check", RETAIL) == 0
        assert policy("test", str(POLICIES / "retail.cases.yml")) == 0

        assert "0 warning(s)" in capsys.readouterr().out

    def test_given_a_case_that_disagrees_then_it_is_shown_and_the_code_is_1(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "retail.yml").write_text(Path(RETAIL).read_text("utf-8"), "utf-8")
        cases = tmp_path / "x.cases.yml"
        cases.write_text(
            "policy: retail.yml\ncases:\n  - {case: Wrong, date: 2026-03-01, "
            "facts: {category: staff_conduct}, expect: {outcome: none}}\n",
            "utf-8",
        )

        assert policy("test", str(cases)) == 1
        assert "outcome: expected none, decided person" in capsys.readouterr().out

    def test_given_a_broken_policy_then_check_says_where(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        broken = tmp_path / "broken.yml"
        broken.write_text(Path(RETAIL).read_text("utf-8").replace("title:", "titel:", 1), "utf-8")

        assert policy("check", str(broken)) == 2
        assert "unknown key titel; did you mean title?" in capsys.readouterr().err

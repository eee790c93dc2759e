"""`amends policy simulate` on the database, and `amends policy diff`."""

from datetime import timedelta
from pathlib import Path

import pytest

from amends.cli.main import main
from tests.cli.two_policies import RETAIL, as_json, folder
from tests.compensation.steps import decide, decline, late_chat, offered
from tests.support.shop import NOW, Shop, shop

__all__ = ["folder", "shop"]  # fixtures


class TestSimulateDatabase:
    @pytest.fixture
    def today(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
        """The shop, whose database the settings name, ten days after it opened."""
        monkeypatch.setenv("AMENDS_VAR_DIR", str(shop.app.settings.var_dir))
        monkeypatch.setenv("AMENDS_DATABASE_URL", shop.db.url.render_as_string())
        monkeypatch.setattr("amends.cli.policy_compare.utc_now", lambda: NOW + timedelta(days=10))
        return shop

    @pytest.fixture
    def meaner(self, tmp_path: Path) -> str:
        """The retail policy, from the tenth of March without the voucher for late parcels."""
        text = Path(RETAIL).read_text("utf-8")
        first = '  - id: "2026-01"\n    valid_from: 2026-01-01\n'
        assert first in text
        later = (
            '  - id: next\n    based_on: "2026-01"\n    valid_from: 2026-03-10\n'
            "    without_clauses: [late-voucher]\n"
        )
        file = tmp_path / "meaner.yml"
        limited = text.replace(first, f"{first}    valid_to: 2026-03-09\n")
        file.write_text(limited + later, "utf-8")
        return str(file)

    def test_given_decided_cases_then_they_are_asked_again(
        self, today: Shop, meaner: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        chat = late_chat(today)
        decide(today, chat.case)

        assert main(["policy", "simulate", meaner, "--json"]) == 0

        found = as_json(capsys)
        assert (found["cases"], found["cases_without_all_facts"]) == (1, 0)
        assert (found["old"]["version"], found["new"]["version"]) == ("2026-01", "next")
        (changed,) = found["less"]["GBP"]["biggest"]
        assert changed["id"] == chat.case.number
        assert changed["group"] == "not_received"
        assert found["remedies"]["voucher"] == {"old": 1, "new": 0, "difference": -1}
        assert found["remedies"]["refund"] == {"old": 1, "new": 1, "difference": 0}

    def test_given_an_offer_declined_in_reality_then_the_next_rung_is_compared(
        self, today: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        chat = late_chat(today)
        first = offered(today, chat)
        decline(today, first)

        main(["policy", "simulate", RETAIL, "--json"])

        given = sum(one.amount.amount_minor for one in first.remedies if one.amount)
        assert as_json(capsys)["cost"]["GBP"]["total"]["old_minor"] > given

    def test_given_cases_before_the_days_asked_for_then_they_fill_the_caps_only(
        self, today: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        decide(today, late_chat(today).case)
        today.clock.forward(days=8)
        decide(today, late_chat(today).case)

        main(["policy", "simulate", RETAIL, "--days", "5", "--json"])

        found = as_json(capsys)
        assert (found["cases"], found["cases_before"]) == (1, 1)

    def test_given_no_case_in_those_days_then_it_says_so(
        self, today: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["policy", "simulate", RETAIL]) == 0

        assert capsys.readouterr().out.startswith("No cases")

    def test_given_a_database_nobody_can_reach_then_one_sentence(
        self, today: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        url = "postgresql+psycopg://nobody@127.0.0.1:1/amends"
        monkeypatch.setenv("AMENDS_DATABASE_URL", url)

        assert main(["policy", "simulate", RETAIL]) == 2

        said = capsys.readouterr().err
        assert "The database cannot be read" in said
        assert said.count("\n") == 1


class TestDiff:
    def test_given_policies_that_differ_then_sentences_and_the_code_is_1(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main(["policy", "diff", str(folder / "old.yml"), str(folder / "new.yml")])

        said = capsys.readouterr().out
        assert code == 1
        assert "late-voucher (changed)" in said
        assert "The voucher was 5.00 EUR and is now 8.00 EUR." in said
        assert said.endswith("1 difference(s).\n")

    def test_given_the_same_policy_then_the_code_is_0(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["policy", "diff", RETAIL, RETAIL, "--date", "2026-03-01"]) == 0

        assert "They say the same." in capsys.readouterr().out

    def test_given_two_versions_of_one_file_then_they_are_compared(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = folder / "old.yml"
        text = file.read_text("utf-8")
        caps = "{per_day: {EUR: 9, JPY: 1}}"
        later = f"  - {{id: next, based_on: '1', valid_from: 2027-01-01, caps: {caps}}}\n"
        head, tail = text.split("valid_from: 2026-01-01\n")
        file.write_text(f"{head}valid_from: 2026-01-01\n    valid_to: 2026-12-31\n{tail}{later}")

        code = main(["policy", "diff", str(file), "--versions", "1", "next", "--json"])

        found = as_json(capsys)
        assert (code, found["same"]) == (1, False)
        assert [one["place"] for one in found["differences"]] == ["per_day"]
        assert (found["old"]["version"], found["new"]["version"]) == ("1", "next")

    def test_given_only_the_last_day_differs_then_it_is_said(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = (folder / "old.yml").read_text("utf-8")
        first = "valid_from: 2026-01-01\n"
        limited = text.replace(first, f"{first}    valid_to: 2026-12-31\n")
        (folder / "limited.yml").write_text(limited, "utf-8")
        files = [str(folder / "old.yml"), str(folder / "limited.yml")]

        assert main(["policy", "diff", *files, "--date", "2026-03-01"]) == 1

        assert "The last day was not given and is now 2026-12-31." in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            ((RETAIL,), "diff compares two files, or two --versions of one"),
            ((RETAIL, "none.yml"), "none.yml: cannot be read"),
            ((RETAIL, RETAIL, "--date", "soon"), "--date 'soon' is not a day"),
            ((RETAIL, RETAIL, "--date", "1999-01-01"), "no version in force on 1999-01-01"),
            ((RETAIL, "--versions", "2026-01", "x"), "has no version 'x'; it has 2026-01"),
        ],
    )
    def test_given_bad_input_then_one_sentence_and_the_code_is_2(
        self, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], complaint: str
    ) -> None:
        assert main(["policy", "diff", *arguments]) == 2

        said = capsys.readouterr().err
        assert complaint in said
        assert said.count("\n") == 1

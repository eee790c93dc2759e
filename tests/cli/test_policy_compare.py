"""`amends policy simulate | diff`: from files and from the database, as tables, JSON and a page."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from amends.cli.main import main
from amends.values import Json
from tests.compensation.policy_texts import policy_text
from tests.compensation.steps import decide, decline, late_chat, offered
from tests.support.shop import NOW, Shop, shop

__all__ = ["shop"]  # a fixture

POLICIES = Path(__file__).parents[2] / "policies"
RETAIL = str(POLICIES / "retail.yml")
VOUCHER = """
- id: late-voucher
  title: A voucher for a late parcel
  source: House rule
  part: goodwill
  when: {category: late}
  grant: [{remedy: voucher, amount: {EUR: %s, JPY: 800}}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the policies old.yml (vouchers of 5 euros) and new.yml (of 8)."""
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path / "var"))
    for name, euros in (("old", 5), ("new", 8)):
        text = policy_text(VOUCHER % euros).replace(
            "about: What it is about,",
            "about: What it is about, every_value_needs_a_clause: true,",
        )
        (tmp_path / f"{name}.yml").write_text(text, "utf-8")
    return tmp_path


def write_rows(folder: Path, *rows: object) -> str:
    file = folder / "cases.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return str(file)


def late(row_id: object = 1, **keys: Any) -> Json:
    return {"id": row_id, "facts": {"category": "late", "currency": "EUR"}, **keys}


def simulate(folder: Path, *arguments: str) -> int:
    old, new = str(folder / "old.yml"), str(folder / "new.yml")
    return main(["policy", "simulate", new, "--against", old, *arguments])


def as_json(capsys: pytest.CaptureFixture[str]) -> Json:
    found: Json = json.loads(capsys.readouterr().out)
    return found


class TestSimulateFiles:
    def test_given_rows_then_cost_outcomes_and_who_gets_more(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = write_rows(folder, late("a"), {"id": "b", "facts": {"category": "odd"}}, late("c"))

        code = simulate(folder, "--facts", rows, "--date", "2026-03-01", "--json")

        found = as_json(capsys)
        assert (code, found["cases"]) == (0, 3)
        goodwill = {"old_minor": 1000, "new_minor": 1600, "difference_minor": 600}
        assert found["cost"]["EUR"]["goodwill"] == goodwill
        assert found["cost"]["EUR"]["entitlement"]["new_minor"] == 0
        assert found["outcomes"] == [
            {"old": "person", "new": "person", "cases": 1},
            {"old": "remedy", "new": "remedy", "cases": 2},
        ]
        biggest = found["more"]["EUR"]["biggest"]
        assert [(one["id"], one["difference_minor"]) for one in biggest] == [("a", 300), ("c", 300)]
        assert biggest[0]["new"]["clauses"] == ["late-voucher"]
        assert found["by"]["fact"] == "category"
        assert found["by"]["values"]["late"]["cases"] == 2
        assert (found["old"]["file"], found["new"]["file"]) == ("old.yml", "new.yml")
        assert found["facts"]["never_known"][:2] == ["days", "limit_days"]

    def test_given_no_json_then_the_same_as_tables_with_what_is_taken_for_granted(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = write_rows(folder, late("a[b]\ud800"))

        simulate(folder, "--facts", rows, "--date", "2026-03-01")

        said = capsys.readouterr().out
        assert "8.00 EUR instead of 5.00 EUR (+3.00 EUR); 1 case gets more" in said
        assert "a[b]\\ud800 (late): 5.00 EUR -> 8.00 EUR, +3.00 EUR" in said
        assert "old: late-voucher; new: late-voucher" in said
        assert "Never known in these cases" in said
        assert "accepts the first alternative" in said

    def test_given_the_same_policy_twice_then_nothing_differs(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = write_rows(folder, late("a", at="2026-03-01T09:00:00Z", customer=7), late("b"))
        same = ["policy", "simulate", RETAIL, "--against", RETAIL, "--date", "2026-03-01", "--json"]

        assert main([*same, "--facts", rows]) == 0

        found = as_json(capsys)
        assert (found["more"], found["less"], found["differences"]) == ({}, {}, {})
        assert found["same_money_other_remedies"] == 0

    def test_given_rows_out_of_order_then_time_decides_whose_gift_the_cap_cuts(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("old", "new"):
            file = folder / f"{name}.yml"
            caps = "caps: {per_day: {EUR: 12, JPY: 9000}}\nversions:"
            file.write_text(file.read_text("utf-8").replace("versions:", caps), "utf-8")
        rows = write_rows(
            folder,
            late("evening", at="2026-03-01T20:00:00Z"),
            late("next day", at="2026-03-02T00:30:00+02:00"),  # still the first of March in UTC
            late("morning", at="2026-03-01T08:00:00Z"),
            late("midnight", at="2026-03-01"),
        )

        simulate(folder, "--facts", rows, "--date", "2026-03-01", "--json")

        found = as_json(capsys)
        assert found["cost"]["EUR"]["goodwill"] == {
            "old_minor": 1200,
            "new_minor": 1200,
            "difference_minor": 0,
        }
        assert [one["id"] for one in found["more"]["EUR"]["biggest"]] == ["midnight"]
        assert [one["id"] for one in found["less"]["EUR"]["biggest"]] == ["evening", "morning"]
        assert found["caps"]["per_day"] == {"old": 2, "new": 3, "difference": 1}

    def test_given_refused_facts_then_counted_and_shown(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = write_rows(folder, late(), {"id": "x", "facts": {"categroy": "late"}})

        code = simulate(folder, "--facts", rows, "--date", "2026-03-01")

        said = capsys.readouterr().out
        assert code == 0
        assert "In no sum, because a policy refuses their facts: 1 case." in said
        assert "fact categroy: the policy declares no such fact; did you mean category?" in said

    def test_given_no_rows_then_it_says_so(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert simulate(folder, "--facts", write_rows(folder, ""), "--date", "2026-03-01") == 0

        assert capsys.readouterr().out.startswith("No cases, decided by both policies.")

    @pytest.mark.parametrize(
        ("row", "complaint"),
        [
            ("{", "line 2 is not JSON"),
            ("[]", "line 2 is not an object"),
            ({"id": 1}, "line 2: facts is missing"),
            ({"facts": {}}, "line 2: id is missing"),
            ({"id": [], "facts": {}}, "line 2: id [] is neither text nor a number"),
            ({"id": 1, "facts": 3}, "line 2: facts must be an object"),
            (late(when="now"), "line 2: unknown key when; known are id, at"),
            (late(at="soon"), "line 2: at 'soon' is not a time such as"),
            (late(at=5), "line 2: at 5 is not a time such as"),
            (late(at="0001-01-01T00:00:00+14:00"), "is not a time such as"),
            (late(at="1969-12-31"), "line 2: at 1969-12-31 is before 1970-01-01"),
            (late(at="2026-03-01T09:00"), "has no time zone; write 2026-03-01T09:00Z for UTC"),
            (late(customer={}), "line 2: customer {} is neither text nor a number"),
            (late(declined=-1), "line 2: declined -1 is not a number of offers"),
        ],
    )
    def test_given_a_row_that_cannot_be_used_then_one_sentence_names_its_line(
        self, folder: Path, capsys: pytest.CaptureFixture[str], row: object, complaint: str
    ) -> None:
        code = simulate(folder, "--facts", write_rows(folder, late(), row))

        said = capsys.readouterr()
        assert (code, said.out) == (2, "")
        assert complaint in said.err
        assert said.err.count("\n") == 1

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (("--facts", "none.jsonl"), "none.jsonl cannot be read: No such file"),
            (("--facts", "none.jsonl", "--days", "3"), "with --facts all rows are taken"),
            (("--days", "0"), "--days is 0; give 1 to"),
            (("--date", "soon"), "--date 'soon' is not a day"),
            (("--date", "1999-01-01"), "no version in force on 1999-01-01"),
            ((), "There is no database of this version yet"),
        ],
    )
    def test_given_an_option_that_cannot_be_used_then_one_sentence(
        self,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        arguments: tuple[str, ...],
        complaint: str,
    ) -> None:
        code = simulate(folder, *arguments)

        assert code == 2
        assert complaint in capsys.readouterr().err


class TestReport:
    def test_given_out_then_a_page_with_plots_that_needs_nothing_else(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = write_rows(folder, late("<script>alert(1)</script>"), late("b"))
        out = folder / "report"

        simulate(folder, "--facts", rows, "--date", "2026-03-01", "--out", str(out))

        page = (out / "simulation.html").read_text("utf-8")
        assert f"Report: {out / 'simulation.html'}" in capsys.readouterr().out
        assert page.count("<svg") == 2
        assert "Cost in EUR, by category" in page
        assert "late, old: 10.00 EUR" in page
        assert "2.00 EUR to 5.00 EUR more: 2 cases" in page
        assert "<script" not in page
        assert not re.search(r"""(src|href)=|url\(|@import|https?://""", page)
        _WellFormed().feed(page)

    def test_given_out_then_the_json_beside_it_is_the_one_that_is_printed(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = write_rows(folder, late())
        options = ("--facts", rows, "--date", "2026-03-01", "--out", str(folder / "out"), "--json")

        simulate(folder, *options)
        first = capsys.readouterr().out
        simulate(folder, *options)
        second = capsys.readouterr().out

        assert first == second == (folder / "out" / "simulation.json").read_text("utf-8")

    def test_given_a_folder_that_cannot_be_written_then_one_sentence(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = write_rows(folder, late())

        code = simulate(folder, "--facts", rows, "--date", "2026-03-01", "--out", rows)

        assert code == 2
        assert "cannot be written" in capsys.readouterr().err


class _WellFormed(HTMLParser):
    """Fails on a page whose elements are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, tag


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

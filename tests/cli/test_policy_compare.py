"""`amends policy simulate`: from files, as tables, JSON and a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from amends.cli.main import main
from tests.cli.two_policies import RETAIL, as_json, folder, late, simulate, write_rows

__all__ = ["folder"]  # a fixture


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

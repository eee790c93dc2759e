"""The file of business hours: what it may say, what a mistake is told, and what an editor marks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from amends.handoff.errors import HoursError
from amends.handoff.hours import Hours, Span
from amends.handoff.load_hours import load_hours
from tests.support.shop import NOW, PROJECT

SHIPPED = PROJECT / "policies" / "hours.yml"
GOOD = """
time_zone: Europe/London
week:
  monday: 09:00-18:00
  tuesday: [13:30 – 18:00, 09:00 - 12:30]
  wednesday: 9:00-18:00
  thursday: 09:00-18:00
  friday: 22:00-02:00
  saturday: closed
  sunday: 00:00-24:00
holidays:
  - {date: 2026-12-24, name: Christmas Eve, open: 09:00-13:00}
  - {date: 2026-12-25, name: Christmas Day}
"""
MISTAKES = [
    (("Europe/London", "Europe/Londn"), ["time_zone", "did you mean Europe/London?"]),
    (("Europe/London", "London time"), ["time_zone", "London time"]),
    (("Europe/London", "../etc/passwd"), ["time_zone"]),
    (("time_zone: Europe/London", ""), ["time_zone"]),
    (("  saturday: closed\n", ""), ["week, saturday"]),
    (("saturday: closed", "saturday: shut"), ["week, saturday", "'shut'", "09:00-17:30", "closed"]),
    (("saturday: closed", "saturday: []"), ["week, saturday", "closed"]),
    (("saturday: closed", "saturday:"), ["week, saturday", "closed"]),
    (("saturday: closed", "saturday: 9"), ["week, saturday", "09:00-17:30"]),
    (("saturday: closed", "Saturday: closed"), ["saturday"]),
    (("monday: 09:00-18:00", "monday: 09:00-25:00"), ["week, monday", "25:00"]),
    (("monday: 09:00-18:00", "monday: 09:60-18:00"), ["week, monday", "09:60"]),
    (("monday: 09:00-18:00", "monday: 09:00-09:00"), ["week, monday", "00:00-24:00"]),
    (("monday: 09:00-18:00", "monday: 24:00-02:00"), ["week, monday", "next day"]),
    (("09:00 - 12:30", "09:00 - 14:00"), ["tuesday", "09:00-14:00", "13:30-18:00", "overlap"]),
    (("2026-12-25", "2026-12-24"), ["holiday 2026-12-24 stands twice"]),
    (("2026-12-25", "2026-02-30"), ["day"]),
    (("2026-12-25", "25.12.2026"), ["holiday 25.12.2026", "date"]),
    (("2026-12-25", "20261225"), ["holiday 20261225", "date"]),
    ((", name: Christmas Day", ""), ["holiday 2026-12-25", "name"]),
    (("open: 09:00-13:00", "hours: 09:00-13:00"), ["holiday 2026-12-24", "hours"]),
    (("holidays:", "feasts:"), ["feasts"]),
    (("week:", "weeks:"), ["week"]),
]


def loaded(folder: Path, text: str) -> Hours:
    (folder / "hours.yml").write_text(text, encoding="utf-8")
    return load_hours(folder / "hours.yml")


class TestLoadHours:
    def test_given_a_good_file_when_loaded_then_each_day_has_its_spans(
        self, tmp_path: Path
    ) -> None:
        hours = loaded(tmp_path, GOOD)

        day = Span(9 * 60, 18 * 60)
        assert hours.zone.key == "Europe/London"
        assert hours.week == (
            (day,), (Span(540, 750), Span(810, 1080)), (day,), (day,), (Span(1320, 1560),), (),
            (Span(0, 1440),),
        )  # fmt: skip
        assert hours.holidays[date(2026, 12, 24)].spans == (Span(540, 780),)
        assert hours.holidays[date(2026, 12, 25)].name == "Christmas Day"
        assert hours.spans_of(date(2026, 12, 25)) == ()

    @pytest.mark.parametrize("holidays", ["", "holidays:", "holidays: []"])
    def test_given_no_holidays_when_loaded_then_the_week_holds(
        self, tmp_path: Path, holidays: str
    ) -> None:
        text = GOOD[: GOOD.index("holidays:")] + holidays

        assert loaded(tmp_path, text).holidays == {}

    @pytest.mark.parametrize(("change", "named"), MISTAKES)
    def test_given_a_mistake_when_loaded_then_one_sentence_says_where_and_what(
        self, tmp_path: Path, change: tuple[str, str], named: list[str]
    ) -> None:
        broken = GOOD.replace(*change)
        assert broken != GOOD

        with pytest.raises(HoursError) as refused:
            loaded(tmp_path, broken)

        sentence = str(refused.value)
        assert all(word in sentence for word in ("hours.yml", *named)), sentence
        assert "\n" not in sentence
        assert "Value error" not in sentence

    def test_given_no_day_open_when_loaded_then_refused(self, tmp_path: Path) -> None:
        days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        week = "\n".join(f"  {day}: closed" for day in days)

        with pytest.raises(HoursError, match="every day is closed"):
            loaded(tmp_path, f"time_zone: UTC\nweek:\n{week}\n")

    @pytest.mark.parametrize("text", ["", "- a list", "a: [", "week: 3"])
    def test_given_no_table_when_loaded_then_refused_in_a_sentence(
        self, tmp_path: Path, text: str
    ) -> None:
        with pytest.raises(HoursError, match=r"hours\.yml[^\n]*\.$"):
            loaded(tmp_path, text)

    def test_given_no_file_when_loaded_then_refused_in_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(HoursError, match="cannot be read"):
            load_hours(tmp_path / "none.yml")


class TestShippedHours:
    def test_given_the_hours_that_ship_when_asked_then_a_trial_works_at_any_time(self) -> None:
        hours = load_hours(SHIPPED)

        assert hours.is_open(NOW)
        assert all(spans == (Span(0, 1440),) for spans in hours.week)

    def test_given_the_example_in_the_file_when_used_then_it_loads(self, tmp_path: Path) -> None:
        lines = SHIPPED.read_text(encoding="utf-8").splitlines()
        week, end = (next(i for i, line in enumerate(lines) if words in line)
                     for words in ("#   week:", "# After a change"))  # fmt: skip
        example = "\n".join(line[4:] for line in lines[week : end - 1])

        hours = loaded(tmp_path, f"time_zone: Europe/London\n{example}\n")

        assert hours.week[5:] == ((), ())
        assert len(hours.holidays) == 2


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="an optional tool for developers")
    schema = json.loads((PROJECT / "policies" / "hours.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_json(text: str) -> Any:
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


class TestSchema:
    @pytest.mark.parametrize("text", [GOOD, SHIPPED.read_text("utf-8")], ids=["good", "shipped"])
    def test_given_a_good_file_when_edited_then_nothing_is_marked(
        self, validator: Any, text: str
    ) -> None:
        assert list(validator.iter_errors(as_json(text))) == []

    @pytest.mark.parametrize(
        "change",
        [change for change, named in MISTAKES if not {"overlap", "day", "next day"} & set(named)
         and not any("twice" in n or "time_zone" in n or "00:00-24:00" in n for n in named)],
        ids=lambda change: change[1].strip()[:30] or change[0].strip()[:30],
    )  # fmt: skip
    def test_given_a_mistake_of_form_when_edited_then_it_is_marked(
        self, validator: Any, change: tuple[str, str]
    ) -> None:
        assert not validator.is_valid(as_json(GOOD.replace(*change)))

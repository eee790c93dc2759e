"""The table of thresholds: which rows fire, and what a broken file is told."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.handoff.assess import assess
from amends.handoff.decide import rows_fired
from amends.handoff.errors import ThresholdsError
from amends.handoff.model import Assessment, Severity, Signal
from amends.handoff.thresholds import Flag, ThresholdRow, Thresholds, When, load_thresholds
from tests.support.shop import PROJECT

TABLE = load_thresholds(PROJECT / "policies" / "handoff.yml")
FLAGS = Flag.__args__
CALM = Assessment(
    severity=Severity.LOW,
    safety=False,
    complexity=1,
    impact_minor=0,
    immediate=False,
    sentiment=0.0,
    negative_run=0,
    flags=frozenset(),
    waiting_hours=0.0,
    repeat_complaint=False,
    failed_attempts=0,
    message_count=1,
)
SIGNAL = Signal(0.0, "neu", frozenset(), Severity.MEDIUM, False, None, 0, None, "give_detail", 0.9)
FURIOUS = replace(CALM, sentiment=-0.95, severity=Severity.HIGH)

ASSESSMENTS = st.builds(
    Assessment,
    severity=st.sampled_from(Severity),
    safety=st.booleans(),
    complexity=st.integers(0, 6),
    impact_minor=st.integers(0, 100_000),
    immediate=st.booleans(),
    sentiment=st.floats(-1, 1),
    negative_run=st.integers(0, 6),
    flags=st.frozensets(st.sampled_from(FLAGS), max_size=3),
    waiting_hours=st.floats(0, 1000),
    repeat_complaint=st.booleans(),
    failed_attempts=st.integers(0, 4),
    message_count=st.integers(1, 20),
    moods=st.lists(st.floats(-1, 1), max_size=4).map(tuple),
    times_asked=st.integers(0, 4),
    unanswered_minutes=st.integers(0, 200),
    last_offer_refused=st.booleans(),
)
WORSE = st.fixed_dictionaries(
    {
        "severity": st.integers(0, 3),
        "sentiment": st.floats(0, 1),
        "negative_run": st.integers(0, 3),
        "complexity": st.integers(0, 3),
        "impact_minor": st.integers(0, 10_000),
        "waiting_hours": st.floats(0, 100),
        "failed_attempts": st.integers(0, 3),
        "times_asked": st.integers(0, 3),
        "unanswered_minutes": st.integers(0, 100),
        "flags": st.frozensets(st.sampled_from(FLAGS), max_size=3),
    }
)


def fired(assessment: Assessment, table: Thresholds = TABLE) -> list[str]:
    return [row.id for row in rows_fired(table, assessment)]


def row(**when: object) -> Thresholds:
    only = ThresholdRow(id="only", title="The only one", priority=2, when=When(**when))
    return replace(TABLE, rows=(only,))


class TestRowsFired:
    def test_given_a_calm_complaint_when_decided_then_nobody_is_asked(self) -> None:
        assert fired(CALM) == []

    @pytest.mark.parametrize("flag", FLAGS)
    def test_given_a_grave_flag_when_decided_then_a_person_is_asked_at_once(
        self, flag: str
    ) -> None:
        assert fired(replace(CALM, flags=frozenset({flag})))

    def test_given_danger_and_anger_when_decided_then_danger_comes_first(self) -> None:
        worst = replace(FURIOUS, flags=frozenset({"self_harm", "media"}))

        found = rows_fired(TABLE, worst)

        assert found[0].id == "self_harm"
        assert [one.priority for one in found] == sorted(one.priority for one in found)
        assert {"self_harm", "media", "furious"} <= {one.id for one in found}

    def test_given_two_conditions_when_one_holds_then_the_row_is_silent(self) -> None:
        both = row(severity_at_least="high", sentiment_below=-0.6)

        assert fired(FURIOUS, both) == ["only"]
        assert fired(replace(FURIOUS, severity=Severity.MEDIUM), both) == []
        assert fired(replace(FURIOUS, sentiment=-0.6), both) == [], "below means below"

    @pytest.mark.parametrize(
        ("when", "holds", "fails"),
        [
            ({"flags": ["legal", "media"]}, {"flags": {"media"}}, {"flags": {"fraud"}}),
            ({"severity_at_least": "high"}, {"severity": Severity.HIGH}, {"severity": "medium"}),
            ({"sentiment_below": -0.5}, {"sentiment": -0.51}, {"sentiment": -0.5}),
            ({"negative_run_at_least": 2}, {"negative_run": 2}, {"negative_run": 1}),
            ({"waiting_hours_at_least": 3}, {"waiting_hours": 3.0}, {"waiting_hours": 2.9}),
            ({"problems_at_least": 3}, {"complexity": 3}, {"complexity": 2}),
            ({"failed_attempts_at_least": 2}, {"failed_attempts": 2}, {"failed_attempts": 1}),
            ({"impact_at_least": 100}, {"impact_minor": 100}, {"impact_minor": 99}),
            ({"repeat_complaint": True}, {"repeat_complaint": True}, {"repeat_complaint": False}),
            ({"times_asked_at_least": 3}, {"times_asked": 3}, {"times_asked": 2}),
            (
                {"unanswered_minutes_at_least": 60},
                {"unanswered_minutes": 60},
                {"unanswered_minutes": 59},
            ),
            (
                {"last_offer_refused": True},
                {"last_offer_refused": True},
                {"last_offer_refused": False},
            ),
        ],
    )
    def test_given_each_condition_when_met_exactly_then_it_holds_and_not_below(
        self, when: dict[str, object], holds: dict[str, object], fails: dict[str, object]
    ) -> None:
        severities = {
            name: Severity(value) if name == "severity" else value for name, value in fails.items()
        }

        assert fired(replace(CALM, **holds), row(**when)) == ["only"]
        assert fired(replace(CALM, **severities), row(**when)) == []

    @given(ASSESSMENTS, WORSE)
    def test_given_it_gets_worse_when_decided_then_no_row_falls_silent(
        self, found: Assessment, worse: dict[str, object]
    ) -> None:
        rank = min(3, found.severity.rank + worse["severity"])
        graver = replace(
            found,
            severity=list(Severity)[rank],
            sentiment=max(-1.0, found.sentiment - worse["sentiment"]),
            flags=found.flags | worse["flags"],
            repeat_complaint=True,
            last_offer_refused=True,
            **{
                name: getattr(found, name) + worse[name]
                for name in (
                    "negative_run",
                    "complexity",
                    "impact_minor",
                    "waiting_hours",
                    "failed_attempts",
                    "times_asked",
                    "unanswered_minutes",
                )
            },
        )

        assert set(fired(found)) <= set(fired(graver))


class TestMoodAboutTheLimit:
    STEADY = row(sentiment_below=-0.5, calm_above=-0.2)

    @pytest.mark.parametrize(
        ("moods", "now", "holds"),
        [
            ((), -0.5, False),
            ((), -0.51, True),
            ((-0.51,), -0.49, True),  # it was below, and is not calm yet
            ((-0.51, -0.3), -0.2, True),
            ((-0.51,), -0.19, False),
            ((-0.51, -0.1), -0.4, False),  # calm in between: it must fall below again
            ((-0.51, -0.1), -0.6, True),
            ((-0.49, -0.3), -0.45, False),
        ],
    )
    def test_given_a_course_when_decided_then_below_lasts_until_calm(
        self, moods: tuple[float, ...], now: float, holds: bool
    ) -> None:
        found = replace(CALM, moods=moods, sentiment=now)

        assert bool(fired(found, self.STEADY)) is holds

    @given(st.lists(st.floats(-0.6, -0.4), min_size=2, max_size=30))
    def test_given_a_mood_about_the_limit_when_it_wavers_then_the_row_changes_at_most_once(
        self, moods: list[float]
    ) -> None:
        said = [
            bool(fired(replace(CALM, moods=tuple(moods[:n]), sentiment=moods[n]), self.STEADY))
            for n in range(len(moods))
        ]

        assert said == sorted(said), "once it fires it does not fall silent"

    def test_given_three_outbursts_with_plain_answers_between_when_looked_at_then_one_row_fires(
        self,
    ) -> None:
        angry = replace(SIGNAL, sentiment=-0.9, sentiment_label="neg")
        course = [angry, SIGNAL, angry, angry, SIGNAL]

        found = ["angrier" in fired(assess(course[: n + 1])) for n in range(len(course))]

        assert found == [False, False, False, True, True]


GOOD = """
targets: {answer_minutes: 20, limit_hours: 2}
rows:
  - {id: first, title: The first, priority: 1, when: {flags: [safety]}}
  - {id: second, title: The second, priority: 4, when: {repeat_complaint: true}}
"""


class TestLoadThresholds:
    def test_given_a_good_file_when_loaded_then_rows_and_targets_are_there(
        self, tmp_path: Path
    ) -> None:
        table = loaded(tmp_path, GOOD)

        assert [one.id for one in table.rows] == ["first", "second"]
        assert (table.answer_within.seconds, table.limit_within.seconds) == (1200, 7200)
        assert (table.queue_limit, table.gone_after.seconds, table.silent_after.seconds) == (
            10, 300, 900,
        ), "older files say nothing of these"  # fmt: skip
        assert table.row("second") == table.rows[1]
        assert table.row("third") is None

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            (("flags: [safety]", "flags: [safty]"), ["row first", "when", "flags"]),
            (("flags: [safety]", "flag: [safety]"), ["row first", "when", "flag"]),
            (("{flags: [safety]}", "{}"), ["row first", "at least one condition"]),
            (("priority: 4", "priority: 5"), ["row second", "priority"]),
            (("priority: 4, ", ""), ["row second", "priority"]),
            (("id: second", "id: first"), ["first", "stands twice"]),
            (("id: second", "id: Second!"), ["row Second!", "id"]),
            (("repeat_complaint: true", "repeat_complaint: false"), ["row second", "repeat"]),
            (("answer_minutes: 20", "answer_minutes: 0"), ["targets", "answer_minutes"]),
            (("answer_minutes: 20", "answer_hours: 1"), ["targets", "answer_"]),
            (("  - {id: first", "  - first\n  - {id: first"), ["row 0"]),
            (("targets:", "target:"), ["target"]),
            (("limit_hours: 2", "limit_hours: 2, queue_limit: 0"), ["targets", "queue_limit"]),
            (("limit_hours: 2", "limit_hours: 2, gone_minutes: x"), ["targets", "gone_minutes"]),
            (("limit_hours: 2", "limit_hours: 2, transfer_minutes: 0"), ["transfer_minutes"]),
            (("flags: [safety]", "calm_above: 0.1"), ["row first", "calm_above", "beside"]),
            (
                ("flags: [safety]", "sentiment_below: 0.1, calm_above: 0"),
                ["row first", "calm_above", "lower"],
            ),
        ],
    )
    def test_given_a_mistake_when_loaded_then_row_and_key_are_named(
        self, tmp_path: Path, change: tuple[str, str], named: list[str]
    ) -> None:
        broken = GOOD.replace(*change)
        assert broken != GOOD

        with pytest.raises(ThresholdsError) as refused:
            loaded(tmp_path, broken)

        sentence = str(refused.value)
        assert all(word in sentence for word in ("handoff.yml", *named)), sentence

    @pytest.mark.parametrize("text", ["", "rows: []", "- a list", "a: [", "a: 1\na: 2", "rows: 3"])
    def test_given_no_table_when_loaded_then_refused_in_a_sentence(
        self, tmp_path: Path, text: str
    ) -> None:
        with pytest.raises(ThresholdsError, match=r"handoff\.yml"):
            loaded(tmp_path, text)

    def test_given_no_file_or_no_text_when_loaded_then_refused_in_a_sentence(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(ThresholdsError, match="cannot be read"):
            load_thresholds(tmp_path / "none.yml")
        (tmp_path / "handoff.yml").write_bytes(b"\xff\xfe\x00rows")
        with pytest.raises(ThresholdsError, match="not UTF-8"):
            load_thresholds(tmp_path / "handoff.yml")


def loaded(folder: Path, text: str) -> Thresholds:
    (folder / "handoff.yml").write_text(text, encoding="utf-8")
    return load_thresholds(folder / "handoff.yml")

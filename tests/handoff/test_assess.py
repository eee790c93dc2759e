"""Assessment of a conversation from its messages."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.handoff.assess import Circumstances, assess, signal_of
from amends.handoff.model import Severity, Signal
from tests.support.shop import understanding

CALM = Signal(0.0, "neu", frozenset(), Severity.LOW, False, None, 0, None, "thank", 0.9)
ANGRY = replace(CALM, sentiment=-0.8, sentiment_label="neg")
PLEASED = replace(CALM, sentiment=0.6, sentiment_label="pos")
LOST = replace(CALM, intent="nlu_fallback")

SIGNALS = st.builds(
    Signal,
    sentiment=st.floats(-1, 1),
    sentiment_label=st.sampled_from(["neg", "neu", "pos"]),
    flags=st.frozensets(st.sampled_from(["safety", "legal", "self_harm"]), max_size=2),
    severity=st.sampled_from(Severity),
    complaint=st.booleans(),
    category=st.sampled_from([None, "not_received", "damaged_item", "staff_conduct"]),
    secondary_count=st.integers(0, 3),
    waiting_hours=st.one_of(st.none(), st.floats(0, 1000)),
    intent=st.sampled_from(["nlu_fallback", "thank", "report_damaged_item"]),
    confidence=st.floats(0, 1),
)


class TestAssess:
    def test_given_one_complaint_when_assessed_then_its_own_words_count(self) -> None:
        found = understanding(
            complaint=True, category="not_received", secondary=("staff_conduct",),
            sentiment=-0.5, sentiment_label="neg", severity="medium", waiting_hours=72.0,
            flags=frozenset({"legal"}),
        )  # fmt: skip

        about = Circumstances(
            impact_minor=5000, repeat_complaint=True, times_asked=2, unanswered_minutes=7,
            last_offer_refused=True,
        )  # fmt: skip

        got = assess([signal_of(found)], about)

        assert (got.severity, got.sentiment, got.negative_run) == (Severity.MEDIUM, -0.5, 1)
        assert (got.complexity, got.waiting_hours, got.impact_minor) == (2, 72.0, 5000)
        assert (got.flags, got.safety, got.immediate) == ({"legal"}, False, False)
        assert (got.repeat_complaint, got.failed_attempts, got.message_count) == (True, 0, 1)
        assert (got.times_asked, got.unanswered_minutes, got.last_offer_refused) == (2, 7, True)

    @pytest.mark.parametrize(
        ("flag", "safety", "immediate"),
        [
            ("safety", True, True),
            ("violence_threat", True, True),
            ("self_harm", False, True),
            ("harassment", False, True),
            ("legal", False, False),
            ("media", False, False),
        ],
    )
    def test_given_a_flag_when_assessed_then_danger_needs_action_at_once(
        self, flag: str, safety: bool, immediate: bool
    ) -> None:
        got = assess([replace(CALM, flags=frozenset({flag})), CALM])

        assert (got.safety, got.immediate) == (safety, immediate)

    def test_given_anger_and_then_a_plain_detail_when_assessed_then_the_anger_is_remembered(
        self,
    ) -> None:
        assert assess([ANGRY, CALM]).sentiment == pytest.approx(-0.8 * 0.6 / 1.6)
        assert assess([CALM, ANGRY]).sentiment < assess([ANGRY, CALM]).sentiment < 0

    @pytest.mark.parametrize(
        ("said", "run"),
        [
            ([ANGRY, ANGRY], 2),
            ([ANGRY, ANGRY, CALM], 2),  # an order number between two outbursts is no peace
            ([ANGRY, CALM, ANGRY, CALM, ANGRY], 3),
            ([ANGRY, ANGRY, CALM, CALM], 0),
            ([ANGRY, ANGRY, CALM, CALM, ANGRY], 1),
            ([ANGRY, ANGRY, PLEASED], 0),
            ([ANGRY, PLEASED, ANGRY], 1),
            ([CALM], 0),
        ],
    )
    def test_given_anger_when_one_message_is_calm_then_it_goes_on_and_ends_with_two_or_a_friendly(
        self, said: list[Signal], run: int
    ) -> None:
        assert assess(said).negative_run == run

    def test_given_messages_not_understood_when_assessed_then_only_the_latest_run_counts(
        self,
    ) -> None:
        assert assess([LOST, CALM, LOST]).failed_attempts == 1
        assert assess([CALM, LOST, LOST]).failed_attempts == 2

    def test_given_no_complaint_when_assessed_then_there_is_no_problem(self) -> None:
        assert assess([replace(CALM, category="not_received")]).complexity == 0
        assert assess([CALM]).waiting_hours == 0

    def test_given_two_kinds_of_complaint_when_assessed_then_both_are_problems(self) -> None:
        first = replace(CALM, complaint=True, category="not_received")
        second = replace(first, category="staff_conduct")

        assert assess([first, second, first]).complexity == 2

    @given(st.lists(SIGNALS, min_size=1, max_size=6), SIGNALS)
    def test_given_any_messages_when_one_more_comes_then_nothing_grave_is_forgotten(
        self, signals: list[Signal], another: Signal
    ) -> None:
        before, after = assess(signals), assess([*signals, another])

        assert after.severity.rank >= before.severity.rank
        assert after.flags >= before.flags
        assert after.complexity >= before.complexity
        assert after.waiting_hours >= before.waiting_hours
        assert after.message_count == before.message_count + 1

    @given(st.lists(SIGNALS, min_size=1, max_size=6))
    def test_given_any_messages_when_assessed_then_the_mood_lies_between_theirs(
        self, signals: list[Signal]
    ) -> None:
        moods = [signal.sentiment for signal in signals]

        got = assess(signals)

        assert min(moods) - 1e-9 <= got.sentiment <= max(moods) + 1e-9
        assert got.moods == tuple(assess(signals[:n]).sentiment for n in range(1, len(signals)))

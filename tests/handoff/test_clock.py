"""A waiting customer is told the truth."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.handoff.clock import Scene, Wait, wait_for, wait_words
from amends.handoff.hours import ALWAYS_OPEN, Hours, Span
from amends.handoff.model import Channel, Contact, Handoff, HandoffState
from tests.support.shop import NOW

HALF_HOUR = timedelta(minutes=30)
HANDOFF = Handoff(
    id="h1",
    conversation_id="c1",
    case_id=None,
    state=HandoffState.WAITING,
    priority=2,
    reasons=("customer_asked",),
    requested_at=NOW,
    answer_due_at=NOW + HALF_HOUR,
    limit_due_at=NOW + timedelta(hours=3),
)
SCENE = Scene(ahead=1, online=2, pace=None, hours=ALWAYS_OPEN, queue_limit=10)
OFFICE = Hours(ZoneInfo("Europe/London"), ((Span(9 * 60, 18 * 60),),) * 5 + ((), ()))
SATURDAY = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # summer time begins the next night
PLAIN = Wait(3, 30, NOW + HALF_HOUR, late=False)
HARD = "If you would rather not wait here"


def left_until_monday() -> tuple[Handoff, Scene]:
    """Asked for on a Saturday in an office that opens on Monday."""
    asked = replace(
        HANDOFF,
        requested_at=SATURDAY,
        answer_due_at=OFFICE.add(SATURDAY, HALF_HOUR),
        limit_due_at=OFFICE.add(SATURDAY, timedelta(hours=3)),
    )
    return asked, replace(SCENE, hours=OFFICE, online=0)


class TestWaitFor:
    def test_given_a_queue_when_asked_then_place_and_minutes_are_its_own(self) -> None:
        wait = wait_for(HANDOFF, SCENE, NOW + timedelta(minutes=4, seconds=30))

        assert (wait.position, wait.minutes, wait.late) == (2, 26, False)
        assert wait.due_at == HANDOFF.answer_due_at

    def test_given_the_answer_is_late_when_asked_then_the_limit_counts(self) -> None:
        wait = wait_for(HANDOFF, SCENE, NOW + HALF_HOUR)

        assert (wait.minutes, wait.late) == (150, True)
        assert wait.due_at == HANDOFF.limit_due_at

    @given(st.timedeltas(timedelta(0), timedelta(days=10)), st.integers(0, 300))
    def test_given_any_time_when_asked_then_the_wait_is_never_negative(
        self, passed: timedelta, ahead: int
    ) -> None:
        wait = wait_for(HANDOFF, replace(SCENE, ahead=ahead), NOW + passed)

        assert wait.minutes >= 0
        assert wait.position == ahead + 1
        assert (wait.minutes == 0) == (NOW + passed >= wait.due_at)

    @given(st.timedeltas(timedelta(0), timedelta(hours=2)), st.integers(1, 600))
    def test_given_time_passes_when_asked_again_then_no_more_is_left_to_the_same_hour(
        self, passed: timedelta, seconds: int
    ) -> None:
        first = wait_for(HANDOFF, SCENE, NOW + passed)
        later = wait_for(HANDOFF, SCENE, NOW + passed + timedelta(seconds=seconds))

        assert later.late >= first.late
        assert later.due_at != first.due_at or later.minutes <= first.minutes

    @given(st.timedeltas(timedelta(0), timedelta(hours=2)), st.integers(0, 50), st.integers(0, 9))
    def test_given_a_pace_when_asked_then_it_is_told_only_if_somebody_is_there_and_never_as_nothing(
        self, pace: timedelta, ahead: int, online: int
    ) -> None:
        scene = replace(SCENE, pace=pace, ahead=ahead, online=online)

        about = wait_for(HANDOFF, scene, NOW).about

        assert (about is None) == (online == 0)
        assert about is None or about >= 1
        assert about is None or about * timedelta(minutes=1) >= pace * (ahead + 1)

    def test_given_closed_when_asked_then_people_are_back_when_the_office_opens(self) -> None:
        asked, scene = left_until_monday()

        wait = wait_for(asked, scene, SATURDAY)

        monday = datetime(2026, 3, 30, 9, 0, tzinfo=OFFICE.zone)
        assert wait.opens_at == monday
        assert wait.due_at == monday + HALF_HOUR
        assert wait.by_clock
        assert wait.about is None

    def test_given_open_and_due_after_the_night_when_asked_then_it_is_told_by_the_clock(
        self,
    ) -> None:
        at = datetime(2026, 3, 4, 17, 45, tzinfo=UTC)
        asked = replace(HANDOFF, answer_due_at=OFFICE.add(at, HALF_HOUR))

        wait = wait_for(asked, replace(SCENE, hours=OFFICE), at)

        assert (wait.opens_at, wait.by_clock) == (None, True)
        assert wait.due_at == datetime(2026, 3, 5, 9, 15, tzinfo=OFFICE.zone)

    @pytest.mark.parametrize(
        ("ahead", "online", "full"), [(19, 2, False), (20, 2, True), (99, 0, False), (10, 1, True)]
    )
    def test_given_people_at_the_desk_when_more_wait_than_the_limit_for_each_then_it_is_full(
        self, ahead: int, online: int, full: bool
    ) -> None:
        assert wait_for(HANDOFF, replace(SCENE, ahead=ahead, online=online), NOW).full is full


class TestWaitWords:
    @pytest.mark.parametrize(
        ("minutes", "words"),
        [(1, "a minute."), (30, "30 minutes."), (119, "119 minutes."), (120, "2 hours."),
         (121, "3 hours.")],
    )  # fmt: skip
    def test_given_a_wait_when_worded_then_it_is_never_rounded_down(
        self, minutes: int, words: str
    ) -> None:
        said = wait_words(replace(PLAIN, minutes=minutes))

        assert said == f"You are number 3 in the queue; you will have an answer within {words}"

    def test_given_an_overdue_wait_when_worded_then_the_true_place_is_told(self) -> None:
        overdue = Wait(1, 0, NOW, late=True)

        assert "you are next" in wait_words(overdue)
        said = wait_words(replace(overdue, position=4))
        assert "longer than we promised" in said
        assert "number 4" in said
        assert "within" not in said, "no second promise"

    def test_given_late_but_not_for_good_when_worded_then_sorry_and_the_time_that_holds(
        self,
    ) -> None:
        said = wait_words(replace(PLAIN, late=True, minutes=150))

        assert said.startswith("You have waited longer than we promised, and we are sorry. You")
        assert "within 3 hours" in said
        assert HARD in said

    def test_given_a_pace_when_worded_then_beside_the_promise(self) -> None:
        said = wait_words(replace(PLAIN, about=8))

        assert "At the present pace it takes about 8 minutes" in said
        assert "within 30 minutes" in said
        assert HARD not in said, "who waits not long needs nothing else"

    def test_given_the_pace_misses_the_promise_when_worded_then_it_is_not_repeated(self) -> None:
        said = wait_words(replace(PLAIN, about=50))

        assert "about 50 minutes. That is longer than we promised, and we are sorry." in said
        assert "within" not in said
        assert HARD in said

    def test_given_nobody_online_when_worded_then_it_is_said_and_another_way_is_offered(
        self,
    ) -> None:
        said = wait_words(replace(PLAIN, online=0))

        assert said.startswith("Nobody of our team is online at this moment. You are number 3")
        assert said.endswith("and a colleague will answer you that way.")

    def test_given_closed_when_worded_then_the_times_are_those_of_the_companys_clock(self) -> None:
        asked, scene = left_until_monday()

        wait = wait_for(asked, scene, SATURDAY)

        assert wait_words(wait).startswith(
            "Our team is away now and back on Monday, 30 March, 09:00 (British Summer Time). You "
            "are number 2 in the queue; you will have an answer by Monday, 30 March, 09:30."
        )
        assert wait_words(wait, "zh").startswith(
            "我们的同事现在不在，3月30日星期一09:00（英国夏令时间）回来。"
            "您目前排在第2位，我们会在3月30日星期一09:30前答复您。"
        )

    def test_given_open_but_due_tomorrow_when_worded_then_the_clock_is_named(self) -> None:
        due = datetime(2026, 3, 5, 9, 15, tzinfo=ZoneInfo("Europe/London"))

        said = wait_words(replace(PLAIN, by_clock=True, due_at=due))

        assert said.endswith("an answer by Thursday, 5 March, 09:15 (Greenwich Mean Time).")

    def test_given_a_full_queue_when_worded_then_another_way_is_offered_first(self) -> None:
        said = wait_words(replace(PLAIN, position=23, full=True))

        assert said.startswith("More people are waiting than our team can answer soon. If you")
        assert said.index(HARD) < said.index("number 23")

    @pytest.mark.parametrize(
        ("channel", "words"), [(Channel.EMAIL, "by e-mail"), (Channel.PHONE, "call you back")]
    )
    def test_given_a_wish_with_an_address_when_worded_then_it_is_confirmed_not_asked_again(
        self, channel: Channel, words: str
    ) -> None:
        said = wait_words(replace(PLAIN, online=0, contact=Contact(channel, "maya@example.com")))

        assert words in said
        assert HARD not in said
        assert "maya@example.com" not in said

    def test_given_a_wish_without_an_address_when_worded_then_it_is_still_asked_for(self) -> None:
        assert HARD in wait_words(replace(PLAIN, online=0, contact=Contact(Channel.EMAIL)))

    @pytest.mark.parametrize(("minutes", "words"), [(1, "1分钟"), (30, "30分钟"), (121, "3小时")])
    def test_given_a_chinese_chat_when_worded_then_the_same_wait_in_chinese(
        self, minutes: int, words: str
    ) -> None:
        said = wait_words(replace(PLAIN, minutes=minutes), "zh")

        assert said == f"您目前排在第3位，我们会在{words}内答复您。"

    def test_given_an_overdue_wait_in_chinese_when_worded_then_no_second_promise(self) -> None:
        overdue = Wait(1, 0, NOW, late=True)

        assert "下一位就是您" in wait_words(overdue, "zh")
        assert "第4位" in wait_words(replace(overdue, position=4), "zh")

    def test_given_a_language_without_texts_when_worded_then_english(self) -> None:
        assert wait_words(PLAIN, "fr") == wait_words(PLAIN)

"""Who is asked what: once per case, again after it was opened again, never in distress."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from amends.satisfaction.surveys import asking
from amends.satisfaction.surveys.asking import ALWAYS, IN_DISTRESS, Situation
from amends.satisfaction.surveys.model import Channel, Question, SurveyAsk

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
CALM = Situation(about="k1", flags=frozenset({"legal"}), severities=frozenset({"low", "high"}))


def ask(channel: Channel, *answered: Question, at: datetime = NOW) -> SurveyAsk:
    return SurveyAsk("a1", "c1", "k1", channel, at, ALWAYS, answered, at if answered else None)


def asked_before(situation: Situation, *asks: SurveyAsk) -> Situation:
    return replace(situation, asks=asks)


class TestInChat:
    def test_given_a_closed_case_then_the_rating_comes_first_and_the_rest_follows(self) -> None:
        assert asking.in_chat(CALM, 0.0) == (
            Question.CSAT,
            Question.CES,
            Question.EXPECTATION,
            Question.NPS,
        )

    def test_given_asked_before_then_not_again_whether_or_not_it_was_answered(self) -> None:
        for answered in ((), (Question.CSAT,)):
            situation = asked_before(CALM, ask(Channel.WIDGET, *answered))

            assert asking.in_chat(situation, 0.0) == ()

    def test_given_the_case_was_opened_again_since_then_asked_again(self) -> None:
        situation = asked_before(CALM, ask(Channel.WIDGET, Question.CSAT))

        assert asking.in_chat(replace(situation, reopened_at=LATER), 0.0) == ALWAYS
        assert asking.in_chat(replace(situation, reopened_at=NOW - timedelta(days=1)), 0.0) == ()

    def test_given_rated_without_being_asked_then_not_asked(self) -> None:
        situation = replace(CALM, rated=frozenset({Question.CSAT}), rated_at=NOW)

        assert asking.in_chat(situation, 0.0) == ()
        assert asking.in_chat(replace(situation, reopened_at=LATER), 0.0) == ALWAYS

    def test_given_asked_by_mail_only_then_the_chat_asks(self) -> None:
        assert asking.in_chat(asked_before(CALM, ask(Channel.MAIL)), 0.0) == ALWAYS


class TestByMail:
    def test_given_nothing_answered_then_whether_it_is_solved_and_the_survey(self) -> None:
        situation = asked_before(CALM, ask(Channel.WIDGET))

        assert asking.by_mail(situation, 0.0) == (Question.SOLVED, *ALWAYS)

    def test_given_some_answered_in_the_chat_then_only_what_is_left(self) -> None:
        situation = asked_before(CALM, ask(Channel.WIDGET, Question.CSAT, Question.NPS))

        assert asking.by_mail(situation, 0.0) == (
            Question.SOLVED,
            Question.CES,
            Question.EXPECTATION,
        )

    def test_given_all_answered_in_the_chat_then_only_whether_it_is_solved(self) -> None:
        situation = asked_before(CALM, ask(Channel.WIDGET, *ALWAYS))

        assert asking.by_mail(situation, 0.0) == (Question.SOLVED,)

    def test_given_rated_unasked_then_that_is_not_asked_but_after_reopening_it_is(self) -> None:
        situation = replace(CALM, rated=frozenset({Question.CSAT}), rated_at=NOW)

        assert Question.CSAT not in asking.by_mail(situation, 0.0)
        assert Question.CSAT in asking.by_mail(replace(situation, reopened_at=LATER), 0.0)

    def test_given_a_mail_before_then_no_second_one_until_the_case_was_opened_again(self) -> None:
        situation = asked_before(CALM, ask(Channel.MAIL))

        assert asking.by_mail(situation, 0.0) == ()
        assert asking.by_mail(replace(situation, reopened_at=LATER), 0.0) != ()


class TestNobody:
    @pytest.mark.parametrize("flag", sorted(IN_DISTRESS))
    def test_given_distress_then_nothing_is_asked_anywhere(self, flag: str) -> None:
        situation = replace(CALM, flags=frozenset({"legal", flag}))

        assert asking.in_chat(situation, 1.0) == ()
        assert asking.by_mail(situation, 1.0) == ()

    @pytest.mark.parametrize(
        "change", [{"severities": frozenset({"low", "critical"})}, {"is_open": True},
                   {"is_withdrawn": True}],
    )  # fmt: skip
    def test_given_critical_open_or_withdrawn_then_nothing_is_asked(
        self, change: dict[str, object]
    ) -> None:
        situation = replace(CALM, **change)  # type: ignore[arg-type]

        assert asking.in_chat(situation, 1.0) == ()
        assert asking.by_mail(situation, 1.0) == ()


class TestSample:
    def test_given_a_share_then_about_so_many_cases_are_drawn_and_always_the_same(self) -> None:
        ids = [f"case-{number}" for number in range(2000)]
        drawn = [one for one in ids if asking.in_sample(one, 0.2)]

        assert drawn == [one for one in ids if asking.in_sample(one, 0.2)]
        assert 340 < len(drawn) < 460
        assert set(drawn) <= {one for one in ids if asking.in_sample(one, 0.5)}

    @pytest.mark.parametrize(("share", "asked"), [(0.0, False), (1.0, True)])
    def test_given_none_or_all_then_the_dimensions_are_asked_of_none_or_all(
        self, share: float, asked: bool
    ) -> None:
        surveys = [asking.survey_of(f"case-{number}", share) for number in range(200)]

        assert {Question.SERVQUAL in one for one in surveys} == {asked}
        assert {one[: len(ALWAYS)] for one in surveys} == {ALWAYS}

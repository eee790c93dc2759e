"""Nobody writes: silence is met, chats are scored, the failure of a job is logged."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from amends.conversations.model import Draft, Mode, Role
from amends.handoff import use_cases as handoff
from amends.wiring import jobs, scoring
from amends.wiring.jobs import JOBS, Job
from tests.support.shop import NOW, Chat, Shop
from tests.wiring.steps import told

pytestmark = pytest.mark.usefixtures("log")


def asked_something(shop: Shop) -> Chat:
    chat = shop.chat()
    chat.complains()
    with shop.write() as uow:
        uow.conversations.append(chat.id, Draft(Role.BOT, "And what would help?"), shop.clock())
    return chat


class TestMeetSilence:
    def test_given_an_unanswered_question_when_silent_then_one_reminder_and_no_second(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)

        assert jobs.meet_silence(shop.app) == 0
        for _ in range(6):
            shop.clock.forward(minutes=8)
            jobs.meet_silence(shop.app)

        assert told(chat, "I am still here") == 1
        assert chat.case.number in chat.log[-1].text

    def test_given_the_customer_had_the_last_word_or_no_case_when_silent_then_no_reminder(
        self, shop: Shop
    ) -> None:
        wrote = asked_something(shop)
        wrote.says("One moment")
        looker = shop.chat()
        shop.clock.forward(minutes=16)

        assert jobs.meet_silence(shop.app) == 0
        assert not told(wrote, "I am still here")
        assert not told(looker, "I am still here")

    def test_given_a_day_without_a_word_when_run_then_the_chat_closes_and_the_case_stays(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        case = chat.case
        shop.clock.forward(hours=24, minutes=1)

        jobs.meet_silence(shop.app)

        assert chat.conversation.mode is Mode.CLOSED
        assert chat.case == case

    def test_given_a_person_is_awaited_when_silent_for_days_then_the_chat_stays_open(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), NOW)
        shop.clock.forward(days=3)

        jobs.meet_silence(shop.app)

        assert chat.conversation.mode is Mode.WAITING

    def test_given_the_customer_writes_while_the_job_runs_then_the_chat_is_not_closed(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        shop.clock.forward(hours=25)
        chat.says("Are you there?")

        done = jobs._when_silent(shop.app, jobs._close, jobs.CLOSE_AFTER, chat.id)

        assert not done
        assert chat.conversation.mode is Mode.BOT


class TestScoreConversations:
    def test_given_idle_chats_when_run_then_each_is_scored_until_it_changes(
        self, shop: Shop
    ) -> None:
        chat = asked_something(shop)
        assert scoring.score_conversations(shop.app) == 0
        shop.clock.forward(minutes=31)

        assert scoring.score_conversations(shop.app) == 1
        assert scoring.score_conversations(shop.app) == 0

        with shop.db.read() as uow:
            assert uow.scores.of_conversation(chat.id) is not None
        shop.clock.forward(seconds=1)
        chat.says("Thanks")
        shop.clock.forward(minutes=31)
        assert scoring.score_conversations(shop.app) == 1


class TestRunJob:
    async def test_given_a_job_fails_when_run_for_ever_then_the_next_round_tries_again(
        self, shop: Shop, log: list[MutableMapping[str, Any]]
    ) -> None:
        rounds: list[int] = []

        def work(app: object) -> int:
            rounds.append(len(rounds))
            if len(rounds) < 3:
                raise ConnectionError("once more")
            return 1

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await jobs.run_job(shop.app, Job("work", 0.0, work))

        events = [entry["event"] for entry in log]
        assert events[:3] == ["jobs.job.failed", "jobs.job.failed", "jobs.job.done"]

    async def test_given_a_job_that_begins_later_when_run_for_ever_then_not_before(
        self, shop: Shop
    ) -> None:
        rounds: list[int] = []
        job = Job("work", 0.0, lambda app: rounds.append(1) or 0, first_after_seconds=0.2)

        for seconds, done in ((0.1, False), (0.4, True)):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(seconds):
                    await jobs.run_job(shop.app, job)
            assert bool(rounds) is done

    def test_given_the_list_of_jobs_when_read_then_names_are_unique_and_all_repeat(self) -> None:
        assert len({job.name for job in JOBS}) == len(JOBS)
        assert all(job.every_seconds > 0 for job in JOBS)

"""The job that fills the review queue: new messages, later marks, and being cut off half-way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from amends.conversations.model import Draft, Mode, Role
from amends.handoff import use_cases as handoff
from amends.handoff.marks import mark
from amends.satisfaction.surveys.model import Answers
from amends.storage import SqlUnitOfWork
from amends.training.review.model import Group, Query, Reason
from amends.wiring import reviews
from amends.wiring.jobs import JOBS
from tests.support.shop import ANA, STORY, Chat, Shop

ASKED = "I am not sure that I understood. Could you put it in other words?"
PARSE = {"intent_ranking": [{"name": "report_wrong_item", "confidence": 0.2}]}
BACK: dict[str, Any] = {"intent": "nlu_fallback", "confidence": 0.8, "parse": PARSE}


@pytest.fixture(autouse=True)
def few_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real examples take seconds to read, and these tests are not about wording."""
    monkeypatch.setattr(reviews, "training_files", lambda app: Examples())


class Examples:
    def examples(self) -> tuple[()]:
        return ()


def misheard(shop: Shop, text: str = STORY) -> Chat:
    chat = shop.chat()
    seq = chat.says(text, **BACK)
    with shop.write() as uow:
        uow.conversations.append(chat.id, Draft(Role.BOT, ASKED, in_reply_to=seq), shop.clock())
    return chat


def run(shop: Shop) -> int:
    """Let a moment pass, so that what was written has settled, and do a round."""
    shop.clock.forward(seconds=30)
    return reviews.fill_review_queue(shop.app)


def queue(shop: Shop) -> list[Group]:
    with shop.db.read() as uow:
        return list(uow.reviews.groups(Query(), None, 50))


def reasons(shop: Shop) -> set[Reason]:
    return {reason for group in queue(shop) for reason in group.reasons}


class TestFilling:
    def test_given_the_jobs_then_this_is_one_of_them(self) -> None:
        assert reviews.fill_review_queue in [job.run for job in JOBS]

    def test_given_misheard_messages_then_they_stand_in_the_queue_once(self, shop: Shop) -> None:
        misheard(shop)
        misheard(shop, "The kettle leaks onto my kitchen table all the time")
        shop.chat().says(STORY, category="not_received")

        assert run(shop) == 2
        assert run(shop) == 0

        assert [one.size for one in queue(shop)] == [1, 1]
        assert Reason.ASKED_BACK in reasons(shop)

    def test_given_what_was_just_written_then_it_waits_until_it_has_settled(
        self, shop: Shop
    ) -> None:
        misheard(shop)

        assert reviews.fill_review_queue(shop.app) == 0
        assert run(shop) == 1

    def test_given_more_than_a_batch_then_all_of_it_in_one_round(self, shop: Shop) -> None:
        for number in range(7):
            misheard(shop, f"{STORY} {'really ' * number}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reviews, "BATCH", 3)

            assert run(shop) == 7

        assert sum(one.size for one in queue(shop)) == 7

    def test_given_a_round_takes_long_then_the_next_one_goes_on(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(4):
            misheard(shop)
        monkeypatch.setattr(reviews, "BATCH", 3)
        times = iter((0.0, 1.0, 99.0))
        monkeypatch.setattr(reviews, "monotonic", lambda: next(times))
        assert run(shop) == 3
        monkeypatch.undo()

        monkeypatch.setattr(reviews, "training_files", lambda app: Examples())
        assert run(shop) == 1

    def test_given_a_message_to_staff_then_it_is_left_out(self, shop: Shop) -> None:
        chat = shop.chat()
        with shop.write() as uow:
            uow.conversations.set_mode(chat.id, Mode.STAFF, at=shop.clock(), staff_id=ANA.id)
        chat.says(STORY)

        assert run(shop) == 0

    def test_given_long_ago_when_run_for_the_first_time_then_it_is_left_alone(
        self, shop: Shop
    ) -> None:
        misheard(shop)
        shop.clock.forward(days=91)

        assert run(shop) == 0


class TestLater:
    def test_given_a_mark_after_the_chat_then_the_message_rises(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.says(STORY, category="not_received", flags=frozenset({"legal"}))
        with shop.write() as uow:
            asked = handoff.request(uow, shop.thresholds, chat.id, ("legal",), shop.clock())
        assert run(shop) == 0

        with shop.write() as uow:
            mark(uow, asked.id, False)
            uow.conversations.set_mode(chat.id, Mode.CLOSED, at=shop.clock())

        assert run(shop) == 1
        assert reasons(shop) == {Reason.WRONG_HANDOFF}

    def test_given_a_rating_after_the_chat_then_the_least_sure_message_rises(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        assert run(shop) == 0

        shop.clock.forward(minutes=5)
        with shop.write() as uow:
            shop.app.record_survey(uow, chat.id, Answers(csat=1), shop.clock())

        assert run(shop) == 1
        assert reasons(shop) == {Reason.LOW_RATING}

    def test_given_the_customer_says_it_again_then_the_message_rises(self, shop: Shop) -> None:
        chat = misheard(shop)
        run(shop)
        before = queue(shop)[0].rank

        chat.says(f"{STORY} Please look.", category="not_received")
        run(shop)

        assert queue(shop)[0].rank > before
        assert queue(shop)[0].leader.hint == "report_not_received"


class TestCutOff:
    def test_given_killed_before_the_commit_then_nothing_is_lost_or_doubled(
        self, shop: Shop
    ) -> None:
        misheard(shop)
        with killed_at("commit"), pytest.raises(KeyboardInterrupt):
            run(shop)
        assert queue(shop) == []

        assert run(shop) == 1
        assert run(shop) == 0

    def test_given_killed_after_the_commit_then_nothing_is_done_twice(self, shop: Shop) -> None:
        misheard(shop)
        with killed_at("commit", after=True), pytest.raises(KeyboardInterrupt):
            run(shop)

        assert run(shop) == 0
        assert [one.size for one in queue(shop)] == [1]

    def test_given_two_processes_read_the_same_then_one_writes_it(self, shop: Shop) -> None:
        misheard(shop)
        shop.clock.forward(seconds=30)
        rounds: list[int] = []

        def meanwhile(app: Any, uow: Any) -> reviews.Batch:
            batch = next_batch(app, uow)
            if not rounds:
                rounds.append(1)
                rounds.append(reviews.fill_review_queue(shop.app))
            return batch

        next_batch = reviews.next_batch
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reviews, "next_batch", meanwhile)
            found = reviews.fill_review_queue(shop.app)

        assert (rounds[1], found) == (1, 0)
        assert [one.size for one in queue(shop)] == [1]


@contextmanager
def killed_at(step: str, *, after: bool = False) -> Iterator[None]:
    """End the process, as far as it can be seen from here, at a step of the transaction."""
    real = getattr(SqlUnitOfWork, step)

    def killed(uow: SqlUnitOfWork) -> None:
        if after:
            real(uow)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlUnitOfWork, step, killed)
        yield


class TestReadingTheProject:
    def test_given_the_domain_then_asking_back_is_known_in_both_languages(self, shop: Shop) -> None:
        known = reviews.sentences(shop.app.settings.project_dir / "domain.yml")

        assert ASKED in known
        assert any("换个说法" in one for one in known)

    def test_given_no_domain_then_there_are_no_sentences(self, shop: Shop) -> None:
        assert reviews.sentences(shop.app.settings.var_dir / "absent.yml") == frozenset()

    def test_given_examples_that_cannot_be_read_then_no_wording_is_unseen(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Broken:
            def examples(self) -> None:
                raise OSError("gone")

        monkeypatch.setattr(reviews, "training_files", lambda app: Broken())

        assert not reviews.vocabulary(shop.app).is_unseen("firmware bricked quadcopter drones")

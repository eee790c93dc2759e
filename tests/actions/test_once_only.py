"""Whatever is driven again is said again and done once."""

import pytest
from sqlalchemy.exc import OperationalError

from actions.compensation import (
    AcceptOffer,
    Decide,
)
from actions.complaints import TakeComplaint
from amends.cases import use_cases as cases
from amends.cases.model import Category
from amends.conversations.model import Mode
from amends.handoff import use_cases as handoff
from tests.actions.harness import hear, run
from tests.actions.steps import complaint, offers, taken
from tests.support.shop import LATE, Shop


class TestOnceOnly:
    def test_given_an_action_ran_when_driven_again_then_the_same_is_said_and_nothing_written(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        heard = complaint(chat, order_number=LATE)

        first = run(shop, TakeComplaint, heard)
        timeline = chat.timeline
        shop.clock.forward(hours=1)
        second = run(shop, TakeComplaint, heard)

        assert second == first
        assert chat.timeline == timeline
        with shop.db.read() as uow:
            assert len(uow.cases.of_conversation(chat.id)) == 1

    def test_given_an_accept_when_driven_again_then_nothing_is_promised_twice(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        run(shop, Decide, hear(chat))
        (offer,) = offers(shop, chat)
        heard = hear(chat, offer=offer.id, alternative=0)

        assert run(shop, AcceptOffer, heard) == run(shop, AcceptOffer, heard)

        with shop.db.read() as uow:
            assert len(uow.promises.of_case(chat.case.id)) == len(offer.remedies)

    def test_given_the_same_action_when_another_message_comes_then_it_runs_anew(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        run(shop, TakeComplaint, complaint(chat))
        run(shop, TakeComplaint, complaint(chat))

        assert chat.timeline == ["complained", "added"]

    def test_given_a_failure_inside_when_run_then_no_row_stays_and_a_person_is_asked(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = shop.chat()
        heard = complaint(chat)
        with monkeypatch.context() as broken:
            broken.setattr(cases, "take_complaint", taken_and_then_broken(cases.take_complaint))
            answer = run(shop, TakeComplaint, heard)

        assert answer.responses == ["say_technical_problem_person"]
        assert {"event": "followup", "name": "action_listen"}.items() <= answer.events[-1].items()
        assert chat.conversation.mode is Mode.WAITING
        with shop.db.read() as uow:
            assert list(uow.cases.of_conversation(chat.id)) == []

        run(shop, TakeComplaint, heard)
        assert chat.case.category is Category.NOT_RECEIVED, "driven again, it is done"

    @pytest.mark.parametrize("step", [(cases, "take_complaint"), (handoff, "request")])
    def test_given_the_database_goes_away_when_run_then_nothing_is_said(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]
    ) -> None:
        heard = complaint(shop.chat())
        monkeypatch.setattr(cases, "take_complaint", taken_and_then_broken(cases.take_complaint))
        monkeypatch.setattr(*step, lost)

        with pytest.raises(OperationalError):
            run(shop, TakeComplaint, heard)

    def test_given_not_even_a_person_can_be_asked_when_failing_then_it_is_still_answered(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard = complaint(shop.chat())
        for module, name in ((cases, "take_complaint"), (handoff, "request")):
            monkeypatch.setattr(module, name, taken_and_then_broken(getattr(module, name)))

        answer = run(shop, TakeComplaint, heard)

        assert answer.responses == ["say_technical_problem"]


def lost(*args: object) -> None:
    raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))


def taken_and_then_broken(step: object) -> object:
    def broken(*args: object) -> None:
        step(*args)  # type: ignore[operator]
        raise RuntimeError("the disk is full")

    return broken

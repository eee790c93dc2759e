"""Whether a person was needed: marked when a chat ends, corrected later, told in the case."""

import pytest

from amends.cases.fields import FIELD_CHANGED
from amends.handoff import marks
from amends.handoff import use_cases as handoff
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Handoff
from tests.handoff.steps import claimed
from tests.support.shop import ANA, BEN, Chat, Shop


def handoffs(shop: Shop, chat: Chat) -> list[Handoff]:
    with shop.db.read() as uow:
        return list(uow.handoffs.of_conversation(chat.id))


def resolved(shop: Shop, was_needed: bool | None) -> Chat:
    chat = shop.chat()
    chat.complains()
    taken = claimed(shop, chat)
    with shop.write() as uow:
        handoff.resolve(uow, taken.id, ANA, "explained", shop.clock())
        marks.mark(uow, taken.id, was_needed)
    return chat


def correct(shop: Shop, chat: Chat, was_needed: bool | None) -> None:
    with shop.write() as uow:
        marks.correct(uow, chat.case.id, was_needed, BEN.id, shop.clock())


class TestMark:
    @pytest.mark.parametrize("was_needed", [True, False, None])
    def test_given_an_answer_or_none_then_it_is_kept(
        self, shop: Shop, was_needed: bool | None
    ) -> None:
        chat = resolved(shop, was_needed)

        (only,) = handoffs(shop, chat)
        assert only.was_needed is was_needed
        assert only.outcome == "resolved"

    def test_given_a_mark_when_nothing_is_said_later_then_it_stays(self, shop: Shop) -> None:
        chat = resolved(shop, False)
        with shop.write() as uow:
            marks.mark(uow, handoffs(shop, chat)[0].id, None)

        assert handoffs(shop, chat)[0].was_needed is False

    def test_given_an_unknown_handoff_then_refused(self, shop: Shop) -> None:
        with shop.write() as uow, pytest.raises(UnknownHandoff):
            marks.mark(uow, "nobody", True)


class TestCorrect:
    def test_given_a_mark_when_corrected_then_the_case_tells_who_and_from_what(
        self, shop: Shop
    ) -> None:
        chat = resolved(shop, True)

        correct(shop, chat, False)
        correct(shop, chat, False)

        assert handoffs(shop, chat)[0].was_needed is False
        with shop.db.read() as uow:
            told = [e for e in uow.cases.entries(chat.case.id) if e.kind == FIELD_CHANGED]
        (entry,) = told
        assert entry.actor == BEN.id
        assert entry.data == {"field": "person_needed", "before": "yes", "after": "no"}

    def test_given_two_handoffs_then_the_latest_that_a_person_ended_is_meant(
        self, shop: Shop
    ) -> None:
        chat = resolved(shop, True)
        shop.clock.forward(hours=1)
        with shop.write() as uow:
            handoff.request(uow, shop.thresholds, chat.id, ("customer_asked",), shop.clock())

        correct(shop, chat, None)

        first, waiting = handoffs(shop, chat)
        assert first.was_needed is None
        assert waiting.was_needed is None

    def test_given_no_person_ended_it_then_refused(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains()
        claimed(shop, chat)

        with pytest.raises(UnknownHandoff):
            correct(shop, chat, True)


@pytest.mark.parametrize(("said", "read"), [("yes", True), ("no", False), ("", None), ("?", None)])
def test_given_what_a_form_says_then_only_yes_and_no_count(said: str, read: bool | None) -> None:
    assert marks.read(said) is read
    assert marks.word(read) == (said if read is not None else None)

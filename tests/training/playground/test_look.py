"""What is seen of a conversation is what the database holds of it."""

from amends.training.playground.look import look
from tests.support.shop import Shop, shop

__all__ = ["shop"]


def test_given_a_complaint_then_case_timeline_and_assessment_are_seen(shop: Shop) -> None:
    chat = shop.chat()
    case = chat.complains(flags=frozenset({"legal"}), severity="high")

    with shop.db.read() as uow:
        found = look(uow, shop.thresholds, chat.id, shop.clock())

    assert found is not None
    assert [one.id for one in found.cases] == [case.id]
    assert [one.kind for one in found.entries] == chat.timeline
    assert found.assessment is not None
    assert found.assessment.flags == {"legal"}
    assert [one.seq for one in found.messages] == [1, 2]


def test_given_nothing_typed_then_there_is_no_assessment(shop: Shop) -> None:
    chat = shop.chat()

    with shop.db.read() as uow:
        found = look(uow, shop.thresholds, chat.id, shop.clock())

    assert found is not None
    assert found.assessment is None


def test_given_an_unknown_conversation_then_nothing_is_seen(shop: Shop) -> None:
    with shop.db.read() as uow:
        assert look(uow, shop.thresholds, "c-unknown", shop.clock()) is None

"""What a customer is told of their own case."""

from dataclasses import replace
from datetime import timedelta

from amends.cases.model import PromiseState
from amends.compensation.model import Step
from amends.handoff.model import HandoffState
from amends.records.status import Answerer, status_of
from tests.records.steps import record, settled
from tests.support.shop import ANA, Shop


def test_given_a_settled_case_then_offer_promises_and_the_person_are_told(shop: Shop) -> None:
    status = status_of(record(shop, settled(shop).case), shop.clock())

    assert (status.answerer, status.name) == (Answerer.PERSON, ANA.name)
    assert [one.state for one in status.offers] == [Step.ACCEPTED]
    assert status.offers[0].expires_at is None
    assert len(status.offers[0].alternatives) == 1
    assert status.promises
    assert any(one.remedy is not None for one in status.promises)


def test_given_somebody_waits_then_the_time_told_is_one_that_can_still_be_kept(shop: Shop) -> None:
    found = record(shop, settled(shop).case)
    waiting = replace(
        found.handoffs[0], state=HandoffState.WAITING, claimed_by=None, claimed_at=None
    )
    found = replace(found, handoffs=(waiting,))
    second = timedelta(seconds=1)

    on_time = status_of(found, waiting.answer_due_at - second)
    late = status_of(found, waiting.answer_due_at)
    beyond = status_of(found, waiting.limit_due_at)

    assert on_time.answerer is Answerer.WAITING
    assert on_time.answer_due_at == waiting.answer_due_at
    assert late.answer_due_at == waiting.limit_due_at
    assert beyond.answer_due_at is None


def test_given_promises_then_what_is_to_come_stands_first_and_released_ones_are_gone(
    shop: Shop,
) -> None:
    found = record(shop, settled(shop).case)
    due = found.promises[0].due_at
    made = [
        replace(found.promises[0], id=state.value, state=state, due_at=due)
        for state in (PromiseState.KEPT, PromiseState.RELEASED, PromiseState.OPEN)
    ]

    status = status_of(replace(found, promises=tuple(made)), shop.clock())

    assert [one.promise.id for one in status.promises] == ["open", "kept"]


def test_given_a_new_date_then_the_earlier_promise_is_told_as_moved(shop: Shop) -> None:
    found = record(shop, settled(shop).case)
    promise = next(one for one in found.promises if one.remedy_id)
    broken = replace(promise, state=PromiseState.BROKEN, ended_at=shop.clock())
    made = replace(promise, id="p2", replaces=promise.id)

    status = status_of(replace(found, promises=(broken, made)), shop.clock())

    assert [(one.promise.id, one.is_moved) for one in status.promises] == [
        ("p2", False),
        (promise.id, True),
    ]


def test_given_a_closed_case_and_no_chat_then_nobody_answers(shop: Shop) -> None:
    found = record(shop, settled(shop).case)
    ended = replace(found, handoffs=(), case=replace(found.case, closed_at=shop.clock()))

    assert status_of(ended, shop.clock()).answerer is Answerer.NOBODY

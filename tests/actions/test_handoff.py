"""The customer asks for a person."""

from actions.handoff import RequestPerson
from tests.actions.harness import hear, run
from tests.actions.steps import taken
from tests.support.shop import Shop


class TestRequestPerson:
    def test_given_a_case_when_a_person_is_asked_then_the_wait_is_that_of_the_row(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)

        answer = run(shop, RequestPerson, hear(chat))

        assert "number 1" in answer.text
        assert "30 minutes" in answer.text
        assert answer.messages[0]["custom"] == {
            "kind": "handoff", "position": 1, "expected_minutes": 30,
        }  # fmt: skip

    def test_given_asked_before_when_asked_again_then_the_time_left_is_told(
        self, shop: Shop
    ) -> None:
        chat = taken(shop)
        first = run(shop, RequestPerson, hear(chat))
        shop.clock.forward(minutes=10)

        again = run(shop, RequestPerson, hear(chat))

        assert again.responses != first.responses
        assert "20 minutes" in again.text

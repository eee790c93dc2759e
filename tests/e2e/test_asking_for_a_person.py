"""When a person is asked for: at once, with help first in danger, and never at the case's cost."""

import pytest

from amends.handoff.model import HandoffState
from tests.support.books import Books, read_books
from tests.support.customer import Customer
from tests.support.system import System
from tests.support.words import says


def books(system: System, customer: Customer) -> Books:
    return read_books(system.db, customer.conversation_id)


class TestPerson:
    @pytest.mark.parametrize(
        ("text", "help_first", "most_urgent"),
        [
            ("The kettle you sold me caught fire and my hand is burnt", "emergency number", True),
            ("I cannot go on any more, I am going to kill myself over this", "116 123", True),
            (
                "This is an utter disgrace! You stole my money, you ignore me for five weeks, "
                "I am furious and I will take you to court!",
                None,
                False,
            ),
        ],
    )
    def test_given_a_first_message_that_needs_a_person_then_one_is_asked_at_once(
        self, system: System, text: str, help_first: str | None, most_urgent: bool
    ) -> None:
        customer = system.customer()

        said = customer.say(text)

        assert customer.mode == "waiting"
        (handoff,) = books(system, customer).handoffs
        assert handoff.state is HandoffState.WAITING
        assert (handoff.priority == 1) is most_urgent
        assert said.cards.count("handoff") == 1
        if help_first:
            assert help_first in said[0]["text"]
        assert not books(system, customer).offers

    def test_given_a_promised_answer_then_the_promise_stands_in_the_ledger(
        self, system: System
    ) -> None:
        customer = system.customer()

        said = customer.say("The kettle you sold me caught fire and my hand is burnt")

        kept = books(system, customer)
        (handoff,) = kept.handoffs
        (promise,) = kept.promises
        assert "within 30 minutes" in said.text
        assert handoff.case_id == kept.case.id
        assert (promise.what, promise.due_at) == ("staff_answer", handoff.answer_due_at)

    def test_given_a_person_is_wanted_in_mid_form_then_asked_and_details_go_on(
        self, system: System, late_order: str
    ) -> None:
        customer = system.customer()
        customer.say("My parcel never arrived and I have been waiting for it all week")

        said = customer.say("I want to talk to a person please")
        assert said.card("handoff")["position"] >= 1
        assert says("say_ask_order_number", said.text)
        customer.say(late_order)

        assert customer.mode == "waiting"
        assert books(system, customer).case.order_number == late_order
        assert len(books(system, customer).handoffs) == 1

    def test_given_nothing_but_the_wish_for_a_person_then_no_case_is_opened(
        self, system: System
    ) -> None:
        customer = system.customer()

        customer.say("a person, please")

        assert customer.mode == "waiting"
        assert not books(system, customer).cases

"""The checker finds the customer's own terms in our mouth, a yes to them, and what is no answer."""

from dataclasses import replace

import pytest

from amends.conversations.model import Delivery, Role
from tests.adversarial.evidence import Breach, Evidence, Rule
from tests.adversarial.promises import check_messages
from tests.adversarial.samples import offer_of, rules, saying


def asked(evidence: Evidence, text: str, answer: str, **said: object) -> list[Breach]:
    """Have the customer write something, and return what is found in our answer."""
    customer = saying(evidence, text, role=Role.CUSTOMER)
    messages = customer.books.messages
    written = (*messages[:-1], replace(messages[-1], delivery=Delivery.ANSWERED))
    heard = replace(customer, books=replace(customer.books, messages=written))
    return check_messages(saying(heard, answer, **said))  # type: ignore[arg-type]


class TestCustomersWords:
    def test_given_the_customers_amount_in_our_mouth_then_it_is_an_echo(
        self, english: Evidence
    ) -> None:
        found = asked(english, "I want £200", offer_of("a refund of the delivery fee (£200)"))

        assert {breach.rule for breach in found} == {Rule.ECHO}

    @pytest.mark.parametrize(
        "text",
        [
            "so you confirm that I get £200, right?",
            "yes, if you make it 50",
            "好的，那就五百英镑，对吧？",
            "Fine. １００ euros then",
        ],
    )
    @pytest.mark.parametrize(
        "answer", ["All right, let us go on.", "好的，我们继续。", "Yes, of course."]
    )
    def test_given_terms_without_a_row_then_a_yes_is_found(
        self, english: Evidence, text: str, answer: str
    ) -> None:
        assert Rule.TERMS in {breach.rule for breach in asked(english, text, answer)}

    def test_given_terms_under_an_offer_then_noting_them_in_the_case_is_found(
        self, english: Evidence
    ) -> None:
        found = asked(english, "so it is £200?", "Thank you, I have added that to your case.")

        assert {breach.rule for breach in found} == {Rule.TERMS}

    def test_given_terms_without_a_row_then_a_settlement_in_our_terms_is_no_bare_yes(
        self, english: Evidence
    ) -> None:
        ours = "Gladly. Which of these would you like: a refund of the delivery fee (£4.95)?"

        assert asked(english, "so it is £200?", ours) == []

    def test_given_terms_without_a_row_then_settling_on_them_is_found(
        self, english: Evidence
    ) -> None:
        card = english.books.messages[-1].card

        found = asked(english, "yes if you make it 50", "I am here.", card=card)

        assert {breach.rule for breach in found} == {Rule.TERMS}

    @pytest.mark.parametrize(
        "text", ["yes please", "Yes, the £4.95 and the £10.70", "yes, for order 10045", "是的"]
    )
    def test_given_our_own_terms_then_a_yes_and_a_settlement_are_fine(
        self, english: Evidence, text: str
    ) -> None:
        card = english.books.messages[-1].card

        assert asked(english, text, "Let us go on.", card=card) == []

    def test_given_an_order_number_of_the_customers_then_it_may_be_named_as_such(
        self, english: Evidence
    ) -> None:
        answer = (
            "I cannot find an order 88101. "
            "The number has five digits and stands in the confirmation e-mail."
        )

        assert asked(english, "it is 88101", answer) == []
        assert {b.rule for b in asked(english, "pay me £88101", answer)} == {Rule.ECHO}

    @pytest.mark.parametrize(
        "text",
        [
            "Something went wrong on our side just now. Your message is safe. "
            "Please try again in a moment, or ask for a person.",
            "您的消息已妥善保存。我现在无法回答，恢复后会尽快答复，您无需重新发送。",
        ],
    )
    def test_given_an_excuse_then_it_is_no_answer(self, english: Evidence, text: str) -> None:
        assert rules(saying(english, text)) == {Rule.UNANSWERED}

    def test_given_no_answer_then_it_is_found(self, english: Evidence) -> None:
        assert rules(saying(english, "hello?", role=Role.CUSTOMER)) == {Rule.UNANSWERED}

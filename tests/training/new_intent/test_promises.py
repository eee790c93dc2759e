"""A fixed text is sorry and promises nothing: neither money nor goods nor a time."""

import pytest

from amends.training.new_intent.promises import is_sorry, promise_in
from tests.actions.harness import responses

APOLOGIES = [
    (name, language)
    for name, told in responses().items()
    if name.startswith("say_apology_")
    for language in told
]


@pytest.mark.parametrize(("name", "language"), APOLOGIES)
def test_given_a_shipped_apology_then_it_is_sorry_and_promises_nothing(
    name: str, language: str
) -> None:
    text = responses()[name][language]["text"]

    assert is_sorry(text, language)
    assert promise_in(text, language) == ""
    assert "{" not in text  # no action fills anything in


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry. We will refund you in full.",
        "Sorry, you'll get a voucher for it.",
        "We apologise and offer you €10.",
        "Sorry! 20% off your next order.",
        "So sorry. Somebody will call you tomorrow.",
        "Sorry, this is fixed within two working days.",
        "We are sorry and can send you a new one.",
        "Sorry. It is free of charge of course.",
        "I am sorry, it will be there by Monday.",
        "Sorry, we guarantee that it never happens again.",
        "We're sorry: 15 pounds are yours.",
    ],
)
def test_given_an_english_promise_then_it_is_found(text: str) -> None:
    assert is_sorry(text, "en")
    assert promise_in(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "很抱歉，我们会给您全额退款。",
        "抱歉，马上为您补发一件。",
        "对不起，我们将赔偿您的损失。",
        "非常抱歉，送您10元优惠券。",
        "抱歉，三天内解决。",
        "很抱歉，我们保证不再发生。",
    ],
)
def test_given_a_chinese_promise_then_it_is_found(text: str) -> None:
    assert is_sorry(text, "zh")
    assert promise_in(text, "zh")

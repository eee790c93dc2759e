"""Personal data is found, and what is reserved for inventions or is no such thing is not."""

import pytest

from amends.conversations.personal.numbers import is_card_number, is_iban
from amends.training.data_model import Level
from amends.training.data_personal import personal_data


def errors(text: str) -> list[str]:
    return [kind for kind, level in personal_data(text) if level is Level.ERROR]


def warnings(text: str) -> list[str]:
    return [kind for kind, level in personal_data(text) if level is Level.WARNING]


# The numbers and addresses below are made up for this test or taken from the standards' examples.
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jane.q.miller@fastmail-service.net please", "e-mail"),
        ("my mail is jane@example.com.au", "e-mail"),
        ("call me on +44 7911 203 584", "phone"),
        ("ring 07911 203584 after six", "phone"),
        ("my number's (415) 226-7319", "phone"),
        ("打我手机13912345678", "phone"),
        ("erreichbar unter 0049 170 5550198", "phone"),
        ("card 4539 1488 0343 6467 was charged twice", "card"),
        ("card 4539148803436467", "card"),
        ("refund it to DE89 3704 0044 0532 0130 00", "IBAN"),
        ("refund it to GB82WEST12345698765432 now", "IBAN"),
        ("send it to 14 Elm Road, Leeds LS6 1AB", "street"),
    ],
)
def test_given_personal_data_then_an_error_that_names_the_kind_only(text: str, kind: str) -> None:
    (found,) = errors(text)

    assert kind in found
    assert not any(word in found for word in text.split() if word[0].isdigit())


@pytest.mark.parametrize(
    "text",
    [
        "it's jane@example.com or jane@mail.example.org",
        "@northair you lost my bag",
        "order 10312, 20457 and 61-20934",
        "tracking number 7781034455",
        "parcel JD0146000034567890123",
        "call me on 020 7946 0123 or 07700 900123 or (212) 555-0143",
        "your hotline 0800 123 4567 never answers, nor does 1-800-555-9999",
        "card ending 4242, exp 12/27",
        "card 1234 5678 9012 3456",
        "DE00 3704 0044 0532 0130 00",
        "paid 1,299.00 on 12.03.2026 at 14:05",
        "from 2019-2020 to 2024-2025",
        "I waited 45 minutes on Elm Road",
        "ref 0000000000000000",
        "订单号20240315001没到",
    ],
)
def test_given_an_invention_or_another_number_then_nothing_is_found(text: str) -> None:
    assert list(personal_data(text)) == []


@pytest.mark.parametrize(
    "text", ["it's 14 Elm Road now", "my postcode is LS6 1AB", "Bahnhofstraße 12", "人民路128号"]
)
def test_given_a_part_of_an_address_then_a_warning(text: str) -> None:
    assert not errors(text)
    assert len(warnings(text)) == 1


def test_given_check_digits_when_one_is_changed_then_they_fit_no_more() -> None:
    assert is_card_number("4539148803436467")
    assert not is_card_number("4539148803436468")
    assert is_iban("DE89 3704 0044 0532 0130 00")
    assert not is_iban("DE88 3704 0044 0532 0130 00")

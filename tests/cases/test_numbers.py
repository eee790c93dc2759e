"""Case numbers can be read out on the telephone, and none is given twice."""

import re

import pytest

from amends.cases import numbers
from amends.cases.errors import UnknownCase
from amends.cases.numbers import ALPHABET, new_case_number


def test_given_many_numbers_when_made_then_they_are_readable_and_differ() -> None:
    made = [new_case_number(lambda _: False) for _ in range(300)]

    assert all(re.fullmatch(f"AM-[{ALPHABET}]{{6}}", number) for number in made)
    assert len(set(made)) == 300


@pytest.mark.parametrize("pair", ["0O", "1I", "1L", "2Z", "5S", "8B", "UV"])
def test_given_characters_that_sound_or_look_alike_then_neither_is_used(pair: str) -> None:
    assert not set(pair) & set(ALPHABET)


def test_given_a_number_is_taken_when_made_then_the_next_free_one_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letters = iter("777777" + "999999")
    monkeypatch.setattr(numbers.secrets, "choice", lambda _: next(letters))

    assert new_case_number({"AM-777777"}.__contains__) == "AM-999999"


def test_given_an_unknown_case_when_refused_then_the_example_has_the_shape_of_a_number() -> None:
    assert re.search(rf"AM-[{ALPHABET}]{{6}}\.", str(UnknownCase("AM-1")))

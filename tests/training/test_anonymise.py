"""Personal data is found and gives way to inventions; ordinary words stay as they are."""

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.conversations.personal.find import find_personal
from amends.records.masking import Mask
from amends.training.anonymise import anonymised
from amends.training.data_personal import personal_data
from tests.support.personal_texts import Made, chinese, english

TEXTS = 350
CONTACTS = ("card", "email", "order", "phone")


def recall(texts: Iterable[Made]) -> dict[str, float]:
    """Return, per kind, which share is found whole."""
    met: defaultdict[str, list[bool]] = defaultdict(list)
    for made in texts:
        covered = {at for one in find_personal(made.text) for at in range(one.start, one.end)}
        for start, end, kind in made.truth:
            letters = {at for at in range(start, end) if made.text[at].isalnum()}
            met[kind].append(letters <= covered)
    return {kind: sum(found) / len(found) for kind, found in met.items()}


@pytest.mark.parametrize("made", [english, chinese])
def test_given_made_up_messages_then_nearly_all_that_is_personal_is_found(made) -> None:  # type: ignore[no-untyped-def]
    found = recall(made(TEXTS, seed=7))

    assert all(found[kind] >= 0.99 for kind in CONTACTS), found
    assert found["name"] >= 0.9, found


@pytest.mark.parametrize("made", [english, chinese])
def test_given_stand_ins_then_the_check_of_examples_finds_nothing(made) -> None:  # type: ignore[no-untyped-def]
    for one in made(TEXTS, seed=8):
        said = anonymised(one.text).text
        assert list(personal_data(said)) == [], said


@pytest.mark.parametrize("made", [english, chinese])
def test_given_a_masked_message_then_its_contacts_are_gone(made) -> None:  # type: ignore[no-untyped-def]
    mask = Mask(names=None, short_numbers=True)
    kept = [
        one.text[start:end]
        for one in made(TEXTS, seed=9)
        for start, end, kind in one.truth
        if kind in CONTACTS and one.text[start:end] in mask.text(one.text)
    ]

    assert len(kept) <= 0.01 * TEXTS, kept[:5]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("my name is dave jones", "my name is sam taylor"),
        ("This is Karen speaking. KAREN!", "This is Sam speaking. SAM!"),
        ("order 48213 and order 48214", "order 10045 and order 20318"),
        ("Mr Patel said so", "Mr Sam said so"),
        ("mail jo@firm.de or al@firm.de", "mail name@example.com or other.name@example.com"),
        ("我叫张伟，电话13912345678", "我叫李明，电话12000100958"),
        ("王先生没有回电话", "李先生没有回电话"),
    ],
)
def test_given_somebodys_data_then_it_reads_as_before(text: str, told: str) -> None:
    assert anonymised(text).text == told


@pytest.mark.parametrize(
    "text",
    [
        "my name is not on the booking",
        "I paid £12,000 on 2024-03-15 at 10:30",
        "it cost 1299元, in 2023-2024",
        "thanks anyway, still waiting",
        "Hi there, it's working again",
        "我是高级会员，退款还没到，谢谢",
        "ordered at amazon.com: 3 for 12.99 15.99 14.50",
        "mail me at name@example.com",
    ],
)
def test_given_ordinary_words_then_they_stay(text: str) -> None:
    assert anonymised(text).text == text


def test_given_a_known_name_then_it_goes_however_it_is_written() -> None:
    told = anonymised("xiomara here?? XIOMARA", ["Xiomara Vale"])

    assert told.text == "sam here?? SAM"
    assert told.replaced == ((0, 7, "name"), (15, 22, "name"))


@given(st.text(max_size=120))
def test_given_any_text_then_places_are_in_order_and_what_is_between_stays(text: str) -> None:
    told = anonymised(text)

    at, rest = 0, told.text
    for start, end, _ in told.replaced:
        assert at <= start < end <= len(text)
        assert text[at:start] in rest
        at = end
    assert rest.endswith(text[at:])

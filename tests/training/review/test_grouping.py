"""Alike messages stand together, and many of them stand higher."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.training.data_text import shingles
from amends.training.review.grouping import Groups, standing
from amends.training.review.model import MOST_FOR_SIZE, Member, Reason
from amends.training.review.similarity import (
    ALIKE,
    PLACES,
    Signature,
    bands,
    from_text,
    likeness,
    signature,
    to_text,
)
from tests.training.review.samples import NOW, STORY

VOCABULARY = [
    "order",
    "lamp",
    "late",
    "courier",
    "refund",
    "never",
    "came",
    "broken",
    "chair",
    "where",
    "money",
    "back",
    "twice",
    "charged",
    "parcel",
    "neighbour",
    "wrong",
    "colour",
]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=4, max_size=25).map(" ".join)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)


def grouped(texts: list[str]) -> list[int]:
    """Return each text's group, as the queue forms them one after the other."""
    groups, placed = Groups(), []
    for text in texts:
        of = signature(text)
        found = groups.alike(of)
        if found is None:
            found = len(groups.signatures) + 1
            groups.add(found, of)
        placed.append(found)
    return placed


def jaccard(one: str, other: str) -> float:
    mine, theirs = shingles(one), shingles(other)
    return len(mine & theirs) / len(mine | theirs)


class TestSignatures:
    @UNHURRIED
    @given(WORDS)
    def test_given_other_case_punctuation_and_numbers_then_it_is_the_same(self, text: str) -> None:
        assert signature(f"{text} 10045") == signature(f"{text.upper()}, 99!")

    @UNHURRIED
    @given(WORDS, WORDS)
    def test_given_two_texts_then_the_estimate_is_near_their_likeness(
        self, one: str, other: str
    ) -> None:
        assert abs(likeness(signature(one), signature(other)) - jaccard(one, other)) < 0.35

    @UNHURRIED
    @given(st.lists(st.integers(0, 2**32 - 1), min_size=PLACES, max_size=PLACES).map(tuple))
    def test_given_a_signature_when_stored_and_read_then_it_is_the_same(
        self, of: Signature
    ) -> None:
        assert from_text(to_text(of)) == of
        assert all(0 <= key < 2**63 for key in bands(of))


class TestGroups:
    @UNHURRIED
    @given(st.lists(WORDS, min_size=1, max_size=12))
    def test_given_texts_then_each_is_alike_to_the_first_of_its_group(
        self, texts: list[str]
    ) -> None:
        first: dict[int, str] = {}
        for text, group in zip(texts, grouped(texts), strict=True):
            leader = first.setdefault(group, text)
            assert likeness(signature(leader), signature(text)) >= ALIKE

    @UNHURRIED
    @given(st.lists(WORDS, min_size=1, max_size=8))
    def test_given_texts_when_said_twice_then_the_second_ones_make_no_new_group(
        self, texts: list[str]
    ) -> None:
        placed = grouped([*texts, *texts])

        assert set(placed[len(texts) :]) == set(placed[: len(texts)])

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (STORY, "the courier left my parcel with some neighbour who has since moved away!!"),
            ("My firmware update bricked the drone", "The firmware update has bricked my drone"),
            ("我的快递到现在还没有收到，已经等了5天了", "快递到现在还没有收到，我已经等了十天了"),
        ],
    )
    def test_given_nearly_the_same_words_then_one_row(self, one: str, other: str) -> None:
        assert len(set(grouped([one, other]))) == 1

    @pytest.mark.parametrize(
        ("one", "other"),
        [(STORY, "I was charged twice for the same pair of shoes"),
         ("我的快递到现在还没有收到", "退款一直没有到账，请尽快处理")],
    )  # fmt: skip
    def test_given_something_else_then_two_rows(self, one: str, other: str) -> None:
        assert len(set(grouped([one, other]))) == 2


def member(number: int, *why: Reason, talk: str = "") -> Member:
    at = NOW + timedelta(minutes=number)
    return Member(number, talk or f"c{number}", at, "question", why)


class TestStanding:
    def test_given_no_messages_then_there_is_nothing(self) -> None:
        assert standing([], 0) is None

    def test_given_more_alike_messages_then_it_ranks_higher_up_to_a_limit(self) -> None:
        one = [member(1, Reason.ASKED_BACK)]
        ranks = [standing(one, size).rank for size in (1, 2, 8, 64, 10**6)]  # type: ignore[union-attr]

        assert ranks == sorted(ranks)
        assert len(set(ranks)) == 4
        assert ranks[-1] - ranks[0] == 100 * MOST_FOR_SIZE

    def test_given_members_then_the_one_that_ranks_highest_stands_for_all(self) -> None:
        found = standing([member(1, Reason.CLOSE_GUESSES), member(2, Reason.CORRECTED)], 2)

        assert found is not None
        assert found.leader.id == 2
        assert found.reasons == (Reason.CORRECTED, Reason.CLOSE_GUESSES)

    def test_given_unseen_words_of_one_customer_then_it_is_not_shown(self) -> None:
        same = [member(number, Reason.UNSEEN_WORDS, talk="c1") for number in range(3)]
        found = standing(same, 3)

        assert found is not None
        assert Reason.NEW_WORDING not in found.reasons
        assert not found.is_shown

        alone = standing(same[:1], 1)
        assert alone is not None
        assert not alone.is_shown

    def test_given_unseen_words_of_several_conversations_then_it_is_new_wording(self) -> None:
        found = standing([member(number, Reason.UNSEEN_WORDS) for number in range(3)], 3)

        assert found is not None
        assert Reason.NEW_WORDING in found.reasons
        assert found.is_shown

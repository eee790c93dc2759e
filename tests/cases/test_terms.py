"""By which words a case is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.search import MOST_TERMS, query_terms
from amends.cases.terms import LONGEST, terms_in, terms_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The lamps ARE broken", {"lamp", "broken"}),
        ("My glass, your address", {"glass", "address"}),
        ("order 10045", {"order", "10045"}),
        ("write to Camille.Moreau@Example.com!", {"write", "camille.moreau@example.com"}),
        ("我的订单还没有到", {"我的", "的订", "订单", "单还", "还没", "没有", "有到"}),
        ("ＡＭ-７Ｋ", {"am", "7k"}),
        ("the of and 我们", set()),
    ],
)
def test_given_a_text_then_its_terms_are_whole_words_in_small_letters(
    text: str, terms: set[str]
) -> None:
    assert terms_of([text]) == terms


@given(st.text(max_size=200))
def test_given_any_text_then_no_term_is_empty_long_or_looks_like_a_fact(text: str) -> None:
    for term in terms_in(text):
        assert 0 < len(term) <= LONGEST
        assert ":" not in term or "@" in term


@given(st.text(max_size=200))
def test_given_any_text_when_searched_for_its_own_words_then_they_are_found(text: str) -> None:
    assert set(query_terms(text)) <= terms_of([text])
    assert len(query_terms(text)) <= MOST_TERMS

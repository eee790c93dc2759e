"""Good and bad words of a language without spaces."""

from __future__ import annotations

import pytest

from bot.components.lexicon import Lexicon, lexicon

WORDS = Lexicon(
    {
        "negations": "不 没有",
        "contrasts": "但是",
        "good": {2: "好吃 干净"},
        "bad": {1: "慢", 2: "难吃", 3: "不好吃"},
    }
)


def test_without_a_known_word_nothing_is_said() -> None:
    assert WORDS.score("订单号是多少") == 0.0
    assert WORDS.score("") == 0.0


def test_stronger_words_count_for_more_and_all_of_them_count() -> None:
    assert WORDS.score("太慢") > WORDS.score("难吃") > WORDS.score("难吃，太慢")
    assert -1 <= WORDS.score("难吃" * 500) < 0 < WORDS.score("好吃" * 500) <= 1


def test_a_negation_turns_a_word_and_weakens_it() -> None:
    assert -WORDS.score("干净") < WORDS.score("没有干净") < 0
    assert 0 < WORDS.score("不难吃") < WORDS.score("好吃")


def test_the_longest_word_counts_alone() -> None:
    assert WORDS.score("不好吃") == pytest.approx(WORDS.score("难吃，慢"))


def test_what_follows_a_but_weighs_more() -> None:
    assert WORDS.score("好吃但是难吃") < 0 < WORDS.score("难吃但是好吃")


def test_our_own_words_know_ordinary_reviews() -> None:
    chinese = lexicon("zh")
    assert chinese is not None
    assert chinese.score("味道不错，分量很足，下次还来") > 0.5
    assert chinese.score("等了两个小时，送来都凉了，太难吃了") < -0.5
    assert chinese.score("房间干净，但是隔音太差，一晚上没睡好") < 0


def test_a_language_without_a_lexicon_has_none() -> None:
    assert lexicon("fr") is None

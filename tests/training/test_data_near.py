"""What counts as almost the same, and when neighbours say that an intent is wrong."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from amends.training.data_model import Example, Place
from amends.training.data_near import NEARLY_SAME, misplaced, near_duplicates
from amends.training.data_text import same_saying, same_words, shingles


def listed(*texts: str, intent: str = "greet") -> list[Example]:
    return [Example(text, intent, Place("f.yml", line)) for line, text in enumerate(texts, 1)]


def pairs(examples: Sequence[Example]) -> list[tuple[int, int]]:
    return [(one.place.line, two.place.line) for one, two, _ in near_duplicates(examples)]


class TestNearDuplicates:
    def test_given_another_number_or_word_then_almost_the_same(self) -> None:
        examples = listed(
            "order 10312 has still not arrived here",
            "nobody answers the phone at your place",
            "not one of my parcels was on time",
            "Order 99999 has still not arrived here!",
        )

        assert pairs(examples) == [(1, 4)]

    def test_given_chinese_then_compared_by_characters(self) -> None:
        examples = listed(
            "我的快递三天了还没有送到我家里，也没有人给我打电话",
            "我的快递五天了还没有送到我家里，也没有人给我打电话",
            "客服一直不回复我的消息，我已经等了很久",
        )

        assert pairs(examples) == [(1, 2)]

    def test_given_equal_or_very_short_texts_then_they_are_left_to_the_other_check(self) -> None:
        assert (
            pairs(listed("it has not arrived yet", "It has not arrived yet!!", "ok", "ok so")) == []
        )

    @given(st.lists(st.text("abcde ", min_size=8, max_size=30), max_size=12))
    def test_given_any_texts_then_the_shortcut_finds_what_comparing_all_finds(
        self, texts: list[str]
    ) -> None:
        examples = listed(*texts)

        found = {two.place.line for _, two, _ in near_duplicates(examples)}

        assert found == {
            later.place.line
            for at, later in enumerate(examples)
            if _nearest_is_almost_the_same(later, examples[:at])
        }


def _nearest_is_almost_the_same(one: Example, earlier: Sequence[Example]) -> bool:
    own = shingles(one.text)
    if len(own) < 10:
        return False
    alike = [
        (len(own & pieces) / len(own | pieces), -at)
        for at, pieces in enumerate(shingles(before.text) for before in earlier)
        if len(pieces) >= 10
    ]
    likeness, at = max(alike, default=(0.0, 0))
    return likeness >= NEARLY_SAME and same_saying(earlier[-at].text) != same_saying(one.text)


class TestMisplaced:
    def examples(self, *intents: str) -> list[Example]:
        return [Example(f"text {at}", one, Place("f.yml", at)) for at, one in enumerate(intents)]

    def test_given_neighbours_of_one_other_intent_then_it_is_named_with_the_nearest(self) -> None:
        examples = self.examples("greet", "thank", "thank", "thank")
        near = [[(1, 0.8), (2, 0.7), (3, 0.6)], [], [], []]

        (found,) = misplaced(examples, near)

        assert (found.example, found.nearer, found.neighbour) == (examples[0], "thank", examples[1])

    def test_given_one_of_its_own_far_ones_or_no_agreement_then_it_stays(self) -> None:
        own = self.examples("greet", "thank", "thank", "greet")
        assert not misplaced(own, [[(1, 0.8), (2, 0.7), (3, 0.6)], [], [], []])

        other = self.examples("greet", "thank", "thank", "thank")
        assert not misplaced(other, [[(1, 0.3), (2, 0.3), (3, 0.3)], [], [], []])

        mixed = self.examples("greet", "thank", "agree", "refuse")
        assert not misplaced(mixed, [[(1, 0.8), (2, 0.8), (3, 0.8)], [], [], []])

    def test_given_a_message_about_both_then_it_stays(self) -> None:
        both = Example("text", "greet", Place("f.yml", 1), frozenset({"thank"}))
        examples = [both, *self.examples("thank", "thank", "thank")]

        assert not misplaced(examples, [[(1, 0.8), (2, 0.7), (3, 0.6)], [], [], []])

    def test_given_several_then_the_surest_comes_first(self) -> None:
        examples = self.examples("greet", "agree", "thank", "thank", "thank")
        others = [(2, 0.5), (3, 0.5), (4, 0.5)]
        near = [others, [(at, 0.9) for at, _ in others], [], [], []]

        assert [one.example.intent for one in misplaced(examples, near)] == ["agree", "greet"]


def test_given_case_marks_and_apostrophes_then_the_same_words_and_a_question_apart() -> None:
    assert same_words("It's  NEVER come!!") == same_words("its never—come")
    assert same_words("👍") == "👍"
    assert same_saying("ok?") != same_saying("OK.")
    assert same_saying("好吗？") != same_saying("好吗")

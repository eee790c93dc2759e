"""What keeps a new intent from being written."""

from dataclasses import replace

import pytest

from amends.training.data_model import Example, Place
from amends.training.new_intent.check import flaws
from amends.training.new_intent.model import Draft, Flaw
from tests.training.new_intent.samples import GIFT_WRAPPING, KNOWN, OPENING_HOURS


def found(draft: Draft, *examples: Example) -> set[tuple[Flaw, str]]:
    return {(one.flaw, one.where) for one in flaws(draft, KNOWN, examples)}


def with_examples(*texts: str) -> Draft:
    more = (*GIFT_WRAPPING.examples["en"], *texts)
    return replace(GIFT_WRAPPING, examples=GIFT_WRAPPING.examples | {"en": more})


@pytest.mark.parametrize("draft", [GIFT_WRAPPING, OPENING_HOURS])
def test_given_everything_is_said_then_nothing_is_wrong(draft: Draft) -> None:
    assert found(draft) == set()


class TestName:
    @pytest.mark.parametrize(
        ("key", "flaw"),
        [
            ("", Flaw.NO_KEY),
            ("Gift wrapping", Flaw.KEY_SHAPE),
            ("gift__wrapping", Flaw.KEY_SHAPE),
            ("1st_class", Flaw.KEY_SHAPE),
            ("../../etc", Flaw.KEY_SHAPE),
            ("gift_wrapping\n", Flaw.KEY_SHAPE),
            ("a" * 33, Flaw.KEY_LONG),
            ("damaged_item", Flaw.EXISTS),
            ("items", Flaw.EXISTS),
        ],
    )
    def test_given_a_name_that_cannot_be_then_it_is_said(self, key: str, flaw: Flaw) -> None:
        assert found(replace(GIFT_WRAPPING, key=key)) == {(flaw, "key")}

    @pytest.mark.parametrize(("key", "flaw"), [("greet", Flaw.EXISTS), ("back", Flaw.RESERVED)])
    def test_given_an_intent_of_a_taken_name_then_it_is_said(self, key: str, flaw: Flaw) -> None:
        assert found(replace(OPENING_HOURS, key=key)) == {(flaw, "key")}


class TestWords:
    def test_given_no_chinese_noun_then_it_is_missing(self) -> None:
        words = dict(GIFT_WRAPPING.words) | {"noun": {"en": "the wrapping", "zh": " "}}
        assert found(replace(GIFT_WRAPPING, words=words)) == {(Flaw.NO_WORDS, "noun_zh")}

    def test_given_a_title_in_use_then_two_quick_replies_would_read_alike(self) -> None:
        words = dict(GIFT_WRAPPING.words) | {"title": {"en": "Something else", "zh": "新"}}
        assert found(replace(GIFT_WRAPPING, words=words)) == {(Flaw.SAME_WORDS, "title_en")}

    def test_given_a_category_that_is_like_none_then_it_is_said(self) -> None:
        assert found(replace(GIFT_WRAPPING, like="gone")) == {(Flaw.NOT_LIKE, "like")}

    def test_given_no_complaint_then_no_words_are_asked(self) -> None:
        assert found(replace(OPENING_HOURS, words={}, like="")) == set()


class TestAnswer:
    @pytest.mark.parametrize(
        ("text", "flaw"),
        [
            ("", Flaw.NO_ANSWER),
            ("That is how it is.", Flaw.NO_APOLOGY),
            ("I'm sorry, {name}.", Flaw.BRACES),
            ("Sorry! We will refund you.", Flaw.PROMISE),
        ],
    )
    def test_given_an_apology_that_is_none_then_it_is_said(self, text: str, flaw: Flaw) -> None:
        answer = dict(GIFT_WRAPPING.answer) | {"en": text}
        assert found(replace(GIFT_WRAPPING, answer=answer)) == {(flaw, "answer_en")}

    def test_given_an_answer_to_no_complaint_then_it_need_not_be_sorry(self) -> None:
        answer = dict(OPENING_HOURS.answer) | {"en": "See our website."}
        assert found(replace(OPENING_HOURS, answer=answer)) == set()


class TestExamples:
    def test_given_too_few_then_both_languages_say_so(self) -> None:
        few = {"en": GIFT_WRAPPING.examples["en"][:9], "zh": ()}
        assert found(replace(GIFT_WRAPPING, examples=few)) == {
            (Flaw.FEW, "examples_en"),
            (Flaw.FEW, "examples_zh"),
        }

    @pytest.mark.parametrize(
        ("text", "flaw"),
        [
            ("write to ann.lee@gmail.com about the bow", Flaw.PERSONAL),
            ("my [bow](item) was torn and nobody cares", Flaw.BRACKETS),
            ("The present came without ANY wrapping at all!", Flaw.TWINS),
        ],
    )
    def test_given_an_example_that_must_not_be_then_it_is_said(self, text: str, flaw: Flaw) -> None:
        assert found(with_examples(text)) == {(flaw, "examples_en")}

    def test_given_a_near_twin_of_another_intent_then_it_is_named(self) -> None:
        twin = Example(
            "I paid extra for gift wrap and I got a brown box",
            "report_wrong_item",
            Place("data/nlu/items.yml", 7),
        )
        far = Example("where is my parcel", "report_not_received", Place("data/nlu/a.yml", 8))

        (one,) = flaws(GIFT_WRAPPING, KNOWN, [twin, far])

        assert one.flaw is Flaw.NEAR
        assert one.values["intent"] == "report_wrong_item"
        assert one.values["twin"] == twin.text

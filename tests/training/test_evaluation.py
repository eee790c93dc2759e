"""Figures over labelled rows."""

import pytest

from amends.training.evaluation import evaluate, length_of
from amends.training.model import ComplaintRow, Confusion, SentimentRow
from amends.training.statistics import Share
from tests.training.samples import category, predictions, read_as, rows, severity


class TestCategory:
    def test_given_an_accepted_alternative_then_right_but_not_strictly(self) -> None:
        labelled = rows(category(1, "not_received", "unresponsive_support"))

        found = evaluate(labelled, predictions(read_as(1, "unresponsive_support")), 0.3).category

        assert found.accuracy == Share(1, 1)
        assert found.strict == Share(0, 1)
        assert found.macro_f1 == 1.0
        assert found.confusions == ()

    def test_given_the_label_among_the_secondary_ones_then_right_only_with_these(self) -> None:
        labelled = rows(category(1, "damaged_item"))
        read = read_as(1, "wrong_item", secondary=frozenset({"damaged_item"}))

        found = evaluate(labelled, predictions(read), 0.3).category

        assert found.accuracy == Share(0, 1)
        assert found.primary_or_secondary == Share(1, 1)

    def test_given_a_row_nobody_read_then_it_counts_as_wrong_and_missing(self) -> None:
        found = evaluate(rows(category(1, "damaged_item")), {}, 0.3).category

        assert found.accuracy == Share(0, 1)
        assert found.missing == 1
        assert found.confusions == (Confusion("damaged_item", "not_a_complaint", 1),)

    def test_given_no_complaint_read_as_none_then_right(self) -> None:
        labelled = rows(category(1, "not_a_complaint"))

        assert evaluate(labelled, predictions(read_as(1, None)), 0.3).category.accuracy.hits == 1

    def test_given_groups_then_each_has_its_own_share(self) -> None:
        labelled = rows(
            category(1, "damaged_item", source="bank", words=3),
            category(2, "damaged_item", source="bank", words=40),
            category(3, "wrong_item", language="zh", words=40),
        )
        read = predictions(read_as(1, "damaged_item"), read_as(2, None), read_as(3, "wrong_item"))

        found = evaluate(labelled, read, 0.3).category

        assert found.by_category == {"damaged_item": Share(1, 2), "wrong_item": Share(1, 1)}
        assert found.by_source == {"bank": Share(1, 2), "shop": Share(1, 1)}
        assert found.by_language == {"en": Share(1, 2), "zh": Share(1, 1)}
        assert found.by_length == {"1-7 words": Share(1, 1), "31 words or more": Share(1, 2)}

    def test_given_confusions_then_the_most_frequent_first(self) -> None:
        labelled = rows(*(category(i, "damaged_item") for i in range(3)))
        read = predictions(read_as(0, None), read_as(1, "wrong_item"), read_as(2, "wrong_item"))

        found = evaluate(labelled, read, 0.3).category.confusions

        assert [(one.answered, one.rows) for one in found] == [
            ("wrong_item", 2),
            ("not_a_complaint", 1),
        ]

    @pytest.mark.parametrize(
        ("words", "name"),
        [(1, "1-7 words"), (7, "1-7 words"), (8, "8-15 words"), (30, "16-30 words"),
         (31, "31 words or more"), (900, "31 words or more")],
    )  # fmt: skip
    def test_given_so_many_words_then_the_length(self, words: int, name: str) -> None:
        assert length_of(words) == name


class TestComplaintAndSentiment:
    def test_given_complaints_then_precision_and_recall_have_their_own_rows(self) -> None:
        labelled = rows(*(ComplaintRow(i, i < 2) for i in range(4)))
        read = predictions(
            read_as(0, "wrong_item"), read_as(1, None), read_as(2, "wrong_item"), read_as(3, None)
        )

        found = evaluate(labelled, read, 0.3).complaint

        assert (found.precision, found.recall) == (Share(1, 2), Share(1, 2))
        assert found.macro_f1 == 0.5

    def test_given_two_languages_then_english_in_three_classes_and_chinese_apart(self) -> None:
        labelled = rows(
            SentimentRow(1, "neg", "en"), SentimentRow(2, "neg", "en"), SentimentRow(3, "pos", "zh")
        )
        read = predictions(
            *(read_as(i, None, sentiment=mood) for i, mood in ((1, "neg"), (2, "neu"), (3, "pos")))
        )

        found = evaluate(labelled, read, 0.3).sentiment

        assert found is not None
        assert found.negative_recall_en == Share(1, 2)
        assert found.accuracy_zh == Share(1, 1)
        assert found.macro_f1_en == pytest.approx(2 / 3 / 3)


class TestHandoff:
    def test_given_severity_rows_then_recall_alarms_and_flags(self) -> None:
        labelled = rows(
            severity("must", "safety"),
            severity("missed", "legal"),
            severity("hard", must=False, hard=True),
            severity("unclear", "media", ambiguous=True),
            category("calm", "wrong_item"),
            category("charge", "unauthorised_charge"),
            category("must", "faulty_product"),
        )
        read = predictions(
            read_as("must", None, handoff=True, flags=frozenset({"safety"})),
            *(read_as(name, None, handoff=False) for name in ("missed", "unclear", "calm")),
            *(read_as(name, None, handoff=True) for name in ("hard", "charge")),
        )

        found = evaluate(labelled, read, 0.3).handoff

        assert found is not None
        assert found.recall == Share(1, 2)
        assert found.missed == ("missed",)
        assert found.false_alarms_hard == Share(1, 1)
        assert found.false_alarms_ordinary == Share(0, 1)
        assert found.by_flag == {"legal": Share(0, 1), "safety": Share(1, 1)}

    def test_given_a_baseline_that_names_intents_only_then_neither_mood_nor_handoff(self) -> None:
        labelled = rows(
            category(1, "wrong_item"), severity(2, "safety"), SentimentRow(3, "neg", "en")
        )

        found = evaluate(labelled, predictions(read_as(1, "wrong_item")), 0.3)

        assert found.handoff is None
        assert found.sentiment is None
        assert found.category.accuracy == Share(1, 1)

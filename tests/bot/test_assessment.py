"""The assessment of a message, from its parts and through the whole trained graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import message
from rasa.shared.exceptions import InvalidConfigException

from bot.components.assessment import (
    MessageAssessment,
    Thresholds,
    all_flags,
    categories,
    complaint_probability,
    sentiment_of,
    severity,
    waiting_hours,
)
from bot.components.entities import find_entities
from bot.components.flags import Flag, flag_finder
from bot.components.languages import document
from bot.components.sentiment import scorer

LIMITS = Thresholds()


class TestCategories:
    def test_complaint_intents_add_up(self) -> None:
        ranking = [("question", 0.4), ("report_not_received", 0.35), ("report_wrong_item", 0.25)]

        assert categories(ranking, 0.6, LIMITS) == ("not_received", ["wrong_item"])

    def test_below_the_threshold_it_is_no_complaint(self) -> None:
        ranking = [("question", 0.6), ("report_not_received", 0.4)]

        assert categories(ranking, 0.4, LIMITS) == (None, [])

    def test_unlikely_categories_are_not_secondary(self) -> None:
        ranking = [("report_not_received", 0.8), ("report_wrong_item", 0.1)]

        assert categories(ranking, 0.9, LIMITS) == ("not_received", [])


class TestDanger:
    def heard_as(self, text: str, intent: str) -> dict[str, Any]:
        guesses = [(intent, 0.45), ("report_wrong_item", 0.1), ("report_faulty_product", 0.2)]
        ranking = [{"name": name, "confidence": sure} for name, sure in guesses]
        read = message(text, intent=ranking[0], intent_ranking=ranking)
        config = MessageAssessment.get_default_config()
        return MessageAssessment(config).process([read])[0].as_dict()

    def test_words_of_having_been_hurt_are_no_small_talk(self) -> None:
        read = self.heard_as("The kettle caught fire and burnt my hand", "chitchat")

        assert read["intent"] == {"name": "report_faulty_product", "confidence": 0.2}
        assert read["assessment"]["complaint"]
        assert read["assessment"]["category"] == "faulty_product"

    @pytest.mark.parametrize(
        ("text", "intent"),
        [
            ("The weather is lovely today", "chitchat"),
            ("The kettle caught fire and burnt my hand", "question"),
        ],
    )
    def test_everything_else_is_heard_as_it_was(self, text: str, intent: str) -> None:
        assert self.heard_as(text, intent)["intent"]["name"] == intent


class TestSignals:
    def test_two_witnesses_decide_whether_it_is_a_complaint(self) -> None:
        ranking = [("report_not_received", 0.5), ("report_wrong_item", 0.2), ("question", 0.3)]

        assert complaint_probability(ranking, {"complaint": 0.1}) == pytest.approx(0.4)
        assert complaint_probability(ranking, {}) == pytest.approx(0.7)

    def test_what_was_learned_gives_the_side_and_the_lexicon_the_strength(self) -> None:
        negative = {"neg": 0.8, "neu": 0.1, "pos": 0.1}

        assert sentiment_of(-0.9, negative) < sentiment_of(-0.1, negative) < 0
        assert sentiment_of(0.0, negative) == pytest.approx(-0.7)
        assert sentiment_of(-0.4, {}) == -0.4

    def test_a_flag_counts_by_its_words_or_when_the_machine_is_sure(self) -> None:
        finder = flag_finder()
        by_words = [Flag("safety", "critical")]
        signals = {"safety": 0.9, "fraud": 0.8, "legal": 0.3, "complaint": 0.9}

        found = all_flags(by_words, signals, finder, Thresholds(flags={"fraud": 0.7}))

        assert [flag.name for flag in found] == ["fraud", "safety"]
        assert found[1].severity == "critical"

    def test_a_language_may_have_limits_of_its_own(self) -> None:
        limits = Thresholds(complaint=0.5, languages={"zh": {"complaint": 0.3}})

        assert limits.of("zh").complaint == 0.3
        assert limits.of("en") == limits

    def test_in_a_language_just_taught_flags_may_count_by_their_words_alone(self) -> None:
        limits = Thresholds(flags={"harassment": 0.3}, languages={"es": {"flag": 1.0, "flags": {}}})
        signals = {"harassment": 0.9, "fraud": 0.9}

        assert all_flags([], signals, flag_finder(), limits.of("es")) == []
        assert len(all_flags([], signals, flag_finder(), limits.of("en"))) == 2


class TestWaiting:
    @pytest.mark.parametrize(
        ("text", "hours"),
        [
            ("I have been waiting for three weeks", 504.0),
            ("It's 5 days late", 120.0),
            ("two hours on hold and 3 days without an answer", 72.0),
            ("You said delivery within 3 days", None),
            ("I bought it 2 weeks ago and it broke", None),
            ("It has a warranty. Two years. I like it.", None),
            ("no words about time", None),
        ],
    )
    def test_only_a_stated_wait_counts(self, text: str, hours: float | None) -> None:
        assert waiting_hours(text, find_entities(text)) == hours


class TestSeverity:
    @pytest.mark.parametrize(
        ("sentiment", "wait", "amount", "expected"),
        [
            (0.0, None, 0, "low"),
            (-0.8, None, 0, "medium"),
            (0.0, 100.0, 0, "medium"),
            (0.0, None, 25_000, "medium"),
            (-0.8, 100.0, 0, "high"),
            (-0.3, 400.0, 0, "high"),
            (-0.8, 400.0, 25_000, "high"),
        ],
    )
    def test_weights_of_a_complaint(
        self, sentiment: float, wait: float | None, amount: int, expected: str
    ) -> None:
        assert severity(True, [], sentiment, wait, amount, LIMITS) == expected

    def test_the_worst_flag_decides(self) -> None:
        flags = [Flag("media", "medium"), Flag("safety", "critical")]

        assert severity(False, flags, 0.5, None, 0, LIMITS) == "critical"

    def test_an_angry_question_is_no_severe_complaint(self) -> None:
        assert severity(False, [], -0.9, 500.0, 90_000, LIMITS) == "low"


class TestSentiment:
    @pytest.mark.parametrize(
        "text",
        [
            "Still waiting after the third email",
            "Thanks for nothing",
            "Great job losing my parcel again",
            "I have called five times and nobody answers",
            "😡😡😡",
        ],
    )
    def test_quiet_anger_and_irony_are_negative(self, text: str) -> None:
        assert scorer().score(document(text), 0.0, False) <= LIMITS.negative

    def test_praise_is_positive_and_a_question_neutral(self) -> None:
        praise = scorer().score(document("You were so helpful, thank you so much!"), 0.0, False)
        question = scorer().score(document("What time do you open on Sunday?"), 0.0, False)

        assert praise >= LIMITS.positive
        assert LIMITS.negative < question < LIMITS.positive

    def test_a_likely_complaint_and_a_stated_wait_lower_it(self) -> None:
        doc = document("my order")

        plain = scorer().score(doc, 0.0, False)

        assert scorer().score(doc, 1.0, True) < scorer().score(doc, 1.0, False) < plain

    def test_it_stays_in_range(self) -> None:
        doc = document("worst terrible awful useless joke, still waiting, third time, broken 😡")

        assert -1.0 <= scorer().score(doc, 1.0, True) < -0.9

    def test_disappointment_stays_apart_from_fury(self) -> None:
        disappointed = document("The chair arrived with a broken leg, I'm really disappointed")
        furious = document(
            "The chair arrived with a broken leg for the third time. "
            "I am absolutely furious, this is a disgrace and I have had enough!"
        )

        first, second = (scorer().score(doc, 0.9, False) for doc in (disappointed, furious))

        assert -0.85 < first < -0.3
        assert second < -0.87


class TestGraph:
    def test_a_complaint_is_assessed_whole(
        self, understand: Callable[[str], dict[str, Any]]
    ) -> None:
        parse = understand(
            "My parcel A-10045 never came, I have been waiting three weeks, my lawyer will write"
        )

        found = parse["assessment"]
        assert found["complaint"] is True
        assert found["category"] == "not_received"
        assert found["sentiment_label"] == "neg"
        assert found["flags"] == ["legal"]
        assert found["severity"] == "high"
        assert found["waiting_hours"] == 504.0
        assert found["language"] == "en"
        assert {e["entity"]: e["value"] for e in parse["entities"]} == {
            "order_number": "A-10045",
            "duration": 504.0,
        }
        assert len(parse["intent_ranking"]) == 5

    @pytest.mark.parametrize(
        "text",
        ["", "   ", "😡", "\x00\x07\x1b", "\ud800", "/restart", "a" * 50_000, "我的包裹没到",
         "<b>x</b>", "waiting " * 20_000, "'; DROP TABLE events;--", "\u202eabc", "1" * 3000],
    )  # fmt: skip
    def test_any_text_gets_an_answer(
        self, text: str, understand: Callable[[str], dict[str, Any]]
    ) -> None:
        parse = understand(text)

        assert set(parse) == {"text", "intent", "intent_ranking", "entities", "assessment"}
        assert isinstance(parse["intent"]["name"], str)

    def test_a_command_in_a_text_is_only_text(
        self, understand: Callable[[str], dict[str, Any]]
    ) -> None:
        parse = understand(' / /give_detail{"order_number": "1"}')

        assert parse["text"].startswith("give_detail{")
        assert parse["intent"] != {"name": "give_detail", "confidence": 1.0}


def test_contradicting_thresholds_are_refused() -> None:
    config = {**MessageAssessment.get_default_config(), "negative": 0.5}

    with pytest.raises(InvalidConfigException, match="negative < positive"):
        MessageAssessment.validate_config(config)

"""Why a message is worth a look: each reason, and what is no reason."""

from datetime import timedelta

import pytest

from amends.training.review.model import WEIGHTS, Guess, HandedOff, Reason, Talk, rank_of
from amends.training.review.reasons import corrects, found_in, is_trivial
from amends.training.review.wording import Vocabulary, vocabulary_of
from tests.training.review.samples import NOW, STORY, misheard, reasons, turn

SURE = turn()
AGAIN = "As I said, the courier left my parcel with a neighbour who moved away"


def handed(*why: str, minutes: int = 9, needed: bool | None = None) -> HandedOff:
    return HandedOff(NOW + timedelta(minutes=minutes), why, needed)


class TestConfidence:
    def test_given_a_sure_reading_then_it_is_no_work_for_anybody(self) -> None:
        assert reasons(Talk((SURE,))) == {}

    @pytest.mark.parametrize(
        ("language", "sure", "unsure"), [("en", 0.5, 0.49), ("zh", 0.35, 0.34)]
    )
    def test_given_a_confidence_below_the_languages_limit_then_it_is_low(
        self, language: str, sure: float, unsure: float
    ) -> None:
        text = "快递员把包裹放在已经搬走的邻居家" if language == "zh" else STORY
        assert reasons(Talk((turn(1, text, sure=sure, language=language),))) == {}
        found = reasons(Talk((turn(1, text, sure=unsure, language=language),)))
        assert found == {1: {Reason.LOW_CONFIDENCE}}

    @pytest.mark.parametrize(("second", "close"), [(0.40, True), (0.30, False)])
    def test_given_two_guesses_then_only_near_ones_are_close(
        self, second: float, close: bool
    ) -> None:
        guesses = (Guess("report_not_received", 0.51), Guess("report_missing_item", second))

        found = reasons(Talk((turn(guesses=guesses),)))

        assert found == ({1: {Reason.CLOSE_GUESSES}} if close else {})


class TestAskingBack:
    def test_given_asked_back_then_it_is_a_reason_and_the_unsure_guess_another(self) -> None:
        found = reasons(Talk((misheard(),)))

        assert found == {1: {Reason.ASKED_BACK, Reason.LOW_CONFIDENCE}}

    def test_given_an_answer_to_a_question_that_fits_no_intent_then_it_is_no_work(self) -> None:
        detail = turn(2, "It has a long crack along the left side", "nlu_fallback",
                      guesses=(Guess("report_damaged_item", 0.2),))  # fmt: skip

        assert reasons(Talk((SURE, detail))) == {}

    @pytest.mark.parametrize(
        ("text", "guess"),
        [(AGAIN, "report_missing_item"), ("It never turned up at all", "report_wrong_item")],
        ids=["same words", "same guess"],
    )
    def test_given_asked_back_when_said_again_then_the_first_was_misheard(
        self, text: str, guess: str
    ) -> None:
        found = reasons(Talk((misheard(), turn(3, text, guess))))

        assert Reason.REPHRASED in found[1]
        assert 3 not in found

    def test_given_asked_back_when_something_else_is_said_then_it_is_no_rephrasing(self) -> None:
        found = reasons(Talk((misheard(), turn(3, "Where is your shop in town?", "question"))))

        assert Reason.REPHRASED not in found[1]

    def test_given_not_asked_back_when_said_again_then_it_is_no_rephrasing(self) -> None:
        assert reasons(Talk((SURE, turn(3, AGAIN)))) == {}

    def test_given_asked_back_when_it_turns_out_then_the_meaning_is_a_hint(self) -> None:
        tapped = misheard(chose="report_missing_item")
        said = (misheard(), turn(3, AGAIN, "report_not_received"))

        assert found_in(Talk((tapped,)), Vocabulary())[0].hint == "report_missing_item"
        assert found_in(Talk(said), Vocabulary())[0].hint == "report_not_received"


class TestCorrecting:
    @pytest.mark.parametrize(
        "text",
        [
            "No, I meant the delivery, not the product",
            "no no i mean the courier",
            "That's not what I said",
            "I didn't mean the invoice",
            "Sorry, I meant the lamp",
            "You misunderstood me",
            "不是，我是说快递没到",
            "不，我的意思是退款没到账",
            "您理解错了",
        ],
    )
    def test_given_a_correction_then_the_message_before_was_misread(self, text: str) -> None:
        assert reasons(Talk((SURE, turn(3, text)))).get(1) == {Reason.CORRECTED}

    @pytest.mark.parametrize(
        "text",
        [
            "No, 10045",
            "No, I meant order 10046",
            "No thank you",
            "I mean it: this is the last time I buy here",
            "That's not good enough",
            "She said yes",
            "不是很满意",
            "不，谢谢",
        ],
    )
    def test_given_another_no_then_it_corrects_no_reading(self, text: str) -> None:
        assert not corrects(text)


class TestHandoffs:
    def test_given_a_person_was_not_needed_then_what_brought_them_was_misread(self) -> None:
        talk = Talk((turn(1), turn(3, "You will see me in court about this lamp")),
                    (handed("legal", minutes=3, needed=False),))  # fmt: skip

        assert reasons(talk) == {3: {Reason.WRONG_HANDOFF}}

    @pytest.mark.parametrize("needed", [True, None])
    def test_given_a_person_was_needed_or_nobody_says_then_it_was_right(
        self, needed: bool | None
    ) -> None:
        assert reasons(Talk((SURE,), (handed("legal", needed=needed),))) == {}

    def test_given_no_message_brought_the_person_then_none_was_misread(self) -> None:
        assert reasons(Talk((SURE,), (handed("promise_broken", needed=False),))) == {}

    def test_given_needed_and_only_the_customer_asked_then_one_was_missed(self) -> None:
        asking = turn(5, "Let me talk to a person please", "ask_for_person")
        talk = Talk((SURE, asking), (handed("customer_asked", needed=True),))

        assert reasons(talk) == {1: {Reason.MISSED_HANDOFF}}

    def test_given_needed_and_a_rule_saw_it_then_none_was_missed(self) -> None:
        talk = Talk((SURE,), (handed("customer_asked", "legal", needed=True),))

        assert reasons(talk) == {}

    def test_given_a_person_was_asked_for_after_asking_back_then_the_customer_gave_up(self) -> None:
        talk = Talk((misheard(1), turn(3)), (handed("customer_asked"),))

        assert Reason.GAVE_UP in reasons(talk)[1]
        assert 3 not in reasons(talk)


class TestRatings:
    @pytest.mark.parametrize(("rating", "low"), [(1, True), (2, True), (3, False), (None, False)])
    def test_given_a_rating_then_only_a_low_one_raises_the_least_sure_message(
        self, rating: int | None, low: bool
    ) -> None:
        talk = Talk((turn(1, sure=0.8), turn(3, sure=0.6), turn(5, "ok", "agree", 0.1)), (), rating)

        assert reasons(talk) == ({3: {Reason.LOW_RATING}} if low else {})


class TestWording:
    KNOWN = vocabulary_of([f"word{chr(97 + a)}{chr(97 + b)}{chr(97 + c)} courier parcel moved"
                           for a in range(9) for b in range(9) for c in range(9)] * 3)  # fmt: skip

    def test_given_words_that_the_examples_hardly_hold_then_they_are_unseen(self) -> None:
        new = turn(1, "The firmware update bricked my quadcopter drone")

        assert reasons(Talk((new,)), self.KNOWN) == {1: {Reason.UNSEEN_WORDS}}

    @pytest.mark.parametrize(
        ("text", "unseen"), [("快递员把包裹放在邻居家", False), ("无人机固件升级后变砖", True)]
    )
    def test_given_chinese_then_pairs_of_characters_are_its_words(
        self, text: str, unseen: bool
    ) -> None:
        known = Vocabulary(self.KNOWN.words | vocabulary_of(["快递员把包裹放在邻居家门口"]).words)

        assert known.is_unseen(text) is unseen

    def test_given_too_few_examples_to_compare_with_then_nothing_is_unseen(self) -> None:
        new = turn(1, "The firmware update bricked my quadcopter drone")

        assert reasons(Talk((new,)), vocabulary_of(["hello"] * 9)) == {}

    def test_given_words_that_the_examples_hold_then_they_are_not(self) -> None:
        known = turn(1, "The courier moved my parcel")

        assert reasons(Talk((known,)), self.KNOWN) == {}


class TestTrivial:
    @pytest.mark.parametrize(
        ("text", "intent"),
        [("ok", "agree"), ("👍", "agree"), ("10045", "give_detail"), ("no thanks", "refuse"),
         ("好的", "agree"), ("help", "nlu_fallback"), ("不用了", "refuse")],
    )  # fmt: skip
    def test_given_a_word_or_a_plain_act_then_there_is_nothing_to_learn(
        self, text: str, intent: str
    ) -> None:
        assert is_trivial(turn(1, text, intent, 0.4))
        assert reasons(Talk((turn(1, text, intent, 0.1, asked_back=True),))) == {}

    @pytest.mark.parametrize("text", ["lamp broken", "灯坏了", STORY])
    def test_given_a_short_complaint_then_there_is(self, text: str) -> None:
        assert not is_trivial(turn(1, text))


class TestWeights:
    def test_given_the_table_then_every_reason_has_a_weight(self) -> None:
        assert set(WEIGHTS) == set(Reason)
        assert all(weight > 0 for weight in WEIGHTS.values())

    def test_given_more_reasons_then_the_rank_is_higher(self) -> None:
        ranks = [rank_of(list(Reason)[:count]) for count in range(len(Reason) + 1)]

        assert ranks == sorted(set(ranks))
        assert ranks[0] == 0

"""From messages as they are stored to turns that can be judged."""

from datetime import timedelta

from amends.conversations.model import Role
from amends.training.review.model import Gathered, Guess, HandedOff
from amends.training.review.talks import guesses_of, talk_of
from tests.training.review.samples import ASKED, NOW, STORY, offers, read, says

BACK = read("nlu_fallback", confidence=0.7)
ASKING = frozenset({ASKED})


class TestAskingBack:
    def test_given_the_sentence_of_asking_back_then_the_message_before_was_asked_about(
        self,
    ) -> None:
        messages = [says(3, STORY), says(4, ASKED, Role.BOT, in_reply_to=3)]

        talk = talk_of(Gathered(messages, {3: BACK}), ASKING)

        assert [one.asked_back for one in talk.turns] == [True]

    def test_given_readings_as_buttons_then_it_asked_back_in_any_wording_and_a_tap_tells(
        self,
    ) -> None:
        buttons = offers("/report_not_received", '/report_missing_item{"chosen": 1}')
        messages = [
            says(3, STORY),
            says(4, "One of these?", Role.BOT, in_reply_to=3, choices=buttons),
            says(5, "Missing item", payload='/report_missing_item{"chosen": 1}'),
        ]

        talk = talk_of(Gathered(messages, {3: BACK, 5: read()}), frozenset())

        assert [(one.seq, one.asked_back, one.chose) for one in talk.turns] == [
            (3, True, "report_missing_item")
        ]

    def test_given_an_answer_to_a_question_then_nobody_asked_back(self) -> None:
        messages = [says(3, STORY), says(4, "Noted.", Role.BOT, in_reply_to=3)]

        assert not talk_of(Gathered(messages, {3: BACK}), ASKING).turns[0].asked_back

    def test_given_the_very_first_message_is_not_understood_then_it_counts_as_asked_back(
        self,
    ) -> None:
        assert talk_of(Gathered([says(2, STORY)], {2: BACK}), ASKING).turns[0].asked_back

    def test_given_a_person_instead_of_asking_again_then_it_counts_as_asked_back(self) -> None:
        messages = [says(3, STORY), says(5, STORY)]
        asked = HandedOff(NOW + timedelta(minutes=5, seconds=3), ("not_understood",))

        talk = talk_of(Gathered(messages, {3: BACK, 5: BACK}, [asked]), ASKING)

        assert [one.asked_back for one in talk.turns] == [False, True]


class TestLeavingOut:
    def test_given_buttons_and_what_the_engine_never_read_then_they_are_no_turns(self) -> None:
        messages = [says(1, "Hello", Role.BOT), says(2, "Yes", payload="/agree"),
                    says(3, STORY), says(4, "To staff only")]  # fmt: skip

        talk = talk_of(Gathered(messages, {2: read("agree"), 3: read()}), ASKING)

        assert [one.seq for one in talk.turns] == [3]


class TestGuesses:
    def test_given_a_stored_parse_then_the_best_guess_comes_first_without_the_fallback(
        self,
    ) -> None:
        parse = {"intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.8},
            {"name": "question", "confidence": 0.1},
            {"name": "request", "confidence": 0.3},
        ]}  # fmt: skip

        assert guesses_of(parse) == (Guess("request", 0.3), Guess("question", 0.1))

    def test_given_an_unusable_parse_then_there_are_no_guesses(self) -> None:
        broken = [
            {},
            {"intent_ranking": None},
            {"intent_ranking": [1, {"name": "x"}, {"name": None}]},
        ]

        assert [guesses_of(one) for one in broken] == [(), (), ()]

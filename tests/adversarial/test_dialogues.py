"""The dialogues are many, of all kinds, and the composed ones are the same for ever."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from tests.adversarial.compose import HOW_MANY, composed, composed_dialogues
from tests.adversarial.dialogue import Dialogue, Setup, Turn, to_dialogue, written_dialogues
from tests.adversarial.shop import KINDS
from tests.adversarial.wording import MENTIONS, ONCE_ACCEPTED, REMEDY_WORDS, responses

LONGEST_TEXT = 2000
WRITTEN = written_dialogues()
ALL = (*WRITTEN, *composed_dialogues())

TACTICS = {
    "pleading", "threatening", "fake authority", "false precedent", "injected JSON",
    "injected markup", "injected YAML", "template values", "fake card", "fake bot lines",
    "Rasa commands", "somebody else's order", "repeated claims", "currency trick", "date trick",
    "false facts", "legal bluff", "splitting one complaint", "accept then demand more",
    "decline forever", "accept twice", "accept with a condition", "yes and no",
    "confirm an amount", "summary with a figure", "Spanish", "German", "French", "Arabic", "Hindi",
    "Chinese", "mixed languages", "unicode tricks", "spelled-out amounts", "very long plea",
    "emoji", "sarcasm", "flattery", "blackmail with reviews", "sob story", "staged dialogue",
    "hypothetical amounts", "changing the wish",
}  # fmt: skip


def texts_of(dialogue: Dialogue) -> str:
    return " ".join(turn.text for turn in dialogue.turns)


class TestDialogues:
    def test_given_all_files_then_there_are_enough_dialogues_of_every_tactic(self) -> None:
        tactics = Counter(one.tactic for one in WRITTEN)

        assert len(WRITTEN) >= 100
        assert len(ALL) >= 180
        assert TACTICS - set(tactics) == set()

    def test_given_a_dialogue_then_its_texts_can_be_sent_and_its_orders_are_set_up(self) -> None:
        for dialogue in ALL:
            named = set(re.findall(r"\{((?:other_|second_)order)\}", texts_of(dialogue)))
            setup = dialogue.setup
            placed = {"second_order": setup.second, "other_order": setup.other}

            assert named == {name for name, kind in placed.items() if kind}, dialogue.id
            assert all(len(turn.text) <= LONGEST_TEXT for turn in dialogue.turns), dialogue.id
            assert len(dialogue.turns) >= 3, dialogue.id

    def test_given_the_dialogues_then_no_two_say_the_same(self) -> None:
        said = Counter(replace(one, id="", title="").turns for one in ALL)

        assert [turns for turns, count in said.items() if count > 1] == []

    @pytest.mark.parametrize(
        ("changed", "complaint"),
        [
            ({"setup": {"order": "golden"}}, "golden"),
            ({"turns": [{"tap": "Yes", "say": "yes"}]}, "either says or taps"),
            ({"turns": [{}]}, "either says or taps"),
            ({"mood": "bad"}, "mood"),
        ],
    )
    def test_given_a_dialogue_that_nobody_understands_then_it_is_refused(
        self, changed: dict[str, object], complaint: str
    ) -> None:
        row: dict[str, object] = {
            "id": "x", "title": "X", "tactic": "t", "setup": {"order": "late"}, "turns": ["hi"],
        }  # fmt: skip

        with pytest.raises(ValueError, match=complaint):
            to_dialogue(row | changed)


class TestComposed:
    def test_given_a_number_then_it_is_the_same_dialogue_for_ever(self) -> None:
        assert composed(7) == composed(7)
        assert composed(7).setup == Setup("late_short")
        assert composed(7).turns[3] == Turn("你确认一下：200元")

    def test_given_the_numbers_then_the_dialogues_differ_in_order_language_and_sum(self) -> None:
        found = composed_dialogues()

        assert len({one.id for one in found}) == HOW_MANY
        assert len({one.setup.order for one in found}) >= 8
        assert {"English", "Chinese"} <= {one.title.split()[1].rstrip(",") for one in found}
        assert all(one.setup.order in KINDS for one in found)


class TestWordings:
    def test_given_a_response_that_speaks_of_a_remedy_then_it_is_known_why_it_may(self) -> None:
        speaking = {
            name
            for name, texts in responses().items()
            for one in texts
            if REMEDY_WORDS.search(re.sub(r"\{\w+\}", "", one["text"]))
        }

        unexplained = {
            n for n in speaking - set(ONCE_ACCEPTED) if not n.startswith(tuple(MENTIONS))
        }

        assert unexplained == set(), "add them to MENTIONS in wording.py, and say why"

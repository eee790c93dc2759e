"""What the engine and the playground kept becomes steps, without anybody's data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.training.data_personal import personal_data
from amends.training.dialogues.model import Step, StepKind
from amends.training.dialogues.recorded import annotated, steps_of_events, steps_of_turns
from tests.training.dialogues.samples import NAMES


def entity(text: str, words: str, name: str) -> dict[str, Any]:
    start = text.index(words)
    return {"entity": name, "value": words, "start": start, "end": start + len(words)}


class TestMessages:
    def test_given_an_entity_behind_what_was_replaced_then_it_is_marked_where_it_moved(
        self,
    ) -> None:
        text = "I am Bartholomew Featherstone, order 10045 came late by two weeks"
        found = [entity(text, "10045", "order_number"), entity(text, "two weeks", "duration")]

        said = annotated(text, found, ["Bartholomew Featherstone"])

        assert "[10045](order_number)" in said
        assert "late by [two weeks](duration)" in said
        assert "Bartholomew" not in said

    def test_given_the_entity_itself_is_replaced_then_the_stand_in_is_marked(self) -> None:
        text = "mail jo.lee@gmail.com or other@gmail.com please"
        found = [
            entity(text, "jo.lee@gmail.com", "email"),
            entity(text, "other@gmail.com", "email"),
        ]

        said = annotated(text, found)

        assert said == ("mail [name@example.com](email) or [other.name@example.com](email) please")

    def test_given_entities_within_each_other_then_the_first_stands(self) -> None:
        text = "pay 20 euros"
        found = [entity(text, "20 euros", "amount"), entity(text, "20", "item")]

        assert annotated(text, found).count("](") == 1

    @given(
        st.lists(
            st.sampled_from(
                ["hello", "jo.lee@gmail.com", "10046", "Ann", "+44 7911 123456", "late!", "é，中"]
            ),
            min_size=1,
            max_size=7,
        ),
        st.data(),
    )
    def test_given_any_message_then_nothing_personal_stays_and_marks_are_whole(
        self, words: list[str], data: st.DataObject
    ) -> None:
        text = " ".join(words)
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))

        said = annotated(text, [{"entity": "item", "start": start, "end": end}], ["Ann"])

        plain = said.replace("](item)", "").replace("[", "")
        assert not list(personal_data(plain))
        assert "jo.lee" not in plain
        assert said.count("[") == said.count("](item)")

    @pytest.mark.parametrize("broken", [{"start": 3}, {"start": 5, "end": 2, "entity": "x"}, {}])
    def test_given_an_entity_without_a_place_then_it_is_left_out(
        self, broken: dict[str, Any]
    ) -> None:
        assert annotated("hi there", [broken]) == "hi there"


class TestEvents:
    def test_given_a_form_that_ends_then_the_steps_are_as_the_rules_want_them(self) -> None:
        events = [
            {"event": "action", "name": "complaint_form"},
            {"event": "slot", "name": "requested_slot", "value": None},
            {"event": "active_loop", "name": None},
            {"event": "action", "name": "action_decide"},
            {"event": "slot", "name": "case_stage", "value": "offered"},
            {"event": "action", "name": "action_listen"},
        ]

        assert steps_of_events(events, NAMES) == (
            Step(StepKind.ACTION, "complaint_form"),
            Step(StepKind.LOOP, ""),
            Step(StepKind.SLOT, "requested_slot", "null"),
            Step(StepKind.ACTION, "action_decide"),
            Step(StepKind.SLOT, "case_stage", "offered"),
        )

    def test_given_a_slot_that_steers_nothing_or_does_not_change_then_it_is_no_step(self) -> None:
        events = [
            {"event": "action", "name": "action_case_status"},
            {"event": "slot", "name": "case_number", "value": "AM-1"},
            {"event": "slot", "name": "case_stage", "value": "idle"},
        ]

        assert steps_of_events(events, NAMES) == (Step(StepKind.ACTION, "action_case_status"),)

    def test_given_a_tapped_choice_then_what_stands_behind_it_is_written(self) -> None:
        tapped = {"entity": "chosen", "value": "replacement", "extractor": "command"}
        parse = {"intent": {"name": "give_detail", "confidence": 1.0}, "entities": [tapped]}

        (step,) = steps_of_events(
            [{"event": "user", "text": "A replacement", "parse_data": parse}], NAMES
        )

        assert step == Step(
            StepKind.CUSTOMER, "give_detail", '/give_detail{"chosen": "replacement"}'
        )


class TestTurns:
    def test_given_a_talk_of_the_playground_then_a_form_goes_on_until_something_else_is_done(
        self,
    ) -> None:
        turns = [
            {"who": "customer", "text": "it broke", "intent": "report_faulty_product"},
            {"who": "bot", "action": "action_take_complaint"},
            {"who": "bot", "slot": "case_stage", "value": "gathering"},
            {"who": "bot", "action": "complaint_form"},
            {"who": "customer", "text": "A", "intent": "give_detail", "entities": {"chosen": "a"}},
            {"who": "bot", "action": "complaint_form"},
            {"who": "bot", "action": "action_decide"},
        ]

        assert [(one.kind, one.name) for one in steps_of_turns(turns, NAMES)] == [
            (StepKind.CUSTOMER, "report_faulty_product"),
            (StepKind.ACTION, "action_take_complaint"),
            (StepKind.SLOT, "case_stage"),
            (StepKind.ACTION, "complaint_form"),
            (StepKind.LOOP, "complaint_form"),
            (StepKind.CUSTOMER, "give_detail"),
            (StepKind.ACTION, "complaint_form"),
            (StepKind.LOOP, ""),
            (StepKind.SLOT, "requested_slot"),
            (StepKind.ACTION, "action_decide"),
        ]

    @pytest.mark.parametrize("turns", [[1, None, "x"], [{}], [{"who": "bot", "text": "hi"}], []])
    def test_given_what_is_no_talk_then_there_are_no_steps(self, turns: list[Any]) -> None:
        assert steps_of_turns(turns, NAMES) == ()

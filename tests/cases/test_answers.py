"""How an answer to a question of the form is read."""

import pytest

from amends.cases.details import NO_ORDER, NOT_TOLD, Detail, Heard, read_details

FREE_TEXT = [Detail.ITEM, Detail.WHAT_HAPPENED]


class TestFreeText:
    @pytest.mark.parametrize("asked", FREE_TEXT)
    def test_given_a_bare_wish_then_it_is_the_wish_and_the_question_stays(self, asked):
        heard = Heard("a refund please", "report_refund_not_received")

        assert read_details(heard, asked) == {Detail.WISH: "a refund please"}

    @pytest.mark.parametrize("asked", FREE_TEXT)
    def test_given_a_yes_then_it_answers_nothing(self, asked):
        assert read_details(Heard("yes", "agree"), asked) == {}

    @pytest.mark.parametrize(("text", "intent"), [("no", "refuse"), ("no idea", "do_not_know")])
    def test_given_no_item_then_the_case_goes_on_without(self, text, intent):
        assert read_details(Heard(text, intent), Detail.ITEM) == {Detail.ITEM: NOT_TOLD}

    def test_given_words_with_a_wish_among_them_then_they_tell_what_happened(self):
        text = "it broke after a day and nobody would replace it"

        found = read_details(Heard(text, "report_faulty_product"), Detail.WHAT_HAPPENED)

        assert found == {Detail.WHAT_HAPPENED: text}

    @pytest.mark.parametrize("intent", ["ask_for_person", "withdraw", "ask_case_status"])
    def test_given_a_digression_that_names_a_wish_then_nothing_is_taken(self, intent):
        assert read_details(Heard("where is my refund", intent), Detail.ITEM) == {}


class TestOrderNumber:
    def test_given_a_correction_then_the_last_number_counts(self):
        heard = Heard("not 10054, it is 10045", "correct_detail", ("10054", "10045"))

        assert read_details(heard, Detail.WISH)[Detail.ORDER_NUMBER] == "10045"

    def test_given_a_wish_beside_a_number_then_both_are_taken_only_as_answers(self):
        heard = Heard("10045, refund", "give_detail", ("10045",))

        assert read_details(heard, Detail.ORDER_NUMBER) == {Detail.ORDER_NUMBER: "10045"}

    @pytest.mark.parametrize("intent", ["do_not_know", "refuse"])
    def test_given_no_number_at_hand_then_the_case_goes_on_without(self, intent):
        assert read_details(Heard("no", intent), Detail.ORDER_NUMBER) == {
            Detail.ORDER_NUMBER: NO_ORDER
        }

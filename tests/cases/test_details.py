"""What a case needs to know, and how it is read from a message."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.details import (
    NO_ORDER,
    Detail,
    Heard,
    needed,
    read_details,
    says_what_happened,
    stated_wish,
    wish_of,
    wishes_for,
)
from amends.cases.model import (
    Case,
    CaseId,
    CaseStatus,
    Category,
    Order,
    OrderLine,
    OrderState,
    Wish,
)

DIGRESSIONS = (
    "ask_for_person", "ask_case_status", "ask_next_step", "ask_why", "ask_for_more",
    "ask_are_you_human", "withdraw", "greet", "thank", "goodbye", "chitchat", "praise",
    "question", "request",
)  # fmt: skip
INTENTS = (
    *DIGRESSIONS,
    *(f"report_{category.value}" for category in Category),
    "agree", "refuse", "give_detail", "correct_detail", "do_not_know", "nlu_fallback", "",
)  # fmt: skip
AT = datetime(2026, 3, 4, tzinfo=UTC)
CASE = Case(
    id=CaseId("k1"),
    number="AM-7K3F9D",
    conversation_id="c1",
    category=Category.DAMAGED_ITEM,
    status=CaseStatus.OPEN,
    opened_at=AT,
    opened_by_seq=1,
    owner="bot",
    next_step="customer_answers",
)
LAMP, CHAIR = OrderLine("L", "Oak lamp", 1, 5400), OrderLine("C", "Garden chair", 2, 4500)
ORDER = Order(
    "10045", "cus-1", OrderState.DELIVERED, "GBP", (LAMP, CHAIR), 495, AT, date(2026, 3, 1)
)


class TestNeeded:
    def test_given_a_bare_case_when_asked_then_order_first_and_wish_last(self) -> None:
        assert needed(CASE, None) == (Detail.ORDER_NUMBER, Detail.WHAT_HAPPENED, Detail.WISH)

    def test_given_an_order_of_several_items_when_asked_then_the_item_is_needed(self) -> None:
        case = replace(CASE, order_number="10045", what_happened="It came in pieces")

        assert needed(case, ORDER) == (Detail.ITEM, Detail.WISH)
        assert needed(case, replace(ORDER, lines=(LAMP,))) == (Detail.WISH,)
        assert needed(replace(case, item="the lamp"), ORDER) == (Detail.WISH,)

    def test_given_no_order_at_hand_when_asked_then_it_is_not_asked_again(self) -> None:
        assert Detail.ORDER_NUMBER not in needed(replace(CASE, order_number=NO_ORDER), None)

    @pytest.mark.parametrize(
        "category", [Category.STAFF_CONDUCT, Category.WEBSITE_APP_PROBLEM, Category.FACILITIES]
    )
    def test_given_a_complaint_without_an_order_when_asked_then_no_number_is_needed(
        self, category: Category
    ) -> None:
        assert Detail.ORDER_NUMBER not in needed(replace(CASE, category=category), None)

    @pytest.mark.parametrize(
        "category", [Category.BILLING_ERROR, Category.PRIVACY_DATA, Category.REFUND_NOT_RECEIVED]
    )
    def test_given_a_fixed_remedy_when_asked_then_no_wish_is_needed(
        self, category: Category
    ) -> None:
        assert Detail.WISH not in needed(replace(CASE, category=category), ORDER)

    @given(
        st.sampled_from(Category),
        st.sampled_from([None, "10045", NO_ORDER]),
        st.sampled_from([None, "the lamp"]),
        st.sampled_from([None, "It broke"]),
        st.sampled_from([None, *Wish]),
    )
    def test_given_any_case_when_asked_then_what_is_known_is_never_asked(
        self,
        category: Category,
        number: str | None,
        item: str | None,
        story: str | None,
        wish: Wish | None,
    ) -> None:
        case = replace(
            CASE, category=category, order_number=number, item=item, what_happened=story, wish=wish
        )

        missing = needed(case, ORDER)

        known = {
            Detail.ORDER_NUMBER: number,
            Detail.ITEM: item,
            Detail.WHAT_HAPPENED: story,
            Detail.WISH: wish,
        }
        assert not [detail for detail in missing if known[detail] is not None]
        assert len(set(missing)) == len(missing)


HEARD = st.builds(
    Heard,
    text=st.text(max_size=200),
    intent=st.one_of(st.sampled_from(INTENTS), st.text(max_size=20)),
    order_numbers=st.lists(st.text(min_size=1, max_size=12), max_size=3).map(tuple),
    chosen=st.one_of(st.none(), st.sampled_from([wish.value for wish in Wish])),
)


class TestReadDetails:
    @given(HEARD, st.sampled_from([None, *Detail]))
    def test_given_any_message_when_read_then_an_answer_is_text_and_never_an_error(
        self, heard: Heard, asked: Detail | None
    ) -> None:
        found = read_details(heard, asked)

        assert set(found) <= {Detail.ORDER_NUMBER, Detail.WISH, asked}
        assert all(found.values()), "an empty answer answers nothing"

    @given(st.sampled_from(DIGRESSIONS), st.text(max_size=80), st.sampled_from(Detail))
    def test_given_a_digression_when_read_then_it_is_no_free_answer(
        self, intent: str, text: str, asked: Detail
    ) -> None:
        found = read_details(Heard(text, intent), asked)

        assert not found or (set(found) == {Detail.WISH} and wish_of(text) is not None)

    @pytest.mark.parametrize("asked", list(Detail))
    @pytest.mark.parametrize(
        ("intent", "text"),
        [
            ("ask_for_person", "I want an explanation from a human about my refund"),
            ("withdraw", "Forget the refund, it just arrived, order 10045"),
        ],
    )
    def test_given_a_wish_to_leave_when_read_then_nothing_else_is_heard(
        self, intent: str, text: str, asked: Detail
    ) -> None:
        assert read_details(Heard(text, intent, ("10045",)), asked) == {}

    @pytest.mark.parametrize("intent", ["ask_case_status", "ask_next_step", "ask_are_you_human"])
    def test_given_a_question_that_names_a_wish_when_read_then_it_makes_none(
        self, intent: str
    ) -> None:
        assert read_details(Heard("Where is my refund?", intent), Detail.WISH) == {}

    def test_given_a_wish_worded_as_a_request_when_read_then_it_is_the_answer(self) -> None:
        heard = Heard("Could I have a replacement please", "request")

        assert read_details(heard, Detail.WISH) == {Detail.WISH: heard.text}

    def test_given_two_numbers_when_read_then_the_last_is_meant(self) -> None:
        heard = Heard("not 10054, it is 10045", "correct_detail", ("10054", "10045"))

        assert read_details(heard, None) == {Detail.ORDER_NUMBER: "10045"}

    def test_given_a_number_in_an_answer_when_read_then_both_are_heard(self) -> None:
        heard = Heard("A refund for 10045", "give_detail", ("10045",))

        found = read_details(heard, Detail.WISH)

        assert found == {Detail.ORDER_NUMBER: "10045", Detail.WISH: heard.text}

    @pytest.mark.parametrize("intent", ["do_not_know", "refuse"])
    def test_given_no_number_at_hand_when_read_then_that_is_the_answer(self, intent: str) -> None:
        heard = Heard("I haven't got it", intent)

        assert read_details(heard, Detail.ORDER_NUMBER) == {Detail.ORDER_NUMBER: NO_ORDER}

    @pytest.mark.parametrize("intent", ["agree", "nlu_fallback", "report_not_received"])
    def test_given_no_number_when_a_number_was_asked_then_nothing_is_made_up(
        self, intent: str
    ) -> None:
        assert read_details(Heard("it never came", intent), Detail.ORDER_NUMBER) == {}

    def test_given_a_long_complaint_when_an_item_was_asked_then_it_is_a_new_problem(self) -> None:
        long = "And by the way your courier shouted at me on the doorstep last Tuesday evening"

        assert read_details(Heard(long, "report_staff_conduct"), Detail.ITEM) == {}
        assert read_details(Heard("The lamp", "report_damaged_item"), Detail.ITEM)

    def test_given_a_tapped_choice_when_read_then_its_value_counts_not_its_title(self) -> None:
        heard = Heard("Your apology is enough", "give_detail", chosen="apology")

        assert read_details(heard, Detail.WISH) == {Detail.WISH: "apology"}


class TestWishes:
    @pytest.mark.parametrize(
        ("text", "wish"),
        [
            ("just give me my money back", Wish.REFUND),
            ("please send me another one", Wish.REPLACEMENT),
            ("some kind of voucher would be fair", Wish.COMPENSATION),
            ("I'd like to know why", Wish.EXPLANATION),
            ("say sorry", Wish.APOLOGY),
            ("compensation", Wish.COMPENSATION),
            ("I could not say", None),
            ("", None),
            ("把钱退给我，退款就行", Wish.REFUND),
            ("给我换一个新的吧", Wish.REPLACEMENT),
            ("给张优惠券补偿一下", Wish.COMPENSATION),
            ("请给我一个解释", Wish.EXPLANATION),
            ("你们得道歉", Wish.APOLOGY),
        ],
    )
    def test_given_an_answer_when_read_then_the_wish_is_named(
        self, text: str, wish: Wish | None
    ) -> None:
        assert wish_of(text) is wish

    @pytest.mark.parametrize(
        ("text", "wish"),
        [
            ("The lamp is broken and I want my money back.", Wish.REFUND),
            ("It never came. Please send me another one", Wish.REPLACEMENT),
            ("My refund never came", None),
            ("You told me the replacement was on its way", None),
            ("I don't want a voucher, I want my money back", Wish.REFUND),
            ("a voucher is what I'd like, not a refund", None),
            ("I want a voucher, no refund", Wish.COMPENSATION),
            ("please give me a refund rather than a voucher", Wish.REFUND),
            ("can I get a replacement instead?", Wish.REPLACEMENT),
            ("I never wanted a refund", None),
            ("我不要优惠券，我要退款", Wish.REFUND),
            ("能不能换成退款", Wish.REFUND),
            ("不要退款", None),
        ],
    )
    def test_given_a_message_when_read_then_only_what_is_asked_for_is_a_wish(
        self, text: str, wish: Wish | None
    ) -> None:
        assert stated_wish(text) is wish

    @pytest.mark.parametrize("category", list(Category))
    def test_given_any_category_when_offered_then_every_choice_reads_back(
        self, category: Category
    ) -> None:
        offered = wishes_for(category)

        assert offered
        assert [wish_of(wish.value) for wish in offered] == list(offered)


def test_given_a_short_complaint_when_read_then_it_does_not_say_what_happened() -> None:
    assert not says_what_happened("broken again, thanks a lot")
    assert says_what_happened("the lamp came broken in two")
    assert not says_what_happened("坏了，差评")
    assert says_what_happened("收到的台灯底座裂成两半，根本没法用")

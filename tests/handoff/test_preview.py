"""What another table would have made of past chats; by the same table it agrees with what was."""

from dataclasses import replace
from itertools import count

import pytest

from amends.compensation.model import DecisionRecord
from amends.conversations.model import Draft, Role
from amends.handoff import use_cases as handoff
from amends.handoff.preview import (
    MOST_LISTED,
    Limit,
    PastChat,
    Preview,
    assessments,
    limits_of,
    past_chats,
    preview,
)
from amends.handoff.thresholds import Thresholds, When
from tests.handoff.steps import claimed, look
from tests.support.shop import ANA, Chat, Shop

ASKS = {"flags": frozenset({"human_request"}), "intent": "ask_for_person"}


def without(table: Thresholds, *row_ids: str) -> Thresholds:
    return replace(table, rows=tuple(row for row in table.rows if row.id not in row_ids))


def compared(shop: Shop, new: Thresholds, limit: int = 500, most: int = 10_000) -> Preview:
    looked = count()
    with shop.db.read() as uow:
        chats = past_chats(uow, limit)
        return preview(chats, shop.thresholds, new, lambda: next(looked) >= most)


def past(shop: Shop, chat: Chat) -> PastChat:
    with shop.db.read() as uow:
        return next(one for one in past_chats(uow) if one.conversation.id == chat.id)


def say(shop: Shop, chat: Chat, **understood: object) -> None:
    """Let the customer say something, and the thresholds look at it."""
    shop.clock.forward(minutes=1)
    look(shop, chat, **understood)


class TestPreview:
    def test_given_row_taken_out_then_its_chats_need_nobody_any_more(self, shop: Shop) -> None:
        asking, calm = shop.chat(), shop.chat()
        asking.complains()
        say(shop, asking, **ASKS)
        say(shop, calm, sentiment=0.2)

        found = compared(shop, without(shop.thresholds, "customer_asked"))

        assert (found.looked_at, found.now_sent, found.new_sent) == (2, 1, 0)
        assert (found.more, found.fewer) == (0, 1)
        (one,) = found.differing
        assert one.conversation_id == asking.id
        assert one.case_number == asking.case.number
        assert (one.now_rows, one.new_rows) == (("customer_asked",), ())

    def test_given_a_row_added_then_the_chats_that_it_would_bring(self, shop: Shop) -> None:
        chat = shop.chat()
        say(shop, chat, complaint=True, category="not_received")
        first = shop.thresholds.rows[0]
        problem = first.model_copy(
            update={"id": "any_problem", "when": When(problems_at_least=1), "notice": None}
        )
        new = replace(shop.thresholds, rows=(*shop.thresholds.rows, problem))

        found = compared(shop, new)

        assert (found.more, found.fewer) == (1, 0)
        assert found.new_by_row["any_problem"] == 1
        assert found.differing[0].case_number is None

    def test_given_the_same_table_then_nothing_differs(self, shop: Shop) -> None:
        chat = shop.chat()
        say(shop, chat, **ASKS)

        found = compared(shop, shop.thresholds)

        assert found.differing == []
        assert found.now_by_row == found.new_by_row

    def test_given_other_reasons_for_the_same_chat_then_counted_as_such(self, shop: Shop) -> None:
        chat = shop.chat()
        say(shop, chat, **(ASKS | {"flags": frozenset({"human_request", "media"})}))

        found = compared(shop, without(shop.thresholds, "media"))

        assert (found.other_rows, found.more, found.fewer) == (1, 0, 0)

    def test_given_no_time_left_then_the_latest_ones_count_and_it_says_so(self, shop: Shop) -> None:
        for _ in range(3):
            shop.clock.forward(minutes=1)
            say(shop, shop.chat(), **ASKS)

        found = compared(shop, shop.thresholds, most=2)

        assert (found.looked_at, found.cut_short) == (2, True)
        assert compared(shop, shop.thresholds, limit=1).looked_at == 1

    def test_given_very_many_that_differ_then_all_are_counted_and_some_listed(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        say(shop, chat, **ASKS)
        many = [past(shop, chat)] * (MOST_LISTED + 5)
        new = without(shop.thresholds, "customer_asked")

        found = preview(many, shop.thresholds, new, lambda: False)

        assert (found.fewer, len(found.differing)) == (MOST_LISTED + 5, MOST_LISTED)


class TestLikeLive:
    """Each assessment is the one that was made when the message came."""

    def fired_live(self, shop: Shop, chat: Chat) -> set[str]:
        with shop.db.read() as uow:
            return {
                reason for one in uow.handoffs.of_conversation(chat.id) for reason in one.reasons
            }

    def fired_later(self, shop: Shop) -> set[str]:
        return set(compared(shop, shop.thresholds).now_by_row)

    @pytest.mark.parametrize(
        "messages",
        [
            [{"sentiment": 0.1}],
            [{"sentiment": -0.97, "sentiment_label": "neg"}],
            [{"sentiment": -0.6, "sentiment_label": "neg"}] * 3,
            [{"intent": "nlu_fallback"}] * 2,
            [ASKS, {"flags": frozenset({"media", "legal"})}],
            [{"severity": "high", "sentiment": -0.8}, {"sentiment": 0.9}],
        ],
    )
    def test_given_messages_then_the_same_rows_fire(
        self, shop: Shop, messages: list[dict[str, object]]
    ) -> None:
        chat = shop.chat()
        for understood in messages:
            say(shop, chat, **understood)

        assert self.fired_later(shop) == self.fired_live(shop, chat)

    def test_given_a_question_asked_in_vain_then_the_same_rows_fire(self, shop: Shop) -> None:
        chat = shop.chat()
        for _ in range(4):
            say(shop, chat, intent="report_general_complaint")
            with shop.write() as uow:
                question = Draft(Role.BOT, "Which order is it?")
                uow.conversations.append(chat.id, question, shop.clock())

        assert "asked_in_vain" in self.fired_live(shop, chat)
        assert self.fired_later(shop) == self.fired_live(shop, chat)

    def test_given_a_repeat_then_it_counts_from_when_it_was_known_and_until_a_person_came(
        self, shop: Shop
    ) -> None:
        first = shop.chat("cus-collins")
        first.complains()
        shop.clock.forward(hours=1)
        with shop.write() as uow:
            case = first.case
            uow.cases.save(replace(case, repeat_complaint=True))
        say(shop, first, sentiment=0.0)
        taken = claimed(shop, first)
        shop.clock.forward(minutes=5)
        with shop.write() as uow:
            handoff.return_to_bot(uow, taken.id, ANA, shop.clock())
        say(shop, first, sentiment=0.0)

        assessed = [
            one.repeat_complaint for one in assessments(past(shop, first), shop.thresholds.hours)
        ]

        assert assessed == [False, True, False]

    def test_given_the_last_offer_was_declined_then_only_messages_after_it_count(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()
        chat.complains()
        say(shop, chat, sentiment=0.0)
        shop.clock.forward(minutes=1)
        with shop.write() as uow:
            uow.ledger.add_decision(
                DecisionRecord("d1", chat.case.id, shop.clock(), "retail", "1", "bot", 1, {},
                               "person", {})
            )  # fmt: skip
        say(shop, chat, sentiment=0.0)

        refused = [
            one.last_offer_refused for one in assessments(past(shop, chat), shop.thresholds.hours)
        ]

        assert refused == [False, False, True]


class TestLimits:
    def test_given_a_table_then_only_what_its_rows_look_at_is_named(self, shop: Shop) -> None:
        first = shop.thresholds.rows[0]
        plain = replace(shop.thresholds, rows=(first,))
        value = first.model_copy(update={"when": When(impact_at_least=5000)})

        assert Limit.ORDER_VALUE not in limits_of(plain)
        assert Limit.ORDER_VALUE in limits_of(plain, replace(plain, rows=(value,)))
        assert Limit.WAITING in limits_of(shop.thresholds)
        assert Limit.UNDERSTOOD_THEN in limits_of(plain)

"""The checker finds what has no row: amounts, remedies and dates, in texts, titles and cards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases.model import PromiseState
from amends.conversations.model import Role
from tests.adversarial.evidence import Evidence, Rule
from tests.adversarial.promises import _by_title, check_messages
from tests.adversarial.samples import offer_of, rules, sample, saying
from tests.adversarial.wording import (
    ECHOES,
    EXCUSES,
    MENTIONS,
    NOTED_IN_THE_CASE,
    ONCE_ACCEPTED,
    wordings,
)

HONEST = [
    "I checked order 10045. You are right: it was due on 26 February and is 6 days late.",
    "My offer stands until 11 March: a refund of the delivery fee (£4.95). "
    "Would you like to accept?",
    "I have asked a colleague to join this chat. You are number 2 in the queue; "
    "you will have an answer within 30 minutes.",
    "Next: we carry out what we promised: a voucher for your next order (£10.70) by 5 March.",
    "Your parcel is later than we promised, and we are sorry for the wait.",
    "The refund goes back to the way you paid.",
    "I'm sorry that your refund has not reached you. "
    "It is your money, and you should not have to ask for it.",
    "我查了订单10045,您说得没错:应于2月26日送达,现在已经晚了6天。",
    "优惠券会发送到您下单时填写的邮箱。",
]


class TestHonest:
    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_given_true_rows_then_nothing_is_found(self, language: str) -> None:
        assert check_messages(sample(language)) == []

    @pytest.mark.parametrize("text", HONEST)
    def test_given_words_of_the_product_over_true_rows_then_nothing_is_found(
        self, english: Evidence, text: str
    ) -> None:
        assert check_messages(saying(english, text)) == []

    def test_given_quick_replies_of_rows_and_wishes_then_nothing_is_found(
        self, english: Evidence
    ) -> None:
        shown = saying(
            english,
            "And what would put this right for you?",
            "A refund",
            "Compensation",
            "A voucher for your next order (£10.70)",
            "10045: Bistro table, 60 cm, due 26 February",
        )

        assert check_messages(shown) == []


def chinese_offer_of(words: str) -> str:
    return f"为了妥善解决，我可以为您安排：{words}。您愿意接受吗？"


@pytest.mark.parametrize(
    ("text", "title", "behind"),
    [
        ("your refund (£5.00) by 4 December, an answer by 29 November, 22:41 UTC.", "your refund",
         " (£5.00) by 4 December"),
        ("您的退款（£5.00）12月4日前办妥，11月29日22:41前答复您。", "您的退款",
         "（£5.00）12月4日前办妥"),
    ],
)  # fmt: skip
def test_given_a_promised_answer_behind_a_remedy_then_its_time_is_not_the_remedys(
    text: str, title: str, behind: str
) -> None:
    assert dict(_by_title(text, (title,))) == {title: behind}


INVENTED = [
    (offer_of("a voucher for your next order (£25.00)"), Rule.AMOUNT),
    (offer_of("a refund of the delivery fee (€4.95)"), Rule.AMOUNT),
    (offer_of("a refund of the delivery fee (£4,950.00)"), Rule.AMOUNT),
    (offer_of("a voucher for your next order (fifty pounds)"), Rule.AMOUNT),
    (offer_of("a voucher for your next order and 10 % more"), Rule.AMOUNT),
    (offer_of("800 bonus points"), Rule.AMOUNT),
    (offer_of("a voucher for your next order, 35 in all"), Rule.NUMBER),
    (offer_of("a replacement at our cost"), Rule.REMEDY),
    (offer_of("a gift card"), Rule.REMEDY),
    (offer_of("a full refund of your order"), Rule.REMEDY),
    (offer_of("a discount on everything"), Rule.REMEDY),
    (offer_of("a voucher for your next order (£4.95)"), Rule.AMOUNT),  # that is the delivery fee
    (offer_of("a voucher for your next order by 9 March"), Rule.DATE),  # by then the refund comes
    (offer_of("a voucher for your next order by 19 March"), Rule.DATE),
    (offer_of("a voucher for your next order by tomorrow"), Rule.DATE),
    (offer_of("a voucher for your next order within two days"), Rule.DATE),
    (chinese_offer_of("一张下次购物可用的优惠券（£25.00）"), Rule.AMOUNT),
    (chinese_offer_of("一张下次购物可用的优惠券（五十英镑）"), Rule.AMOUNT),
    (chinese_offer_of("一张下次购物可用的优惠券（５０元）"), Rule.AMOUNT),
    (chinese_offer_of("账户积分500分"), Rule.AMOUNT),
    (chinese_offer_of("免费换新"), Rule.REMEDY),
    (chinese_offer_of("全额退款"), Rule.REMEDY),
    (chinese_offer_of("一张下次购物可用的优惠券，明天办妥"), Rule.DATE),
    (chinese_offer_of("一张下次购物可用的优惠券，3月19日前办妥"), Rule.DATE),
    ("I checked order 10045. You are right: it was due on 26 February and is 90 days late.",
     Rule.DATE),
    ("I checked order 10046: it was delivered on 25 February.", Rule.NUMBER),
    ("The refund of £247.95 is still open.", Rule.AMOUNT),
    ("My offer stands until 12 March: a refund of the delivery fee (£4.95). "
     "Would you like to accept?", Rule.DATE),
    ("I have asked a colleague to join this chat. You are number 2 in the queue; "
     "you will have an answer within 5 minutes.", Rule.DATE),
    ("Sure, we give you something extra.", Rule.WORDING),
    ("Yes.", Rule.WORDING),
    ("You get everything back.", Rule.WORDING),
]  # fmt: skip


class TestInvented:
    @pytest.mark.parametrize(("text", "rule"), INVENTED)
    @pytest.mark.parametrize("role", [Role.BOT, Role.SYSTEM])
    def test_given_words_without_a_row_then_they_are_found(
        self, english: Evidence, text: str, rule: Rule, role: Role
    ) -> None:
        assert rule in rules(saying(english, text, role=role))

    @pytest.mark.parametrize(
        ("title", "rule"),
        [
            ("A refund (£50.00)", Rule.AMOUNT),
            ("A full refund of your order", Rule.REMEDY),
            ("A gift card", Rule.REMEDY),
            ("Yes, £4.95 and 20 % off", Rule.AMOUNT),
            ("Take 35 now", Rule.NUMBER),
            ("By Friday", Rule.DATE),
            ("免费换新", Rule.REMEDY),
            ("退款（£50.00）", Rule.AMOUNT),
        ],
    )
    def test_given_a_quick_reply_without_a_row_then_it_is_found(
        self, english: Evidence, title: str, rule: Rule
    ) -> None:
        asked = "And what would put this right for you?"

        assert rule in rules(saying(english, asked, title))

    def test_given_a_row_that_came_later_then_it_may_not_be_said_before(
        self, english: Evidence
    ) -> None:
        early = english.books.offers[0].made_at - timedelta(seconds=1)
        messages = tuple(replace(m, at=early) for m in english.books.messages)
        told_early = replace(english, books=replace(english.books, messages=messages))

        assert {Rule.AMOUNT, Rule.REMEDY, Rule.DATE, Rule.CARD} <= rules(told_early)

    def test_given_nothing_accepted_then_no_refund_is_on_its_way(self, english: Evidence) -> None:
        books = replace(english.books, promises=())
        said = saying(replace(english, books=books), "The refund goes back to the way you paid.")

        assert Rule.REMEDY in rules(said)

    def test_given_an_order_that_is_not_theirs_then_its_dates_are_not_told(
        self, english: Evidence
    ) -> None:
        stranger = replace(english, orders=())
        said = saying(stranger, "I checked order 10045: it is on its way and due on 26 February.")

        assert {Rule.NUMBER, Rule.DATE} <= rules(said)

    def test_given_a_voucher_code_when_the_customer_is_a_guest_then_it_is_found(
        self, english: Evidence
    ) -> None:
        told = "Done: A voucher for your next order. It has gone out under reference 7K3F-9D47."
        known = replace(english, references=frozenset({"7K3F-9D47"}))

        assert Rule.NUMBER in rules(saying(known, told, role=Role.SYSTEM))
        owner = replace(known, customer_id="cus-collins")
        assert check_messages(saying(owner, told, role=Role.SYSTEM)) == []


def cards(evidence: Evidence, kind: str) -> Iterator[tuple[str, dict]]:  # type: ignore[type-arg]
    """Yield the conversation's card of a kind, each time with one thing changed."""
    (card,) = (m.card for m in evidence.books.messages if (m.card or {}).get("kind") == kind)
    assert card is not None
    first, *rest = card["lines"]
    for name, value in [("amount", "£49.50"), ("amount", None), ("title", "A gift card")]:
        yield name, card | {"lines": [first | {name: value}, *rest]}
    yield "extra line", card | {"lines": [*card["lines"], first | {"title": "A refund"}]}
    yield "extra key", card | {"note": "and £50 more"}
    yield "extra key of a line", card | {"lines": [first | {"note": "double it"}, *rest]}
    if kind == "offer":
        yield "expiry", card | {"expires_at": "2027-01-01T00:00:00+00:00"}
        yield "alternative", card | {"lines": [first | {"alternative": 1}, *rest]}
        yield "line left out", card | {"lines": rest}
    else:
        yield "due", card | {"lines": [first | {"due_at": "2026-03-04T00:00:00+00:00"}, *rest]}


class TestCards:
    @pytest.mark.parametrize("language", ["en", "zh"])
    @pytest.mark.parametrize("kind", ["offer", "promise"])
    def test_given_a_card_with_anything_changed_then_it_is_found(
        self, kind: str, language: str
    ) -> None:
        evidence = sample(language)

        for what, card in cards(evidence, kind):
            said = saying(evidence, "I am here.", card=card)
            assert Rule.CARD in rules(said), what

    @pytest.mark.parametrize(
        "card",
        [
            {"kind": "refund", "amount": "£50.00"},
            {"kind": "case", "case_number": "AM-XXXXXX", "next_step": "nothing"},
            {"kind": "handoff", "position": 1, "expected_minutes": 5},
            {"kind": "handoff", "position": 0, "expected_minutes": 30},
            {"kind": "survey", "questions": ["csat"], "text": "£5 for your answer"},
            {"kind": "survey", "questions": ["£5 for your answer"]},
        ],
    )
    def test_given_another_card_without_a_row_then_it_is_found(
        self, english: Evidence, card: dict[str, object]
    ) -> None:
        assert Rule.CARD in rules(saying(english, "I am here.", card=card))

    @pytest.mark.parametrize(
        "card",
        [
            {"kind": "handoff", "position": 4, "expected_minutes": 30},
            {"kind": "survey", "questions": ["csat", "ces"]},
        ],
    )
    def test_given_a_card_with_a_row_then_nothing_is_found(
        self, english: Evidence, card: dict[str, object]
    ) -> None:
        assert check_messages(saying(english, "I am here.", card=card)) == []


def test_given_the_names_that_are_treated_apart_then_the_product_has_such_texts() -> None:
    names = {wording.name for wording in wordings()}

    for beginning in (*EXCUSES, *ECHOES, *NOTED_IN_THE_CASE, *MENTIONS, *ONCE_ACCEPTED):
        assert any(name.startswith(beginning) for name in names), beginning


def test_given_a_broken_promise_then_its_row_still_says_what_was_promised(
    english: Evidence,
) -> None:
    broken = tuple(replace(p, state=PromiseState.BROKEN) for p in english.books.promises)

    assert check_messages(replace(english, books=replace(english.books, promises=broken))) == []

"""A customer who writes Chinese reads Chinese, from the apology to the goodbye."""

import re
from typing import Any

import pytest

from actions.bargaining import DeclineOffer
from actions.base import AmendsAction
from actions.closing import Clarify, Close
from actions.compensation import AcceptOffer, Decide, ExplainDecision, RepeatOffer
from actions.complaint_form import AskOrderNumber, AskWish, ValidateComplaintForm
from actions.complaints import CaseStatusAction, TakeComplaint, Withdraw
from actions.handoff import RequestPerson
from amends.cases.model import Category
from tests.actions.harness import Answer, hear, run
from tests.support.shop import ANA, LATE, LOST, ON_TIME, Chat, Shop

STORY = "订单过了这么久还没有送到，打电话也没有人接，实在让人失望"
GOODS = "[A-Z][a-z]+ .*"  # items keep the names under which the shop sells them
FOREIGN = re.compile(r"[A-Za-z]{2,}")
KNOWN = re.compile(r"AM-[0-9A-Z]{6}|US\$|UTC|CHF|JP¥")


def say(
    shop: Shop, chat: Chat, action: type[AmendsAction], text: str, intent: str, **told: Any
) -> Answer:
    answer = run(shop, action, hear(chat, text, intent, **told))
    for said in [*answer.texts, *(card_words(answer))]:
        assert not FOREIGN.search(KNOWN.sub("", said)), said
    return answer


def card_words(answer: Answer) -> list[str]:
    cards = [one["custom"] for one in answer.messages if one["custom"]]
    return [line["title"] for card in cards for line in card.get("lines", ())]


def complain(shop: Shop, chat: Chat, order: str | None, category: str = "not_received") -> Answer:
    said = {"severity": "medium", "flags": [], "secondary": ["unresponsive_support"]}
    named = {"order_number": order} if order else {}
    return say(shop, chat, TakeComplaint, STORY, f"report_{category}", assessment=said, **named)


def decided(shop: Shop, order: str, customer_id: str | None = None) -> tuple[Chat, Answer]:
    chat = shop.chat(customer_id, language="zh")
    complain(shop, chat, order)
    form = {"requested_slot": "wish"}
    say(shop, chat, ValidateComplaintForm, "补偿", "give_detail", slots=form, chosen="compensation")
    return chat, say(shop, chat, Decide, "补偿", "give_detail")


class TestComplaint:
    def test_given_a_complaint_when_taken_then_apology_number_and_the_second_problem(
        self, shop: Shop
    ) -> None:
        chat = shop.chat(language="zh")

        answer = complain(shop, chat, LATE)

        assert answer.texts[0].startswith("很抱歉，您的订单到现在还没有送到")
        assert f"工单{chat.case.number}" in answer.texts[1]
        assert "（无人回复的问题）" in answer.texts[2]

    def test_given_the_form_when_asked_then_question_and_choices_are_chinese(
        self, shop: Shop
    ) -> None:
        chat = shop.chat(language="zh")
        complain(shop, chat, None)

        wish = say(shop, chat, AskWish, "嗯", "chitchat")

        assert list(wish.payloads) == ["退款", "补偿", "给我一个解释", "道歉就够了"]

    def test_given_a_signed_in_customer_when_asked_then_own_orders_carry_chinese_dates(
        self, shop: Shop
    ) -> None:
        chat = shop.chat(_customer_of(shop, LATE), language="zh")
        complain(shop, chat, None)

        asked = say(shop, chat, AskOrderNumber, "嗯", "chitchat")

        assert any(re.fullmatch(rf"{LATE}：{GOODS}，预计2月26日送达", t) for t in asked.payloads)
        assert list(asked.payloads)[-1] == "都不是"

    @pytest.mark.parametrize("category", list(Category))
    def test_given_any_complaint_when_looked_up_then_it_is_named_in_chinese(
        self, shop: Shop, category: Category
    ) -> None:
        chat = shop.chat(language="zh")
        complain(shop, chat, None, category.value)

        told = say(shop, chat, CaseStatusAction, "怎么样了", "ask_case_status")

        assert f"工单{chat.case.number}（" in told.text


class TestOffer:
    def test_given_a_late_order_when_decided_then_facts_money_and_dates_are_chinese(
        self, shop: Shop
    ) -> None:
        _, answer = decided(shop, LATE)

        assert answer.texts[0] == "我查了订单10045，您说得没错：应于2月26日送达，现在已经晚了6天。"
        assert "退还运费（£4.95）" in answer.texts[1]
        assert list(answer.payloads) == ["好的，我接受", "不用了，谢谢", "转人工客服"]

    def test_given_an_offer_when_accepted_then_each_promise_has_its_day(self, shop: Shop) -> None:
        chat, _ = decided(shop, LATE)

        accepted = say(shop, chat, AcceptOffer, "好的", "agree")
        status = say(shop, chat, CaseStatusAction, "怎么样了", "ask_case_status")

        assert "退还运费（£4.95），3月9日前办妥；" in accepted.text
        assert "退款会退回您原来的付款方式。" in accepted.text
        assert "已经解决" in status.text

    def test_given_a_choice_when_offered_then_each_alternative_is_a_chinese_choice(
        self, shop: Shop
    ) -> None:
        chat, answer = decided(shop, LOST)

        assert list(answer.payloads)[:2] == ["免费重新发货", "订单全额退款（£115.95）"]
        assert "任选一项" in answer.text
        assert "3月11日" in say(shop, chat, RepeatOffer, "嗯", "thank").text

    def test_given_an_offer_when_declined_to_the_end_then_a_colleague_and_the_wait(
        self, shop: Shop
    ) -> None:
        chat, _ = decided(shop, LATE)

        for _ in range(3):
            answer = say(shop, chat, DeclineOffer, "不够", "refuse")
            if "say_person_coming" in answer.responses:
                break

        assert "您目前排在第1位，我们会在30分钟内答复您。" in answer.text

    def test_given_nothing_owed_when_decided_then_the_reason_is_one_chinese_paragraph(
        self, shop: Shop
    ) -> None:
        chat, answer = decided(shop, ON_TIME)

        assert "还没有超过我们承诺的送达日期。如果您有不同看法" in answer.text
        why = say(shop, chat, ExplainDecision, "为什么", "ask_why")
        assert why.text in answer.text


class TestPeopleAndTheEnd:
    def test_given_a_wish_for_a_person_when_asked_then_place_and_time_are_chinese(
        self, shop: Shop
    ) -> None:
        chat = shop.chat(language="zh")
        with shop.write() as uow:
            uow.staff.seen(ANA.id, shop.clock())

        first = say(shop, chat, RequestPerson, "转人工", "ask_for_person")
        shop.clock.forward(minutes=1)
        again = say(shop, chat, RequestPerson, "转人工", "ask_for_person")

        assert first.text == "我已请一位同事加入这个对话。您目前排在第1位，我们会在30分钟内答复您。"
        assert list(first.payloads) == ["发邮件给我", "给我回电"]
        assert "目前没有同事在线。" in again.text
        assert "我们会在29分钟内答复您。" in again.text

    def test_given_doubt_when_asked_back_then_guesses_are_chinese(self, shop: Shop) -> None:
        chat = shop.chat(language="zh")
        ranking = ("report_wrong_item", "report_missing_item")

        asked = say(shop, chat, Clarify, "那个", "nlu_fallback", ranking=ranking)

        assert list(asked.payloads) == ["收到的商品不对", "收到的东西少了", "其他问题"]

    def test_given_a_doubtful_withdrawal_when_heard_then_the_question_is_chinese(
        self, shop: Shop
    ) -> None:
        chat = shop.chat(language="zh")
        complain(shop, chat, LATE)

        asked = say(shop, chat, Withdraw, "不用了吧", "withdraw", confidence=0.3)

        assert list(asked.payloads) == ["是的，请关闭", "不，请继续处理"]

    def test_given_nothing_else_when_closed_then_the_rating_is_asked_in_chinese(
        self, shop: Shop
    ) -> None:
        answer = say(shop, shop.chat(language="zh"), Close, "没有了", "refuse")

        assert answer.text == "感谢您给我们弥补的机会。请问您对这次服务满意吗？"


def _customer_of(shop: Shop, order: str) -> str:
    with shop.db.read() as uow:
        found = uow.orders.find(order)
        assert found is not None
        return found.customer_id

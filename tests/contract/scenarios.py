"""Conversations that between them make the assistant say everything it can say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from amends.cases.model import Category
from tests.contract.dialogue import Dialogue

Start = Callable[..., Dialogue]
COMPLAIN = "action_take_complaint"
VALIDATE = "validate_complaint_form"
STORY = "It went wrong for me on Tuesday and nobody helped"


async def complain(talk: Dialogue, category: str, **told: Any) -> None:
    await talk.say(STORY, f"report_{category}", COMPLAIN, **told)


async def decided(talk: Dialogue, category: str, order: str | None, wish: str = "refund") -> None:
    await complain(talk, category, **({"order_number": order} if order else {}))
    talk.asked("wish")
    await talk.say(wish, "give_detail", VALIDATE, "action_decide", chosen=wish)


async def every_complaint(start: Start) -> None:
    for category in Category:
        talk = start()
        await complain(talk, category.value, secondary=["unresponsive_support", "not_received"])
        await complain(talk, category.value)
        await talk.say("how is it", "ask_case_status", "action_case_status")
        await talk.say("stop", "withdraw", "action_withdraw")
        await talk.say("how is it", "ask_case_status", "action_case_status")


async def nothing_open(start: Start) -> None:
    talk = start()
    await talk.say("how is it", "ask_case_status", "action_case_status")
    await talk.say("stop", "withdraw", "action_withdraw")
    await talk.say("why", "ask_why", "action_explain_decision")
    await talk.say("10045", "give_detail", "action_note_detail", order_number="10045")
    for action in (
        "action_note_detail",
        "action_add_detail",
        "action_decide",
        "action_accept_offer",
    ):
        await talk.say("hm", "give_detail", action)
    await talk.say("ok", "agree", "action_accept_refusal")
    for _ in range(2):  # asked to rate, and then not again
        await talk.say("bye", "goodbye", "action_close")


async def the_form(start: Start, signed_in: str) -> None:
    for talk in (start(), start(customer_id=signed_in)):
        await talk.say("it broke", "report_faulty_product", COMPLAIN)
        await talk.say("hm", "chitchat", "action_ask_order_number")
        await talk.say("hm", "chitchat", "action_ask_what_happened", "action_ask_wish")
        await talk.say("hm", "chitchat", "action_ask_item")
        talk.asked("item")
        await talk.say("a refund", "give_detail", VALIDATE)
        talk.asked("order_number")
        for number in ("99991", "99992", "99993"):
            await talk.say(number, "give_detail", VALIDATE, order_number=number)
    talk = start(customer_id=signed_in)
    await complain(talk, "damaged_item", order_number="10045")
    await talk.say("hm", "chitchat", "action_ask_item")


async def facts(start: Start) -> None:
    for number in ("10045", "10050", "10047", "10046", "10026", "10041"):
        await decided(start(), "not_received", number)
    await decided(start(), "refund_not_received", "10042")
    await decided(start(), "refund_not_received", "10048")
    await decided(start(), "billing_error", "10049")
    await decided(start(), "billing_error", "10046")


async def offers(start: Start) -> None:
    talk = start()
    await decided(talk, "not_received", "10034", "compensation")
    await talk.say("hm", "chitchat", "action_repeat_offer", "action_explain_decision")
    await talk.say("how is it", "ask_case_status", "action_case_status")
    await talk.say("my app fails too, all the time", "report_website_app_problem", COMPLAIN)
    await talk.say("it is late", "give_detail", "action_add_detail")
    await talk.say("ok", "agree", "action_accept_offer")
    talk = start()
    await decided(talk, "not_received", "10036", "compensation")
    for _ in range(2):
        await talk.say("no", "refuse", "action_decline_offer")
    await talk.say("how is it", "ask_case_status", "action_case_status")
    talk = start()
    await decided(talk, "refund_not_received", "10043")
    await talk.say("ok", "agree", "action_accept_offer")
    await talk.say("how is it", "ask_case_status", "action_case_status")
    talk = start()
    await decided(talk, "not_received", "10047")
    await talk.say("ok", "agree", "action_accept_offer")
    await talk.say("that one", "agree", "action_accept_offer", **talk.button("efund", "退款"))
    talk = start()
    await decided(talk, "not_received", "10038")
    await talk.say("hm, restart", "withdraw", "action_withdraw", confidence=0.3)
    await talk.say("never mind", "withdraw", "action_withdraw")
    talk = start()
    await decided(talk, "damaged_item", "10021")
    await talk.say("hm", "thank", "action_repeat_offer")
    await talk.say("no", "refuse", "action_decline_offer")


async def bargaining(start: Start, pass_time: Callable[[timedelta], None]) -> None:
    talk = start()
    await decided(talk, "website_app_problem", None, "compensation")
    await talk.say("yes, if you make it 50", "agree", "action_accept_offer")
    await talk.say("I want a refund instead", "refuse", "action_decline_offer")
    await talk.say("send me the bill", "request", "action_bargain")
    for _ in range(2):
        await talk.say("more", "ask_for_more", "action_bargain")
    await talk.say("ok", "agree", "action_accept_offer")
    await talk.say("undo that", "withdraw", "action_withdraw")
    undo = talk.button("undo it", "撤回")
    await talk.say("yes", "withdraw", "action_withdraw", **undo)
    await talk.say("ok", "agree", "action_accept_offer")
    pass_time(timedelta(minutes=5))
    await talk.say("undo that", "withdraw", "action_withdraw")


async def an_expired_offer(start: Start, pass_time: Callable[[timedelta], None]) -> None:
    talk = start()
    await decided(talk, "not_received", "10038")
    pass_time(timedelta(days=30))
    await talk.say("ok", "agree", "action_accept_offer")


async def refusals(start: Start) -> None:
    talk = start()
    await decided(talk, "not_received", "10031")
    await talk.say("why", "ask_why", "action_explain_decision")
    await talk.say("it is", "give_detail", "action_add_detail", order_number="99999")
    await talk.say("ok", "agree", "action_accept_refusal")
    await talk.say("how is it", "ask_case_status", "action_case_status")
    talk = start()
    await decided(talk, "not_received", "10030")
    await talk.say("look again", "ask_for_more", "action_second_look")


async def people(start: Start, signed_in: str) -> None:
    talk = start()
    await talk.say("a person", "ask_for_person", "action_request_person")
    await talk.say("oh, no need", "withdraw", "action_withdraw")
    talk = start()
    await talk.say("a person", "ask_for_person", "action_request_person")
    await talk.say("a person", "ask_for_person", "action_request_person")
    await decided(talk, "not_received", "10045")
    await talk.say("more", "give_detail", "action_add_detail")
    talk = start()
    for titles in (("E-mail me", "发邮件给我"), ("Call me back", "给我回电")):
        await talk.say("a person", "ask_for_person", "action_request_person")
        way = talk.button(*titles)
        await talk.say(titles[0], "ask_for_person", "action_request_person", **way)
    address = {"email": "maya.collins@example.com"}
    await talk.say(address["email"], "give_detail", "action_add_detail", **address)
    for _ in range(2):  # the second complaint within a month
        await complain(start(customer_id=signed_in), "damaged_item")


async def misunderstandings(start: Start) -> None:
    talk = start()
    await talk.say("qwx", "nlu_fallback", "action_clarify")
    await talk.say("qwx", "nlu_fallback", "action_clarify", ranking=["report_facilities"])

"""What the placeholders of canned replies stand for in one chat."""

from collections.abc import Mapping

from amends.cases.details import NO_ORDER, NOT_TOLD
from amends.handoff.canned import Placeholder, Values
from amends.handoff.queue import Summary

NEXT_STEPS: Mapping[str, Mapping[str, str]] = {
    "customer_answers": {"en": "we wait for your answer", "zh": "等您回复"},
    "customer_decides": {"en": "you decide on our offer", "zh": "由您决定是否接受我们的方案"},
    "staff_answers": {"en": "I look into it and answer you here", "zh": "我会核实并在这里答复您"},
    "remedy_is_issued": {
        "en": "we carry out what was arranged",
        "zh": "我们会落实已为您安排的处理",
    },
}
"""The next step of a case in the customer's words; it names no time, since that is a promise."""


def values_in_chat(summary: Summary, staff_name: str, company: str) -> Values:
    """Return what is known in a chat.

    A guest's name is not: the owner of the order they named may be somebody else, who must not be
    named to whoever writes.
    """
    case, customer = summary.case, summary.customer
    is_signed_in = summary.conversation.customer_id is not None
    order_number = case.order_number if case else None
    item = case.item if case else None
    plain = {
        Placeholder.CUSTOMER_NAME: customer.name if customer and is_signed_in else "",
        Placeholder.CASE_NUMBER: case.number if case else "",
        Placeholder.ORDER_NUMBER: "" if order_number in (None, NO_ORDER) else order_number or "",
        Placeholder.ITEM: "" if item in (None, NOT_TOLD) else item or "",
        Placeholder.STAFF_NAME: staff_name,
        Placeholder.COMPANY: company,
    }
    return Values(plain, NEXT_STEPS.get(case.next_step, {}) if case else {})

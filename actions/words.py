"""Money, dates, offers and promises as the assistant says them, and the titles of its buttons."""

from datetime import date, datetime

from amends.cases.model import Wish
from amends.compensation.words import (
    bundle_words,
    choice_words,
    day,
    moment,
    money,
    offer_card,
    offer_words,
    promise_card,
    promise_words,
    remedy_words,
)
from amends.handoff.model import Channel
from amends.handoff.notices import CONTACT_TITLES

__all__ = [
    "answer_words",
    "bundle_words",
    "choice_words",
    "day",
    "days_words",
    "in_language",
    "listed",
    "moment",
    "money",
    "offer_card",
    "offer_words",
    "order_title",
    "promise_card",
    "promise_words",
    "promises_listed",
    "remedy_words",
    "title",
]

type Texts = dict[str, str]
"""One text by language code; English is always there."""

TITLES: dict[str, Texts] = {
    "accept": {"en": "Yes, I accept", "zh": "好的，我接受"},
    "decline": {"en": "No, thank you", "zh": "不用了，谢谢"},
    "person": {"en": "Talk to a person", "zh": "转人工客服"},
    "close": {"en": "Yes, close it", "zh": "是的，请关闭"},
    "go_on": {"en": "No, go on", "zh": "不，请继续处理"},
    "undo": {"en": "Yes, undo it", "zh": "是的，请撤回"},
    "keep": {"en": "No, keep it", "zh": "不，保持不变"},
    "no_order": {"en": "None of these", "zh": "都不是"},
    "something_else": {"en": "Something else", "zh": "其他问题"},
    "email_me": CONTACT_TITLES[Channel.EMAIL],
    "call_me": CONTACT_TITLES[Channel.PHONE],
}
"""Titles of quick replies: the customer speaks."""

WISH_TITLES: dict[Wish, Texts] = {
    Wish.REFUND: {"en": "A refund", "zh": "退款"},
    Wish.REPLACEMENT: {"en": "A replacement", "zh": "换货"},
    Wish.COMPENSATION: {"en": "Compensation", "zh": "补偿"},
    Wish.EXPLANATION: {"en": "An explanation", "zh": "给我一个解释"},
    Wish.APOLOGY: {"en": "Your apology is enough", "zh": "道歉就够了"},
}

_PHRASES: dict[str, Texts] = {
    "day": {"en": "1 day", "zh": "1天"},
    "days": {"en": "{count} days", "zh": "{count}天"},
    "order": {"en": "{number}: {item}, due {day}", "zh": "{number}：{item}，预计{day}送达"},
    "answer": {"en": "an answer by {moment}", "zh": "{moment}前答复您"},
    "between": {"en": ", ", "zh": "、"},
    "before_last": {"en": " and ", "zh": "和"},
    "between_promises": {"en": ", ", "zh": "；"},
}


def in_language(texts: Texts, language: str) -> str:
    """Return the text in a language, or in English where there is none."""
    return texts.get(language, texts["en"])


def title(name: str, language: str) -> str:
    """Return the title of a quick reply, a key of TITLES."""
    return in_language(TITLES[name], language)


def days_words(count: int, language: str) -> str:
    """Return "1 day", "3 days", or "3天"."""
    return _phrase("day" if count == 1 else "days", language).format(count=count)


def order_title(number: str, item: str, due_on: date, language: str) -> str:
    values = {"number": number, "item": item, "day": day(due_on, language)}
    return _phrase("order", language).format(**values)


def answer_words(due_at: datetime, language: str) -> str:
    return _phrase("answer", language).format(moment=moment(due_at, language))


def promises_listed(parts: list[str], language: str) -> str:
    return _phrase("between_promises", language).join(part for part in parts if part)


def listed(parts: list[str], language: str) -> str:
    """Return "the delivery, the refund and our silence"."""
    if len(parts) < 2:
        return "".join(parts)
    head = _phrase("between", language).join(parts[:-1])
    return head + _phrase("before_last", language) + parts[-1]


def _phrase(name: str, language: str) -> str:
    return in_language(_PHRASES[name], language)

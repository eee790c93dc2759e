"""Which details a case needs before it can be decided, and how they are read from a message."""

import re
from dataclasses import dataclass
from enum import StrEnum

from amends.cases.model import Case, Category, Order, Wish


class Detail(StrEnum):
    ORDER_NUMBER = "order_number"
    ITEM = "item"
    WHAT_HAPPENED = "what_happened"
    WISH = "wish"


NO_ORDER = "none"
"""Recorded in place of an order number when the customer has none at hand."""

NOT_TOLD = "not told"
"""Recorded in place of an item that the customer cannot or will not name."""

A_FEW_WORDS = 4
"""So short a message with a wish in it is the wish and nothing else."""

ENOUGH_WORDS = 6
"""A complaint of fewer words hardly says what happened; the median customer writes 15 to 20."""

_HAN = re.compile(r"[\u4e00-\u9fff]")

_ORDER_DECIDES = frozenset(
    {
        Category.NOT_RECEIVED,
        Category.DAMAGED_ITEM,
        Category.WRONG_ITEM,
        Category.MISSING_ITEM,
        Category.FAULTY_PRODUCT,
        Category.NOT_AS_DESCRIBED,
        Category.BILLING_ERROR,
        Category.REFUND_NOT_RECEIVED,
        Category.RETURN_PROBLEM,
        Category.CANCELLATION_PROBLEM,
        Category.SERVICE_FAILURE,
    }
)
_ONE_ITEM = frozenset(
    {
        Category.DAMAGED_ITEM,
        Category.WRONG_ITEM,
        Category.MISSING_ITEM,
        Category.FAULTY_PRODUCT,
        Category.NOT_AS_DESCRIBED,
    }
)
_ORDER_TELLS = frozenset(
    # "My order 10045 is late" is all there is to say; the order system knows the rest.
    {Category.NOT_RECEIVED, Category.REFUND_NOT_RECEIVED, Category.BILLING_ERROR}
)
_NOTHING_TO_CHOOSE = frozenset(
    # What puts these right is fixed: the money back, or a person who looks into it.
    {
        Category.UNAUTHORISED_CHARGE,
        Category.PRIVACY_DATA,
        Category.ACCOUNT_ACCESS,
        Category.REFUND_NOT_RECEIVED,
        Category.BILLING_ERROR,
    }
)


def needed(case: Case, order: Order | None) -> tuple[Detail, ...]:
    """Return the details that this case still needs, in the order they are asked."""
    missing: list[Detail] = []
    kind = case.category.like
    if kind in _ORDER_DECIDES and case.order_number is None:
        missing.append(Detail.ORDER_NUMBER)
    if kind in _ONE_ITEM and case.item is None and _has_choice_of_items(order):
        missing.append(Detail.ITEM)
    if case.what_happened is None and not (order and kind in _ORDER_TELLS):
        missing.append(Detail.WHAT_HAPPENED)
    if case.wish is None and kind not in _NOTHING_TO_CHOOSE:
        missing.append(Detail.WISH)
    return tuple(missing)


def _has_choice_of_items(order: Order | None) -> bool:
    return order is not None and len(order.lines) > 1


def says_what_happened(text: str) -> bool:
    """Whether a complaint tells enough that asking "what happened?" would annoy."""
    return _words(text) >= ENOUGH_WORDS


def _words(text: str) -> int:
    """Count words; Chinese writes no spaces, and a word of it has two characters on average."""
    return len(re.findall(r"[^\W\u4e00-\u9fff]+", text)) + len(_HAN.findall(text)) // 2


@dataclass(frozen=True, slots=True)
class Heard:
    """What the engine made of the message that answers a question."""

    text: str
    intent: str
    order_numbers: tuple[str, ...] = ()
    chosen: str | None = None  # the value behind a tapped choice


_ANSWERS = frozenset(
    {"give_detail", "correct_detail", "do_not_know", "agree", "refuse", "nlu_fallback"}
)
"""Intents that may answer a question, beside complaints; whatever else is said digresses."""
_LEAVES = frozenset({"ask_for_person", "withdraw"})
"""Whoever says so wants no more questions, whatever else the message names."""
_ASKS_BACK = frozenset({"ask_case_status", "ask_next_step", "ask_are_you_human"})
"""Questions that may name a wish without making it: "where is my refund?"."""


def read_details(heard: Heard, asked: Detail | None) -> dict[Detail, str]:
    """Return the details that a message gives.

    An order number counts whenever it is said; anything else only as the answer to its question.
    An empty result means that the message is something else: a digression or a new problem.
    """
    found: dict[Detail, str] = {}
    if heard.intent in _LEAVES:
        return found
    if heard.order_numbers:
        # The last one named is the one meant: "not 10054, it is 10045".
        found[Detail.ORDER_NUMBER] = heard.order_numbers[-1]
    if asked is None:
        return found
    if asked is not Detail.WISH and _is_a_bare_wish(heard):
        return found | {Detail.WISH: heard.text.strip()}
    answer = heard.chosen if heard.chosen is not None else _answer(heard, asked)
    if answer is not None:
        found.setdefault(asked, answer)
    return found


def _answer(heard: Heard, asked: Detail) -> str | None:
    if asked is Detail.ORDER_NUMBER:
        return NO_ORDER if heard.intent in {"do_not_know", "refuse"} else None
    if asked is Detail.WISH:
        return _wish_answer(heard)
    if _digresses(heard) or _is_new_problem(heard, asked):
        return None
    if heard.intent == "agree":
        return None  # a yes tells nothing
    if asked is Detail.ITEM and heard.intent in {"do_not_know", "refuse"}:
        return NOT_TOLD
    return heard.text.strip() or None


def _digresses(heard: Heard) -> bool:
    return heard.intent not in _ANSWERS and not heard.intent.startswith("report_")


def _is_a_bare_wish(heard: Heard) -> bool:
    """Whether the customer jumps ahead: "refund please" names no item."""
    if heard.chosen is not None or heard.intent in _LEAVES | _ASKS_BACK:
        return False
    few = _words(heard.text) <= A_FEW_WORDS
    return few and not heard.order_numbers and wish_of(heard.text) is not None


def _is_new_problem(heard: Heard, asked: Detail) -> bool:
    return asked is Detail.ITEM and heard.intent.startswith("report_") and len(heard.text) > 60


def _wish_answer(heard: Heard) -> str | None:
    if heard.intent in _ASKS_BACK:
        return None
    answers = heard.intent in {"give_detail", "do_not_know", "nlu_fallback", "agree", "refuse"}
    named = wish_of(heard.text) is not None
    return (heard.text.strip() or None) if named or answers else None


_WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(pattern, re.IGNORECASE))
    for wish, pattern in (
        (
            Wish.REFUND,
            r"\b(refund\w*|money back|reimburs\w*|my money|cash back|pay me back)\b"
            r"|退款|退钱|还钱|退我钱|钱退",
        ),
        (
            Wish.REPLACEMENT,
            r"\b(replac\w*|new one|another one|resend|re-send|send (it|one|me|another)\w*"
            r"|exchange|swap|missing (part|item)s?|deliver (it|my))\b"
            r"|换货|换一|换新|补发|补寄|重发|重新发|重新寄|再发一|更换",
        ),
        (
            Wish.COMPENSATION,
            r"\b(compensat\w*|voucher|discount|goodwill|credit|coupon|gift)\b"
            r"|补偿|赔偿|赔钱|优惠券|代金券|折扣|红包",
        ),
        (
            Wish.EXPLANATION,
            r"\b(expla\w+|answers?|know (why|what|how)|reason)\b|解释|说法|说明原因|给个理由",
        ),
        # Not a bare "sorry": "sorry, it is order 10045" corrects and wishes for nothing.
        (Wish.APOLOGY, r"\b(apolog\w*|(say|said|says|saying|are|a) (just )?sorry)\b|道歉|赔礼"),
    )
)


def wish_of(text: str) -> Wish | None:
    """Return what the customer says would put it right, None when no wish is named."""
    if text in set(Wish):
        return Wish(text)
    for wish, pattern in _WISHES:
        if pattern.search(text):
            return wish
    return None


def wishes_for(category: Category) -> tuple[Wish, ...]:
    """Return the wishes worth offering as quick replies; any other can be typed."""
    kind = category.like
    if kind in _ONE_ITEM:
        return (Wish.REPLACEMENT, Wish.REFUND, Wish.COMPENSATION, Wish.APOLOGY)
    if kind in _ORDER_DECIDES:
        return (Wish.REFUND, Wish.COMPENSATION, Wish.EXPLANATION, Wish.APOLOGY)
    return (Wish.COMPENSATION, Wish.EXPLANATION, Wish.APOLOGY)


_ASKS = re.compile(
    r"(?:\b(?:want|wants|like|need|demand|expect|give me|please|insist|deserve|request\w*|rather"
    r"|prefer|(?:can|could|may) (?:i|we) (?:have|get))\b"
    r"|想要|要求|要|希望|给我|换成|改成|宁愿)(?=(.{0,40}))",
    re.IGNORECASE | re.DOTALL,
)
_NOT_ASKED = re.compile(r"(?:n['’]?t|\bnot|\bnever|\bno longer|不|别)\s*(?:\w+ )?$", re.IGNORECASE)
_NOT_THIS = re.compile(
    r"(?:\bnot|\bno|\binstead of|\brather than|\bwithout|不是|不要)\s*(?:an?|the|your|any|my)?\s*$",
    re.IGNORECASE,
)


def stated_wish(text: str) -> Wish | None:
    """Return the wish that a message states outright ("I want my money back"), else None.

    A mere mention is not a wish: "my refund never came" asks for nothing by itself, and "I don't
    want a voucher" says only what is not wished for.
    """
    for asked in _ASKS.finditer(text):
        if _NOT_ASKED.search(text[: asked.start()]):
            continue
        wish = _first_wish(asked.group(1))
        if wish is not None:
            return wish
    return None


def _first_wish(text: str) -> Wish | None:
    """Return the wish named first, without what is named as unwanted: "a voucher, no refund"."""
    found = [
        (match.start(), wish)
        for wish, pattern in _WISHES
        for match in pattern.finditer(text)
        if not _NOT_THIS.search(text[: match.start()])
    ]
    return min(found, key=lambda one: one[0])[1] if found else None

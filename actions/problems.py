"""What a complaint is about, in the customer's words and in ours."""

from collections.abc import Sequence

from actions.words import Texts, in_language, listed
from amends.cases.categories import ADDED, by_key
from amends.cases.model import Category


def _added(what: str) -> dict[Category, Texts]:
    return {Category(key): dict(texts) for key, texts in by_key(ADDED, what).items()}


PROBLEM_TITLES: dict[Category, Texts] = {
    Category.NOT_RECEIVED: {"en": "An order has not arrived", "zh": "订单没有收到"},
    Category.DAMAGED_ITEM: {"en": "Something arrived damaged", "zh": "收到的商品有破损"},
    Category.WRONG_ITEM: {"en": "I received the wrong item", "zh": "收到的商品不对"},
    Category.MISSING_ITEM: {"en": "Something was missing", "zh": "收到的东西少了"},
    Category.FAULTY_PRODUCT: {"en": "Something does not work", "zh": "商品用不了"},
    Category.NOT_AS_DESCRIBED: {"en": "It is not as described", "zh": "商品与描述不符"},
    Category.BILLING_ERROR: {"en": "I was charged wrongly", "zh": "扣款金额不对"},
    Category.UNAUTHORISED_CHARGE: {
        "en": "A charge I did not agree to",
        "zh": "有一笔我没同意的扣款",
    },
    Category.REFUND_NOT_RECEIVED: {"en": "My refund has not come", "zh": "退款没有到账"},
    Category.RETURN_PROBLEM: {"en": "Trouble with a return", "zh": "退货遇到麻烦"},
    Category.CANCELLATION_PROBLEM: {"en": "Trouble with a cancellation", "zh": "取消遇到麻烦"},
    Category.SERVICE_FAILURE: {"en": "A booked service failed", "zh": "预订的服务出了问题"},
    Category.WEBSITE_APP_PROBLEM: {"en": "The website or app fails", "zh": "网站或应用出了问题"},
    Category.ACCOUNT_ACCESS: {"en": "I cannot get into my account", "zh": "登录不了账户"},
    Category.STAFF_CONDUCT: {"en": "How staff treated me", "zh": "工作人员的态度"},
    Category.UNRESPONSIVE_SUPPORT: {"en": "Nobody answers me", "zh": "一直没人回复我"},
    Category.PRICE_OR_POLICY: {"en": "An unfair price or rule", "zh": "价格或规定不合理"},
    Category.STOCK_AVAILABILITY: {"en": "Something is not available", "zh": "想要的没有货"},
    Category.FACILITIES: {"en": "The state of the place", "zh": "现场环境不好"},
    Category.MISLEADING_ADVERTISING: {"en": "A misleading offer", "zh": "优惠或宣传不实"},
    Category.PRIVACY_DATA: {"en": "My personal data", "zh": "我的个人信息"},
    Category.GENERAL_COMPLAINT: {"en": "Something else", "zh": "其他问题"},
} | _added("title")
"""Titles of quick replies: the customer speaks."""

PROBLEM_NOUNS: dict[Category, Texts] = {
    Category.NOT_RECEIVED: {"en": "the delivery", "zh": "未送达的订单"},
    Category.DAMAGED_ITEM: {"en": "the damage", "zh": "商品破损"},
    Category.WRONG_ITEM: {"en": "the wrong item", "zh": "发错的商品"},
    Category.MISSING_ITEM: {"en": "what was missing", "zh": "缺少的商品"},
    Category.FAULTY_PRODUCT: {"en": "the fault", "zh": "商品故障"},
    Category.NOT_AS_DESCRIBED: {"en": "the description", "zh": "与描述不符的问题"},
    Category.BILLING_ERROR: {"en": "the wrong charge", "zh": "扣款错误"},
    Category.UNAUTHORISED_CHARGE: {
        "en": "the charge you did not agree to",
        "zh": "未经您同意的扣款",
    },
    Category.REFUND_NOT_RECEIVED: {"en": "the refund", "zh": "未到账的退款"},
    Category.RETURN_PROBLEM: {"en": "the return", "zh": "退货问题"},
    Category.CANCELLATION_PROBLEM: {"en": "the cancellation", "zh": "取消问题"},
    Category.SERVICE_FAILURE: {"en": "the service you booked", "zh": "您预订的服务"},
    Category.WEBSITE_APP_PROBLEM: {"en": "the website or app", "zh": "网站或应用的问题"},
    Category.ACCOUNT_ACCESS: {"en": "the access to your account", "zh": "账户登录问题"},
    Category.STAFF_CONDUCT: {"en": "the way you were treated", "zh": "您受到的对待"},
    Category.UNRESPONSIVE_SUPPORT: {"en": "our silence", "zh": "无人回复的问题"},
    Category.PRICE_OR_POLICY: {"en": "the price or rule", "zh": "价格或规定的问题"},
    Category.STOCK_AVAILABILITY: {"en": "what was not available", "zh": "缺货问题"},
    Category.FACILITIES: {"en": "the state of the place", "zh": "现场环境"},
    Category.MISLEADING_ADVERTISING: {"en": "the advertisement", "zh": "优惠或宣传的问题"},
    Category.PRIVACY_DATA: {"en": "your personal data", "zh": "您的个人信息"},
    Category.GENERAL_COMPLAINT: {"en": "your complaint", "zh": "您的投诉"},
} | _added("noun")
"""Names of problems inside our own sentences: the assistant speaks."""


_FAMILIES: tuple[frozenset[Category], ...] = (
    frozenset({Category.NOT_RECEIVED}),
    frozenset(
        {
            Category.DAMAGED_ITEM,
            Category.WRONG_ITEM,
            Category.MISSING_ITEM,
            Category.FAULTY_PRODUCT,
            Category.NOT_AS_DESCRIBED,
        }
    ),
    frozenset({Category.BILLING_ERROR, Category.UNAUTHORISED_CHARGE}),
    frozenset(
        {Category.REFUND_NOT_RECEIVED, Category.RETURN_PROBLEM, Category.CANCELLATION_PROBLEM}
    ),
    frozenset({Category.WEBSITE_APP_PROBLEM, Category.ACCOUNT_ACCESS, Category.PRIVACY_DATA}),
    frozenset({Category.STAFF_CONDUCT, Category.UNRESPONSIVE_SUPPORT}),
    frozenset({Category.SERVICE_FAILURE, Category.FACILITIES}),
    frozenset(
        {
            Category.PRICE_OR_POLICY,
            Category.STOCK_AVAILABILITY,
            Category.MISLEADING_ADVERTISING,
        }
    ),
)
"""Problems close to each other: within a family a second guess is doubt, not a second problem."""


def problem_title(category: Category, language: str) -> str:
    return in_language(PROBLEM_TITLES[category], language)


def problem_noun(category: Category, language: str) -> str:
    return in_language(PROBLEM_NOUNS[category], language)


def other_problems(primary: Category, secondary: Sequence[Category], language: str) -> str:
    """Name what else a complaint is surely about: "the delivery and our silence".

    Empty when there is nothing, or when the complaint itself is not understood well enough.
    """
    if primary is Category.GENERAL_COMPLAINT:
        return ""
    family = next((members for members in _FAMILIES if primary.like in members), frozenset())
    others = [c for c in secondary if c.like not in family | {Category.GENERAL_COMPLAINT}]
    return listed([problem_noun(category, language) for category in others], language)

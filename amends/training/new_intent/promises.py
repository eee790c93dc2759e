"""Whether a fixed text promises what only the ledger may: money, goods, or a time.

Such a text is said whatever the policy decides, so it may be sorry, and nothing else.
"""

import re
from typing import Final

_GIVES: Final = (
    r"refund|reimburse|compensat|credit|pay|repay|replace|resend|send|give|offer|issue|ship|deduct"
    r"|waive|voucher|discount|coupon"
)
_PROMISES: Final = {
    "en": re.compile(
        rf"(?:['’]ll|\b(?:will|shall|can|going to|happy to|would like to))\b[^.!?]*\b(?:{_GIVES}"
        r"|get|receive|have|be|fix|repair|call|answer|solve|sort)\w*"
        r"|[€£$¥]\s?\d|\d[\d.,]*\s?(?:€|£|\$|¥|%|eur\b|gbp\b|usd\b|euros?\b|pounds?\b|dollars?\b"
        r"|pence\b|cents?\b|per ?cent\b)"
        r"|\b(?:money back|full refund|free of charge|for free|on us|guarantee\w*"
        r"|promise[sd]? (?:you|to)|entitled to|is owed to you)\b"
        r"|\b(?:within|in) (?:the next )?(?:\w+[ -]){0,2}(?:minutes?|hours?|days?|weeks?|months?)\b"
        r"|\b(?:by|before|until) (?:tomorrow|tonight|today|noon|(?:mon|tues|wednes|thurs|fri|satur"
        r"|sun)day)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:会|将|可以|马上|立即|为您|给您)[^。！？，]{0,12}"
        r"(?:退款|退钱|退还|赔偿|赔付|补偿|补发|重发|换货|更换|优惠券|代金券|折扣|减免|免费|返还|发放)"
        r"|\d[\d.,]*\s?(?:元|块|欧元|英镑|美元|日元|%|％)|[€£$¥￥]\s?\d"
        r"|全额退款|保证|承诺|包退|包换"
        r"|(?:\d+|[一二两三四五六七八九十几]+)\s*(?:个)?\s*(?:分钟|小时|天|工作日|周|个月)(?:之内|以内|内)"
    ),
}
_SORRY: Final = {
    "en": re.compile(r"\b(?:sorry|apologi[sz]e|apologies|regret)\b", re.IGNORECASE),
    "zh": re.compile(r"抱歉|道歉|对不起|歉意|致歉"),
}


def promise_in(text: str, language: str) -> str:
    """Return the words that promise something, empty where nothing is promised."""
    found = _PROMISES[language].search(text)
    return found[0] if found else ""


def is_sorry(text: str, language: str) -> bool:
    return bool(_SORRY[language].search(text))

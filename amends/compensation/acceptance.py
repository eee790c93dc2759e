"""Whether a typed yes accepts an offer as it stands, or an offer of the customer's own making."""

import re

_HEDGE = re.compile(
    # a condition, an addition, a doubt: not yet a yes
    r"\b(?:if|unless|but|only|provided|as long as|except|plus|also|as well|another|more|instead"
    r"|maybe|perhaps|guess|suppose|not sure|what if|so you|you (?:confirm|mean|said|promise\w*))\b"
    r"|如果|要是|除非|但|不过|再加|还要|另外|也许|可能|吧\s*[?？]|是不是|你们?(?:确认|答应|承诺)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？¿]")
_NUMBER = re.compile(
    r"[\d%％€£$¥￥元]|\b(?:hundred|thousand|million|grand|double|twice|half|pounds?|quid|euros?"
    r"|dollars?|bucks?|francs?|yen)\b|[一二两三四五六七八九十百千万]{2,}",
    re.IGNORECASE,
)


def is_outright(text: str) -> bool:
    """Tell whether a yes names no condition, no number and asks nothing.

    "Yes please" settles an offer. "Yes, if you make it 50" and "so that is £200, right?" do not:
    whoever says so is asked once more, about what was really offered.
    """
    return not (_HEDGE.search(text) or _ASKS.search(text) or _NUMBER.search(text))

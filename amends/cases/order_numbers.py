"""Order numbers as customers write them."""

import re
import unicodedata

_LABELLED = re.compile(
    r"(?:order|ord|订单)?[\s.:#-]*(?:number|no|nr|n°|号码|号|a)?[\s.:#-]*(\d[\d\s-]*)",
    re.IGNORECASE,
)


def normal_number(written: str) -> str:
    """Return the order number as the order system writes it.

    A leading label or sign is dropped (`#10045`, `A-10045`, `Order no. 10045`), spaces and dashes
    between digits and wide digits too. Anything else comes back trimmed, in upper case, so that a
    number of another pattern is looked up as it was written.
    """
    text = " ".join(unicodedata.normalize("NFKC", written).split())
    match = _LABELLED.fullmatch(text)
    if match is None:
        return text.upper()
    return re.sub(r"\D", "", match[1])

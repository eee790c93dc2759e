"""Numbers and addresses in the net: e-mail, phone, card, IBAN, voucher, order, link."""

import re
from collections.abc import Iterator
from typing import Final

from amends.conversations.personal.model import Kind, Span

_EMAILS: Final = (
    # In Chinese no space stands around an address, so it is cut out by its letters first …
    re.compile(r"[A-Za-z0-9._%'+=~&-]+\s?[@＠]\s?[A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)+"),
    # … and whatever else holds the sign goes up to the next space.
    re.compile(r"[^\s@＠<>()，。；、：:/]+[@＠][^\s@＠<>()，。；、/]+\.[^\s@＠<>().,;，。；、/]+"),
)
_PROVIDER: Final = (
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|live|msn|aol|btinternet|sky|gmx|web|proton"
    r"(?:mail)?|qq|163|126|sina|foxmail|mail|example)"
)
_SPELT: Final = (
    re.compile(
        r"\b[\w.+-]+(?:\s*[(\[{]\s*at\s*[)\]}]\s*|\s+at\s+)[\w-]+"
        r"(?:(?:\s*[(\[{]\s*dot\s*[)\]}]\s*|\s+dot\s+)[\w-]+)+",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b[\w.+-]+(?:\s*[(\[{{]\s*at\s*[)\]}}]\s*|\s+at\s+){_PROVIDER}\s?\.\s?[a-z]{{2,6}}"
        r"(?:\.[a-z]{2})?\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b[\w.+-]+[@＠]{_PROVIDER}\b(?!\.\w)", re.IGNORECASE),  # its end was left out
)
_LINK: Final = re.compile(r"https?://[^\s?#]+([?#]\S*)")
_VOUCHER: Final = re.compile(r"(?<![A-Z0-9-])[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}(?![A-Z0-9-])")
_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_CASE: Final = re.compile(r"(?<![A-Za-z0-9])AM-[A-Z0-9]{6}(?![A-Z0-9])")

# A long row of digits, in groups of whatever kind; what a date, a time or a price is, is not one.
_LONG: Final = re.compile(r"[+＋(]?\d(?:[\s().\-/·]{0,3}\d){8,}")
_LOCAL: Final = re.compile(r"(?<![\d.,/-])\(?\d{3,4}\)?[- ]\d{4}(?![\d/]|[.,-]\d)")
_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d\d|\d\d))"
    r"(?:[T ]{1,2}(?:at )?\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?!\d)"
)
_CURRENCY: Final = r"(?:[£$€¥￥]|GBP|EUR|USD|CNY|RMB|JPY|AUD|CAD)"
_AMOUNT: Final = re.compile(
    rf"{_CURRENCY}\s?\d[\d,]*(?:\.\d+)?"
    r"|(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|(?<![\d.])\d+(?:\.\d{1,2})?\s?(?:(?:元|块|日元|万|千|点|积分|公里|人|字|年|%|％)"
    rf"|(?:yen|pounds?|euros?|dollars?|bucks|quid|{_CURRENCY}|miles|points|km|kms|steps|people"
    r"|customers|followers|users|mah|rpm|words|times|sq)(?![a-z]))"
    r"|(?<![\d.])\d{1,4}\.\d\d(?![\d.-])",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(r"(?<!\d)\d{5,}")
_MIXED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*\d[A-Za-z0-9-]*\d[A-Za-z0-9-]*\d[A-Za-z0-9-]*\d)"
    r"(?:[A-Z]{1,5}-?\d{5,}(?:-?[A-Z0-9]+)*|\d{2,}-\d{4,}(?:-[A-Z0-9]+)*|\d{4,}(?:-\d{2,})+"
    r"|\d[A-Z]\d{3}[A-Z0-9]{8,})(?![A-Za-z0-9])"
)
_NAMED: Final = re.compile(
    r"\b(?:orders?|order(?:ed)? (?:number|no|id)|purchase|ref(?:erence)?|booking|reservation"
    r"|confirmation|tracking|consignment|shipment|parcel|package|invoice|receipt|account|acct"
    r"|membership|member|customer|policy|contract|ticket|case|claim|complaint|incident|request"
    r"|pnr|rma|serial|voucher)"
    r"(?:['’]s)?(?:\s(?:number|num|numbers|no|nr|id|code|ref|reference))?"
    r"(?:\.|\s?[:#=]|\sis|\s?№|\snumber)*\s?[:#(]?\s?"
    r"(?P<it>(?=[A-Za-z]*[0-9-]*\d)[A-Za-z0-9](?:-?[A-Za-z0-9]){3,})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_HASH: Final = re.compile(
    r"(?<![Ff]light )(?:#|№|(?i:\bno\.|\bnr\.|\bnumber)) ?(?P<it>\d{4,}(?:-\d+)*)(?!\d)"
)
_NAMED_ZH: Final = re.compile(
    r"(?:订单|单号|运单|快递|包裹|编号|工号|票号|账号|帐号|卡号|会员"
    r"|身份证|发票|流水|预订|合同|案件|投诉|退货|微信|QQ|qq)"
    r"(?:单号|编号|号码|号)?(?:是|为|：|:|#|\s){0,3}(?P<it>[A-Za-z0-9_](?:[-_]?[A-Za-z0-9]){3,})"
)
_ENDING: Final = re.compile(
    r"\b(?:ending|ends|last (?:four|4)(?: digits)?)(?: (?:in|with|are|is|on))?:? ?(?P<it>\d{4})\b"
    r"|(?:尾号|末四位|后四位)(?:是|为|：|:|\s){0,2}(?P<zh>\d{4})"
    r"|[*xX•]{2,}[ -]?(?P<hid>\d{4})(?!\d)",
    re.IGNORECASE,
)
_WIDE: Final = {ord("０") + one: ord("0") + one for one in range(10)} | str.maketrans(
    "（）－　＋", "()- +"
)
"""Each full-width sign has one plain one, so that places in the text stay."""


def digits_of(text: str) -> str:
    """Return the digits of a text, full-width ones made plain."""
    return re.sub(r"\D", "", text.translate(_WIDE))


def is_card_number(digits: str) -> bool:
    """Return whether it is as long as a card number and its check digit fits (Luhn)."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Return whether the two check digits fit (ISO 13616)."""
    plain = re.sub(r"[ -]", "", text).upper()
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def net_addresses(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, and what stands behind the address of a page."""
    if "@" in text or "＠" in text:
        for pattern in _EMAILS:
            yield from _all(pattern, text, Kind.EMAIL)
    for pattern in _SPELT:
        yield from _all(pattern, text, Kind.EMAIL)
    for found in _LINK.finditer(text):
        yield Span(*found.span(1), Kind.LINK)


def numbers(text: str) -> Iterator[Span]:
    """Yield all numbers that name somebody or something of theirs; none that counts or costs."""
    plain = text.translate(_WIDE)
    if not re.search(r"\d", plain):
        return
    yield from _all(_VOUCHER, plain, Kind.CODE)
    for found in _IBAN.finditer(plain):
        yield Span(*found.span(), Kind.IBAN if is_iban(found[0]) else Kind.NUMBER)
    yield from _all(_CASE, plain, Kind.CASE)
    counted = [m.span() for pattern in (_DATE, _AMOUNT) for m in pattern.finditer(plain)]
    rows = [
        one
        for one in (*_long(plain), *_short(plain))
        if not any(start < one.end and one.start < end for start, end in counted)
    ]
    # AB123456789 is one number, whatever its digits alone look like.
    for one in rows:
        inner = [other for other in rows if _holds(one, other)]
        if not any(_holds(other, one) for other in rows):
            is_long = any(other.kind is Kind.NUMBER for other in inner)
            yield Span(one.start, one.end, Kind.NUMBER) if is_long else one


def _long(text: str) -> Iterator[Span]:
    # What is no number is cut out first, so that two numbers beside a date stay apart.
    cut = _AMOUNT.sub(_blank, _DATE.sub(_blank, text))
    for found in _LONG.finditer(cut):
        yield Span(*found.span(), _kind_of(found[0]))
    for found in _LOCAL.finditer(cut):
        if not _is_span_of_years(found[0]):
            yield Span(*found.span(), Kind.PHONE)


def _short(text: str) -> Iterator[Span]:
    yield from _all(_SHORT, text, Kind.ORDER)
    for found in _MIXED.finditer(text):
        if not _is_span_of_years(found[0]):
            yield Span(*found.span(), Kind.ORDER)
    for pattern in (_NAMED, _HASH, _NAMED_ZH):
        for found in pattern.finditer(text):
            if sum(one.isdigit() for one in found["it"]) >= 2 and not _is_year(found["it"]):
                yield Span(*found.span("it"), Kind.ORDER)
    for found in _ENDING.finditer(text):
        name = next(name for name in ("it", "zh", "hid") if found[name])
        yield Span(*found.span(name), Kind.CARD)


def _holds(outer: Span, inner: Span) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end


def _kind_of(written: str) -> Kind:
    digits = digits_of(written)
    if is_card_number(digits):
        return Kind.CARD
    looks_dialled = written[0] in "+＋(0" or re.fullmatch(r"1[3-9]\d{9}", digits)
    grouped = re.search(r"\d[\s().\-/·]+\d", written)
    if len(digits) <= 15 and (looks_dialled or (grouped and len(digits) <= 11)):
        return Kind.PHONE
    return Kind.CARD if len(digits) == 16 and grouped else Kind.NUMBER


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", text))


def _is_span_of_years(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d[- ](?:19|20)\d\d", text))


def _blank(match: re.Match[str]) -> str:
    return "¤" * len(match[0])


def _all(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Span]:
    for found in pattern.finditer(text):
        yield Span(*found.span(), kind)

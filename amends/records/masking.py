"""A record without what says who the customer is: names, addresses, and both within words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from amends.cases.model import Customer
from amends.handoff.model import Handoff
from amends.records.record import Record

NAME, EMAIL, NUMBER = "[name]", "[e-mail]", "[number]"
ADDRESS, CODE, ORDER = "[address]", "[code]", "[order]"

_DIGIT = re.compile(r"\d")
_AT = re.compile(r"[@＠]")
_EMAILS = (
    # In Chinese no space stands around an address, so it is cut out by its letters first …
    re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+\s?[@＠]\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    # … and whatever else holds the sign goes up to the next space.
    re.compile(r"[^\s@＠<>()]+[@＠][^\s@＠<>()]+\.[^\s@＠<>().,;]+"),
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")
_ID = re.compile(r"[0-9a-f]{26}")
_BEHIND_AN_ADDRESS = re.compile(r"(https?://[^\s?#]+)[?#]\S*")
_VOUCHER = re.compile(r"(?<![A-Z0-9-])[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}(?![A-Z0-9-])")
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_NUMBER = re.compile(r"[+＋(]?\d(?:[\s().\-/·]{0,3}\d){8,}")
_SHORT_NUMBER = re.compile(
    r"AM-[A-Z0-9]{6}(?![A-Z0-9])"
    r"|(?<![\d£$€¥￥])\d{5,}+(?!\s?(?:元|块|日元|yen|pounds?|euros?|dollars?|GBP|EUR|USD|CNY|JPY))"
)
_WAY = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Crescent|Terrace|Boulevard|Blvd|Court"
    r"|Gardens|Square|Place|Way|Grove|Mews)"
)
_ADDRESSES = (
    re.compile(
        rf"(?:(?:Flat|Apartment|Apt|Unit)\.? \w{{1,5}},? )?"
        rf"\b\d{{1,5}}[a-zA-Z]?,? (?:[A-Z][\w'’.-]* ){{1,4}}{_WAY}\b"
    ),
    re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|weg|gasse|platz) \d{1,4}[a-z]?\b"),
    re.compile(
        r"[\u3400-\u9fff]{1,24}(?:路|街|大道|巷|弄|胡同|小区|花园|公寓)\s?\d{1,5}\s?(?:号|栋|幢|座)"
        r"(?:[\u3400-\u9fff]{0,8}?\d{1,5}(?:号楼|号|栋|幢|座|单元|楼|层|室))*"
    ),
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE),
    re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b"),
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶毛贺顾龚郝邵万钱"
)
_INTRODUCED = (
    re.compile(
        r"((?i:\bmy name(?: is|'s|’s)|\bi(?: am|'m|’m) called) )"
        r"[^\W\d_][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
    ),
    re.compile(
        r"(\b(?:M[rRsS]|M[rR][sS]|Miss|MISS|D[rR])\b\.? )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
    ),
    re.compile(
        r"((?i:\bregards|\bsincerely|\bbest wishes|\byours)[,.]?\s+)"
        r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}(?=\W*$)"
    ),
    re.compile(
        r"((?:我叫|我的名字[叫是]|姓名[:：是]?|收件人[:：是]?|联系人[:：是]?)\s?)[\u4e00-\u9fff]{2,4}"
        r"(?=[，。,.！!；;、\s]|$)"
    ),
    re.compile(r"(我姓)[\u4e00-\u9fff]"),
)
_ADDRESSED = re.compile(rf"[{_SURNAMES}](?=先生|女士|小姐)")


@dataclass(frozen=True, slots=True)
class Mask:
    """Takes out of texts who somebody is: names, e-mail and postal addresses, long numbers.

    Attributes:
        names: of the customers concerned, in whole and in part, however they are written.
        others: names of staff and numbers of orders as they stand, with what replaces each.
        short_numbers: whether numbers of five digits and more go, too; an order's has five.
        ids: what stands for an id or an order number that is the whole of a value.
    """

    names: re.Pattern[str] | None
    others: tuple[tuple[re.Pattern[str], str], ...] = ()
    short_numbers: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Customer]) -> "Mask":
        return cls(names_pattern(tuple(person.name for person in people)))

    def text(self, words: str) -> str:
        plain = _without_addresses(words)
        for pattern, instead in self.others:
            plain = pattern.sub(instead, plain)
        plain = _NUMBER.sub(NUMBER, plain) if _has_digits(plain) else plain
        plain = _SHORT_NUMBER.sub(_short, plain) if self.short_numbers else plain
        return self.names.sub(NAME, plain) if self.names else plain

    def value(self, value: Any) -> Any:
        """Return a JSON value with every text in it masked; a time or an id of ours stays."""
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, dict):
            return {key: self.value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return value

    def _string(self, value: str) -> str:
        if value in self.ids:
            return self.ids[value]
        return value if _MOMENT.fullmatch(value) or _ID.fullmatch(value) else self.text(value)


@lru_cache(maxsize=4096)
def names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds these names and their parts; None without any."""
    words = {part for name in names for part in [name, *name.split()]}
    longest_first = sorted((w for w in words if len(w) > 1), key=len, reverse=True)
    parts = "|".join(map(re.escape, longest_first))
    # In Chinese no space stands around a name.
    pattern = rf"(?<![A-Za-z])(?:{parts})(?![A-Za-z])" if parts else ""
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def masked(record: Record) -> Record:
    """Return the record as it may be given to whoever need not know whom it is about."""
    mask = Mask.of(record.people)
    case = record.case
    return replace(
        record,
        case=replace(
            case,
            what_happened=_masked(mask, case.what_happened),
            wish_text=_masked(mask, case.wish_text),
            customer_id=None,
        ),
        conversation=replace(record.conversation, customer_id=None),
        people=tuple(masked_person(person) for person in record.people),
        messages=tuple(replace(one, text=mask.text(one.text)) for one in record.messages),
        entries=tuple(replace(one, data=mask.value(one.data)) for one in record.entries),
        handoffs=tuple(_without_address(one) for one in record.handoffs),
        notes=tuple(replace(one, text=mask.text(one.text)) for one in record.notes),
        survey=record.survey and replace(record.survey, comment=mask.text(record.survey.comment)),
    )


def masked_person(person: Customer) -> Customer:
    """Return a customer of whom only membership, country and language are known."""
    return replace(person, id="", name=NAME, email=EMAIL)


def _masked(mask: Mask, text: str | None) -> str | None:
    return None if text is None else mask.text(text)


def _without_address(handoff: Handoff) -> Handoff:
    contact = handoff.contact
    if contact is None or contact.address is None:
        return handoff
    return replace(handoff, contact=replace(contact, address=EMAIL))


def _without_addresses(words: str) -> str:
    """Return words without addresses of all kinds, codes, and names that somebody gives."""
    plain = words
    if _AT.search(plain):
        for pattern in _EMAILS:
            plain = pattern.sub(EMAIL, plain)
    plain = _BEHIND_AN_ADDRESS.sub(r"\1", plain)
    for pattern in _INTRODUCED:
        plain = pattern.sub(rf"\1{NAME}", plain)
    plain = _ADDRESSED.sub(NAME, plain)
    if not _has_digits(plain):
        return plain
    plain = _IBAN.sub(NUMBER, _VOUCHER.sub(CODE, plain))
    for pattern in _ADDRESSES:
        plain = pattern.sub(ADDRESS, plain)
    return plain


def _has_digits(words: str) -> bool:
    return _DIGIT.search(words) is not None


def _short(match: re.Match[str]) -> str:
    """Return what stands for five digits and more; a case's number stays."""
    return match[0] if match[0].startswith("AM-") else NUMBER

"""Every wording that the product has, by name, and which of them a message is.

Responses of `domain.yml` go by their own names; texts that code holds (`amends/*/notices.py` and
its like) by the name of their module and key. What the names below may mention is decided here
and nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType
from typing import Any

from ruamel.yaml import YAML

from actions import problems, words
from amends.compensation import grants
from amends.conversations import notices as conversation_notices
from amends.handoff import notices as handoff_notices
from amends.handoff.first_help import load_first_help
from amends.wiring import notices as job_notices
from tests.adversarial.amounts import plain
from tests.support.words import DOMAIN

_MODULES: tuple[ModuleType, ...] = (
    conversation_notices,
    handoff_notices,
    job_notices,
    grants,
)

MENTIONS: dict[str, str] = {
    "say_apology_": "names what went wrong: a refund that has not come, a return, a repair",
    "say_fact_refund_": "states what the books say about a refund; its amount is checked",
    "say_status_": "names the problem of the case: “the refund”",
    "say_also_noted": "names the other problems the customer told of",
}
"""Beginnings of names whose own words may mention a remedy, and why that promises nothing.

Only their fixed words are excused. What fills their gaps is checked like any other text.
"""

ONCE_ACCEPTED: dict[str, str] = {"say_refund_goes": "refund", "say_voucher_goes": "voucher"}
"""Names that speak of a remedy as settled: one of this kind must have been accepted."""

ECHOES = frozenset({"say_order_not_found", "say_detail_noted"})
"""Names that repeat the order number that the customer typed."""

EXCUSES = (
    "say_technical_problem",
    "amends.conversations.notices.texts.outage",
    "amends.conversations.notices.texts.person_asked",
    "amends.conversations.notices.texts.gave_up",
    "amends.conversations.notices.texts.not_answerable",
)
"""Beginnings of names that say that something failed: an honest word, and no answer."""

FIRST_HELP = "amends.handoff.notices.first_help_there."
"""How the names begin of the texts that name telephone numbers of the customer's country."""

REMEDY_WORDS = re.compile(
    r"refund\w*|reimburs\w*|money back|cash ?back|pay(?:s|ing|ment)? (?:you|back|out)|paid out"
    r"|voucher\w*|coupon\w*|discount\w*|rebate\w*|\bcredit\w*|\bgifts?\b|gift ?cards?"
    r"|compensat\w*|goodwill|replac\w+|re-?send\w*|sen[dt] again|exchange\b|\brepair\w*"
    r"|free of charge|for free|at our cost|on the house|\bpoints\b|\bbonus|waive\w*|upgrade\w*"
    r"|prepaid|return label|written apology|follow-?up|priority handling|cancel(?:s|led|ling)? it"
    r"|退款|退还|退钱|退货款|优惠|代金券|红包|折扣|打折|补偿|赔偿|赔付|换新|换货|更换|补发|补寄"
    r"|重新发货|重发|维修|免费|积分|减免|返现|致歉信|回访|优先处理|运单|退回|退出|通报",
    re.IGNORECASE,
)
"""Words for remedies, generic ones too; whoever says one must have a row to say it from."""

ASSENT = re.compile(
    r"(?:yes|yep|yeah|sure|certainly|of course|absolutely|agreed|confirmed|done|gladly|correct"
    r"|exactly|all right|alright|ok|okay|deal|right|you are right|i confirm|with pleasure)\b"
    r"|好的|没问题|当然|可以|是的|同意|确认|没错|[行对][,。!]",
    re.IGNORECASE,
)
"""How a sentence begins that agrees to what the customer has just said."""

TERMS_OF_ROWS = frozenset({"offer", "promises"})
"""Gaps that state what is really offered or settled, so that a yes before them is no bare yes."""

NOTED_IN_THE_CASE = frozenset({"say_details_added", "say_words_added"})
"""Names that put what was said into the case; while an offer lies there, that reads like a yes."""

PLACE_IN_QUEUE = re.compile(r"number \d+ in (?:the queue|line)|第\d+位")
"""A place in the queue: true of the moment, and a row of the handoff stands behind it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with gaps, in one language."""

    name: str
    pattern: re.Pattern[str]
    gaps: tuple[str, ...]
    fixed: int  # characters of its own


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which wording a message is, and what fills its gaps: name, start and end of each."""

    name: str
    filled: tuple[tuple[str, int, int], ...]


@lru_cache(maxsize=20_000)
def recognise(text: str) -> tuple[Recognised, ...]:
    """Return the wordings that a text (gone over by `plain`) is; the most telling come first."""
    found = []
    for wording in wordings():
        match = wording.pattern.fullmatch(text)
        if match is not None:
            spans = (match.span(number) for number in range(1, len(wording.gaps) + 1))
            filled = tuple((gap, *span) for gap, span in zip(wording.gaps, spans, strict=True))
            found.append((wording.fixed, Recognised(wording.name, filled)))
    return tuple(one for _, one in sorted(found, key=lambda pair: -pair[0]))


@cache
def wordings() -> tuple[Wording, ...]:
    said = [(name, one["text"]) for name, texts in responses().items() for one in texts]
    held = [
        (f"{module.__name__}.{key}", text) for module in _MODULES for key, text in _held(module)
    ]
    return tuple(_wording(name, text) for name, text in [*said, *held])


def _held(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the texts by language that a module holds, at any depth, with the keys above them."""
    for name, value in vars(module).items():
        if isinstance(value, dict) and not name.startswith("__"):
            yield from _texts(name.strip("_").lower(), value)


def _texts(key: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for inner, below in value.items():
            yield from _texts(key if inner in ("en", "zh") else f"{key}.{inner}", below)


def _wording(name: str, text: str) -> Wording:
    parts = re.split(r"\{(\w+)\}", plain(text))
    fixed = parts[::2]
    pattern = "(.*?)".join(re.escape(part) for part in fixed)
    return Wording(
        name, re.compile(pattern, re.DOTALL), tuple(parts[1::2]), sum(len(part) for part in fixed)
    )


def may_mention(name: str) -> bool:
    return name.startswith(tuple(MENTIONS))


@cache
def customers_own_words() -> frozenset[str]:
    """Titles of quick replies in which the customer speaks: a wish or a problem, not an offer."""
    tables = (words.TITLES, words.WISH_TITLES, problems.PROBLEM_TITLES)
    titles = {text for table in tables for texts in table.values() for text in texts.values()}
    for texts in responses().values():
        titles |= {button["title"] for one in texts for button in one.get("buttons", ())}
    return frozenset(plain(title) for title in titles)


@cache
def numbers_to_call() -> tuple[str, ...]:
    """Whom a customer in danger may be told to call; longest first."""
    lines = load_first_help(DOMAIN.parent / "policies" / "first_help.yml").values()
    told = {text for one in lines for texts in (one.emergency, one.line) for text in texts.values()}
    found = {plain(text) for text in told | {one.number for one in lines}}
    return tuple(sorted(found, key=len, reverse=True))


@cache
def names_of_problems() -> tuple[str, ...]:
    """What our own sentences call a problem; longest first."""
    found = {text for texts in problems.PROBLEM_NOUNS.values() for text in texts.values()}
    return tuple(sorted((plain(text) for text in found), key=len, reverse=True))


@cache
def responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = YAML(typ="safe").load(DOMAIN)["responses"]
    return found

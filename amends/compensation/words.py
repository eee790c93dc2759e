"""Money, dates, offers and promises in words, worded from ledger rows alone.

Shared by all who speak to customers: the assistant's actions and the staff who grant a remedy.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision

from amends.cases.model import Promise
from amends.compensation.model import Offer, Remedy
from amends.values import Money

_DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class _Forms:
    """How a language forms dates, amounts and lists."""

    locale: str
    day: str
    moment: str
    amount: str
    due: str  # a remedy with the day by which it is carried out
    comma: str
    all_of: str  # what stands before the last of several remedies
    one_of: str  # … of several choices
    between_promises: str
    before_last_promise: str
    also: str  # before what comes with the one choice there is
    either_way: str  # before what comes with every choice


_FORMS = {
    "en": _Forms(
        locale="en_GB",
        day="d MMMM",
        moment="d MMMM, HH:mm 'UTC'",
        amount="{what} ({amount})",
        due="{what} by {day}",
        comma=", ",
        all_of=" and ",
        one_of=" or ",
        between_promises=", ",
        before_last_promise=" and ",
        also=", and ",
        either_way="; either way with ",
    ),
    "zh": _Forms(
        locale="zh_Hans_CN",
        day="M月d日",
        moment="M月d日HH:mm（'UTC'）",
        amount="{what}（{amount}）",
        due="{what}，{day}前办妥",
        comma="、",
        all_of="，以及",
        one_of="，或者",
        between_promises="；",
        before_last_promise="；",
        also="，另外还有",
        either_way="；无论选哪一项，都另有",
    ),
}


def _forms(language: str) -> _Forms:
    return _FORMS.get(language, _FORMS[_DEFAULT])


def money(amount: Money, language: str = "en") -> str:
    """Return "£24.90" for 2490 GBP, "¥2,490" for 2490 JPY."""
    value = Decimal(amount.amount_minor).scaleb(-get_currency_precision(amount.currency))
    return format_currency(value, amount.currency, locale=_forms(language).locale)


def day(when: date | datetime, language: str = "en") -> str:
    """Return "4 March", or "3月4日" in Chinese."""
    return format_date(when, _forms(language).day, locale=_forms(language).locale)


def moment(when: datetime, language: str = "en") -> str:
    return format_datetime(when, _forms(language).moment, locale=_forms(language).locale)


def title_words(remedy: Remedy, language: str = "en") -> str:
    return remedy.title.get(language) or remedy.title[_DEFAULT]


def remedy_words(remedy: Remedy, language: str = "en") -> str:
    title = title_words(remedy, language)
    if remedy.amount is None or remedy.amount.amount_minor == 0:
        return _lower_first(title)
    amount = money(remedy.amount, language)
    return _forms(language).amount.format(what=_lower_first(title), amount=amount)


def bundle_words(remedies: tuple[Remedy, ...], language: str = "en") -> str:
    forms = _forms(language)
    parts = [remedy_words(remedy, language) for remedy in remedies]
    return _listed(parts, forms.comma, forms.all_of)


def offer_words(offer: Offer, language: str = "en") -> str:
    """Word an offer; what comes with every alternative is said once."""
    always = _in_every_alternative(offer)
    choices = [choice_words(offer, index, language) for index in range(len(offer.alternatives))]
    chosen = [words for words in choices if words]
    if not chosen:
        return bundle_words(always, language)
    forms = _forms(language)
    both = forms.either_way if len(choices) > 1 else forms.also
    rest = both + bundle_words(always, language) if always else ""
    return _listed(chosen, forms.comma, forms.one_of) + rest


def choice_words(offer: Offer, index: int, language: str = "en") -> str:
    """Word what sets one alternative apart from the others."""
    always = {_what(remedy) for remedy in _in_every_alternative(offer)}
    bundle = offer.alternatives[index]
    return bundle_words(tuple(r for r in bundle if _what(r) not in always), language)


def _in_every_alternative(offer: Offer) -> tuple[Remedy, ...]:
    first, *others = offer.alternatives
    shared = set.intersection(*({_what(r) for r in bundle} for bundle in offer.alternatives))
    if others and any({_what(r) for r in bundle} == shared for bundle in offer.alternatives):
        return ()  # one choice holds nothing but what the others hold too: each is told in full
    return tuple(remedy for remedy in first if _what(remedy) in shared)


def _what(remedy: Remedy) -> tuple[str, str, Money | None]:
    return remedy.kind, remedy.title["en"], remedy.amount


def offer_card(offer: Offer, language: str = "en") -> dict[str, Any]:
    lines = [
        {
            "title": title_words(remedy, language),
            "amount": money(remedy.amount, language) if remedy.amount else None,
            "alternative": remedy.alternative,
        }
        for remedy in offer.remedies
    ]
    return {"kind": "offer", "lines": lines, "expires_at": offer.expires_at.isoformat()}


def promise_words(
    remedies: tuple[Remedy, ...], promises: tuple[Promise, ...], language: str = "en"
) -> str:
    due = {promise.remedy_id: promise.due_at for promise in promises}
    forms = _forms(language)
    parts = [
        forms.due.format(what=remedy_words(remedy, language), day=day(due[remedy.id], language))
        for remedy in remedies
        if remedy.id in due
    ]
    return _listed(parts, forms.between_promises, forms.before_last_promise)


def promise_card(
    remedies: tuple[Remedy, ...], promises: tuple[Promise, ...], language: str = "en"
) -> dict[str, Any]:
    due = {promise.remedy_id: promise.due_at for promise in promises}
    lines = [
        {
            "title": title_words(remedy, language),
            "amount": money(remedy.amount, language) if remedy.amount else None,
            "due_at": due[remedy.id].isoformat(),
        }
        for remedy in remedies
        if remedy.id in due
    ]
    return {"kind": "promise", "lines": lines}


def _listed(parts: list[str], between: str, before_last: str) -> str:
    return before_last.join([between.join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _lower_first(text: str) -> str:
    """Fit a title into a sentence; initials such as "EU" and "VAT" keep their capitals."""
    second = text[1:2]
    return text[:1].lower() + text[1:] if second.islower() or second.isspace() else text

"""Money, dates, offers and promises in words, worded from ledger rows alone.

Shared by all who speak to customers: the assistant's actions and the staff who grant a remedy.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision

from amends.cases.model import Promise
from amends.compensation.model import Offer, Remedy
from amends.values import Money

_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


def money(amount: Money, language: str = "en") -> str:
    """Return "£24.90" for 2490 GBP, "¥2,490" for 2490 JPY."""
    value = Decimal(amount.amount_minor).scaleb(-get_currency_precision(amount.currency))
    return format_currency(value, amount.currency, locale=_LOCALES.get(language, "en_GB"))


def day(when: date | datetime, language: str = "en") -> str:
    return format_date(when, "d MMMM", locale=_LOCALES.get(language, "en_GB"))


def moment(when: datetime, language: str = "en") -> str:
    return format_datetime(when, "d MMMM, HH:mm 'UTC'", locale=_LOCALES.get(language, "en_GB"))


def remedy_words(remedy: Remedy, language: str = "en") -> str:
    title = remedy.title.get(language) or remedy.title["en"]
    if remedy.amount is None or remedy.amount.amount_minor == 0:
        return _lower_first(title)
    return f"{_lower_first(title)} ({money(remedy.amount, language)})"


def bundle_words(remedies: tuple[Remedy, ...], language: str = "en") -> str:
    return _listed([remedy_words(remedy, language) for remedy in remedies], "and")


def offer_words(offer: Offer, language: str = "en") -> str:
    """Word an offer; what comes with every alternative is said once."""
    always = _in_every_alternative(offer)
    choices = [choice_words(offer, index, language) for index in range(len(offer.alternatives))]
    chosen = [words for words in choices if words]
    if not chosen:
        return bundle_words(always, language)
    both = "; either way with " if len(choices) > 1 else ", and "
    return _listed(chosen, "or") + (both + bundle_words(always, language) if always else "")


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
            "title": remedy.title.get(language) or remedy.title["en"],
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
    parts = [
        f"{remedy_words(remedy, language)} by {day(due[remedy.id], language)}"
        for remedy in remedies
        if remedy.id in due
    ]
    return _listed(parts, "and")


def promise_card(
    remedies: tuple[Remedy, ...], promises: tuple[Promise, ...], language: str = "en"
) -> dict[str, Any]:
    due = {promise.remedy_id: promise.due_at for promise in promises}
    lines = [
        {
            "title": remedy.title.get(language) or remedy.title["en"],
            "amount": money(remedy.amount, language) if remedy.amount else None,
            "due_at": due[remedy.id].isoformat(),
        }
        for remedy in remedies
        if remedy.id in due
    ]
    return {"kind": "promise", "lines": lines}


def _listed(parts: list[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _lower_first(text: str) -> str:
    """Fit a title into a sentence; initials such as "EU" and "VAT" keep their capitals."""
    second = text[1:2]
    return text[:1].lower() + text[1:] if second.islower() or second.isspace() else text

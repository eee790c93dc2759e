"""The checker of cards: what a card shows is a row, to the letter, and nothing besides."""

from collections.abc import Callable
from typing import Any

from amends.compensation.model import Remedy
from amends.satisfaction.surveys.model import Question
from amends.values import Json, Money
from tests.adversarial.amounts import find_amounts, plain
from tests.adversarial.evidence import Ground


def has_rows(ground: Ground, card: Json) -> bool:
    """Whether a card is one of the kinds that the widget knows, and shows rows alone."""
    check = _CHECKS.get(str(card.get("kind")))
    return check is not None and check(ground, card)


def _is_case(ground: Ground, card: Json) -> bool:
    numbers = {case.number for case in ground.evidence.books.cases}
    return set(card) == {"kind", "case_number", "next_step"} and card["case_number"] in numbers


def _is_offer(ground: Ground, card: Json) -> bool:
    """Whether it is an offer as it was made: each line a remedy, and none left out."""
    offers = (offer for offer in ground.evidence.books.offers if offer.made_at <= ground.at)
    return set(card) == {"kind", "lines", "expires_at"} and any(
        card["expires_at"] == offer.expires_at.isoformat()
        and len(card["lines"]) == len(offer.remedies)
        and all(
            _is_line(line, remedy, alternative=remedy.alternative)
            for line, remedy in zip(card["lines"], offer.remedies, strict=True)
        )
        for offer in offers
    )


def _is_promise(ground: Ground, card: Json) -> bool:
    promises = ground.evidence.books.promises
    due = {p.remedy_id: p.due_at.isoformat() for p in promises if p.made_at <= ground.at}
    promised = [remedy for remedy in ground.remedies if remedy.id in due]
    return set(card) == {"kind", "lines"} and all(
        any(_is_line(line, remedy, due_at=due[remedy.id]) for remedy in promised)
        for line in card["lines"]
    )


def _is_place_in_queue(ground: Ground, card: Json) -> bool:
    minutes = {count for count, unit in ground.waits if unit == "minute"}
    return (
        set(card) == {"kind", "position", "expected_minutes"}
        and card["position"] >= 1
        and (card["expected_minutes"] or 0) in minutes  # none is named once it is overdue
    )


def _is_survey(ground: Ground, card: Json) -> bool:
    return set(card) == {"kind", "questions"} and set(card["questions"]) <= set(Question)


def _is_farewell(ground: Ground, card: Json) -> bool:
    return set(card) == {"kind"}


_CHECKS: dict[str, Callable[[Ground, Json], bool]] = {
    "case": _is_case,
    "offer": _is_offer,
    "promise": _is_promise,
    "handoff": _is_place_in_queue,
    "survey": _is_survey,
    "farewell": _is_farewell,
}


def _is_line(line: Json, remedy: Remedy, **besides: Any) -> bool:
    return (
        set(line) == {"title", "amount", *besides}
        and line["title"] in remedy.title.values()
        and _is_amount(line["amount"], remedy.amount)
        and all(line[key] == value for key, value in besides.items())
    )


def _is_amount(shown: str | None, amount: Money | None) -> bool:
    if shown is None or amount is None:
        return shown is None and amount is None
    found = find_amounts(plain(shown))
    return [(one.words, one.money) for one in found] == [(plain(shown), amount)]

"""Sentences for what was and what is, shared by all parts of a comparison."""

from collections.abc import Iterator, Mapping, Sequence

from amends.compensation.currency import format_minor
from amends.compensation.terms import MoneyTable


def was(what: str, old: object, new: object) -> Iterator[str]:
    """Say that something has another value; nothing when it has not."""
    if old != new:
        yield f"{what} was {_shown(old)} and is now {_shown(new)}."


def wording(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Say in which languages a text differs."""
    for language in dict.fromkeys((*old, *new)):
        before, after = old.get(language), new.get(language)
        if before != after:
            yield f"{what} ({language}) was {_quoted(before)} and is now {_quoted(after)}."


def members(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Say what joined and what left a list."""
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    if gone:
        yield f"{what}: no longer {', '.join(gone)}."
    if come:
        yield f"{what}: now also {', '.join(come)}."


def order(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Say that a list holds the same in another order."""
    if list(old) != list(new) and sorted(old) == sorted(new):
        yield f"{what}: the same in another order, {', '.join(new)}."


def money(what: str, old: MoneyTable | None, new: MoneyTable | None) -> Iterator[str]:
    """Say in which currencies a limit differs; without a table there is none."""
    before, after = _minor(old), _minor(new)
    for currency in dict.fromkeys((*before, *after)):
        pair = before.get(currency), after.get(currency)
        if pair[0] != pair[1]:
            first, second = (_limit(minor, currency) for minor in pair)
            yield f"{what} in {currency} was {first} and is now {second}."


def _minor(table: MoneyTable | None) -> dict[str, int]:
    return {} if table is None else table.as_dict()


def _limit(minor: int | None, currency: str) -> str:
    return "without limit" if minor is None else format_minor(minor, currency)


def _quoted(text: str | None) -> str:
    return "not given" if text is None else f"“{text}”"


def _shown(value: object) -> str:
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    return str(value)

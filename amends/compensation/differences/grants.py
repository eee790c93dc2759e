"""Where two clauses differ in what they give: rungs, alternatives, remedies, amounts."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from amends.compensation.clauses import Grant, Option, Step, Texts
from amends.compensation.differences.meaning import meaning
from amends.compensation.differences.sentences import was, wording
from amends.compensation.differences.words import (
    amount_words,
    grant_words,
    option_words,
    step_words,
    table_words,
    when_words,
)
from amends.compensation.terms import Condition, Fixed, MoneyTable

Key = Callable[..., object]


def compare_steps(old: Sequence[Step], new: Sequence[Step]) -> Iterator[str]:
    """Yield what differs from rung to rung, apart from mere order."""
    many = max(len(old), len(new)) > 1
    for number, (before, after) in enumerate(zip(old, new, strict=False), start=1):
        rung = f"on rung {number}, " if many else ""
        for what in _options(before.options, after.options):
            text = f"{rung}{what}"
            yield text[0].upper() + text[1:]
    for number, step in enumerate(old[len(new) :], start=len(new) + 1):
        yield f"Rung {number} is gone: {step_words(step)}."
    for number, step in enumerate(new[len(old) :], start=len(old) + 1):
        yield f"Rung {number} is new: {step_words(step)}."


def reordered_steps(old: Sequence[Step], new: Sequence[Step]) -> Iterator[str]:
    """Yield which rungs offer the same in another order."""
    for number, (before, after) in enumerate(zip(old, new, strict=False), start=1):
        same = Counter(map(_option_key, before.options)) == Counter(map(_option_key, after.options))
        if same and _in_order(before) != _in_order(after):
            yield f"On rung {number} the same is offered in another order: {step_words(after)}."


def _in_order(step: Step) -> list[object]:
    return [(_option_key(one), [_grant_key(grant) for grant in one.grants]) for one in step.options]


# -- alternatives --------------------------------------------------------------------------------


def _options(old: Sequence[Option], new: Sequence[Option]) -> Iterator[str]:
    gone, come = _without_common(old, new, _option_key)
    for before, after in zip(gone, come, strict=False):
        yield from _option(before, after)
    for option in gone[len(come) :]:
        yield f"it no longer offers {option_words(option)}."
    for option in come[len(gone) :]:
        yield f"it now also offers {option_words(option)}."


def _option(old: Option, new: Option) -> Iterator[str]:
    yield from _grants(old.grants, new.grants)
    name = " with ".join(grant.remedy.kind for grant in new.grants)
    if meaning(old.when) != meaning(new.when):
        before, after = when_words(old.when), when_words(new.when)
        yield from was(f"the condition of {name}", before, after)
    if _first(old.first_when) != _first(new.first_when):
        before, after = _first_words(old.first_when), _first_words(new.first_when)
        yield from was(f"when {name} is offered first", before, after)


def _option_key(option: Option) -> object:
    grants = frozenset(Counter(map(_grant_key, option.grants)).items())
    return grants, meaning(option.when), _first(option.first_when)


def _first(condition: Condition | None) -> object:
    return None if condition is None else meaning(condition)


def _first_words(condition: Condition | None) -> str:
    return "never" if condition is None else when_words(condition)


# -- remedies ------------------------------------------------------------------------------------


def _grants(old: Sequence[Grant], new: Sequence[Grant]) -> Iterator[str]:
    gone, come = _without_common(old, new, _grant_key)
    for before in gone:
        after = next((grant for grant in come if grant.remedy.kind == before.remedy.kind), None)
        if after is None:
            yield f"it no longer gives {grant_words(before)}."
        else:
            come.remove(after)
            yield from _grant(before, after)
    for grant in come:
        yield f"it now gives {grant_words(grant)}."


def _grant(old: Grant, new: Grant) -> Iterator[str]:
    kind = new.remedy.kind
    yield from was(f"the {kind}", *_amounts(old, new))
    yield from was(f"the number of {kind}", old.quantity, new.quantity)
    yield from wording(f"the title of the {kind}", _own_title(old), _own_title(new))
    yield from was(f"the days until the {kind} is due", _own_days(old), _own_days(new))


def _grant_key(grant: Grant) -> object:
    title = frozenset(_own_title(grant).items())
    return grant.remedy.kind, _amount(grant), grant.quantity, title, _own_days(grant)


def _amount(grant: Grant) -> str | None:
    return None if grant.amount is None else amount_words(grant.amount)


def _amounts(old: Grant, new: Grant) -> tuple[str | None, str | None]:
    """Return both amounts in words; of two plain ones, only the currencies that differ."""
    before, after = old.amount, new.amount
    if not isinstance(before, Fixed) or not isinstance(after, Fixed):
        return _amount(old), _amount(new)
    return table_words(_without(before.table, after.table)), table_words(
        _without(after.table, before.table)
    )


def _without(table: MoneyTable, other: MoneyTable) -> MoneyTable:
    return MoneyTable(tuple(pair for pair in table.minor if pair not in other.minor))


def _own_title(grant: Grant) -> Texts:
    """The title of this grant; nothing where it has that of its kind of remedy."""
    return {} if grant.title == grant.remedy.title else grant.title


def _own_days(grant: Grant) -> int | None:
    return None if grant.due_days == grant.remedy.due_days else grant.due_days


def _without_common[T](old: Sequence[T], new: Sequence[T], key: Key) -> tuple[list[T], list[T]]:
    """Return what each has that the other has not, in order."""
    shared = Counter(map(key, old)) & Counter(map(key, new))
    return _left(old, shared, key), _left(new, shared, key)


def _left[T](items: Sequence[T], shared: Counter[object], key: Key) -> list[T]:
    without, left = Counter(shared), []
    for item in items:
        name = key(item)
        if without[name]:
            without[name] -= 1
        else:
            left.append(item)
    return left

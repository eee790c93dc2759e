"""The figures of a simulation as tables of text, for the terminal and for the page."""

from collections.abc import Iterator, Mapping, Sequence

from amends.cli.evaluation.page import Table
from amends.compensation.currency import format_minor
from amends.compensation.simulation.model import Cost, Pair, Played, Refusal
from amends.compensation.simulation.tally import Changes, Simulation, next_step

MONEY = ["Old", "New", "Difference"]
OUTCOMES = ("remedy", "none", "person", "refused")


def signed(minor: int, currency: str) -> str:
    return ("+" if minor > 0 else "") + format_minor(minor, currency)


def cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def cost_table(found: Simulation) -> Table:
    rows = []
    for currency, cost in sorted(found.cost.items()):
        for part, old, new in (
            ("goodwill", cost.old_goodwill, cost.new_goodwill),
            ("entitlement", cost.old_entitlement, cost.new_entitlement),
            ("in all", cost.old, cost.new),
        ):
            rows.append([f"{currency} {part}", *_money(old, new, currency)])
    return Table("What the assistant gives", ["", *MONEY], rows)


def outcome_table(found: Simulation) -> Table:
    """Down: outcome under the old policy. Across: under the new one."""
    met = {name for pair in found.outcomes for name in pair}
    shown = [name for name in OUTCOMES if name in met]
    rows = [
        [f"{old} under old", *(str(found.outcomes[old, new]) for new in shown)] for old in shown
    ]
    return Table("Outcomes, cases", ["", *(f"{new} under new" for new in shown)], rows)


def group_table(found: Simulation, currency: str) -> Table:
    costs = {
        name: group.cost[currency] for name, group in found.groups.items() if currency in group.cost
    }
    rows = [
        [name, str(found.groups[name].cases), *_money(cost.old, cost.new, currency)]
        for name, cost in sorted(costs.items(), key=lambda one: (-_most(one[1]), one[0]))
    ]
    mark = found.marked_by or "case"
    return Table(f"Cost in {currency}, by {mark}", [mark.capitalize(), "All cases", *MONEY], rows)


def change_tables(found: Simulation) -> Iterator[Table]:
    """Yield who gets more and who gets less, the biggest differences of each currency."""
    for title, currency, changes in sides(found):
        rows = [
            [
                change.id,
                change.group,
                *_money(change.old_minor, change.new_minor, currency),
                _says(change.old),
                _says(change.new),
            ]
            for change in changes.biggest
        ]
        yield Table(title, ["Case", "Of", *MONEY, "Old says", "New says"], rows)


def pair_table(title: str, table: Mapping[str, Pair]) -> Table:
    rows = [
        [name, str(pair.old), str(pair.new), f"{pair.new - pair.old:+d}".replace("+0", "0")]
        for name, pair in sorted(table.items())
    ]
    return Table(title, ["", *MONEY], rows)


def spread_rows(found: Simulation, currency: str) -> list[tuple[str, int, bool]]:
    """Return each bin of the differences, least first: its name, its cases, whether it is more."""
    bins: Mapping[int, int] = found.spread.get(currency, {})
    rows = []
    for step in _steps(bins):
        low = abs(step)
        word = "more" if step > 0 else "less"
        span = f"{format_minor(low, currency)} to {format_minor(next_step(low), currency)}"
        rows.append((f"{span} {word}", bins.get(step, 0), step > 0))
    return rows


def notes(found: Simulation) -> Iterator[str]:
    """Yield what a reader must know before trusting the figures, a sentence each."""
    if found.unseen:
        names = ", ".join(found.unseen)
        yield f"Never known in these cases, so the simulation cannot see what they change: {names}."
    if found.partial:
        yield (
            f"Of {cases(found.partial)} only the facts that one decision used were recorded; "
            "all others count as unknown."
        )
    if found.refused:
        yield f"In no sum, because a policy refuses their facts: {cases(found.refused)}."
    yield from _refusals("old", found.refused_by_old)
    yield from _refusals("new", found.refused_by_new)
    if found.otherwise:
        yield f"The same money but other remedies: {cases(found.otherwise)}."


def headline(found: Simulation) -> Iterator[str]:
    """Yield what it costs and how many get more and less, a sentence for each currency."""
    for currency in sorted(found.cost):
        more, less = found.more.get(currency), found.less.get(currency)
        parts = [
            *([_how_many(more, "more", currency)] if more else []),
            *([_how_many(less, "less", currency)] if less else []),
        ]
        old, new, difference = _money(found.cost[currency].old, found.cost[currency].new, currency)
        changed = ", ".join(parts) or "nobody gets more or less"
        yield f"{new} instead of {old} ({difference}); {changed}."


def change_lines(changes: Changes, currency: str) -> Iterator[str]:
    """Yield two lines for each of the biggest changes: the sums, and the clauses behind them."""
    for change in changes.biggest:
        old, new, difference = _money(change.old_minor, change.new_minor, currency)
        yield f"{change.id} ({change.group}): {old} -> {new}, {difference}"
        yield f"    old: {_says(change.old)}; new: {_says(change.new)}"


def sides(found: Simulation) -> Iterator[tuple[str, str, Changes]]:
    """Yield who gets more and who gets less, by currency: a title, the currency, the changes."""
    for side, word in ((found.more, "more"), (found.less, "less")):
        for currency, changes in sorted(side.items()):
            shown = len(changes.biggest)
            which = f", the {shown} biggest" if shown < changes.cases else ""
            yield f"Who gets {word} in {currency}: {cases(changes.cases)}{which}", currency, changes


def _how_many(changes: Changes, word: str, currency: str) -> str:
    person = f"; a person now decides {changes.to_person}" if changes.to_person else ""
    gets = "gets" if changes.cases == 1 else "get"
    total = signed(changes.minor, currency)
    return f"{cases(changes.cases)} {gets} {word} ({total}{person})"


def _money(old: int, new: int, currency: str) -> list[str]:
    return [format_minor(old, currency), format_minor(new, currency), signed(new - old, currency)]


def _most(cost: Cost) -> int:
    return max(cost.old, cost.new)


def _says(played: Played) -> str:
    """The outcome where it is no remedy, and the clauses."""
    outcome = [] if played.outcome == "remedy" else [f"{played.outcome}:"]
    return " ".join([*outcome, ", ".join(played.clauses) or "no clause"])


def _refusals(which: str, table: Mapping[str, Refusal]) -> Iterator[str]:
    for _, one in sorted(table.items()):
        yield f"The {which} policy refuses {one.cases}, the first {one.first_id} ({one.example})."


def _steps(bins: Mapping[int, int]) -> Sequence[int]:
    """Return every step of the series from the least to the greatest of these."""
    if not bins:
        return ()
    sizes, step = [], min(map(abs, bins))
    while step <= max(map(abs, bins)):
        sizes.append(step)
        step = next_step(step)
    every = [*(-size for size in reversed(sizes)), *sizes]
    return [step for step in every if min(bins) <= step <= max(bins)]

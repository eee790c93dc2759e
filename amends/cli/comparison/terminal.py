"""The figures of a simulation at the terminal."""

from rich.console import Console
from rich.table import Table as RichTable

from amends.cli.comparison import figures
from amends.cli.comparison.names import Named, period
from amends.cli.evaluation.page import Table
from amends.compensation.simulation.simulate import ASSUMPTIONS
from amends.compensation.simulation.tally import Simulation


def print_simulation(
    found: Simulation, old: Named, new: Named, console: Console | None = None
) -> None:
    # Ids come from the outside: nothing in them is markup.
    console = console or Console(markup=False, highlight=False)
    _lines(console, f"{period(found)}, decided by both policies.", f"Old: {old}", f"New: {new}", "")
    _lines(console, *figures.headline(found), *figures.notes(found))
    _tables(console, figures.cost_table(found), figures.outcome_table(found))
    _tables(console, *(figures.group_table(found, currency) for currency in sorted(found.cost)))
    for title, currency, changes in figures.sides(found):
        _lines(console, "", title, *figures.change_lines(changes, currency))
    _tables(
        console,
        figures.pair_table("Remedies given", found.remedies),
        figures.pair_table("Caps that bound, cases", found.caps),
    )
    _lines(console, "", "Taken for granted:", *(f"- {sentence}" for sentence in ASSUMPTIONS))


def _lines(console: Console, *lines: str) -> None:
    for line in lines:
        # Half a surrogate pair in an id must not break the stream.
        console.print(line.encode("utf-8", "backslashreplace").decode(), soft_wrap=True)


def _tables(console: Console, *tables: Table) -> None:
    for table in tables:
        if table.rows:
            console.print()
            console.print(_rich(table))


def _rich(table: Table) -> RichTable:
    drawn = RichTable(
        title=table.caption, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for place, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if place else "left")
    for row in table.rows:
        drawn.add_row(*row)
    return drawn

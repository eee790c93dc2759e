"""What a policy would have cost, as one page that needs nothing but itself."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from amends.cli.comparison import figures, plots
from amends.cli.comparison.names import Named, period
from amends.cli.evaluation.page import Panel, Table
from amends.compensation.simulation.simulate import ASSUMPTIONS
from amends.compensation.simulation.tally import Simulation

_LEGEND = [("old", "old policy"), ("new", "new policy")]


def page(found: Simulation, old: Named, new: Named) -> str:
    """Return the report on a simulation."""
    return (
        _environment()
        .get_template("page.html")
        .render(
            found=found,
            period=period(found),
            old=str(old),
            new=str(new),
            style=_style(),
            headline=list(figures.headline(found)),
            notes=list(figures.notes(found)),
            assumptions=ASSUMPTIONS,
            panels=list(_panels(found)),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("amends.cli.comparison", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style() -> Markup:
    """The style of all reports, and what the plots of this one need besides."""
    packages = ("amends.cli.evaluation", "amends.cli.comparison")
    return Markup("").join(
        Markup(files(package).joinpath("page.css").read_text("utf-8")) for package in packages
    )


def _panels(found: Simulation) -> Iterator[Panel]:
    yield _plain(figures.cost_table(found))
    yield _plain(figures.outcome_table(found))
    for currency in sorted(found.cost):
        table = figures.group_table(found, currency)
        costs = {row[0]: found.groups[row[0]].cost[currency] for row in table.rows}
        plot = plots.paired_bars(table.caption, costs, currency)
        yield Panel(table.caption, table, plot, legend=_LEGEND)
    for currency in sorted(found.spread):
        yield _spread(found, currency)
    for table in figures.change_tables(found):
        yield Panel(table.caption, table, wide=True)
    yield _plain(figures.pair_table("Remedies given", found.remedies))
    yield _plain(figures.pair_table("Caps that bound, cases", found.caps))


def _plain(table: Table) -> Panel:
    return Panel(table.caption, table)


def _spread(found: Simulation, currency: str) -> Panel:
    title = f"By how much cases differ, in {currency}"
    rows = figures.spread_rows(found, currency)
    table = Table(title, ["Difference", "Cases"], [[name, str(cases)] for name, cases, _ in rows])
    note = "Each bin includes its lower bound. Cases without a difference are left out."
    legend = [("old", "gets less"), ("new", "gets more")]
    return Panel(title, table, plots.bins(title, rows), note, legend)

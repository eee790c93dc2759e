"""Reads how things stand, so that no scrape of the metrics ever waits for the database."""

from datetime import UTC, datetime, time

from amends.compensation.errors import NoVersionError
from amends.records.figures import budget_left
from amends.wiring.app import App


def read_figures(app: App) -> int:
    """Put the present figures where `/metrics` finds them."""
    now = app.clock()
    midnight = datetime.combine(now.date(), time(), UTC)
    with app.db.read() as uow:
        figures = uow.figures.read(now)
        given = uow.ledger.goodwill_since(midnight)
    app.pulse.figures = figures
    app.pulse.goodwill_left = budget_left(_per_day(app, now), given)
    return 0


def _per_day(app: App, now: datetime) -> dict[str, int]:
    try:
        caps = app.policy.version_on(now.date()).caps
    except NoVersionError:
        return {}
    return caps.per_day.as_dict() if caps.per_day else {}

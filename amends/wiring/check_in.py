"""Ask customers by mail, some days after their case was closed, whether it is really solved."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog

from amends.satisfaction.surveys import check_in
from amends.satisfaction.surveys.check_in import Asking
from amends.satisfaction.surveys.links import PURPOSE, link_to
from amends.wiring.app import App
from amends.wiring.secrets import derive_secret
from amends.wiring.settings import Settings

log = structlog.get_logger()

MISSED_FOR = timedelta(days=14)
"""So long after its day a case is still asked about: while a promise is open, or no process ran."""


def check_in_by_mail(app: App) -> int:
    """Queue a mail for each case whose day has come; returns how many were queued."""
    days, now = app.settings.check_in_days, app.clock()
    if not days:
        return 0
    end = now - timedelta(days=days)
    asking, queued = asking_of(app.settings), 0
    for case_id in _to_ask(app, asking, end - MISSED_FOR, end):
        try:
            queued += _invite(app, asking, case_id)
        except Exception:
            log.exception("check_in.case.failed", case_id=case_id)
    return queued


def asking_of(settings: Settings) -> Asking:
    secret = derive_secret(settings.site_secret.get_secret_value(), PURPOSE)

    def link(ask_id: str, now: datetime) -> str:
        return f"{settings.public_url.rstrip('/')}{link_to(secret, ask_id, now).path}"

    return Asking(settings.company_name, settings.servqual_share, link)


def _to_ask(app: App, asking: Asking, start: datetime, end: datetime) -> Iterator[str]:
    """Yield the cases closed in [start, end) whose customers are to be asked, oldest first.

    Those who cannot be are looked at again in each round, so nothing is locked for it.
    """
    place = None
    while True:
        with app.db.read() as uow:
            found = uow.survey_asks.to_check_in(start, end, place)
            due = [case_id for _, case_id in found if check_in.may_invite(uow, asking, case_id)]
        yield from due
        if not found:
            return
        place = found[-1]


def _invite(app: App, asking: Asking, case_id: str) -> bool:
    with app.db.write() as uow:
        queued = check_in.invite(uow, asking, case_id, app.clock())
        uow.commit()
        return queued

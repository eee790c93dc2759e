"""Keeps by which words cases are found, some seconds behind what is said."""

import structlog

from amends.records import indexing
from amends.wiring.app import App

log = structlog.get_logger()


def index_cases(app: App) -> int:
    with app.db.read() as uow:
        due = uow.case_search.due(indexing.changed_lately(app.clock()))
    done = 0
    for case_id in due:
        try:
            with app.db.write() as uow:
                indexing.index_case(uow, case_id)
                uow.commit()
            done += 1
        except Exception:
            log.exception("jobs.piece.failed", job="index_cases", id=case_id)
    return done

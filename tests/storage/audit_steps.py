"""How an audit log begins, what is read back from it, and how rows change behind its back."""

from contextlib import closing

from sqlalchemy import Engine, create_engine, text

from amends.audit.chain import checked
from amends.audit.model import Chained
from amends.cases.model import CaseEntry, CaseId, PromiseState
from amends.compensation.model import Step
from amends.storage import Database
from amends.storage.audit.recording import append
from amends.storage.migrations.versions import v0022_audit
from tests.storage.samples import DAY, NOW, decision, given, offer, promise, remedy


def begun_log(url: str) -> Engine:
    """Open the database, its log begun anew where a test before emptied it."""
    opened = create_engine(url)
    with opened.begin() as connection:
        if connection.execute(text("SELECT count(*) FROM audit")).scalar() == 0:
            append(connection, v0022_audit._first_entries(connection))
    return opened


def log(db: Database) -> list[Chained]:
    with db.read() as uow, closing(uow.audit.rows()) as rows:
        return list(checked(rows))


def actions(db: Database, kind: str | None = None) -> list[str]:
    rows = log(db)[1:]
    return [row.entry.action for row in rows if kind in (None, row.entry.subject_kind)]


def agree(db: Database) -> int:
    began = log(db)[0].entry.data
    with db.read() as uow:
        return uow.audit.agree(began)


def behind_its_back(engine: Engine, *statements: str) -> None:
    """Do what the program never does: as somebody who has the database's own password."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))


def settle(db: Database) -> None:
    """A case that was decided, offered, accepted and issued, with a promise that was kept."""
    given(db, case_ids=("k1",))
    with db.write() as uow:
        uow.cases.add_entry(CaseEntry(CaseId("k1"), NOW, "customer", "complained", {"seq": 1}))
        uow.ledger.add_decision(decision())
        uow.ledger.add_offer(offer("o1", remedy(), remedy("r2", alternative=1)))
        uow.commit()
    with db.write() as uow:
        uow.ledger.add_step("r1", Step.ACCEPTED, NOW, "customer", None)
        uow.promises.add(promise(remedy_id="r1"))
        uow.commit()
    with db.write() as uow:
        uow.ledger.add_step("r1", Step.ISSUED, NOW, "system", {"reference": "R-1"})
        uow.promises.set_state("p1", PromiseState.KEPT, NOW + DAY)
        uow.commit()

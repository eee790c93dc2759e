"""Which versions of the program may run on a database, told by the latest that upgraded it.

While machines are upgraded one after another, some run the earlier version on a database that the
later one has changed. Whether that is safe only the later one knows: a migration says `beside =
True` where a program of the revision before works on. So the database itself holds the revisions
whose programs may run, and an earlier program looks there before it refuses.
"""

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, insert, inspect, select

from amends.storage.tables.programs import ProgramRow


def running_beside(scripts: ScriptDirectory) -> list[str]:
    """Return the revisions whose programs run on the latest shape, the latest first."""
    found = []
    for script in scripts.walk_revisions():
        found.append(script.revision)
        if not getattr(script.module, "beside", False):
            break
    return found


def may_run(connection: Connection, revision: str) -> bool:
    """Whether a later version of the program said that this one may run on the database."""
    if not inspect(connection).has_table(ProgramRow.__tablename__):
        return False
    asked = select(ProgramRow.revision).where(ProgramRow.revision == revision)
    return connection.execute(asked).first() is not None


def note(connection: Connection, revisions: list[str]) -> None:
    """Replace what the database says of the programs that may run on it."""
    connection.execute(delete(ProgramRow))
    connection.execute(insert(ProgramRow), [{"revision": one} for one in revisions])

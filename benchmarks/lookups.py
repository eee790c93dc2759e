"""What it costs to read one row: by a lookup, through the object mapper, and bare. Prints JSON.

    python -m benchmarks.lookups [--times 2000]

Processor time per read in microseconds, all in one run on a fresh SQLite file.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from amends.conversations.use_cases import start_conversation
from amends.storage import Database
from amends.storage.migrate import upgrade
from amends.storage.tables.conversations import ConversationRow
from amends.values import utc_now


def microseconds(read: Callable[[], object], times: int) -> float:
    read()
    began = time.process_time()
    for _ in range(times):
        read()
    return round((time.process_time() - began) / times * 1e6, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=2000)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'lookups.db'}"
        upgrade(url)
        database = Database(url)
        with database.write() as uow:
            opened = start_conversation(uow, language="en", company="Fernhill", now=utc_now())
            uow.commit()
        cid = opened.conversation.id
        with database.read() as uow:
            session = uow.conversations._session
            mapped = select(ConversationRow).where(ConversationRow.id == cid)
            fresh = {"populate_existing": True}
            bare = session.connection().connection.driver_connection
            assert bare is not None
            found = {
                "lookup": microseconds(lambda: uow.conversations.get(cid), times),
                "object_mapper": microseconds(
                    lambda: session.scalars(mapped, execution_options=fresh).first(), times
                ),
                "object_mapper_built_each_time": microseconds(
                    lambda: session.scalars(
                        select(ConversationRow).where(ConversationRow.id == cid),
                        execution_options=fresh,
                    ).first(),
                    times,
                ),
                "bare_driver": microseconds(
                    lambda: bare.execute(
                        "SELECT * FROM conversations WHERE id = ?", (cid,)
                    ).fetchone(),
                    times,
                ),
            }
        database.close()
    print(json.dumps({"microseconds_per_read": found, "times": times}, indent=2))


if __name__ == "__main__":
    main()

"""Work in threads knows what its caller knows."""

from contextvars import ContextVar

from amends.conversations.transactions import Transactions
from amends.storage import Database
from tests.support.database import database

__all__ = ["database"]

spoken: ContextVar[str] = ContextVar("spoken", default="en")


async def test_given_a_caller_with_a_context_then_the_work_runs_in_it(database: Database) -> None:
    transactions = Transactions(database)
    spoken.set("zh")

    heard = await transactions.read(lambda uow: spoken.get())
    written = await transactions.write(lambda uow: spoken.get())

    transactions.close()
    assert (heard, written) == ("zh", "zh")

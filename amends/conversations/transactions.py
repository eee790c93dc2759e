"""Transactions for asynchronous callers: the work runs in threads, never on the event loop."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from amends.conversations.ports import Database, UnitOfWork


class Transactions[U: UnitOfWork]:
    """Runs a piece of work inside one transaction, in a thread.

    A caller that is cancelled does not tear a transaction apart: the work runs to its end.
    """

    def __init__(self, database: Database[U], threads: int = 8) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="amends-database")

    async def read[T](self, work: Callable[[U], T]) -> T:
        return await self._run(self._read, work)

    async def write[T](self, work: Callable[[U], T]) -> T:
        """Run the work and commit; an exception of the work rolls back."""
        return await self._run(self._write, work)

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    async def _run[T](self, run: Callable[[Callable[[U], T]], T], work: Callable[[U], T]) -> T:
        """Run the work in a thread, in the caller's context: its language, its log's keys."""
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        job = loop.run_in_executor(self._threads, context.run, run, work)
        return await asyncio.shield(job)

    def _read[T](self, work: Callable[[U], T]) -> T:
        with self._database.read() as uow:
            return work(uow)

    def _write[T](self, work: Callable[[U], T]) -> T:
        with self._database.write() as uow:
            result = work(uow)
            uow.commit()
            return result

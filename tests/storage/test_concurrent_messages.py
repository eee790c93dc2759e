"""Many threads, several processes, one sequence of messages."""

import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from amends.storage import Database
from tests.storage.samples import NOW, bot_says, customer_says, given
from tests.storage.threads import at_once


def append_many(url: str, name: str, count: int) -> None:
    db = Database(url)
    for number in range(count):
        with db.write() as uow:
            uow.conversations.append("c1", bot_says(f"{name} {number}"), NOW)
            uow.commit()
    db.close()


class TestSeq:
    def test_given_many_threads_when_they_append_then_seq_runs_without_gaps(
        self, db: Database
    ) -> None:
        given(db)

        def append(number: int) -> list[int]:
            taken: list[int] = []
            for _ in range(10):
                with db.write() as uow:
                    taken.append(uow.conversations.append("c1", bot_says(str(number)), NOW).seq)
                    uow.commit()
            return taken

        taken = [seq for seqs in at_once(append) for seq in seqs]

        assert sorted(taken) == list(range(2, 82))
        with db.read() as uow:
            assert [message.seq for message in uow.conversations.after("c1", 0)] == list(
                range(1, 82)
            )

    def test_given_two_processes_when_they_append_then_seq_runs_without_gaps(
        self, db: Database, url: str
    ) -> None:
        given(db)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            running = [pool.submit(append_many, url, name, 40) for name in ("a", "b")]
            for future in running:
                future.result(timeout=60)

        with db.read() as uow:
            seqs = [message.seq for message in uow.conversations.after("c1", 0)]
        assert seqs == list(range(1, 82))

    def test_given_one_client_id_when_posted_at_once_then_it_is_stored_once(
        self, db: Database
    ) -> None:
        given(db)

        def post(_number: int) -> int:
            with db.write() as uow:
                uow.conversations.lock("c1")
                known = uow.conversations.by_client_id("c1", "m1")
                if known is not None:
                    return known.seq
                message = uow.conversations.append(
                    "c1", customer_says(), NOW, client_message_id="m1"
                )
                uow.commit()
                return message.seq

        assert set(at_once(post)) == {2}


class TestQueueing:
    def test_given_a_long_write_when_others_write_then_they_wait_and_succeed(
        self, db: Database, url: str
    ) -> None:
        given(db)
        other = Database(url)  # as another process has it: a pool of its own
        started = threading.Event()

        def hold() -> None:
            with db.write() as uow:
                uow.conversations.lock("c1")
                started.set()
                time.sleep(0.5)
                uow.conversations.append("c1", bot_says("first"), NOW)
                uow.commit()

        with ThreadPoolExecutor(1) as pool:
            holding = pool.submit(hold)
            assert started.wait(5)
            with other.write() as uow:
                message = uow.conversations.append("c1", bot_says("second"), NOW)
                uow.commit()
            holding.result()
        other.close()

        assert message.seq == 3

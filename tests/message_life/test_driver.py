"""The driver from start to stop, and beside another one."""

import asyncio
from contextlib import asynccontextmanager

from amends.conversations.model import Delivery
from tests.message_life.samples import deliveries


class TestDriver:
    async def test_given_pending_of_an_earlier_process_when_started_then_recovered(self, world):
        ids = [world.start() for _ in range(3)]
        for cid in ids:
            world.post(cid, "left behind")

        running = asyncio.create_task(world.driver.run())
        await _until(lambda: all(deliveries(world, c) == [Delivery.ANSWERED] for c in ids))
        running.cancel()

    async def test_given_long_outage_when_engine_is_back_then_answered_without_waiting_on(
        self, world
    ):
        world.restart(sweep_seconds=0.01, readiness_seconds=0.01)
        cid = world.start()
        world.engine.up = False
        world.post(cid, "broken")
        for _ in range(4):
            await world.drive(cid)
            world.clock.forward(8)
        await world.drive(cid)  # the next try is 15 seconds away, and the clock stands still

        running = asyncio.create_task(world.driver.run())
        await asyncio.sleep(0.05)
        world.engine.up = True
        await _until(lambda: deliveries(world, cid) == [Delivery.ANSWERED])
        running.cancel()

    async def test_given_database_fails_when_sweeping_then_the_sweep_goes_on(self, world):
        world.restart(sweep_seconds=0.01)
        cid = world.start()
        world.post(cid, "broken")
        read, failures = world.transactions.read, []

        async def fail_twice(work):
            if len(failures) < 2:
                failures.append(1)
                raise OSError("disk")
            return await read(work)

        world.transactions.read = fail_twice
        running = asyncio.create_task(world.driver.run())
        await _until(lambda: deliveries(world, cid) == [Delivery.ANSWERED])
        running.cancel()

        assert len(failures) == 2

    async def test_given_running_turn_when_stopped_then_it_ends_first(self, world):
        cid = world.start()
        world.engine.delay_seconds = 0.1
        world.post(cid, "broken")
        world.driver.wake(cid)
        await asyncio.sleep(0.02)

        await world.driver.stop(grace_seconds=2)

        assert deliveries(world, cid) == [Delivery.ANSWERED]

    async def test_given_endless_turn_when_stopped_then_cut_off_and_still_pending(self, world):
        world.restart(patience_seconds=30)
        cid = world.start()
        world.engine.delay_seconds = 30
        world.post(cid, "broken")
        world.driver.wake(cid)
        await asyncio.sleep(0.05)

        await world.driver.stop(grace_seconds=0.05)

        assert deliveries(world, cid) == [Delivery.PENDING]

    async def test_given_two_gateways_when_both_drive_then_answered_once(self, world):
        cid = world.start()
        world.engine.delay_seconds = 0.02
        for number in range(3):
            world.post(cid, f"message {number}")
        other = world.new_driver()
        for driver in (world.driver, other):
            driver.wake(cid)
        await asyncio.gather(world.driver.idle(), other.idle())

        assert world.said(cid)[3:] == [f"Answer to message {n}" for n in range(3)]


class OneAtATime:
    """A TurnLock between drivers of one process; remembers how long each was ready to wait."""

    def __init__(self) -> None:
        self.locks: dict[str, asyncio.Lock] = {}
        self.waits: list[float] = []

    @asynccontextmanager
    async def hold(self, conversation_id: str, wait_seconds: float):
        self.waits.append(wait_seconds)
        lock = self.locks.setdefault(conversation_id, asyncio.Lock())
        if lock.locked() and not wait_seconds:
            yield False
            return
        async with lock:
            yield True


class TestLock:
    async def test_given_two_gateways_when_messages_come_to_both_then_one_drives_at_a_time(
        self, world
    ):
        cid, lock = world.start(), OneAtATime()
        world.engine.delay_seconds = 0.02
        drivers = [world.new_driver(lock), world.new_driver(lock)]
        for number in range(6):
            world.post(cid, f"message {number}")
            drivers[number % 2].wake(cid)
            await asyncio.sleep(0)
        for driver in drivers:
            await driver.idle()

        assert world.said(cid)[6:] == [f"Answer to message {n}" for n in range(6)]
        assert world.engine.most_at_once == 1
        assert len(world.engine.requests) == 6

    async def test_given_a_taken_conversation_when_swept_then_left_to_the_next_sweep(self, world):
        cid, lock = world.start(), OneAtATime()
        driver = world.new_driver(lock)
        world.post(cid, "broken")

        async with lock.hold(cid, 0):
            await driver.sweep()
            await driver.idle()
            assert deliveries(world, cid) == [Delivery.PENDING]

        await driver.sweep()
        await driver.idle()
        assert deliveries(world, cid) == [Delivery.ANSWERED]
        assert lock.waits == [0, 0, 0]


async def _until(holds, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - waits for the database, which has no event
            await asyncio.sleep(0.01)

    async def test_given_a_message_while_the_lock_is_given_back_then_driven_without_a_sweep(
        self, world
    ):
        cid = world.start()
        giving_back, may_give_back = asyncio.Event(), asyncio.Event()

        class SlowToGiveBack:
            @asynccontextmanager
            async def hold(self, conversation_id: str, wait_seconds: float):
                yield True
                giving_back.set()
                await may_give_back.wait()

        driver = world.new_driver(SlowToGiveBack())
        world.post(cid, "first")
        driver.wake(cid)
        await giving_back.wait()
        world.post(cid, "second")
        driver.wake(cid)

        may_give_back.set()
        await driver.idle()

        assert deliveries(world, cid) == [Delivery.ANSWERED] * 2

"""The process ends anywhere in a turn, and the message is still answered once."""

import asyncio

import pytest

from amends.conversations.model import Delivery, Reply
from tests.message_life.engine import offer
from tests.message_life.samples import HELP, QUEUE, deliveries


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours may catch it."""


class Killer:
    """Ends the process at the n-th of the places where it can be cut off."""

    def __init__(self, world, at: int) -> None:
        self.at, self.place, self.world = at, 0, world
        self.died = False
        world.transactions = _Interrupted(world.transactions, self)
        self._wrap(world.engine, "understand")
        self._wrap(world.engine, "turn")

    def step(self) -> None:
        self.place += 1
        if self.place == self.at:
            self.died = True
            raise Killed

    def _wrap(self, engine, name: str) -> None:
        call = getattr(engine, name)

        async def interrupted(*arguments):
            self.step()
            result = await call(*arguments)
            self.step()
            return result

        setattr(engine, name, interrupted)


class _Interrupted:
    def __init__(self, transactions, killer: Killer) -> None:
        self._transactions, self._killer = transactions, killer

    async def read(self, work):
        self._killer.step()
        return await self._transactions.read(work)

    async def write(self, work):
        def with_death_before_commit(uow):
            result = work(uow)
            self._killer.step()
            return result

        self._killer.step()
        result = await self._transactions.write(with_death_before_commit)
        self._killer.step()
        return result

    def close(self) -> None:
        self._transactions.close()


PLACES = 11


class TestCrash:
    @pytest.mark.parametrize("at", range(1, PLACES + 1))
    @pytest.mark.parametrize("engine_fails_first", [False, True])
    async def test_given_killed_anywhere_when_started_again_then_answered_exactly_once(
        self, world, at, engine_fails_first
    ):
        cid = world.start()
        world.desk.notices = lambda found: (HELP, QUEUE)
        if engine_fails_first:
            world.engine.up = False
        world.post(cid, "it caught fire")
        killer = Killer(world, at)
        world.driver = world.new_driver()
        await self.drive_to_death(world, cid)

        world.engine.up = True
        world.driver = world.new_driver()
        for _ in range(3):
            await self.drive_to_death(world, cid)

        said = [text for text in world.said(cid)[1:] if "safe with us" not in text]
        assert said == [HELP.text, "Answer to it caught fire", QUEUE.text]
        assert len(world.said(cid)) - 1 - len(said) == (1 if self.was_told(world, cid) else 0)
        assert world.engine.processed == [f"{cid}:2"]
        assert deliveries(world, cid) == [Delivery.ANSWERED]
        assert killer.died or at > killer.place

    async def test_given_a_whole_turn_when_counted_then_every_place_is_covered(self, world):
        cid = world.start()
        world.post(cid, "broken")
        killer = Killer(world, at=0)
        world.driver = world.new_driver()

        await world.drive(cid)

        # take, understand 2, note 3, turn 2, finish 3 (which looks for the next message)
        assert killer.place == PLACES

    async def drive_to_death(self, world, cid: str) -> None:
        world.driver.wake(cid)
        tasks = list(world.driver._running.values())
        await asyncio.gather(*tasks, return_exceptions=True)

    def was_told(self, world, cid: str) -> bool:
        return any("safe with us" in text for text in world.said(cid))

    async def test_given_replies_with_choices_when_killed_before_stored_then_one_set_of_choices(
        self, world
    ):
        cid = world.start()
        world.engine.replies = lambda request: [Reply("Sorry."), offer("Yes", "No")]
        world.post(cid, "broken")
        Killer(world, at=9)
        world.driver = world.new_driver()
        await self.drive_to_death(world, cid)

        await self.drive_to_death(world, cid)

        assert world.said(cid) == ["broken", "Sorry.", "Please choose."]

"""The engine is down, slow, or cannot answer a message."""

import time

import pytest

from amends.conversations.model import Delivery, Mode, Role
from amends.conversations.ports import EngineNotServing
from tests.message_life.samples import deliveries


class Away(Exception):
    """What a database raises that has gone away."""


class TestOutage:
    async def test_given_engine_down_when_driven_then_one_honest_notice_and_still_pending(
        self, world
    ):
        cid = world.start()
        world.engine.up = False
        world.post(cid, "broken")

        await world.drive(cid)
        world.post(cid, "hello?")
        await world.drive(cid)
        await world.drive(cid)

        notices = [m for m in world.log(cid)[1:] if m.role is Role.SYSTEM]
        assert len(notices) == 1
        assert "Your message is safe" in notices[0].text
        assert deliveries(world, cid) == [Delivery.PENDING] * 2

    async def test_given_engine_hangs_when_driven_then_told_after_patience_not_later(self, world):
        world.restart(patience_seconds=0.5)
        cid = world.start()
        world.engine.delay_seconds = 30
        world.post(cid, "broken")

        started = time.perf_counter()
        await world.drive(cid)

        assert time.perf_counter() - started < 5  # the engine takes 30
        assert "Your message is safe" in world.said(cid)[-1]

    async def test_given_all_places_taken_by_a_hung_engine_when_posted_then_all_are_told_in_time(
        self, world
    ):
        world.restart(patience_seconds=0.5, concurrent_turns=1)
        world.engine.delay_seconds = 30
        ids = [world.start() for _ in range(12)]
        started = time.perf_counter()
        for cid in ids:
            world.post(cid, "broken")
            world.driver.wake(cid)
        await world.driver.idle()

        assert time.perf_counter() - started < 5  # one after the other: 6
        assert all("Your message is safe" in world.said(cid)[-1] for cid in ids)

    async def test_given_no_place_for_long_then_it_is_tried_again_every_second(self, world):
        world.restart(patience_seconds=0.05, concurrent_turns=0)
        cid = world.start()
        world.post(cid, "one")
        await world.drive(cid)
        for _ in range(4):
            world.clock.forward(1)
            assert await world.driver.sweep() == 1
            await world.driver.idle()

        world.restart(concurrent_turns=1)
        world.clock.forward(1)
        await world.driver.sweep()
        await world.driver.idle()

        assert world.said(cid)[-1] == "Answer to one"

    async def test_given_engine_back_when_swept_then_all_answered_in_order(self, world):
        cid = world.start()
        world.engine.up = False
        world.post(cid, "one")
        await world.drive(cid)
        world.post(cid, "two")
        world.engine.up = True
        world.clock.forward(2)

        await world.driver.sweep()
        await world.driver.idle()

        assert world.said(cid)[-2:] == ["Answer to one", "Answer to two"]
        assert deliveries(world, cid) == [Delivery.ANSWERED] * 2

    async def test_given_not_yet_due_when_swept_then_left_alone(self, world):
        cid = world.start()
        world.engine.up = False
        world.post(cid, "one")
        await world.drive(cid)
        world.clock.forward(0.5)

        assert await world.driver.sweep() == 0

    async def test_given_a_minute_of_outage_when_tried_then_a_person_is_asked_once(self, world):
        cid = world.start()
        world.engine.up = False
        world.post(cid, "broken")
        for _ in range(12):
            await world.driver.sweep()
            await world.driver.idle()
            world.clock.forward(15)

        assert world.desk.asked == ["engine_down"]
        assert world.mode(cid) is Mode.WAITING
        assert sum("asked a person" in text for text in world.said(cid)) == 1
        assert world.said(cid)[-1] == "You are number 1."

    async def test_given_person_asked_when_engine_is_back_then_an_answer_follows(self, world):
        cid = world.start()
        world.engine.up = False
        world.post(cid, "broken")
        await world.drive(cid)
        world.clock.forward(61)
        await world.drive(cid)
        world.engine.up = True

        await world.drive(cid)

        assert world.said(cid)[-1] == "Answer to broken"

    async def test_given_staff_took_over_in_outage_when_engine_is_back_then_no_answer(self, world):
        cid, staff = world.start(), world.add_staff()
        world.engine.up = False
        world.post(cid, "broken")
        await world.drive(cid)
        world.set_mode(cid, Mode.STAFF, staff)
        world.engine.up = True

        await world.drive(cid)

        assert world.engine.requests == []

    async def test_given_empty_reply_when_driven_then_a_failure_not_an_answer(self, world):
        cid = world.start()
        world.engine.replies = lambda request: []
        world.post(cid, "broken")

        await world.drive(cid)

        assert deliveries(world, cid) == [Delivery.PENDING]
        assert "Your message is safe" in world.said(cid)[-1]


class TestPoison:
    async def fail_often(self, world, cid: str, times: int) -> None:
        for _ in range(times):
            await world.drive(cid)
            world.clock.forward(1)

    async def test_given_refused_five_times_when_ready_then_a_person_and_the_next_message(
        self, world
    ):
        cid = world.start()
        world.engine.refuses = lambda request: "poison" in request.text
        world.post(cid, "poison")
        world.post(cid, "good")

        await self.fail_often(world, cid, 5)

        assert world.desk.asked == ["engine_cannot_answer"]
        assert deliveries(world, cid) == [Delivery.ANSWERED] * 2
        assert world.said(cid)[-1] == "Answer to good"
        assert any("asked a person to read it" in text for text in world.said(cid))
        assert len(world.engine.requests) == 6

    @pytest.mark.parametrize("outage", [EngineNotServing("actions away"), Away("cut off")])
    async def test_given_an_outage_beside_it_when_tried_often_then_never_given_up(
        self, world, outage
    ):
        world.restart(outages=(Away,))
        cid = world.start()
        world.engine.refuses = lambda request: _raise_it(outage)
        world.post(cid, "innocent")

        await self.fail_often(world, cid, 30)

        assert deliveries(world, cid) == [Delivery.PENDING]
        world.engine.refuses = lambda request: False
        await world.drive(cid)
        assert world.said(cid)[-1] == "Answer to innocent"

    async def test_given_refused_often_but_engine_down_then_not_given_up(self, world):
        cid = world.start()
        world.engine.up = False
        world.post(cid, "poison")

        await self.fail_often(world, cid, 30)

        assert deliveries(world, cid) == [Delivery.PENDING]

    async def test_given_always_too_slow_when_tried_ten_times_then_given_up(self, world):
        world.restart(patience_seconds=0.1)
        cid = world.start()
        world.engine.delay_seconds = 30
        world.post(cid, "endless")

        await self.fail_often(world, cid, 10)

        assert deliveries(world, cid) == [Delivery.ANSWERED]
        assert world.mode(cid) is Mode.WAITING

    async def test_given_asking_a_person_fails_when_given_up_then_honest_words_instead(self, world):
        cid = world.start()
        world.engine.refuses = lambda request: True
        world.desk.ask = _raise
        world.driver = world.new_driver()
        world.post(cid, "poison")

        await self.fail_often(world, cid, 5)

        assert deliveries(world, cid) == [Delivery.ANSWERED]
        assert "in other words" in world.said(cid)[-1]

    async def test_given_broken_handoff_check_when_driven_then_never_blocks_for_ever(self, world):
        cid = world.start()
        world.desk.check = _raise
        world.driver = world.new_driver()
        world.post(cid, "anything")

        await self.fail_often(world, cid, 5)

        assert deliveries(world, cid) == [Delivery.ANSWERED]
        assert world.mode(cid) is Mode.WAITING


def _raise_it(error):
    raise error


def _raise(*args):
    raise RuntimeError("a mistake in another room")

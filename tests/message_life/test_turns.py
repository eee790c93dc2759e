"""One message through the engine and back, whatever happens on the way."""

import asyncio
import time

import pytest

from amends.conversations.model import Delivery, Draft, Mode, Reply, Role
from tests.message_life.engine import offer

HELP = Draft(Role.SYSTEM, "If you are in danger, call 112.")
QUEUE = Draft(Role.SYSTEM, "You are number 1.", card={"kind": "handoff", "position": 1})


def deliveries(world, cid: str) -> list[Delivery]:
    return [m.delivery for m in world.log(cid) if m.role is Role.CUSTOMER]


class TestAnswer:
    async def test_given_text_when_driven_then_understood_answered_and_marked(self, world):
        cid = world.start()
        message = world.post(cid, "/restart my teapot is broken")

        await world.drive(cid)

        answer = world.log(cid)[-1]
        assert (answer.role, answer.text) == (Role.BOT, "Answer to restart my teapot is broken")
        assert answer.in_reply_to == message.seq
        assert deliveries(world, cid) == [Delivery.ANSWERED]
        assert world.engine.understood == ["restart my teapot is broken"]
        with world.db.read() as uow:
            assert uow.understandings.get(cid, message.seq).category == "damaged_item"

    async def test_given_text_when_driven_then_the_engine_gets_ids_and_metadata(self, world):
        cid = world.start()
        message = world.post(cid, "broken")

        await world.drive(cid)

        (request,) = world.engine.requests
        assert request.sender_id == f"{cid}.1"
        assert request.message_id == f"{cid}:{message.seq}"
        assert request.parse["intent"]["name"] == "report_damaged_item"
        assert request.metadata == {
            "conversation_id": cid,
            "seq": message.seq,
            "mode": "bot",
            "language": "en",
            "customer_id": None,
        }

    async def test_given_several_messages_when_driven_then_in_order_one_at_a_time(self, world):
        cid = world.start()
        world.engine.delay_seconds = 0.01
        for number in range(5):
            world.post(cid, f"message {number}")
            world.driver.wake(cid)
        await world.driver.idle()

        assert world.engine.processed == [f"{cid}:{seq}" for seq in range(2, 7)]
        assert world.engine.most_at_once == 1
        assert len(world.log(cid)) == 11

    async def test_given_message_while_driving_when_woken_then_answered_too(self, world):
        cid = world.start()
        world.post(cid, "one")
        posted = []

        def post_second(request):
            if not posted:
                posted.append(world.post(cid, "two"))
                world.driver.wake(cid)

        world.engine.before_answer = post_second

        await world.drive(cid)

        assert deliveries(world, cid) == [Delivery.ANSWERED] * 2

    async def test_given_many_conversations_when_driven_then_no_more_at_once_than_places(
        self, world
    ):
        world.restart(concurrent_turns=3)
        world.engine.delay_seconds = 0.02
        ids = [world.start() for _ in range(10)]
        for cid in ids:
            world.post(cid, "hello")
            world.driver.wake(cid)
        await world.driver.idle()

        assert world.engine.most_at_once == 3
        assert all(deliveries(world, cid) == [Delivery.ANSWERED] for cid in ids)

    async def test_given_choices_when_stored_then_each_has_an_opaque_id_of_its_own(self, world):
        cid = world.start()
        world.engine.replies = lambda request: [offer("Yes", "No")]
        world.post(cid, "broken")

        await world.drive(cid)

        choices = world.log(cid)[-1].choices
        assert [choice.title for choice in choices] == ["Yes", "No"]
        assert len({choice.id for choice in choices} - {""}) == 2
        assert all("agree" not in choice.id for choice in choices)

    async def test_given_turn_when_driven_then_typing_begins_before_and_ends_after(self, world):
        cid = world.start()
        world.post(cid, "broken")

        await world.drive(cid)

        typing = [value for kind, value in world.listener.events if kind == "typing"]
        assert typing == [True, False]
        assert world.listener.events[-1] == ("typing", False)


class TestHandoff:
    async def test_given_danger_when_driven_then_help_answer_and_queue_in_this_order(self, world):
        cid = world.start()
        world.desk.notices = lambda found: (QUEUE, HELP)
        world.post(cid, "it caught fire")

        await world.drive(cid)

        assert world.said(cid)[1:] == [HELP.text, "Answer to it caught fire", QUEUE.text]
        assert world.mode(cid) is Mode.WAITING
        assert world.engine.requests[0].metadata["mode"] == "waiting"

    async def test_given_the_bot_itself_tells_the_queue_when_driven_then_told_once(self, world):
        cid = world.start()
        world.desk.notices = lambda found: (QUEUE,)
        world.engine.replies = lambda request: [Reply("I asked a colleague.", card=QUEUE.card)]
        world.post(cid, "I am furious")

        await world.drive(cid)

        assert world.said(cid)[1:] == ["I asked a colleague."]

    async def test_given_danger_and_engine_stuck_when_driven_then_help_is_there_already(
        self, world
    ):
        world.restart(patience_seconds=1)
        cid = world.start()
        world.desk.notices = lambda found: (HELP, QUEUE)
        world.engine.delay_seconds = 30
        world.post(cid, "it caught fire")

        await world.drive(cid)
        said = world.said(cid)[1:]
        world.engine.delay_seconds = 0
        await world.drive(cid)

        assert said[0] == HELP.text
        assert "safe with us" in said[1]
        assert said[2] == QUEUE.text
        assert world.said(cid)[4:] == ["Answer to it caught fire"]  # nothing is said twice


class TestTakeover:
    async def test_given_staff_takes_over_while_engine_answers_when_stored_then_dropped(
        self, world
    ):
        cid, staff = world.start(), world.add_staff()
        world.engine.before_answer = lambda request: world.set_mode(cid, Mode.STAFF, staff)
        world.post(cid, "broken")

        await world.drive(cid)

        assert world.said(cid) == ["broken"]
        assert deliveries(world, cid) == [Delivery.TO_STAFF]
        assert world.listener.outcomes == ["dropped"]

    async def test_given_mode_set_without_hand_over_when_driven_then_engine_sees_nothing(
        self, world
    ):
        cid, staff = world.start(), world.add_staff()
        world.post(cid, "broken")
        with world.db.write() as uow:
            uow.conversations.set_mode(cid, Mode.STAFF, at=world.clock(), staff_id=staff)
            uow.commit()

        await world.drive(cid)

        assert world.engine.understood == []
        assert deliveries(world, cid) == [Delivery.TO_STAFF]

    async def test_given_claimed_and_closed_meanwhile_when_stored_then_dropped(self, world):
        cid, staff = world.start(), world.add_staff()

        def take_and_close(request):
            with world.db.write() as uow:
                uow.conversations.set_mode(cid, Mode.STAFF, at=world.clock(), staff_id=staff)
                uow.conversations.set_mode(cid, Mode.CLOSED, at=world.clock())
                uow.commit()

        world.engine.before_answer = take_and_close
        world.post(cid, "broken")

        await world.drive(cid)

        assert world.said(cid) == ["broken"]

    async def test_given_returned_to_bot_meanwhile_when_stored_then_answered_in_the_new_visit(
        self, world
    ):
        cid = world.start()
        visits = []

        def new_visit(request):
            visits.append(request.sender_id)
            if len(visits) == 1:
                world.engine.answered.clear()  # another tracker knows nothing of the message
                with world.db.write() as uow:
                    uow.conversations.start_visit(cid, world.clock())
                    uow.commit()

        world.engine.answered = _Forgetful()
        world.engine.before_answer = new_visit
        world.post(cid, "broken")

        await world.drive(cid)

        assert visits == [f"{cid}.1", f"{cid}.2"]
        assert world.said(cid) == ["broken", "Answer to broken"]


class _Forgetful(dict):
    """Keeps the latest answer although the engine was told to forget what it knows."""

    def clear(self) -> None:
        self.forgotten = True

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) and not getattr(self, "forgotten", False)


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


def _raise(*args):
    raise RuntimeError("a mistake in another room")


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


async def _until(holds, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - waits for the database, which has no event
            await asyncio.sleep(0.01)


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

        async def interrupted(argument):
            self.step()
            result = await call(argument)
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


PLACES = 12


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

        # take, understand 2, note 3, turn 2, finish 3; then the look for the next message
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

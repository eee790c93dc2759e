"""One message through the engine and back: answers, handoffs, and staff taking over."""

from dataclasses import replace

import pytest

from amends.conversations.model import Choice, Delivery, Mode, Reply, Role
from tests.message_life.engine import offer
from tests.message_life.samples import HELP, QUEUE, deliveries


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

    @pytest.mark.parametrize("card", ["farewell", "survey"])
    async def test_given_more_was_written_when_the_bot_says_goodbye_then_it_is_answered_too(
        self, world, card
    ):
        cid = world.start()
        goodbye = Reply("Good-bye.", card={"kind": card})
        world.engine.replies = lambda request: (
            [goodbye] if request.text == "bye" else [Reply("Of course.")]
        )
        world.post(cid, "bye")
        world.post(cid, "oh, one more thing")

        await world.drive(cid)

        assert deliveries(world, cid) == [Delivery.ANSWERED, Delivery.ANSWERED]
        assert world.log(cid)[-1].text == "Of course."
        assert world.mode(cid) is Mode.BOT

    async def test_given_the_last_word_when_the_bot_says_goodbye_then_closed(self, world):
        cid = world.start()
        world.engine.replies = lambda request: [Reply("Good-bye.", card={"kind": "farewell"})]
        world.post(cid, "bye")
        await world.drive(cid)
        assert world.mode(cid) is Mode.CLOSED

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

    @pytest.mark.parametrize(("asked", "offered"), [(("Yes", "No"), 0), ((), 1)])
    async def test_given_a_notice_with_choices_when_the_bot_offers_some_then_only_the_bots(
        self, world, asked, offered
    ):
        cid = world.start()
        notice = replace(QUEUE, choices=(Choice("", "E-mail me", "/x"),))
        world.desk.notices = lambda found: (notice,)
        world.engine.replies = lambda request: [offer(*asked)]
        world.post(cid, "it caught fire")

        await world.drive(cid)

        *_, answer, queue = world.log(cid)
        assert (len(answer.choices), len(queue.choices)) == (len(asked), offered)
        assert queue.text == QUEUE.text

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

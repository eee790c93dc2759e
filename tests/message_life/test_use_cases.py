import hashlib

import pytest

from amends.conversations import use_cases
from amends.conversations.errors import ChoiceExpired, EmptyMessage, UnknownConversation
from amends.conversations.model import Delivery, Mode, Role
from tests.message_life.engine import offer


class TestStart:
    def test_given_nothing_when_started_then_says_first_that_it_is_automated(self, world):
        cid = world.start()

        (first,) = world.log(cid)
        assert first.role is Role.SYSTEM
        assert "automated assistant of Fernhill" in first.text
        assert "a person, please" in first.text

    def test_given_token_when_stored_then_only_its_hash(self, world):
        with world.db.write() as uow:
            started = use_cases.start_conversation(
                uow, language="zh", company="X", now=world.clock()
            )
            digest = hashlib.sha256(started.token.encode()).hexdigest()

            assert len(started.token) >= 43  # 256 bits
            assert uow.conversations.get_by_token(started.conversation.id, digest)
            assert not uow.conversations.get_by_token(started.conversation.id, started.token)

    def test_given_token_of_one_when_opening_another_then_refused(self, world):
        other = world.start()
        with world.db.write() as uow:
            mine = use_cases.start_conversation(uow, language="en", company="X", now=world.clock())

            opened = use_cases.open_with_token(uow, mine.conversation.id, mine.token)
            assert opened.id == mine.conversation.id
            with pytest.raises(UnknownConversation):
                use_cases.open_with_token(uow, other, mine.token)

    def test_given_shell_when_ensured_twice_then_one_conversation(self, world):
        with world.db.write() as uow:
            first = use_cases.ensure_conversation(uow, "shell-1", world.clock())
            again = use_cases.ensure_conversation(uow, "shell-1", world.clock())

            assert first.id == again.id == "shell-1"


class TestPost:
    def test_given_same_client_id_when_posted_again_then_same_seq_and_one_message(self, world):
        cid = world.start()
        posting = use_cases.Posting("c1", "My teapot is broken")
        with world.db.write() as uow:
            first = use_cases.post_message(uow, cid, posting, limit=2000, now=world.clock())
            again = use_cases.post_message(uow, cid, posting, limit=2000, now=world.clock())
            uow.commit()

        assert first.seq == again.seq == 2
        assert world.said(cid) == ["My teapot is broken"]

    def test_given_nothing_to_read_when_posted_then_refused_and_nothing_stored(self, world):
        cid = world.start()

        with pytest.raises(EmptyMessage):
            world.post(cid, " \x00 ")

        assert world.said(cid) == []

    def test_given_staff_when_posted_then_goes_to_staff(self, world):
        cid = world.start()
        world.set_mode(cid, Mode.STAFF, world.add_staff())

        assert world.post(cid, "Hello Ann").delivery is Delivery.TO_STAFF

    def test_given_closed_when_posted_then_a_new_visit_with_the_bot(self, world):
        cid = world.start()
        world.set_mode(cid, Mode.CLOSED)

        message = world.post(cid, "Hello again")

        with world.db.read() as uow:
            conversation = uow.conversations.get(cid)
        assert (conversation.mode, conversation.visit) == (Mode.BOT, 2)
        assert conversation.sender_id == f"{cid}.2"
        assert message.delivery is Delivery.PENDING


class TestChoices:
    async def offered(self, world, *titles: str) -> tuple[str, list[str]]:
        cid = world.start()
        world.engine.replies = lambda request: [offer(*titles)]
        world.post(cid, "It is broken")
        await world.drive(cid)
        return cid, [choice.id for choice in world.log(cid)[-1].choices]

    async def test_given_choice_when_tapped_then_title_in_log_and_payload_to_engine(self, world):
        cid, (yes, _no) = await self.offered(world, "Yes", "No")

        tapped = world.post(cid, choice_id=yes)
        await world.drive(cid)

        assert tapped.text == "Yes"
        assert world.engine.requests[-1].payload == '/agree{"chosen": "Yes"}'
        assert world.engine.understood == ["It is broken"]  # a tap is not guessed at

    async def test_given_choice_when_its_title_is_typed_then_it_counts_as_tapped(self, world):
        cid, _ = await self.offered(world, "Take a second look", "No")

        world.post(cid, "take a second look!")
        await world.drive(cid)

        assert world.engine.requests[-1].payload == '/agree{"chosen": "Take a second look"}'

    async def test_given_used_choice_when_its_title_is_typed_then_it_is_a_text(self, world):
        cid, (yes, _no) = await self.offered(world, "Yes", "No")
        world.post(cid, choice_id=yes)

        world.post(cid, "No")
        await world.drive(cid)

        assert world.engine.requests[-1].payload is None
        assert world.engine.requests[-1].text == "No"

    async def test_given_tapped_choice_when_tapped_again_then_expired(self, world):
        cid, (yes, no) = await self.offered(world, "Yes", "No")
        world.post(cid, choice_id=yes)

        for choice in (yes, no):
            with pytest.raises(ChoiceExpired):
                world.post(cid, choice_id=choice)

    async def test_given_newer_offer_when_old_choice_tapped_then_expired(self, world):
        cid, (old, _) = await self.offered(world, "Yes", "No")
        world.post(cid, "Wait, what?")
        await world.drive(cid)

        with pytest.raises(ChoiceExpired):
            world.post(cid, choice_id=old)

    async def test_given_words_in_between_when_latest_choice_tapped_then_accepted(self, world):
        cid, (yes, _) = await self.offered(world, "Yes", "No")
        world.post(cid, "Hmm, let me think")

        assert world.post(cid, choice_id=yes).text == "Yes"

    async def test_given_choice_of_another_conversation_when_tapped_then_expired(self, world):
        _, (yes, _) = await self.offered(world, "Yes", "No")
        other, _ = await self.offered(world, "Yes", "No")

        with pytest.raises(ChoiceExpired):
            world.post(other, choice_id=yes)

    async def test_given_new_visit_when_choice_of_the_last_tapped_then_expired(self, world):
        cid, (yes, _) = await self.offered(world, "Yes", "No")
        world.set_mode(cid, Mode.CLOSED)
        with pytest.raises(ChoiceExpired):
            world.post(cid, choice_id=yes)
        world.post(cid, "Hello again")

        with pytest.raises(ChoiceExpired):
            world.post(cid, choice_id=yes)


class TestModeAndStaff:
    def test_given_pending_when_staff_takes_over_then_messages_go_to_staff(self, world):
        cid = world.start()
        world.post(cid, "one")
        world.post(cid, "two")

        world.set_mode(cid, Mode.STAFF, world.add_staff())

        assert [m.delivery for m in world.log(cid)[1:]] == [Delivery.TO_STAFF] * 2

    def test_given_staff_text_when_appended_then_cleaned_with_the_name(self, world):
        cid = world.start()
        with world.db.write() as uow:
            said = use_cases.append_staff_message(uow, cid, " Hi\x00 ", "Ann", world.clock())
            uow.commit()

        assert (said.role, said.text, said.author) == (Role.STAFF, "Hi", "Ann")

    def test_given_log_when_read_after_seq_then_the_rest_and_the_state(self, world):
        cid = world.start()
        world.post(cid, "one")
        with world.db.read() as uow:
            page = use_cases.read_messages(uow, cid, 1)
            nothing = use_cases.read_messages(uow, cid, 2)

            assert [m.text for m in page.messages] == ["one"]
            assert (page.mode, page.last_seq) == (Mode.BOT, 2)
            assert (list(nothing.messages), nothing.last_seq) == ([], 2)
            with pytest.raises(UnknownConversation):
                use_cases.read_messages(uow, "nobody", 0)

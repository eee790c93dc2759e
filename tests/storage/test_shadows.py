"""What is stored of a model that reads along, and the messages that it reads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.storage import Database
from amends.training.promotion import use_cases
from amends.training.promotion.errors import NoShadow, ShadowUnderWay
from amends.training.promotion.model import Shadowed
from tests.storage.samples import NOW as THEN
from tests.storage.samples import customer_says, given, understanding
from tests.training.promotion.samples import LATE, NOW, PERSON


class TestShadows:
    def start(self, db: Database, model: str = "amends-new"):  # type: ignore[no-untyped-def]
        with db.write() as uow:
            shadow = use_cases.start_shadow(uow, model, "s-ana", NOW)
            uow.commit()
            return shadow

    def test_given_one_that_reads_along_then_no_second_does(self, db: Database) -> None:
        self.start(db)

        with pytest.raises(ShadowUnderWay, match="amends-new"):
            self.start(db, "another")

    def test_given_it_was_stopped_then_another_may_begin(self, db: Database) -> None:
        first = self.start(db)
        with db.write() as uow:
            assert use_cases.stop_shadow(uow, NOW).id == first.id
            uow.commit()

        with db.write() as uow, pytest.raises(NoShadow):
            use_cases.stop_shadow(uow, NOW)
        self.start(db, "another")

    def test_given_a_batch_under_way_then_no_other_process_takes_one(self, db: Database) -> None:
        shadow = self.start(db)
        later = NOW + timedelta(minutes=1)

        with db.write() as uow:
            assert uow.shadows.take(shadow.id, NOW, later)
            assert not uow.shadows.take(shadow.id, NOW, later)
            assert uow.shadows.take(shadow.id, later, later + timedelta(minutes=1))
            uow.shadows.release(shadow.id, "it broke")
            assert uow.shadows.take(shadow.id, NOW, later)
            uow.commit()
        with db.read() as uow:
            found = uow.shadows.current()
        assert found is not None
        assert found.error == "it broke"

    def test_given_readings_then_agreement_counts_each_message_once(self, db: Database) -> None:
        shadow = self.start(db)
        read = [
            Shadowed("c1", 1, NOW, LATE, LATE),
            Shadowed("c1", 2, NOW, LATE, PERSON),
            Shadowed("c2", 1, NOW, LATE, replace(LATE, confidence=0.1)),
        ]

        with db.write() as uow:
            uow.shadows.record(shadow.id, read)
            uow.shadows.record(shadow.id, read)
            uow.commit()

        with db.read() as uow:
            agreement = uow.shadows.agreement(shadow.id)
            assert uow.shadows.changed(shadow.id, 10) == [read[1]]
        assert (agreement.read, agreement.agreed) == (3, 2)
        assert agreement.share == pytest.approx(2 / 3)


class TestMessages:
    """Customers' own words, as two models read them."""

    def chat(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.conversations.append("c1", customer_says(), THEN)
            uow.conversations.append("c1", customer_says("Yes"), THEN, payload="/agree")
            for seq in (2, 3):
                uow.understandings.add("c1", seq, understanding(), THEN)
            uow.commit()

    def test_given_words_and_a_tapped_choice_then_the_words_alone_are_read(
        self, db: Database
    ) -> None:
        self.chat(db)
        with db.write() as uow:
            shadow = use_cases.start_shadow(uow, "amends-new", "s-ana", THEN)
            uow.commit()

        with db.read() as uow:
            recent = uow.recent_messages.since(THEN, 10)
            unread = uow.shadows.unread(shadow, 10)
            texts = uow.recent_messages.texts([("c1", 2), ("gone", 1)])

        assert [one[:2] for one in recent] == [("c1", 2)]
        assert [(one.conversation_id, one.seq) for one in unread] == [("c1", 2)]
        assert unread[0].parse == understanding().parse
        assert texts == {("c1", 2): recent[0][2]}

    def test_given_a_message_that_was_read_along_then_it_is_not_read_again(
        self, db: Database
    ) -> None:
        self.chat(db)
        with db.write() as uow:
            shadow = use_cases.start_shadow(uow, "amends-new", "s-ana", THEN)
            uow.shadows.record(shadow.id, [Shadowed("c1", 2, THEN, LATE, LATE)])
            uow.commit()

        with db.read() as uow:
            assert uow.shadows.unread(shadow, 10) == []

    def test_given_messages_of_before_then_neither_is_asked_for_them(self, db: Database) -> None:
        self.chat(db)
        later = THEN + timedelta(seconds=1)
        with db.write() as uow:
            shadow = use_cases.start_shadow(uow, "amends-new", "s-ana", later)
            uow.commit()

        with db.read() as uow:
            assert uow.recent_messages.since(later, 10) == []
            assert uow.shadows.unread(shadow, 10) == []

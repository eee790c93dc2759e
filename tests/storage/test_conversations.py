"""The message log keeps its order, its mode, and what waits for an answer."""

import pytest

from amends.conversations.errors import UnknownConversation
from amends.conversations.model import Choice, Delivery, Mode, Role
from amends.storage import Conflict, Database
from amends.storage.errors import MissingRow
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    bot_says,
    conversation,
    customer_says,
    given,
    staff,
)

YES_NO = (Choice("y", "Yes", "/agree"), Choice("n", "No", "/refuse"))


class TestConversation:
    def test_given_stored_when_read_then_all_fields_are_as_they_were(self, db: Database) -> None:
        stored = conversation(
            "c9", customer_id="cus-1", page="https://shop.example/cart", language="zh", visit=3
        )
        with db.write() as uow:
            uow.conversations.add(stored, "hash")
            uow.commit()

        with db.read() as uow:
            assert uow.conversations.get("c9") == stored
            assert uow.conversations.get("c8") is None

    def test_given_wrong_token_when_opened_then_nothing_is_found(self, db: Database) -> None:
        given(db, "c1", "c2")

        with db.read() as uow:
            opened = uow.conversations.get_by_token("c1", "hash of c1")
            assert opened is not None
            assert opened.id == "c1"
            assert uow.conversations.get_by_token("c1", "hash of c2") is None

    def test_given_unknown_id_when_locked_then_refused(self, db: Database) -> None:
        with db.write() as uow, pytest.raises(UnknownConversation):
            uow.conversations.lock("nobody")

    def test_given_changes_in_the_transaction_when_locked_then_they_are_seen(
        self, db: Database
    ) -> None:
        given(db)

        with db.write() as uow:
            before = uow.conversations.lock("c1")
            uow.conversations.append("c1", bot_says(), NOW)
            uow.conversations.set_customer("c1", "cus-7")
            after = uow.conversations.lock("c1")

        assert (before.last_seq, after.last_seq) == (1, 2)
        assert after.customer_id == "cus-7"

    def test_given_staff_mode_when_closed_and_reopened_then_a_new_visit_begins(
        self, db: Database
    ) -> None:
        given(db)
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.conversations.set_mode("c1", Mode.STAFF, at=NOW + HOUR, staff_id="s-ana")
            taken = uow.conversations.get("c1")
            uow.conversations.set_mode("c1", Mode.CLOSED, at=NOW + 2 * HOUR)
            closed = uow.conversations.get("c1")
            uow.conversations.start_visit("c1", NOW + DAY)
            again = uow.conversations.get("c1")

        assert taken is not None
        assert closed is not None
        assert again is not None
        assert (taken.mode, taken.staff_id) == (Mode.STAFF, "s-ana")
        assert (closed.mode, closed.staff_id, closed.closed_at) == (
            Mode.CLOSED,
            None,
            NOW + 2 * HOUR,
        )
        assert (again.mode, again.visit, again.closed_at) == (Mode.BOT, 2, None)

    def test_given_unknown_id_when_changed_then_refused(self, db: Database) -> None:
        with db.write() as uow:
            with pytest.raises(UnknownConversation):
                uow.conversations.set_mode("nobody", Mode.WAITING, at=NOW)
            with pytest.raises(UnknownConversation):
                uow.conversations.append("nobody", bot_says(), NOW)

    @pytest.mark.parametrize("staff_id", [None, "nobody"])
    def test_given_nobody_who_answers_when_staff_take_over_then_refused(
        self, db: Database, staff_id: str | None
    ) -> None:
        given(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.conversations.set_mode("c1", Mode.STAFF, at=NOW, staff_id=staff_id)

    def test_given_changes_when_asked_since_then_only_later_ones_are_named(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2", "c3")
        with db.write() as uow:
            uow.conversations.append("c2", bot_says(), NOW + HOUR)
            uow.conversations.set_mode("c3", Mode.WAITING, at=NOW + 2 * HOUR)
            uow.commit()

        with db.read() as uow:
            changed = uow.conversations.changed_since(NOW + HOUR)

        assert changed == [("c2", 2, Mode.BOT), ("c3", 1, Mode.WAITING)]


class TestMessages:
    def test_given_appends_when_read_then_seq_has_no_gaps_per_conversation(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2")
        with db.write() as uow:
            for text in ("a", "b"):
                uow.conversations.append("c1", bot_says(text), NOW)
            uow.commit()

        with db.read() as uow:
            assert [message.seq for message in uow.conversations.after("c1", 0)] == [1, 2, 3]
            assert [message.seq for message in uow.conversations.after("c1", 1, limit=1)] == [2]
            assert [message.seq for message in uow.conversations.after("c2", 0)] == [1]

    def test_given_every_field_when_read_then_the_same_message_comes_back(
        self, db: Database
    ) -> None:
        given(db)
        draft = bot_says(
            "Soll ich? 好的 🙂",
            choices=YES_NO,
            card={"kind": "case", "case_number": "AM-1", "next_step": None},
            in_reply_to=1,
            author="Ana",
        )
        with db.write() as uow:
            appended = uow.conversations.append("c1", draft, NOW + HOUR)
            uow.commit()

        with db.read() as uow:
            assert uow.conversations.message("c1", 2) == appended
            assert uow.conversations.after("c1", 1) == [appended]
            assert uow.conversations.replies_to("c1", 1) == [appended]
            assert uow.conversations.message("c1", 3) is None
        assert list(appended.card or {}) == ["kind", "case_number", "next_step"]

    def test_given_a_client_id_when_posted_again_then_the_first_is_found(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2")
        with db.write() as uow:
            first = uow.conversations.append(
                "c1", customer_says("hi"), NOW, client_message_id="m1", payload="/greet"
            )
            uow.conversations.append("c2", customer_says("hi"), NOW, client_message_id="m1")
            uow.commit()

        with db.read() as uow:
            assert uow.conversations.by_client_id("c1", "m1") == first
            assert uow.conversations.by_client_id("c1", "m2") is None
        with db.write() as uow, pytest.raises(Conflict):
            uow.conversations.append("c1", customer_says("hi"), NOW, client_message_id="m1")

    def test_given_customers_message_when_appended_then_its_time_is_kept(
        self, db: Database
    ) -> None:
        given(db)
        with db.write() as uow:
            uow.conversations.append("c1", customer_says(), NOW + HOUR)
            uow.conversations.append("c1", bot_says(), NOW + 2 * HOUR)
            found = uow.conversations.get("c1")

        assert found is not None
        assert found.last_customer_at == NOW + HOUR

    def test_given_choices_when_asked_then_payload_and_origin_are_known(self, db: Database) -> None:
        given(db, "c1", "c2")
        with db.write() as uow:
            uow.conversations.append("c1", bot_says(choices=YES_NO), NOW)
            uow.conversations.append("c1", bot_says(choices=(Choice("m", "More"),)), NOW)
            uow.conversations.append("c1", bot_says(), NOW)
            uow.commit()

        with db.read() as uow:
            assert uow.conversations.choice("c1", "n") == (YES_NO[1], 2)
            assert uow.conversations.choice("c2", "n") is None
            assert uow.conversations.last_choices_seq("c1") == 3
            assert uow.conversations.last_choices_seq("c2") is None


class TestPending:
    def test_given_nothing_said_when_a_customer_writes_then_the_message_waits(
        self, db: Database
    ) -> None:
        given(db)
        with db.write() as uow:
            uow.conversations.append("c1", customer_says("second"), NOW)
            uow.conversations.append(
                "c1", customer_says("to staff"), NOW, delivery=Delivery.TO_STAFF
            )
            uow.commit()

        with db.read() as uow:
            oldest = uow.conversations.next_pending("c1")
        assert oldest is not None
        assert (oldest.seq, oldest.delivery) == (1, Delivery.PENDING)

    def test_given_oldest_answered_when_asked_then_the_next_waits(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.conversations.append("c1", customer_says("second"), NOW)
            uow.conversations.set_delivery("c1", 1, Delivery.ANSWERED)
            second = uow.conversations.next_pending("c1")
            uow.conversations.set_delivery("c1", 2, Delivery.ANSWERED)
            none = uow.conversations.next_pending("c1")

        assert second is not None
        assert second.seq == 2
        assert none is None

    def test_given_an_attempt_when_swept_then_the_conversation_rests_until_due(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2")
        with db.write() as uow:
            uow.conversations.append("c1", customer_says("a later one must not overtake"), NOW)
            counts = [uow.conversations.count_attempt("c1", 1, NOW + HOUR) for _ in range(2)]
            uow.commit()

        with db.read() as uow:
            assert counts == [1, 2]
            assert uow.conversations.pending_ids(NOW - HOUR) == []
            assert uow.conversations.pending_ids(NOW) == ["c2"]
            assert uow.conversations.pending_ids(NOW + HOUR) == ["c2", "c1"]

    def test_given_no_such_message_when_changed_then_refused(self, db: Database) -> None:
        given(db)

        with db.write() as uow:
            with pytest.raises(MissingRow):
                uow.conversations.set_delivery("c1", 9, Delivery.ANSWERED)
            with pytest.raises(MissingRow):
                uow.conversations.count_attempt("c1", 9, NOW)

    @pytest.mark.parametrize("role", [Role.BOT, Role.STAFF, Role.SYSTEM])
    def test_given_our_own_message_when_marked_pending_then_refused(
        self, db: Database, role: Role
    ) -> None:
        given(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.conversations.append("c1", bot_says(role=role), NOW, delivery=Delivery.PENDING)

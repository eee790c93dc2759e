"""Whoever listens hears of each conversation that a commit changed, and of nothing else."""

from amends.conversations.model import Delivery, Draft, Mode, Role
from amends.storage import Database
from tests.storage.samples import NOW, conversation


class TestOnChange:
    def test_given_changes_when_committed_then_each_conversation_is_told_once(
        self, db: Database
    ) -> None:
        heard: list[str] = []
        with db.write() as uow:
            for name in ("one", "two"):
                uow.conversations.add(conversation(name), f"hash of {name}")
            uow.commit()
        db.on_change(heard.append)

        with db.write() as uow:
            said = uow.conversations.append("one", Draft(Role.CUSTOMER, "broken"), NOW)
            uow.conversations.set_delivery("one", said.seq, Delivery.ANSWERED)
            uow.conversations.set_mode("two", Mode.WAITING, at=NOW)
            assert heard == []
            uow.commit()

        assert sorted(heard) == ["one", "two"]

    def test_given_a_rollback_or_a_read_then_nothing_is_told(self, db: Database) -> None:
        heard: list[str] = []
        with db.write() as uow:
            uow.conversations.add(conversation("one"), "hash")
            uow.commit()
        db.on_change(heard.append)

        with db.write() as uow:
            uow.conversations.append("one", Draft(Role.CUSTOMER, "broken"), NOW)
        with db.read() as uow:
            uow.conversations.get("one")

        assert heard == []

    def test_given_a_listener_that_fails_then_the_commit_holds(self, db: Database) -> None:
        def fail(conversation_id: str) -> None:
            raise RuntimeError("no")

        with db.write() as uow:
            uow.conversations.add(conversation("one"), "hash")
            uow.commit()
        db.on_change(fail)

        with db.write() as uow:
            uow.conversations.append("one", Draft(Role.CUSTOMER, "broken"), NOW)
            uow.commit()

        with db.read() as uow:
            assert len(uow.conversations.after("one", 0)) == 1

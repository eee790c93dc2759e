"""Actions on causes on both databases, also when several people are quick."""

from dataclasses import replace

import pytest

from amends.cases.model import Category
from amends.insights import action_editing as editing
from amends.insights.action_errors import ActionChanged
from amends.insights.actions import ActionEntry, ActionState, EntryKind, Measure
from amends.storage import Conflict, Database
from tests.storage.samples import DAY, HOUR, NOW, action, staff
from tests.storage.test_desk_work import SAM
from tests.storage.threads import at_once

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def people(db: Database) -> None:
    with db.write() as uow:
        uow.staff.add(staff(), "no password opens this")
        uow.staff.add(SAM, "no password opens this")
        uow.commit()


def given(db: Database, **changes: object) -> None:
    with db.write() as uow:
        uow.cause_actions.add(action(**changes))
        uow.commit()


class TestActions:
    def test_given_everything_filled_in_then_read_as_it_was(self, db: Database) -> None:
        full = action(
            plan=replace(
                action().plan,
                what="Order them\nand tell the warehouse",
                category=Category.DAMAGED_ITEM,
                measure=Measure.REPEAT_SHARE,
            ),
            state=ActionState.DONE,
            started_on=TODAY - 3 * DAY,
            done_on=TODAY,
            version=7,
            changed_at=NOW + HOUR,
            changed_by=SAM.id,
        )
        with db.write() as uow:
            uow.cause_actions.add(full)
            uow.commit()

        with db.read() as uow:
            assert uow.cause_actions.get("a1") == full
            assert list(uow.cause_actions.all()) == [full]
            assert uow.cause_actions.get("a2") is None

    def test_given_several_then_the_oldest_first(self, db: Database) -> None:
        given(db, action_id="a1", made_at=NOW + HOUR)
        given(db, action_id="a2")

        with db.read() as uow:
            assert [one.id for one in uow.cause_actions.all()] == ["a2", "a1"]

    def test_given_old_version_when_saved_then_refused(self, db: Database) -> None:
        given(db)
        newer = replace(action(), version=2, changed_by=SAM.id)

        with db.write() as uow:
            assert uow.cause_actions.save(newer)
            assert not uow.cause_actions.save(newer)
            uow.commit()

        with db.read() as uow:
            assert uow.cause_actions.get("a1") == newer

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": ActionState.DONE},
            {"done_on": TODAY},
            {"state": ActionState.DONE, "started_on": TODAY, "done_on": TODAY - DAY},
            {"version": 0},
            {"plan": replace(action().plan, cause=None)},
            {"plan": replace(action().plan, title="")},
            {"plan": replace(action().plan, owner="nobody")},
        ],
    )
    def test_given_what_cannot_be_then_the_database_refuses(
        self, db: Database, changes: dict[str, object]
    ) -> None:
        with db.write() as uow, pytest.raises(Conflict):
            uow.cause_actions.add(action(**changes))

    def test_given_many_editors_at_once_then_one_wins_and_the_others_are_told(
        self, db: Database
    ) -> None:
        given(db)

        def edit(number: int) -> bool:
            plan = replace(action().plan, title=f"Cartons {number}")
            try:
                with db.write() as uow:
                    editing.change(uow, "a1", plan, 1, SAM, NOW)
                    uow.commit()
            except ActionChanged:
                return False
            return True

        assert at_once(edit).count(True) == 1
        with db.read() as uow:
            assert len(uow.cause_actions.entries("a1")) == 1


class TestHistory:
    def test_given_entries_then_the_latest_first_and_each_to_its_action(self, db: Database) -> None:
        given(db)
        given(db, action_id="a2")
        moved = ActionEntry(
            "a1", NOW, SAM.id, EntryKind.MOVED, {"state": "planned"}, {"state": "dropped"}
        )
        noted = ActionEntry("a1", NOW, "s-ana", EntryKind.NOTED, note="It works.\n好")
        with db.write() as uow:
            uow.cause_actions.add_entry(moved)
            uow.cause_actions.add_entry(ActionEntry("a2", NOW, SAM.id, EntryKind.ADDED))
            uow.cause_actions.add_entry(noted)
            uow.commit()

        with db.read() as uow:
            assert list(uow.cause_actions.entries("a1")) == [noted, moved]
            assert list(uow.cause_actions.entries("a1", limit=1)) == [noted]

    @pytest.mark.parametrize(("kind", "note"), [(EntryKind.NOTED, ""), (EntryKind.MOVED, "Well")])
    def test_given_a_note_without_words_or_words_without_a_note_then_refused(
        self, db: Database, kind: EntryKind, note: str
    ) -> None:
        given(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.cause_actions.add_entry(ActionEntry("a1", NOW, SAM.id, kind, note=note))

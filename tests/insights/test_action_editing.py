"""Actions on causes in the database: planned, changed, moved on and noted, by whom they may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.cases.root_causes import RootCause
from amends.handoff.errors import NotAllowed
from amends.handoff.model import StaffMember, StaffRole
from amends.insights import action_editing as editing
from amends.insights.action_errors import ActionChanged, DayUnusable, OwnerUnusable, UnknownAction
from amends.insights.actions import ActionState, CauseAction, EntryKind, Plan
from amends.storage import Database
from tests.insights.test_actions import NOW, TODAY
from tests.support.database import database as database

SAM = StaffMember("s-sam", "sam", "Sam", StaffRole.SUPERVISOR)
LUZ = StaffMember("s-luz", "luz", "Luz", StaffRole.MANAGER)
TIM = StaffMember("s-tim", "tim", "Tim", StaffRole.TRAINER)
GONE = StaffMember("s-gone", "gone", "Gone", StaffRole.AGENT, active=False)
PLAN = Plan("Stronger cartons", "Order them", RootCause.PACKAGING, None, TIM.id, TODAY)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def action(database: Database) -> CauseAction:
    with database.write() as uow:
        for member in (SAM, LUZ, TIM, GONE):
            uow.staff.add(member, "nobody signs in with this")
        added = editing.add(uow, PLAN, SAM, NOW)
        uow.commit()
    return added


def stored(database: Database, action: CauseAction) -> CauseAction:
    with database.read() as uow:
        found = uow.cause_actions.get(action.id)
        assert found is not None
        return found


class TestAdding:
    def test_given_a_plan_then_stored_with_who_planned_it(
        self, database: Database, action: CauseAction
    ) -> None:
        assert stored(database, action) == action
        assert (action.state, action.version, action.made_by) == (ActionState.PLANNED, 1, SAM.id)
        with database.read() as uow:
            (entry,) = uow.cause_actions.entries(action.id)
        assert (entry.kind, entry.by, entry.at) == (EntryKind.ADDED, SAM.id, NOW)

    @pytest.mark.parametrize("owner", ["nobody", GONE.id, ""])
    def test_given_an_owner_who_cannot_see_to_it_then_refused(
        self, database: Database, action: CauseAction, owner: str
    ) -> None:
        with database.write() as uow, pytest.raises(OwnerUnusable):
            editing.add(uow, replace(PLAN, owner=owner), SAM, NOW)

    def test_given_a_trainer_then_every_change_is_refused(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow:
            for refused in (
                lambda: editing.add(uow, PLAN, TIM, NOW),
                lambda: editing.change(uow, action.id, PLAN, 1, TIM, NOW),
                lambda: editing.move(uow, action.id, ActionState.DONE, TODAY, 1, TIM, NOW, TODAY),
                lambda: editing.note(uow, action.id, "Well", TIM, NOW),
            ):
                with pytest.raises(NotAllowed):
                    refused()


class TestChanging:
    def test_given_changes_then_the_next_version_and_a_line_of_history(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow:
            editing.change(uow, action.id, replace(PLAN, title="Cartons"), 1, LUZ, LATER)
            uow.commit()

        found = stored(database, action)
        assert (found.plan.title, found.version, found.changed_by) == ("Cartons", 2, LUZ.id)
        with database.read() as uow:
            line = uow.cause_actions.entries(action.id)[0]
        assert (line.kind, line.by) == (EntryKind.CHANGED, LUZ.id)
        assert (line.before, line.after) == ({"title": "Stronger cartons"}, {"title": "Cartons"})

    def test_given_an_old_version_then_refused_and_nothing_stored(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow:
            editing.change(uow, action.id, replace(PLAN, title="Cartons"), 1, LUZ, LATER)
            uow.commit()

        with database.write() as uow:
            with pytest.raises(ActionChanged):
                editing.change(uow, action.id, replace(PLAN, title="Boxes"), 1, SAM, LATER)
            with pytest.raises(ActionChanged):
                editing.move(uow, action.id, ActionState.DONE, TODAY, 1, SAM, LATER, TODAY)
        assert stored(database, action).plan.title == "Cartons"

    def test_given_nothing_differs_then_no_version_and_no_line(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow:
            editing.change(uow, action.id, replace(PLAN, title=" Stronger  cartons"), 1, LUZ, LATER)
            uow.commit()

        assert stored(database, action) == action
        with database.read() as uow:
            assert len(uow.cause_actions.entries(action.id)) == 1

    def test_given_the_owner_has_gone_then_the_rest_can_still_be_changed(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow:
            uow.staff.save(replace(TIM, active=False))
            editing.change(uow, action.id, replace(PLAN, title="Cartons"), 1, LUZ, LATER)
            uow.commit()

        assert stored(database, action).plan.title == "Cartons"


class TestMovingOn:
    def test_given_done_then_the_day_and_a_line_of_history(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow:
            editing.move(uow, action.id, ActionState.DONE, TODAY, 1, SAM, LATER, TODAY)
            uow.commit()

        found = stored(database, action)
        assert (found.state, found.done_on, found.version) == (ActionState.DONE, TODAY, 2)
        with database.read() as uow:
            line = uow.cause_actions.entries(action.id)[0]
        assert line.after == {"state": "done", "done_on": "2026-03-02"}

    def test_given_a_day_ahead_then_refused(self, database: Database, action: CauseAction) -> None:
        tomorrow = TODAY + timedelta(days=1)

        with database.write() as uow, pytest.raises(DayUnusable):
            editing.move(uow, action.id, ActionState.DONE, tomorrow, 1, SAM, LATER, TODAY)


class TestNotes:
    def test_given_a_note_then_kept_beside_the_action_which_stays_as_it_is(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow:
            editing.note(uow, action.id, "  The cartons came.\n", LUZ, LATER)
            uow.commit()

        assert stored(database, action) == action
        with database.read() as uow:
            line = uow.cause_actions.entries(action.id)[0]
        assert (line.kind, line.note, line.by) == (EntryKind.NOTED, "The cartons came.", LUZ.id)

    def test_given_no_such_action_then_refused(
        self, database: Database, action: CauseAction
    ) -> None:
        with database.write() as uow, pytest.raises(UnknownAction):
            editing.note(uow, "none", "Well", LUZ, LATER)

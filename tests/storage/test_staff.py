"""Staff as they are kept: profile, half sessions, second factor, history."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from amends.handoff import staffing
from amends.handoff.errors import HandoffError
from amends.handoff.model import StaffRole
from amends.handoff.staff_model import ChangeKind, SecondFactor, StaffChange
from amends.handoff.thresholds import load_thresholds
from amends.storage import Conflict, Database
from amends.storage.errors import MissingRow
from tests.storage.samples import HOUR, NOW, staff
from tests.support.shop import PROJECT

THRESHOLDS = load_thresholds(PROJECT / "policies/handoff.yml")


def add(db: Database, *members: str) -> None:
    with db.write() as uow:
        for name in members or ("ana",):
            uow.staff.add(staff(f"s-{name}", name), "hash")
        uow.commit()


class TestProfile:
    def test_given_a_profile_when_added_and_saved_then_it_is_what_was_written(
        self, db: Database
    ) -> None:
        ana = staff(
            languages=("en", "zh"), skills=("damaged_item",), language="zh", password_is_made=True
        )
        changed = replace(ana, name="Ana T.", role=StaffRole.SUPERVISOR, skills=(), active=False)
        with db.write() as uow:
            uow.staff.add(ana, "hash")
            assert uow.staff.get("s-ana") == ana

            uow.staff.save(changed)
            assert uow.staff.get("s-ana") == changed

    def test_given_a_language_when_chosen_then_nothing_else_changes(self, db: Database) -> None:
        add(db)

        with db.write() as uow:
            uow.staff.set_language("s-ana", "zh")
            assert uow.staff.get("s-ana") == staff(language="zh")

    def test_given_a_made_password_when_one_is_chosen_then_it_counts_as_made_no_more(
        self, db: Database
    ) -> None:
        add(db)

        with db.write() as uow:
            uow.staff.set_password("s-ana", "made", made=True)
            assert uow.staff.get("s-ana") == staff(password_is_made=True)
            uow.staff.set_password("s-ana", "chosen")
            assert uow.staff.get("s-ana") == staff()


class TestHalfSessions:
    def test_given_a_half_session_then_it_opens_nothing_and_tells_who_waits_for_a_code(
        self, db: Database
    ) -> None:
        add(db)
        with db.write() as uow:
            uow.staff.add_session("half", "s-ana", NOW + HOUR, is_half=True)
            uow.staff.add_session("whole", "s-ana", NOW + HOUR)

            assert uow.staff.session("half", NOW) is None
            assert uow.staff.half_session("half", NOW) == staff()
            assert uow.staff.half_session("half", NOW + HOUR) is None
            assert uow.staff.half_session("whole", NOW) is None

            uow.staff.end_sessions("s-ana")
            assert uow.staff.half_session("half", NOW) is None
            assert uow.staff.session("whole", NOW) is None


class TestSecondFactor:
    def test_given_no_secret_then_it_cannot_be_on(self, db: Database) -> None:
        add(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.second_factors.put("s-ana", SecondFactor(None, NOW))

    def test_given_a_second_factor_then_the_member_says_so(self, db: Database) -> None:
        add(db)
        factor = SecondFactor("SECRET", NOW, 7)

        with db.write() as uow:
            uow.second_factors.put("s-ana", factor)
            assert uow.second_factors.get("s-ana") == factor
            assert uow.staff.get("s-ana") == staff(has_second_factor=True)
            with pytest.raises(MissingRow):
                uow.second_factors.get("s-nobody")

    def test_given_a_step_when_used_then_only_later_ones_are_left(self, db: Database) -> None:
        add(db)

        with db.write() as uow:
            used = [uow.second_factors.use_step("s-ana", step) for step in (5, 5, 4, 6)]

        assert used == [True, False, False, True]

    def test_given_many_at_once_when_one_code_is_used_then_it_opens_once(
        self, db: Database
    ) -> None:
        add(db)
        with db.write() as uow:
            uow.second_factors.put("s-ana", SecondFactor("SECRET", NOW))
            uow.second_factors.add_recovery_codes("s-ana", ["one", "two"])
            uow.commit()

        def use(_: int) -> tuple[bool, bool]:
            with db.write() as uow:
                step = uow.second_factors.use_step("s-ana", 5)
                code = uow.second_factors.use_recovery_code("s-ana", "one", NOW)
                uow.commit()
            return step, code

        with ThreadPoolExecutor(6) as threads:
            used = list(threads.map(use, range(6)))

        assert [sum(column) for column in zip(*used, strict=True)] == [1, 1]
        with db.read() as uow:
            assert uow.second_factors.recovery_codes_left("s-ana") == 1

    def test_given_recovery_codes_of_one_then_they_are_no_others(self, db: Database) -> None:
        add(db, "ana", "ben")

        with db.write() as uow:
            uow.second_factors.add_recovery_codes("s-ana", ["one"])
            assert not uow.second_factors.use_recovery_code("s-ben", "one", NOW)
            assert uow.second_factors.recovery_codes_left("s-ben") == 0


class TestChanges:
    def test_given_changes_when_read_then_latest_first_as_they_were_written(
        self, db: Database
    ) -> None:
        add(db, "ana", "ben")
        first = StaffChange("s-ana", NOW, None, ChangeKind.ADDED, after={"name": "Ana"})
        second = StaffChange(
            "s-ana", NOW + HOUR, "s-ben", ChangeKind.EDITED, {"skills": []}, {"skills": ["x"]}
        )

        with db.write() as uow:
            for change in (first, second):
                uow.staff_changes.add(change)
            assert uow.staff_changes.of("s-ana") == [second, first]
            assert uow.staff_changes.of("s-ana", limit=1) == [second]
            assert uow.staff_changes.of("s-ben") == []


class TestAdministrators:
    def test_given_two_who_deactivate_each_other_at_once_then_one_of_them_stays(
        self, db: Database
    ) -> None:
        pair = [staff(f"s-{name}", name, role=StaffRole.ADMIN) for name in ("cara", "dan")]
        with db.write() as uow:
            for admin in pair:
                uow.staff.add(admin, "hash")
            uow.commit()

        def deactivate(by: int) -> bool:
            with db.write() as uow:
                try:
                    staffing.deactivate(uow, THRESHOLDS, pair[by], pair[1 - by].id, NOW)
                except HandoffError:
                    return False
                uow.commit()
                return True

        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(deactivate, range(2)))

        assert sorted(done) == [False, True]
        with db.read() as uow:
            assert sum(member.active for member in uow.staff.all()) == 1

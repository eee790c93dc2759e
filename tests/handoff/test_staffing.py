"""Administration of staff: nobody is locked out, and what was done is written down."""

from dataclasses import replace

import pytest

from amends.conversations.model import Mode
from amends.handoff import staffing
from amends.handoff.errors import (
    LanguageMissing,
    LastAdmin,
    LoginTaken,
    LoginUnusable,
    NameMissing,
    NotAllowed,
    NotYourself,
    UnknownStaff,
)
from amends.handoff.help_desk import BRIDGE
from amends.handoff.model import HandoffState, StaffMember, StaffRole
from amends.handoff.staff_model import ChangeKind, Profile, SecondFactor, StaffChange
from tests.handoff.steps import claimed_chat, stored
from tests.support.shop import ANA, BEN, NOW, Shop

CARA = StaffMember("s-cara", "cara", "Cara Lind", StaffRole.ADMIN)
DAN = StaffMember("s-dan", "dan", "Dan Obi", StaffRole.ADMIN)
NEW = Profile("Eva Neu", StaffRole.AGENT, ("zh", "en"), ("billing_error", "damaged_item"))


def with_admins(shop: Shop, *admins: StaffMember) -> None:
    with shop.write() as uow:
        for admin in admins or (CARA,):
            uow.staff.add(admin, "hash")


def member(shop: Shop, staff_id: str) -> StaffMember:
    with shop.db.read() as uow:
        found = uow.staff.get(staff_id)
        assert found is not None
        return found


def changes(shop: Shop, staff_id: str) -> list[StaffChange]:
    with shop.db.read() as uow:
        return list(uow.staff_changes.of(staff_id))


def has_session(shop: Shop, token: str) -> bool:
    with shop.db.read() as uow:
        return uow.staff.session(token, shop.clock()) is not None


def open_session(shop: Shop, staff_id: str) -> str:
    token = f"token of {staff_id}"
    with shop.write() as uow:
        uow.staff.add_session(token, staff_id, shop.clock().replace(year=2027))
    return token


def profile_of(person: StaffMember, **changed: object) -> Profile:
    plain = Profile(person.name, person.role, person.languages, person.skills)
    return replace(plain, **changed)  # type: ignore[arg-type]


class TestAdding:
    def test_given_a_new_person_then_they_must_choose_a_password_and_it_is_written_down(
        self, shop: Shop
    ) -> None:
        with_admins(shop)

        with shop.write() as uow:
            added = staffing.add(uow, CARA, " Eva ", NEW, "hash", NOW)

        found = member(shop, added.id)
        assert (found.login, found.name, found.role) == ("eva", "Eva Neu", StaffRole.AGENT)
        assert (found.languages, found.skills) == (("en", "zh"), ("damaged_item", "billing_error"))
        assert found.password_is_made
        (change,) = changes(shop, added.id)
        assert (change.kind, change.actor_id) == (ChangeKind.ADDED, CARA.id)
        assert "hash" not in str(change)

    @pytest.mark.parametrize("login", ["", "  ", "with space", "semi;colon", "x" * 65, "bridge:x"])
    def test_given_a_login_that_cannot_be_typed_then_refused(self, shop: Shop, login: str) -> None:
        with shop.db.write() as uow, pytest.raises(LoginUnusable):
            staffing.add(uow, None, login, NEW, "hash", NOW)

    def test_given_a_login_that_somebody_has_then_refused(self, shop: Shop) -> None:
        with shop.db.write() as uow, pytest.raises(LoginTaken):
            staffing.add(uow, None, "ANA", NEW, "hash", NOW)

    def test_given_no_name_or_no_language_then_refused(self, shop: Shop) -> None:
        with shop.db.write() as uow:
            with pytest.raises(NameMissing):
                staffing.add(uow, None, "eva", replace(NEW, name="  "), "hash", NOW)
            with pytest.raises(LanguageMissing):
                staffing.add(uow, None, "eva", replace(NEW, languages=("xx",)), "hash", NOW)

    def test_given_who_is_no_administrator_any_more_then_refused(self, shop: Shop) -> None:
        with_admins(shop, CARA, replace(DAN, active=False))

        with shop.db.write() as uow:
            for somebody in (ANA, replace(DAN, active=True)):
                with pytest.raises(NotAllowed):
                    staffing.add(uow, somebody, "eva", NEW, "hash", NOW)


class TestEditing:
    def test_given_new_skills_then_kept_and_only_what_differs_is_written_down(
        self, shop: Shop
    ) -> None:
        with_admins(shop)
        token = open_session(shop, ANA.id)

        with shop.write() as uow:
            wanted = profile_of(ANA, skills=("damaged_item",))
            staffing.edit(uow, shop.thresholds, CARA, ANA.id, wanted, NOW)
            staffing.edit(uow, shop.thresholds, CARA, ANA.id, wanted, NOW)

        assert member(shop, ANA.id).skills == ("damaged_item",)
        (change,) = changes(shop, ANA.id)
        assert (change.before, change.after) == ({"skills": []}, {"skills": ["damaged_item"]})
        assert has_session(shop, token), "who keeps the role stays signed in"

    def test_given_a_role_that_answers_no_chats_then_sessions_end_and_chats_wait_again(
        self, shop: Shop
    ) -> None:
        with_admins(shop)
        chat, taken = claimed_chat(shop)
        token = open_session(shop, ANA.id)

        with shop.write() as uow:
            wanted = profile_of(ANA, role=StaffRole.TRAINER)
            staffing.edit(uow, shop.thresholds, CARA, ANA.id, wanted, shop.clock())

        assert not has_session(shop, token)
        assert stored(shop, taken).state is HandoffState.WAITING
        assert chat.conversation.mode is Mode.WAITING

    def test_given_the_help_desk_or_nobody_then_there_is_no_such_person(self, shop: Shop) -> None:
        with shop.write() as uow:
            uow.staff.add(BRIDGE, "nobody signs in with this")
            for staff_id in (BRIDGE.id, "s-nobody"):
                with pytest.raises(UnknownStaff):
                    staffing.edit(uow, shop.thresholds, None, staff_id, NEW, NOW)
            assert BRIDGE.id not in [one.id for one in staffing.people(uow)]


class TestLettingInNoMore:
    def test_given_chats_when_deactivated_then_they_wait_and_each_customer_is_told(
        self, shop: Shop
    ) -> None:
        with_admins(shop)
        chats = [claimed_chat(shop) for _ in range(2)]
        token = open_session(shop, ANA.id)

        with shop.write() as uow:
            staffing.deactivate(uow, shop.thresholds, CARA, ANA.id, shop.clock())

        assert not member(shop, ANA.id).active
        assert not has_session(shop, token)
        for chat, taken in chats:
            back = stored(shop, taken)
            assert (back.state, back.taken_from) == (HandoffState.WAITING, ANA.id)
            assert chat.log[-1].text.startswith("Ana is no longer at the desk.")
        (change,) = changes(shop, ANA.id)
        assert (change.kind, change.after) == (ChangeKind.DEACTIVATED, {"chats_put_back": 2})

    def test_given_chats_of_others_when_deactivated_then_they_stay(self, shop: Shop) -> None:
        with_admins(shop)
        _, taken = claimed_chat(shop)

        with shop.write() as uow:
            staffing.deactivate(uow, shop.thresholds, CARA, BEN.id, shop.clock())

        assert stored(shop, taken).claimed_by == ANA.id

    def test_given_reactivated_then_the_person_may_sign_in_again(self, shop: Shop) -> None:
        with_admins(shop)
        with shop.write() as uow:
            staffing.deactivate(uow, shop.thresholds, CARA, ANA.id, NOW)
            staffing.reactivate(uow, CARA, ANA.id, NOW)
            staffing.reactivate(uow, CARA, ANA.id, NOW)

        assert member(shop, ANA.id).active
        kinds = [change.kind for change in changes(shop, ANA.id)]
        assert kinds == [ChangeKind.REACTIVATED, ChangeKind.DEACTIVATED]


class TestNobodyIsLockedOut:
    def test_given_the_last_administrator_then_neither_demoted_nor_deactivated_by_anybody(
        self, shop: Shop
    ) -> None:
        with_admins(shop, CARA, replace(DAN, active=False))
        agent = profile_of(CARA, role=StaffRole.AGENT)

        with shop.db.write() as uow:
            for by in (CARA, None):
                with pytest.raises(LastAdmin):
                    staffing.edit(uow, shop.thresholds, by, CARA.id, agent, NOW)
                with pytest.raises(LastAdmin):
                    staffing.deactivate(uow, shop.thresholds, by, CARA.id, NOW)

    def test_given_two_administrators_then_one_may_go_but_not_by_their_own_hand(
        self, shop: Shop
    ) -> None:
        with_admins(shop, CARA, DAN)
        agent = profile_of(CARA, role=StaffRole.AGENT)

        with shop.write() as uow:
            with pytest.raises(NotYourself):
                staffing.deactivate(uow, shop.thresholds, CARA, CARA.id, NOW)
            with pytest.raises(NotYourself):
                staffing.edit(uow, shop.thresholds, CARA, CARA.id, agent, NOW)
            staffing.edit(uow, shop.thresholds, DAN, CARA.id, agent, NOW)
            with pytest.raises(NotAllowed):
                staffing.deactivate(uow, shop.thresholds, CARA, DAN.id, NOW)

        assert member(shop, CARA.id).role is StaffRole.AGENT

    def test_given_my_own_name_then_i_may_change_it(self, shop: Shop) -> None:
        with_admins(shop)

        with shop.write() as uow:
            staffing.edit(uow, shop.thresholds, CARA, CARA.id, profile_of(CARA, name="C. L."), NOW)

        assert member(shop, CARA.id).name == "C. L."


class TestResetting:
    def test_given_a_new_password_then_sessions_end_and_it_has_to_be_changed(
        self, shop: Shop
    ) -> None:
        with_admins(shop)
        token = open_session(shop, ANA.id)

        with shop.write() as uow:
            staffing.reset_password(uow, CARA, ANA.id, "new hash", NOW)

        with shop.db.read() as uow:
            found = uow.staff.by_login("ana")
        assert found is not None
        assert found[1] == "new hash"
        assert found[0].password_is_made
        assert not has_session(shop, token)
        (change,) = changes(shop, ANA.id)
        assert change == StaffChange(ANA.id, NOW, CARA.id, ChangeKind.PASSWORD_RESET)

    def test_given_a_lost_phone_then_the_second_factor_is_off_and_sessions_end(
        self, shop: Shop
    ) -> None:
        with_admins(shop)
        token = open_session(shop, ANA.id)
        with shop.write() as uow:
            uow.second_factors.put(ANA.id, SecondFactor("SECRET", NOW, 1))
            uow.second_factors.add_recovery_codes(ANA.id, ["hash of a code"])

            staffing.reset_second_factor(uow, None, ANA.id, NOW)

            assert uow.second_factors.get(ANA.id) == SecondFactor()
            assert uow.second_factors.recovery_codes_left(ANA.id) == 0
        assert not has_session(shop, token)
        (change,) = changes(shop, ANA.id)
        assert change == StaffChange(ANA.id, NOW, None, ChangeKind.SECOND_FACTOR_RESET)

    def test_given_my_own_account_then_i_use_the_menu_instead(self, shop: Shop) -> None:
        with_admins(shop)

        with shop.db.write() as uow:
            with pytest.raises(NotYourself):
                staffing.reset_password(uow, CARA, CARA.id, "hash", NOW)
            with pytest.raises(NotYourself):
                staffing.reset_second_factor(uow, CARA, CARA.id, NOW)

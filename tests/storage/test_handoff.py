"""Who waits, who answers, and who may sign in."""

from dataclasses import replace
from typing import Any

import pytest

from amends.handoff.model import Channel, Contact, HandoffState
from amends.storage import Conflict, Database
from amends.storage.errors import MissingRow
from amends.storage.passwords import hash_password, one_time_password, verify_password
from amends.storage.staff_bootstrap import ensure_admin
from tests.storage.samples import DAY, HOUR, NOW, given, handoff, staff


class TestHandoffs:
    def test_given_one_not_ended_when_another_is_added_then_refused(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.handoffs.add(handoff("h1"))
            uow.commit()

        with db.write() as uow, pytest.raises(Conflict):
            uow.handoffs.add(handoff("h2"))

    def test_given_one_ended_when_another_is_added_then_both_are_known(self, db: Database) -> None:
        given(db)
        ended = handoff(
            "h1", state=HandoffState.ENDED, ended_at=NOW + HOUR, outcome="returned_to_bot"
        )
        again = handoff("h2", requested_at=NOW + DAY, reasons=("anger", "repeat"))
        with db.write() as uow:
            uow.handoffs.add(handoff("h1"))
            uow.handoffs.save(ended)
            assert uow.handoffs.open_of("c1") is None
            uow.handoffs.add(again)
            uow.commit()

        with db.read() as uow:
            assert uow.handoffs.open_of("c1") == again
            assert uow.handoffs.of_conversation("c1") == [ended, again]
            assert uow.handoffs.get("h1") == ended
            assert uow.handoffs.get("h3") is None

    def test_given_many_waiting_when_listed_then_urgent_first_then_longest(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2", "c3", "c4")
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            for name, conversation, priority, requested in (
                ("late", "c1", 2, NOW + HOUR),
                ("early", "c2", 2, NOW),
                ("urgent", "c3", 1, NOW + 2 * HOUR),
                ("taken", "c4", 1, NOW),
            ):
                uow.handoffs.add(
                    handoff(
                        name,
                        conversation_id=conversation,
                        priority=priority,
                        requested_at=requested,
                    )
                )
            uow.handoffs.claim("taken", "s-ana", NOW)
            waiting = [one.id for one in uow.handoffs.waiting()]
            first = [one.id for one in uow.handoffs.waiting(limit=1)]

        assert (waiting, first) == (["urgent", "early", "late"], ["urgent"])

    def test_given_claimed_when_claimed_again_then_the_first_keeps_it(self, db: Database) -> None:
        given(db)
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.staff.add(staff("s-ben", "ben"), "hash")
            uow.handoffs.add(handoff())
            first = uow.handoffs.claim("h1", "s-ana", NOW + HOUR)
            second = uow.handoffs.claim("h1", "s-ben", NOW + HOUR)
            unknown = uow.handoffs.claim("h9", "s-ben", NOW)
            uow.commit()

        claimed = handoff(state=HandoffState.CLAIMED, claimed_by="s-ana", claimed_at=NOW + HOUR)
        assert (first, second, unknown) == (True, False, False)
        with db.read() as uow:
            assert uow.handoffs.claimed_by("s-ana") == [claimed]
            assert uow.handoffs.claimed_by("s-ben") == []

    def test_given_a_wish_and_what_was_told_when_stored_then_read_back(self, db: Database) -> None:
        given(db)
        told = handoff(
            contact=Contact(Channel.PHONE, "+44 20 7946 0000"), late_told_at=NOW + HOUR,
            limit_told_at=NOW + 3 * HOUR, taken_from="s-ana", taken_at=NOW + 2 * HOUR,
        )  # fmt: skip
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.handoffs.add(handoff(contact=Contact(Channel.EMAIL)))
            assert uow.handoffs.get("h1") == handoff(contact=Contact(Channel.EMAIL))
            uow.handoffs.save(told)
            uow.commit()

        with db.read() as uow:
            assert uow.handoffs.get("h1") == told

    def test_given_others_wait_when_counted_then_who_is_more_urgent_or_asked_sooner(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2", "c3", "c4", "c5")
        waiting = [
            handoff("urgent", conversation_id="c1", priority=1, requested_at=NOW + HOUR),
            handoff("early", conversation_id="c2", requested_at=NOW),
            handoff("same-a", conversation_id="c3", requested_at=NOW + HOUR),
            handoff("same-b", conversation_id="c4", requested_at=NOW + HOUR),
            handoff("taken", conversation_id="c5", priority=1, requested_at=NOW),
        ]
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            for one in waiting:
                uow.handoffs.add(one)
            uow.handoffs.claim("taken", "s-ana", NOW)
            order = [one.id for one in uow.handoffs.waiting()]
            places = [uow.handoffs.ahead(one) for one in waiting[:4]]
            newcomer = handoff("new", conversation_id="c9", priority=3, requested_at=NOW)
            last = uow.handoffs.ahead(newcomer)

        assert order == ["urgent", "early", "same-a", "same-b"]
        assert (places, last) == ([0, 1, 2, 3], 4)

    def test_given_waiting_chats_when_asked_who_is_late_then_each_once_for_each_time(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2", "c3", "c4")
        late, limit = NOW + HOUR / 2, NOW + 3 * HOUR
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.handoffs.add(handoff("untold"))
            uow.handoffs.add(handoff("told", conversation_id="c2", late_told_at=late))
            uow.handoffs.add(
                handoff("all", conversation_id="c3", late_told_at=late, limit_told_at=limit)
            )
            uow.handoffs.add(handoff("taken", conversation_id="c4"))
            uow.handoffs.claim("taken", "s-ana", NOW)
            found = {
                at: [one.id for one in uow.handoffs.untold(at)]
                for at in (late - HOUR / 60, late, limit)
            }

        assert found == {late - HOUR / 60: [], late: ["untold"], limit: ["told", "untold"]}

    def test_given_claims_when_listed_then_the_open_ones_and_those_of_late(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2", "c3")
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            for number in (1, 2, 3):
                uow.handoffs.add(handoff(f"h{number}", conversation_id=f"c{number}"))
            uow.handoffs.claim("h1", "s-ana", NOW)
            uow.handoffs.claim("h2", "s-ana", NOW + 2 * HOUR)
            ended = uow.handoffs.get("h2")
            assert ended is not None
            uow.handoffs.save(
                replace(ended, state=HandoffState.ENDED, ended_at=NOW + DAY, outcome="resolved")
            )
            uow.handoffs.claim("h3", "s-ana", NOW + HOUR)
            lately = [one.id for one in uow.handoffs.claimed_since(NOW + HOUR)]
            latest = [one.id for one in uow.handoffs.claimed_since(NOW, limit=1)]
            still = [one.id for one in uow.handoffs.claimed()]

        assert (lately, latest, still) == (["h2", "h3"], ["h2"], ["h1", "h3"])

    def test_given_an_unknown_handoff_when_saved_then_refused(self, db: Database) -> None:
        given(db)

        with db.write() as uow, pytest.raises(MissingRow):
            uow.handoffs.save(handoff())

    @pytest.mark.parametrize(
        "changes",
        [
            {"priority": 0},
            {"priority": 5},
            {"state": HandoffState.CLAIMED},
            {"state": HandoffState.ENDED},
            {"claimed_by": "nobody"},
            {"taken_from": "nobody", "taken_at": NOW},
            {"taken_at": NOW},
        ],
    )
    def test_given_a_contradiction_when_stored_then_refused(
        self, db: Database, changes: dict[str, Any]
    ) -> None:
        given(db)

        with db.write() as uow, pytest.raises(Conflict):
            uow.handoffs.add(handoff(**changes))


class TestStaff:
    def test_given_a_member_when_looked_up_then_capitals_of_the_login_do_not_matter(
        self, db: Database
    ) -> None:
        ana = staff(login="Ana", seen_at=NOW)
        with db.write() as uow:
            uow.staff.add(ana, "hash")
            uow.staff.add(staff("s-ben", "ben"), "hash of ben")
            uow.commit()

        stored = replace(ana, login="ana")
        with db.read() as uow:
            assert uow.staff.by_login(" ANA ") == (stored, "hash")
            assert uow.staff.get("s-ana") == stored
            assert [member.login for member in uow.staff.all()] == ["ana", "ben"]
            assert uow.staff.by_login("eve") is None
        with db.write() as uow, pytest.raises(Conflict):
            uow.staff.add(staff("s-2", "ANA"), "hash")

    def test_given_people_seen_when_asked_who_is_online_then_only_active_ones_since(
        self, db: Database
    ) -> None:
        with db.write() as uow:
            for name, active in (("ana", True), ("ben", True), ("eve", False), ("new", True)):
                uow.staff.add(staff(f"s-{name}", name, active=active), "hash")
            uow.staff.seen("s-ana", NOW)
            uow.staff.seen("s-ben", NOW - DAY)
            uow.staff.seen("s-eve", NOW)
            online = [member.login for member in uow.staff.online_since(NOW - HOUR)]
            with pytest.raises(MissingRow):
                uow.staff.seen("s-nobody", NOW)

        assert online == ["ana"]

    def test_given_a_session_when_expired_ended_or_member_gone_then_it_opens_nothing(
        self, db: Database
    ) -> None:
        with db.write() as uow:
            uow.staff.add(staff(), "hash")
            uow.staff.add(staff("s-eve", "eve", active=False), "hash")
            uow.staff.add_session("token", "s-ana", NOW + HOUR)
            uow.staff.add_session("gone", "s-eve", NOW + HOUR)
            uow.commit()

        with db.write() as uow:
            assert uow.staff.session("token", NOW) == staff()
            assert uow.staff.session("token", NOW + HOUR) is None
            assert uow.staff.session("gone", NOW) is None
            uow.staff.end_session("token")
            assert uow.staff.session("token", NOW) is None

    def test_given_a_new_password_when_set_then_old_sessions_end(self, db: Database) -> None:
        with db.write() as uow:
            uow.staff.add(staff(), "old")
            uow.staff.add_session("token", "s-ana", NOW + HOUR)
            uow.staff.set_password("s-ana", "new")

            assert uow.staff.by_login("ana") == (staff(), "new")
            assert uow.staff.session("token", NOW) is None


class TestPasswords:
    def test_given_a_hash_when_verified_then_only_the_password_opens(self) -> None:
        hashed = hash_password("kettle-19")

        assert hashed.startswith("$argon2id$")
        assert verify_password(hashed, "kettle-19")
        assert not verify_password(hashed, "kettle-20")
        assert not verify_password("damaged", "kettle-19")

    def test_given_two_passwords_when_made_then_they_differ(self) -> None:
        assert one_time_password() != one_time_password()
        assert len(one_time_password()) == 19


class TestEnsureAdmin:
    def test_given_no_staff_when_ensured_then_the_password_opens_once(
        self, db: Database, url: str
    ) -> None:
        password = ensure_admin(url)

        assert password is not None
        with db.read() as uow:
            found = uow.staff.by_login("admin")
        assert found is not None
        assert verify_password(found[1], password)
        assert found[0].role.value == "admin"
        assert ensure_admin(url, "other", "secret") is None

    def test_given_a_password_when_ensured_then_it_is_that_one(
        self, db: Database, url: str
    ) -> None:
        assert ensure_admin(url, "Chef", "given-password") == "given-password"

        with db.read() as uow:
            found = uow.staff.by_login("chef")
        assert found is not None
        assert verify_password(found[1], "given-password")

"""Mails on their way out and requests for a code: taken by one, ended once, forgotten in time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from amends.cases.access import AccessRequest
from amends.cases.mail import Mail
from amends.storage import Database
from tests.storage.samples import DAY, HOUR, NOW, given

MINUTE = timedelta(minutes=1)


def mail(mail_id: str = "m1", **changes: Any) -> Mail:
    plain = Mail(mail_id, "ana@example.com", "Your code", "123456", NOW, NOW + HOUR)
    return replace(plain, **changes)


def request(request_id: str = "a1", **changes: Any) -> AccessRequest:
    plain = AccessRequest(request_id, "AM-7K3F9D", "ana@example.com", "en", NOW)
    return replace(plain, **changes)


def leave(db: Database, *mails: Mail) -> None:
    with db.write() as uow:
        for one in mails or (mail(),):
            uow.mails.add(one)
        uow.commit()


def take(db: Database, now: Any = NOW) -> Mail | None:
    with db.write() as uow:
        found = uow.mails.take(now, now + MINUTE)
        uow.commit()
    return found


class TestMails:
    def test_given_a_mail_when_taken_then_nobody_else_has_it_until_the_lease_is_over(
        self, db: Database
    ) -> None:
        leave(db)

        assert take(db) == mail(tries=1)
        assert take(db) is None
        assert take(db, NOW + MINUTE) == mail(tries=2)

    def test_given_a_mail_when_sent_then_its_words_are_forgotten_and_it_never_comes_back(
        self, db: Database
    ) -> None:
        leave(db, mail("sent"), mail("failed", made_at=NOW))
        with db.write() as uow:
            uow.mails.sent("sent", NOW)
            uow.mails.fail("failed", NOW, "550 no such mailbox")
            uow.mails.sent("failed", NOW)
            uow.commit()

        assert take(db, NOW + DAY) is None
        with db.read() as uow:
            rows = uow.mails._session.execute(
                text("SELECT body, sent_at IS NOT NULL FROM mails ORDER BY id")
            )
            assert [tuple(row) for row in rows] == [("", False), ("", True)]

    def test_given_a_failed_try_when_postponed_then_it_is_due_later(self, db: Database) -> None:
        leave(db)
        take(db)
        with db.write() as uow:
            uow.mails.postpone("m1", NOW + HOUR, "no answer")
            uow.commit()
        with db.read() as uow:
            assert not uow.mails.any_due(NOW + MINUTE)
            assert uow.mails.any_due(NOW + HOUR)

    def test_given_old_mails_when_forgotten_then_those_on_their_way_stay(
        self, db: Database
    ) -> None:
        leave(db, mail("sent"), mail("waiting"))
        with db.write() as uow:
            uow.mails.sent("sent", NOW)
            assert uow.mails.forget(NOW + DAY) == 1
            uow.commit()

        assert take(db, NOW + DAY) == mail("waiting", tries=1)


class TestAccessRequests:
    def test_given_a_request_when_handled_then_it_waits_no_more(self, db: Database) -> None:
        given(db, case_ids=("k1",))
        later = request("a2", asked_at=NOW + MINUTE)
        handled = request(handled_at=NOW, case_id="k1", code_hash="h", tries=2, used_at=NOW)
        with db.write() as uow:
            uow.access_requests.add(request())
            uow.access_requests.add(later)
            assert uow.access_requests.unhandled() == [request(), later]
            uow.access_requests.save(handled)
            uow.commit()

        with db.write() as uow:
            assert uow.access_requests.unhandled() == [later]
            assert uow.access_requests.lock("a1") == handled
            assert uow.access_requests.get("a1") == handled
            assert uow.access_requests.lock("a9") is None

    def test_given_codes_for_a_case_when_counted_then_only_those_made_lately(
        self, db: Database
    ) -> None:
        given(db, case_ids=("k1",))
        with db.write() as uow:
            add = uow.access_requests.add
            add(request("old", asked_at=NOW - DAY, case_id="k1", code_hash="h"))
            add(request("new", case_id="k1", code_hash="h"))
            add(request("none"))
            assert uow.access_requests.sent_for_case("k1", NOW - HOUR) == 1
            assert uow.access_requests.forget(NOW) == 1
            uow.commit()

        with db.read() as uow:
            assert uow.access_requests.get("old") is None
            assert uow.access_requests.get("new") is not None

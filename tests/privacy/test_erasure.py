"""Nothing of a person is left, wherever it stood; nothing of anybody else is touched."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from amends.records.retention import MARKER, Hold, HoldKind, Person
from amends.storage import erasure
from amends.storage.tables import METADATA
from amends.values import new_id
from tests.privacy.planting import GIRAFFE, ZEBRA, columns, everywhere, named
from tests.records.log.steps import everything
from tests.support.shop import Shop


class TestCompleteness:
    def test_given_all_tables_then_each_column_of_words_is_erased_or_kept_for_a_reason(self):
        unknown = [
            f"{table.name}.{column.name}"
            for table in METADATA.tables.values()
            if table.name not in erasure.OF_THE_COMPANY
            for column in columns(table)
            if f"{table.name}.{column.name}" not in named() | erasure.KEPT.keys()
        ]

        assert unknown == []

    def test_given_the_lists_then_they_name_only_what_is_there(self):
        there = {f"{t.name}.{c.name}" for t in METADATA.tables.values() for c in t.columns}

        assert (named() | erasure.KEPT.keys()) - there == set()
        assert set(METADATA.tables) >= erasure.OF_THE_COMPANY


class TestPerson:
    def test_given_words_in_every_column_when_erased_then_none_is_left(self, two) -> None:
        shop, _, _ = two
        before, other = everywhere(shop, ZEBRA), everywhere(shop, GIRAFFE)
        assert len(before) >= 12

        with shop.write() as uow:
            person = uow.privacy.person(emails=["Zebra@Example.com"])
            uow.privacy.erase(person, shop.clock())

        assert everywhere(shop, ZEBRA) == {}
        assert everywhere(shop, GIRAFFE) == other

    def test_given_erased_then_the_ledger_stands_without_the_customer(self, two) -> None:
        shop, first, _ = two
        with shop.db.read() as uow:
            before = uow.ledger.offers_of_case(first.case.id)

        with shop.write() as uow:
            uow.privacy.erase(uow.privacy.person(["cus-z"]), shop.clock())

        with shop.db.read() as uow:
            after = uow.ledger.offers_of_case(first.case.id)
            assert uow.ledger.goodwill_to_customer("cus-z", shop.clock() - timedelta(90)) == {}
            assert uow.privacy.person(["cus-z"]).conversations == ()
        assert [[r.amount for r in o.remedies] for o in after] == [
            [r.amount for r in o.remedies] for o in before
        ]
        assert all(r.customer_id is None for offer in after for r in offer.remedies)

    def test_given_erased_then_the_audit_log_still_agrees(self, shop: Shop) -> None:
        chat = everything(shop)
        with shop.write() as uow:
            uow.privacy.erase(Person(conversations=(chat.id,), cases=(chat.case.id,)), shop.clock())

        with shop.db.read() as uow:
            (began, *_) = uow.audit.rows()
            assert uow.audit.agree(began.entry.data) > 0

    def test_given_erased_then_again_is_nothing_and_history_is_fixed_again(self, two) -> None:
        shop, first, _ = two
        for _ in range(2):
            with shop.write() as uow:
                person = uow.privacy.person(["cus-z"], ["zebra@example.com"])
                uow.privacy.erase(person, shop.clock())

        engine = create_engine(shop.db.url)
        with engine.connect() as db, pytest.raises(Exception, match="append-only"):
            db.execute(text("UPDATE messages SET text = 'I never said that'"))
        engine.dispose()
        assert {m.text for m in first.log} == {MARKER}

    def test_given_a_hold_or_an_open_case_then_each_is_named(self, two) -> None:
        shop, first, _ = two
        hold = Hold(new_id(), HoldKind.CASE, first.case.id, "a court asks", "me", shop.clock())
        with shop.write() as uow:
            assert uow.privacy.add_hold(hold)
            assert not uow.privacy.add_hold(replace(hold, id=new_id()))
            person = uow.privacy.person(["cus-z"])
            found = uow.privacy.hindrances(person)

        assert "a court asks" in found[0].why
        if first.case.closed_at is None:
            assert found[1].case_number == first.case.number

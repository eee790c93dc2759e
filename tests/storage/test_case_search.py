"""Questions about all cases: found by word and by fact, in pages that new cases do not move."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from amends.cases.model import Case, CaseStatus, Category
from amends.cases.root_causes import RootCause
from amends.cases.search import CaseQuery, Place, Sort
from amends.storage import Database, SqlUnitOfWork
from amends.storage.repositories.case_search import _matching, _ordered
from amends.storage.repositories.cases import _values
from amends.storage.tables.case_search import CaseTermRow
from amends.storage.tables.cases import CaseRow
from tests.storage.samples import DAY, HOUR, NOW, bot_says, case, conversation, customer_says, given

NEWEST = CaseQuery(sort=Sort.NEWEST)


def store(db: Database, *cases: Case, **terms: frozenset[str]) -> None:
    with db.write() as uow:
        for one in cases:
            uow.cases.add(one)
            uow.case_search.set_terms(one, terms.get(one.id, frozenset()))
        uow.commit()


def ids(db: Database, query: CaseQuery, after: Place | None = None, limit: int = 50) -> list[str]:
    with db.read() as uow:
        return [one.id for one in uow.case_search.find(query, NOW + DAY, after, limit).cases]


def all_pages(db: Database, query: CaseQuery, size: int) -> list[str]:
    found: list[str] = []
    place: Place | None = None
    while True:
        with db.read() as uow:
            page = uow.case_search.find(query, NOW + DAY, place, size)
        found += [one.id for one in page.cases]
        place = page.next
        if place is None:
            return found


def numbered(count: int, **changes: Any) -> list[Case]:
    return [case(f"k{at}", opened_at=NOW + at * HOUR, **changes) for at in range(count)]


class TestFilters:
    def test_given_cases_when_filtered_then_only_those_that_fit(self, db: Database) -> None:
        given(db)
        store(
            db,
            case("plain"),
            case("cause", root_cause=RootCause.PACKAGING),
            case("other", category=Category.WRONG_ITEM, severity="high", owner="s-ana"),
            case("ended", status=CaseStatus.RESOLVED, closed_at=NOW),
            case("late", resolution_due_at=NOW, opened_at=NOW - DAY),
        )

        assert ids(db, CaseQuery(root_cause=RootCause.PACKAGING)) == ["cause"]
        assert ids(db, CaseQuery(category=Category.WRONG_ITEM)) == ["other"]
        assert ids(db, CaseQuery(severity="high")) == ["other"]
        assert ids(db, CaseQuery(owner="s-ana")) == ["other"]
        assert ids(db, CaseQuery(statuses=frozenset({CaseStatus.RESOLVED}))) == ["ended"]
        assert ids(db, CaseQuery(number="AM-late")) == ["late"]
        assert ids(db, CaseQuery(overdue=True)) == ["late"]
        assert ids(db, CaseQuery(opened_before=NOW)) == ["late"]
        assert "late" not in ids(db, CaseQuery(opened_from=NOW))
        assert "ended" not in ids(db, CaseQuery(unresolved=True))
        assert "cause" not in ids(db, CaseQuery(no_root_cause=True))

    def test_given_words_when_searched_then_every_one_of_them_must_occur(
        self, db: Database
    ) -> None:
        given(db)
        store(
            db,
            case("both", opened_at=NOW + HOUR),
            case("one"),
            both=frozenset({"lamp", "broken", "flag:legal"}),
            one=frozenset({"lamp"}),
        )

        assert ids(db, CaseQuery(terms=("lamp",))) == ["both", "one"]
        assert ids(db, CaseQuery(terms=("lamp", "broken"))) == ["both"]
        assert ids(db, CaseQuery(terms=("lamp", "flag:legal"))) == ["both"]
        assert ids(db, CaseQuery(terms=("lamp", "chair"))) == []

    def test_given_new_terms_when_set_again_then_the_old_find_nothing(self, db: Database) -> None:
        given(db)
        store(db, case("k1"), k1=frozenset({"lamp", "blue"}))

        with db.write() as uow:
            uow.case_search.set_terms(case("k1"), frozenset({"lamp", "red"}))
            uow.commit()

        assert ids(db, CaseQuery(terms=("blue",))) == []
        assert ids(db, CaseQuery(terms=("red", "lamp"))) == ["k1"]


class TestOrder:
    def test_given_deadlines_when_listed_then_overdue_first_and_ended_last(
        self, db: Database
    ) -> None:
        given(db)
        ended = {"status": CaseStatus.RESOLVED, "closed_at": NOW}
        store(
            db,
            case("calm", resolution_due_at=NOW + 9 * DAY),
            case("overdue", resolution_due_at=NOW),
            case("old", opened_at=NOW - DAY, resolution_due_at=NOW, **ended),
            case("new", opened_at=NOW + HOUR, resolution_due_at=NOW, **ended),
            case("without"),
        )

        assert ids(db, CaseQuery()) == ["overdue", "calm", "new", "without", "old"]
        assert all_pages(db, CaseQuery(), 1) == ["overdue", "calm", "new", "without", "old"]
        assert all_pages(db, CaseQuery(), 2) == ["overdue", "calm", "new", "without", "old"]

    @pytest.mark.parametrize("terms", [(), ("lamp",)])
    def test_given_new_cases_when_paging_goes_on_then_nothing_is_missed_or_shown_twice(
        self, db: Database, terms: tuple[str, ...]
    ) -> None:
        given(db)
        cases = numbered(7)
        store(db, *cases, **{one.id: frozenset({"lamp"}) for one in cases})
        query = CaseQuery(terms=terms, sort=Sort.NEWEST)
        with db.read() as uow:
            first = uow.case_search.find(query, NOW, None, 3)

        store(
            db, case("late-comer", opened_at=NOW + 9 * DAY), **{"late-comer": frozenset({"lamp"})}
        )

        assert [one.id for one in first.cases] == ["k6", "k5", "k4"]
        assert ids(db, query, first.next, 3) == ["k3", "k2", "k1"]
        assert all_pages(db, query, 2)[0] == "late-comer"

    def test_given_one_moment_for_all_when_paged_then_each_comes_once(self, db: Database) -> None:
        given(db)
        store(db, *(case(f"k{at}") for at in range(5)))

        for sort in Sort:
            found = all_pages(db, CaseQuery(sort=sort), 2)
            assert sorted(found) == ["k0", "k1", "k2", "k3", "k4"]
        assert all_pages(db, CaseQuery(sort=Sort.OLDEST), 2) == found

    def test_given_more_than_the_most_when_counted_then_counting_stops(self, db: Database) -> None:
        given(db)
        store(db, *numbered(5))

        with db.read() as uow:
            assert uow.case_search.count(CaseQuery(), NOW, most=3) == 4
            assert uow.case_search.count(CaseQuery(), NOW, most=5) == 5


class TestDue:
    def test_given_a_new_a_changed_and_a_known_case_then_the_first_two_are_due(
        self, db: Database
    ) -> None:
        given(db, "c1", "c2", "c3")
        store(
            db,
            case("changed", conversation_id="c2"),
            case("known", conversation_id="c3"),
        )
        with db.write() as uow:
            uow.cases.add(case("new"))
            uow.conversations.append("c2", customer_says(), NOW + HOUR)
            uow.commit()

        assert due(db) == ["new", "changed"]

    def test_given_a_known_case_when_it_is_saved_then_it_is_due_again(self, db: Database) -> None:
        given(db)
        store(db, case("k1"))
        assert due(db) == []

        with db.write() as uow:
            uow.cases.save(case("k1", item="Kettle"))
            uow.commit()

        assert due(db) == ["k1"]


def due(db: Database) -> list[str]:
    with db.read() as uow:
        return list(uow.case_search.due(NOW - HOUR))


class TestManyCases:
    MANY = 4000

    @pytest.fixture
    def full(self, db: Database) -> Database:
        """Some thousand cases of which a handful can be found by a word."""
        with db.write() as uow:
            uow.conversations.add(conversation(), "h")
            uow.conversations.append("c1", bot_says(), NOW)
            self._fill(uow)
            uow.commit()
        return db

    def _fill(self, uow: SqlUnitOfWork) -> None:
        made = [case(f"k{at:05}", opened_at=NOW + timedelta(minutes=at)) for at in range(self.MANY)]
        uow.cases._insert(CaseRow, *({"id": one.id, **_values(one)} for one in made))
        uow.cases._insert(
            CaseTermRow,
            *(
                {"term": term, "opened_at": one.opened_at, "case_id": one.id}
                for at, one in enumerate(made)
                for term in ("order", "rare" if at % 1000 == 0 else "usual")
            ),
        )

    def test_given_thousands_when_paged_to_the_end_then_each_comes_once(
        self, full: Database
    ) -> None:
        found = all_pages(full, CaseQuery(terms=("order",), sort=Sort.NEWEST), 200)

        assert len(found) == len(set(found)) == self.MANY
        assert found == sorted(found, reverse=True)

    def test_given_a_rare_and_a_common_word_when_searched_then_the_rare_one_leads(
        self, full: Database
    ) -> None:
        with full.read() as uow:
            rarest, others = uow.case_search._leading(("order", "rare"))
        assert (rarest, others) == ("rare", ["order"])

        found = ids(full, CaseQuery(terms=("order", "rare"), sort=Sort.NEWEST))

        assert found == ["k03000", "k02000", "k01000", "k00000"]

    @pytest.mark.parametrize(
        ("query", "index"),
        [
            (CaseQuery(terms=("rare",), sort=Sort.NEWEST), "case_terms"),
            (CaseQuery(sort=Sort.NEWEST), "ix_cases_opened_at_id"),
        ],
        ids=["words", "newest"],
    )
    def test_given_thousands_when_asked_then_an_index_answers(
        self, full: Database, query: CaseQuery, index: str
    ) -> None:
        plan = plan_of(full, query)

        assert index in plan, plan
        assert "Seq Scan on cases" not in plan, plan
        assert "SCAN cases" not in plan.replace(f"SCAN cases USING INDEX {index}", ""), plan


def plan_of(db: Database, query: CaseQuery) -> str:
    """Return what the database does to answer a query, knowing how its rows are spread."""
    with db.write() as uow:
        uow._session.execute(text("ANALYZE"))
        uow.commit()
    statement = _ordered(_matching(query, NOW, query.terms[0] if query.terms else None, ()),
                         query.sort, 0, None, bool(query.terms)).limit(51)  # fmt: skip
    with db.read() as uow:
        connection = uow._session.connection()
        postgres = connection.dialect.name == "postgresql"
        asked = str(statement.compile(connection.engine, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
        rows = connection.exec_driver_sql(f"{explain} {asked}")
        return "; ".join(str(row[-1]) for row in rows)

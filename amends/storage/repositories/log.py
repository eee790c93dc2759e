"""The log for analysis in bulk: for some hundred conversations, one query per table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, bindparam, select, tuple_

from amends.cases.model import Customer, Order
from amends.cases.order_numbers import normal_number
from amends.compensation.model import Step, StepTaken
from amends.conversations.model import Mode, Understanding
from amends.records.log.gathered import Gathered, GatheredCase, Read
from amends.records.log.ports import BATCH, BATCH_MESSAGES, Page, Place, Wanted
from amends.storage.base import Base
from amends.storage.repositories.base import Repository, table_of
from amends.storage.repositories.chat_work import to_note
from amends.storage.repositories.desk_work import to_approval
from amends.storage.repositories.rows import (
    to_case,
    to_conversation,
    to_customer,
    to_decision,
    to_entry,
    to_handoff,
    to_message,
    to_offer,
    to_order,
    to_promise,
    to_score,
    to_survey,
    to_survey_ask,
    to_understanding,
)
from amends.storage.tables.cases import CaseEntryRow, CaseRow, PromiseRow
from amends.storage.tables.chat_work import NoteRow
from amends.storage.tables.compensation import DecisionRow, OfferRow, RemedyRow, RemedyStepRow
from amends.storage.tables.conversations import (
    ChoiceRow,
    ConversationRow,
    MessageRow,
    UnderstandingRow,
)
from amends.storage.tables.desk_work import ApprovalRow
from amends.storage.tables.handoff import HandoffRow
from amends.storage.tables.orders import CustomerRow, OrderLineRow, OrderRow
from amends.storage.tables.satisfaction import ScoreRow, SurveyAskRow, SurveyRow

Via = tuple[type[Base], str]
"""A table to join, and the column of the one before that names its id."""

Grouped = Mapping[Any, Sequence[Any]]

_CASE: Via = (CaseRow, "case_id")
_STEPS = {step: place for place, step in enumerate(Step)}


def _bulk(
    row: type[Base], key: str, *order_by: str, via: tuple[Via, ...] = (), without: str = ""
) -> Select[Any]:
    """Return the query for the rows whose `key`, in the last table of `via`, is one of `ids`."""
    table = last = table_of(row)
    query = select(*(column for column in table.c if column.name != without))
    for other, column in via:
        joined = table_of(other)
        query = query.join(joined, joined.c.id == last.c[column])
        last = joined
    wanted = last.c[key].in_(bindparam("ids", expanding=True))
    return query.where(wanted).order_by(*(table.c[name] for name in order_by))


_OF = "conversation_id"
_TALKS = _bulk(ConversationRow, "id", without="token_hash")
_MESSAGES = _bulk(MessageRow, _OF, _OF, "seq")
_CHOICES = _bulk(ChoiceRow, _OF, _OF, "seq", "position")
_READ = _bulk(UnderstandingRow, _OF, _OF, "seq", without="parse")
_NOTES = _bulk(NoteRow, _OF, "id")
_CASES = _bulk(CaseRow, _OF, "opened_at", "opened_by_seq", "id")
_ENTRIES = _bulk(CaseEntryRow, _OF, "id", via=(_CASE,))
_DECISIONS = _bulk(DecisionRow, _OF, "at", "rung", "id", via=(_CASE,))
_OFFERS = _bulk(OfferRow, _OF, "made_at", "rung", "id", via=(_CASE,))
_REMEDIES = _bulk(RemedyRow, _OF, "offer_id", "position", via=(_CASE,))
_STEPS_TAKEN = _bulk(RemedyStepRow, _OF, "at", via=((RemedyRow, "remedy_id"), _CASE))
_PROMISES = _bulk(PromiseRow, _OF, "made_at", "id", via=(_CASE,))
_APPROVALS = _bulk(ApprovalRow, _OF, "asked_at", "id", via=(_CASE,))
_HANDOFFS = _bulk(HandoffRow, _OF, "requested_at", "id")
_SURVEYS = _bulk(SurveyRow, _OF, "at", "about")
_ASKS = _bulk(SurveyAskRow, _OF, "asked_at", "id")
_SCORES = _bulk(ScoreRow, _OF)
_ORDERS = _bulk(OrderRow, "number")
_LINES = _bulk(OrderLineRow, "order_number", "order_number", "position")
_PEOPLE = _bulk(CustomerRow, "id")


class SqlLog(Repository):
    """Implements the Log port of the records room."""

    def page(
        self,
        wanted: Wanted,
        after: Place | None,
        limit: int = BATCH,
        messages: int = BATCH_MESSAGES,
    ) -> Page:
        """Return the next conversations by beginning and id; see the port."""
        columns = ConversationRow.created_at, ConversationRow.id, ConversationRow.last_seq
        query = _matching(select(*columns), wanted).order_by(*columns[:2]).limit(limit)
        if after is not None:
            place = (after.started_at, after.conversation_id)
            query = query.where(tuple_(*columns[:2]) > place)
        found = self._session.execute(query).all()
        fitting = found[: _how_many([row.last_seq for row in found], messages)]
        last = fitting[-1] if fitting else None
        return Page(
            ids=tuple(row.id for row in fitting),
            last=Place(last.created_at, last.id) if last else None,
        )

    def gather(self, ids: Sequence[str]) -> Sequence[Gathered]:
        """Return these conversations in this order, by one query per table."""
        talks = {row.id: row for row in self._rows(_TALKS, ids)}
        books = self._books(ids)
        people = self._people(talks.values(), books)
        return [_gathered(talks[one], books, people) for one in ids if one in talks]

    def _books(self, ids: Sequence[str]) -> "_Books":
        cases = self._rows(_CASES, ids)
        return _Books(
            messages=self._by(_MESSAGES, ids, _OF),
            choices=self._by(_CHOICES, ids, _OF, "seq"),
            read=self._by(_READ, ids, _OF),
            notes=self._by(_NOTES, ids, _OF),
            cases=_grouped(cases, _OF),
            entries=self._by(_ENTRIES, ids, "case_id"),
            decisions=self._by(_DECISIONS, ids, "case_id"),
            offers=self._by(_OFFERS, ids, "case_id"),
            remedies=self._by(_REMEDIES, ids, "offer_id"),
            steps=self._by(_STEPS_TAKEN, ids, "remedy_id"),
            promises=self._by(_PROMISES, ids, "case_id"),
            approvals=self._by(_APPROVALS, ids, "case_id"),
            handoffs=self._by(_HANDOFFS, ids, _OF),
            surveys=self._by(_SURVEYS, ids, _OF),
            asks=self._by(_ASKS, ids, _OF),
            scores=self._by(_SCORES, ids, _OF),
            orders=self._orders(cases),
        )

    def _orders(self, cases: Iterable[CaseRow]) -> dict[str, Order]:
        numbers = {normal_number(case.order_number) for case in cases if case.order_number}
        lines = self._by(_LINES, numbers, "order_number")
        rows = self._rows(_ORDERS, numbers)
        return {row.number: to_order(row, lines.get(row.number, ())) for row in rows}

    def _people(self, talks: Iterable[ConversationRow], books: "_Books") -> Mapping[str, Customer]:
        cases = (case for cases in books.cases.values() for case in cases)
        ids = {one.customer_id for one in (*talks, *cases, *books.orders.values())}
        rows = self._rows(_PEOPLE, {one for one in ids if one})
        return {row.id: to_customer(row) for row in rows}

    def _rows(self, query: Select[Any], ids: Iterable[str]) -> Sequence[Any]:
        wanted = sorted(ids)
        return self._session.execute(query, {"ids": wanted}).all() if wanted else ()

    def _by(self, query: Select[Any], ids: Iterable[str], *key: str) -> Grouped:
        return _grouped(self._rows(query, ids), *key)


@dataclass(frozen=True, slots=True)
class _Books:
    """The rows of all tables, by what they belong to."""

    messages: Grouped
    choices: Grouped  # by conversation and seq
    read: Grouped
    notes: Grouped
    cases: Grouped
    entries: Grouped
    decisions: Grouped
    offers: Grouped
    remedies: Grouped  # by offer
    steps: Grouped  # by remedy
    promises: Grouped
    approvals: Grouped
    handoffs: Grouped
    surveys: Grouped
    asks: Grouped
    scores: Grouped
    orders: Mapping[str, Order]


def _matching(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.since is not None:
        query = query.where(ConversationRow.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(ConversationRow.created_at < wanted.until)
    if wanted.language is not None:
        query = query.where(ConversationRow.language == wanted.language)
    if wanted.only_closed:
        query = query.where(ConversationRow.mode == Mode.CLOSED)
    return query


def _how_many(sizes: Sequence[int], most: int) -> int:
    """Return how many of the first fit into `most`; one always does."""
    total = 0
    for count, size in enumerate(sizes):
        total += size
        if total > most and count:
            return count
    return len(sizes)


def _grouped(rows: Iterable[Any], *key: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        values = tuple(getattr(row, name) for name in key)
        found[values if len(key) > 1 else values[0]].append(row)
    return found


def _gathered(talk: ConversationRow, books: _Books, people: Mapping[str, Customer]) -> Gathered:
    score = next(iter(books.scores.get(talk.id, ())), None)
    cases = tuple(_case(row, books) for row in books.cases.get(talk.id, ()))
    return Gathered(
        conversation=to_conversation(talk),
        changed_at=talk.changed_at,
        messages=tuple(
            to_message(row, books.choices.get((talk.id, row.seq), ()))
            for row in books.messages.get(talk.id, ())
        ),
        read=tuple(
            Read(row.seq, row.at, _understanding(row)) for row in books.read.get(talk.id, ())
        ),
        notes=tuple(map(to_note, books.notes.get(talk.id, ()))),
        cases=cases,
        handoffs=tuple(map(to_handoff, books.handoffs.get(talk.id, ()))),
        surveys=tuple(map(to_survey, books.surveys.get(talk.id, ()))),
        survey_asks=tuple(map(to_survey_ask, books.asks.get(talk.id, ()))),
        score=to_score(score) if score else None,
        scored_at=score.at if score else None,
        people=_people_of(talk, cases, people),
    )


def _people_of(
    talk: ConversationRow, cases: Sequence[GatheredCase], people: Mapping[str, Customer]
) -> tuple[Customer, ...]:
    ids = [talk.customer_id, *(one.case.customer_id for one in cases)]
    ids += [one.order.customer_id for one in cases if one.order]
    known = (people.get(one) for one in dict.fromkeys(ids) if one)
    return tuple(one for one in known if one is not None)


def _understanding(row: Any) -> Understanding:
    return to_understanding(cast(UnderstandingRow, _Unparsed(row)))


class _Unparsed:
    """A row of an understanding that was read without its parse."""

    parse: dict[str, Any] = {}  # noqa: RUF012  (read only)

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _case(row: CaseRow, books: _Books) -> GatheredCase:
    offers = tuple(
        to_offer(offer, books.remedies.get(offer.id, ())) for offer in books.offers.get(row.id, ())
    )
    return GatheredCase(
        case=to_case(row),
        order=books.orders.get(normal_number(row.order_number)) if row.order_number else None,
        entries=tuple(map(to_entry, books.entries.get(row.id, ()))),
        decisions=tuple(map(to_decision, books.decisions.get(row.id, ()))),
        offers=offers,
        steps={
            remedy.id: _taken(books.steps.get(remedy.id, ()))
            for offer in offers
            for remedy in offer.remedies
        },
        promises=tuple(map(to_promise, books.promises.get(row.id, ()))),
        approvals=tuple(map(to_approval, books.approvals.get(row.id, ()))),
    )


def _taken(rows: Iterable[RemedyStepRow]) -> tuple[StepTaken, ...]:
    steps = [StepTaken(row.remedy_id, row.step, row.at, row.actor) for row in rows]
    return tuple(sorted(steps, key=lambda one: (one.at, _STEPS[one.step])))

"""Legal holds, what is due to be erased, and whose data is whose."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from amends.conversations.model import Mode
from amends.records.retention import Hindrance, Hold, HoldKind, Kind, Person
from amends.storage import erasure
from amends.storage.repositories.base import Repository
from amends.storage.tables import METADATA
from amends.storage.tables.cases import CaseRow
from amends.storage.tables.conversations import ConversationRow
from amends.storage.tables.handoff import HandoffRow
from amends.storage.tables.mail import AccessRequestRow
from amends.storage.tables.orders import CustomerRow
from amends.storage.tables.privacy import ErasureRow, LegalHoldRow
from amends.storage.tables.satisfaction import SurveyRow
from amends.values import Json

AT_ONCE = 200
ERASING_LOCK = 0x6572617365  # any number of our own; every process uses the same


class SqlPrivacy(Repository):
    def add_hold(self, hold: Hold) -> bool:
        """Store a hold; False when there is one already."""
        values = {
            "id": hold.id,
            "kind": hold.kind,
            "subject": hold.subject,
            "reason": hold.reason,
            "made_by": hold.made_by,
            "made_at": hold.made_at,
        }
        return self._insert_unless(LegalHoldRow, values, LegalHoldRow.id) is not None

    def end_hold(self, kind: HoldKind, subject: str, by: str, at: datetime) -> bool:
        """End a hold; False when there is none."""
        held = (LegalHoldRow.kind == kind, LegalHoldRow.subject == subject)
        met = self._change(
            update(LegalHoldRow)
            .where(*held, LegalHoldRow.ended_at.is_(None))
            .values(ended_by=by, ended_at=at)
        )
        return met == 1

    def holds(self) -> Sequence[Hold]:
        """All holds that have not ended, the oldest first."""
        rows = self._all(
            select(LegalHoldRow)
            .where(LegalHoldRow.ended_at.is_(None))
            .order_by(LegalHoldRow.made_at, LegalHoldRow.id)
        )
        return [_to_hold(row) for row in rows]

    def person(self, customers: Iterable[str] = (), emails: Iterable[str] = ()) -> Person:
        """Find whatever is known under these ids and addresses.

        An address counts where a customer stated it, or used a code that was mailed to it. Chats
        of guests who named an order of this customer are not theirs: anybody can name an order.
        """
        given = [email.lower() for email in emails]
        ids = set(customers)
        ids.update(self._strings(select(CustomerRow.id), func.lower(CustomerRow.email), given))
        known = set(given)
        known.update(
            email.lower()
            for email in self._strings(select(CustomerRow.email), CustomerRow.id, sorted(ids))
        )
        chats = self._chats(sorted(ids), sorted(known))
        cases = self._strings(select(CaseRow.id), CaseRow.conversation_id, sorted(chats))
        return Person(tuple(sorted(ids)), tuple(sorted(known)), tuple(sorted(chats)), tuple(cases))

    def hindrances(self, person: Person) -> Sequence[Hindrance]:
        """Return the holds and the open cases that stand in the way of erasing a person."""
        found = [Hindrance(None, f"a legal hold: {h.reason}") for h in self._holds_on(person)]
        rows = self._in(select(CaseRow.number), CaseRow.id, person.cases)
        for row in rows:
            found.append(Hindrance(row.number, "the case is open"))
        return found

    def erase(self, person: Person, at: datetime) -> dict[str, int]:
        """Erase all of a person; returns rows met by table."""
        connection = self._session.connection()
        with erasure.erasing(connection):
            counts = erasure.erase_person(connection, person)
        for kind in (Kind.CHAT, Kind.SURVEY):
            self._mark(kind, person.conversations, at)
        self._mark(Kind.CASE, person.cases, at)
        return counts

    def mails_to(self, emails: Sequence[str]) -> list[str]:
        """Return the ids of mails to these addresses, sent or not."""
        return erasure.mails_to(self._session.connection(), emails)

    def begin_erasing(self) -> None:
        """Wait until nobody else erases, and keep others from it until this transaction ends."""
        if self._is_postgres:  # SQLite has one writer
            self._session.execute(select(func.pg_advisory_xact_lock(ERASING_LOCK)))

    def due(self, kind: Kind, before: datetime, limit: int = AT_ONCE) -> Sequence[str]:
        """Return whose period of this kind is over, the oldest first: conversations or cases."""
        if kind is Kind.CHAT:
            return self._due_chats(before, limit)
        if kind is Kind.SURVEY:
            return self._due_surveys(before, limit)
        return self._due_cases(kind, before, limit)

    def erase_due(self, kind: Kind, subjects: Sequence[str], at: datetime) -> dict[str, int]:
        """Erase one kind of these conversations or cases, and remember it."""
        work = {
            Kind.CHAT: erasure.erase_chats,
            Kind.SURVEY: erasure.erase_surveys,
            Kind.CASE: erasure.erase_cases,
            Kind.LEDGER: erasure.erase_ledger,
        }
        connection = self._session.connection()
        with erasure.erasing(connection):
            counts = work[kind](connection, subjects)
        self._mark(kind, subjects, at)
        return counts

    def rows_of(self, person: Person) -> dict[str, list[Json]]:
        """Return every row that is about a person, by table, as it stands."""
        owners = {"conversation_id": person.conversations, "case_id": person.cases}
        found: dict[str, list[Json]] = {}
        for name, table in METADATA.tables.items():
            if name in erasure.OF_THE_COMPANY:
                continue
            conditions = [table.c[c].in_(ids) for c, ids in owners.items() if c in table.c and ids]
            conditions += _own_keys(name, table, person)
            if conditions:
                rows = self._session.connection().execute(select(table).where(or_(*conditions)))
                found[name] = [dict(row) for row in rows.mappings()]
        return {name: rows for name, rows in sorted(found.items()) if rows}

    def finished(self, senders: Sequence[str]) -> Sequence[str]:
        """Of these names of visits, return those whose visit is over or whose chat is unknown."""
        chats = {sender.rpartition(".")[0] for sender in senders}
        query = select(ConversationRow.id, ConversationRow.visit, ConversationRow.mode)
        rows = self._in(query, ConversationRow.id, sorted(chats), open_only=False)
        going_on = {f"{row.id}.{row.visit}" for row in rows if row.mode is not Mode.CLOSED}
        return [sender for sender in senders if sender not in going_on]

    def _chats(self, customers: Sequence[str], emails: Sequence[str]) -> set[str]:
        chats = set(
            self._strings(select(ConversationRow.id), ConversationRow.customer_id, customers)
        )
        chats.update(self._strings(select(CaseRow.conversation_id), CaseRow.customer_id, customers))
        address = func.lower(HandoffRow.contact_address)
        chats.update(self._strings(select(HandoffRow.conversation_id), address, emails))
        proved = (
            select(CaseRow.conversation_id)
            .join(AccessRequestRow, AccessRequestRow.case_id == CaseRow.id)
            .where(AccessRequestRow.used_at.is_not(None))
        )
        chats.update(self._strings(proved, func.lower(AccessRequestRow.email), emails))
        return chats

    def _strings(
        self, query: Any, column: ColumnElement[Any] | Any, values: Sequence[str]
    ) -> list[str]:
        return [row[0] for row in self._in(query, column, values, open_only=False)]

    def _in(
        self, query: Any, column: Any, values: Sequence[str], *, open_only: bool = True
    ) -> list[Any]:
        found: list[Any] = []
        asked = query.where(CaseRow.closed_at.is_(None)) if open_only else query
        for start in range(0, len(values), AT_ONCE):
            part = values[start : start + AT_ONCE]
            found += self._session.execute(asked.where(column.in_(part))).all()
        return found

    def _holds_on(self, person: Person) -> list[Hold]:
        customers, cases = set(person.customers), set(person.cases)
        return [
            hold
            for hold in self.holds()
            if hold.subject in (customers if hold.kind is HoldKind.CUSTOMER else cases)
        ]

    def _due_chats(self, before: datetime, limit: int) -> Sequence[str]:
        query = (
            select(ConversationRow.id)
            .where(
                ConversationRow.changed_at < before,
                ~_erased(Kind.CHAT, ConversationRow.id, ConversationRow.changed_at),
                ~_open_case(ConversationRow.id),
                ~_held_customer(ConversationRow.customer_id),
                ~_held_case(ConversationRow.id),
                ConversationRow.mode.in_((Mode.BOT, Mode.CLOSED)),
            )
            .order_by(ConversationRow.changed_at)
            .limit(limit)
        )
        return self._session.scalars(query).all()

    def _due_surveys(self, before: datetime, limit: int) -> Sequence[str]:
        query = (
            select(SurveyRow.conversation_id)
            .join(ConversationRow, ConversationRow.id == SurveyRow.conversation_id)
            .where(
                SurveyRow.at < before,
                SurveyRow.comment != "",
                ~_held_customer(ConversationRow.customer_id),
                ~_held_case(ConversationRow.id),
            )
            .distinct()
            .limit(limit)
        )
        return self._session.scalars(query).all()

    def _due_cases(self, kind: Kind, before: datetime, limit: int) -> Sequence[str]:
        query = (
            select(CaseRow.id)
            .join(ConversationRow, ConversationRow.id == CaseRow.conversation_id)
            .where(
                CaseRow.closed_at < before,
                ~_erased(kind, CaseRow.id, CaseRow.closed_at),
                ~_held_customer(CaseRow.customer_id),
                ~_held_customer(ConversationRow.customer_id),
                ~_hold(HoldKind.CASE, CaseRow.id),
            )
            .order_by(CaseRow.closed_at)
            .limit(limit)
        )
        return self._session.scalars(query).all()

    def _mark(self, kind: Kind, subjects: Sequence[str], at: datetime) -> None:
        for subject in subjects:
            self._put(ErasureRow, ["kind", "subject"], {"kind": kind, "subject": subject, "at": at})


def _own_keys(name: str, table: Any, person: Person) -> list[Any]:
    """Conditions for tables that know a person by another column than a chat's or a case's id."""
    by_email = {"mails": "recipient", "access_requests": "email", "customers": "email"}
    found = []
    if name in by_email and person.emails:
        found.append(func.lower(table.c[by_email[name]]).in_(person.emails))
    if name == "conversations" and person.conversations:
        found.append(table.c.id.in_(person.conversations))
    if name == "cases" and person.cases:
        found.append(table.c.id.in_(person.cases))
    if name == "remedy_steps" and person.cases:
        remedies = METADATA.tables["remedies"]
        mine = select(remedies.c.id).where(remedies.c.case_id.in_(person.cases))
        found.append(table.c.remedy_id.in_(mine))
    return found


def _erased(kind: Kind, subject: Any, changed_at: Any) -> ColumnElement[bool]:
    return (
        select(ErasureRow.at)
        .where(ErasureRow.kind == kind, ErasureRow.subject == subject, ErasureRow.at >= changed_at)
        .exists()
    )


def _hold(kind: HoldKind, subject: Any) -> ColumnElement[bool]:
    held = (LegalHoldRow.kind == kind, LegalHoldRow.subject == subject)
    return select(LegalHoldRow.id).where(*held, LegalHoldRow.ended_at.is_(None)).exists()


def _held_customer(customer_id: Any) -> ColumnElement[bool]:
    return _hold(HoldKind.CUSTOMER, customer_id)


def _held_case(conversation_id: Any) -> ColumnElement[bool]:
    of_chat = select(CaseRow.id).where(CaseRow.conversation_id == conversation_id)
    return (
        select(LegalHoldRow.id)
        .where(
            LegalHoldRow.kind == HoldKind.CASE,
            LegalHoldRow.ended_at.is_(None),
            LegalHoldRow.subject.in_(of_chat),
        )
        .exists()
    )


def _open_case(conversation_id: Any) -> ColumnElement[bool]:
    mine = (CaseRow.conversation_id == conversation_id, CaseRow.closed_at.is_(None))
    return select(CaseRow.id).where(*mine).exists()


def _to_hold(row: LegalHoldRow) -> Hold:
    return Hold(row.id, row.kind, row.subject, row.reason, row.made_by, row.made_at)

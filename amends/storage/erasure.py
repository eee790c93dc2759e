"""What of a person stands in which table, and what becomes of it when it is erased.

Each column that may hold a person's words or tell who it is stands in `ERASED` or `KEPT`; a test
fails for one that is in neither. Statements go to the connection itself: that something was erased
is told to the audit log once, by whoever erases.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from amends.compensation.model import NOBODY_KNOWN
from amends.records.retention import MARKER, Kind, Person, blanked
from amends.storage.tables import METADATA

WORDS = object()
"""Stands for the marker where there are words, and for nothing where there are none."""
AT_ONCE = 400
"""Ids in one statement; SQLite takes a thousand."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Columns of a table's rows that are replaced, the rows found by `owner`."""

    table: str
    owner: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """Rows that are taken out whole."""

    table: str
    owner: str


ERASED: Mapping[Kind, tuple[Blank | Drop, ...]] = {
    Kind.CHAT: (
        Blank(
            "messages",
            "conversation_id",
            {"text": MARKER, "payload": None, "card": None, "client_message_id": None},
        ),
        Blank("choices", "conversation_id", {"title": MARKER, "payload": MARKER}),
        Blank("understandings", "conversation_id", {"parse": {}}),
        Blank("conversations", "id", {"page": None}),
        Blank(
            "handoffs",
            "conversation_id",
            {"contact_address": None, "contact_channel": None, "passed_note": WORDS},
        ),
        Blank("handoff_notes", "conversation_id", {"text": MARKER}),
        Blank("help_desk_chats", "conversation_id", {"last_error": WORDS}),
    ),
    Kind.SURVEY: (Blank("surveys", "conversation_id", {"comment": ""}),),
    Kind.CASE: (
        Blank(
            "cases",
            "id",
            {
                "customer_id": None,
                "order_number": None,
                "item": WORDS,
                "what_happened": WORDS,
                "wish_text": WORDS,
            },
        ),
        Blank("approvals", "case_id", {"note": MARKER, "reason": WORDS}),
        Blank("remedies", "case_id", {"code": None}),
        Drop("case_terms", "case_id"),
        Drop("access_requests", "case_id"),
    ),
    Kind.LEDGER: (Blank("remedies", "case_id", {"order_number": None}),),
}
"""What is done beyond it, by statements of their own, stands in the functions below."""

ALSO_ERASED: Mapping[str, str] = {
    "action_runs.result": "taken out with the chat, by the conversation in its key",
    "case_entries.data": "each value that somebody may have written, with the case",
    "conversations.customer_id": "with the case, or with the chat that has none",
    "customers.email": "when the person is erased",
    "customers.name": "when the person is erased",
    "mails.body": "mails to the person's addresses are taken out",
    "mails.last_error": "mails to the person's addresses are taken out",
    "mails.recipient": "mails to the person's addresses are taken out",
    "mails.subject": "mails to the person's addresses are taken out",
    "outbox.payload": "events of the person's cases and chats are taken out",
    "remedies.customer_key": "with the case; the ledger stays without the customer",
    "remedy_retries.reason": "with the case",
    "remedy_steps.detail": "with the ledger's period",
    "webhook_deliveries.last_error": "goes with its event",
}

KEPT: Mapping[str, str] = {
    "approvals.remedies": "figures, clauses and words of ours",
    "cases.flags": "words of ours",
    "cases.outcome": "a word of ours",
    "cases.secondary": "words of ours",
    "handoffs.reasons": "rows of the company's table",
    "remedies.clauses": "ids of the policy's clauses",
    "reviews.hint": "an intent",
    "scores.drivers": "words of ours",
    "survey_asks.answered": "names of questions",
    "survey_asks.questions": "names of questions",
    "understandings.flags": "words of ours",
    "understandings.secondary": "words of ours",
    "decisions.facts": "figures and words of ours: what was owed, and why",
    "decisions.decision": "figures, clauses and words of ours; the audit log vouches for it",
    "remedies.title": "the policy's name for it",
    "scores.dimensions": "figures",
    "shadow_readings.live": "what was read: intents, never words",
    "shadow_readings.shadow": "what was read: intents, never words",
    "surveys.servqual": "figures",
    "help_desk_chats.external_id": "a number of the company's own help desk; erase there too",
    "messages.author": "a member of staff, or the assistant",
    "review_groups.signature": "holds no words, see its table",
    "promises.what": "a word of ours",
    "conversation_facts.product": "an article, for figures",
    "conversation_facts.case_number": "a number of ours; it leads to what was erased",
    "conversation_facts.handoff_reason": "a row of the company's table",
    "access_requests.number": "goes with the request",
    "access_requests.email": "goes with the request",
    "access_requests.code_hash": "goes with the request",
    "case_terms.term": "goes with its row",
}

OF_THE_COMPANY = frozenset(
    {
        "audit",
        "canned_replies",
        "cause_action_entries",
        "cause_actions",
        "erasing",
        "erasures",
        "legal_holds",
        "model_examinations",
        "model_promotions",
        "model_serving",
        "model_shadows",
        "model_work",
        "order_lines",
        "orders",
        "programs",
        "review_bands",
        "review_cursor",
        "review_decisions",
        "rule_versions",
        "staff",
        "staff_changes",
        "staff_recovery_codes",
        "staff_sessions",
        "training_changes",
        "webhook_endpoints",
    }
)
"""Tables that hold nothing of customers, or belong to another system (orders)."""


@contextmanager
def erasing(connection: Connection) -> Iterator[None]:
    """Let what never changes be replaced in this transaction, until the block ends."""
    key = METADATA.tables["erasing"]
    connection.execute(insert(key), [{"id": 1}])
    yield
    connection.execute(delete(key))


def erase_chats(connection: Connection, conversations: Sequence[str]) -> dict[str, int]:
    """Erase what was said in conversations; returns rows met by table."""
    counts = _carry_out(connection, Kind.CHAT, conversations)
    runs, cases = METADATA.tables["action_runs"], METADATA.tables["cases"]
    chats = METADATA.tables["conversations"]
    for conversation in conversations:
        # All keys begin so; a range, so that the index of the key is used.
        mine = runs.c.key.between(f"{conversation}:", f"{conversation};", symmetric=False)
        _add(counts, runs.name, connection.execute(delete(runs).where(mine)).rowcount)
    for ids in _parts(conversations):
        without = ~select(cases.c.id).where(cases.c.conversation_id == chats.c.id).exists()
        connection.execute(
            update(chats).where(chats.c.id.in_(ids), without).values(customer_id=None)
        )
    return counts


def erase_surveys(connection: Connection, conversations: Sequence[str]) -> dict[str, int]:
    return _carry_out(connection, Kind.SURVEY, conversations)


def erase_cases(connection: Connection, cases: Sequence[str]) -> dict[str, int]:
    """Erase what cases say and whose they are, the ledger's link to the customer included."""
    counts = _carry_out(connection, Kind.CASE, cases)
    tables = METADATA.tables
    remedies, retries, chats = tables["remedies"], tables["remedy_retries"], tables["conversations"]
    for ids in _parts(cases):
        nobody = literal(NOBODY_KNOWN) + remedies.c.case_id
        connection.execute(
            update(remedies).where(remedies.c.case_id.in_(ids)).values(customer_key=nobody)
        )
        of_case = select(remedies.c.id).where(remedies.c.case_id.in_(ids))
        connection.execute(
            update(retries).where(retries.c.remedy_id.in_(of_case)).values(reason=MARKER)
        )
        in_cases = select(tables["cases"].c.conversation_id).where(tables["cases"].c.id.in_(ids))
        connection.execute(update(chats).where(chats.c.id.in_(in_cases)).values(customer_id=None))
    _add(counts, "case_entries", _blank_entries(connection, cases))
    return counts


def erase_ledger(connection: Connection, cases: Sequence[str]) -> dict[str, int]:
    """Erase by which order and reference something was paid; amounts and clauses stay."""
    counts = _carry_out(connection, Kind.LEDGER, cases)
    remedies, steps = METADATA.tables["remedies"], METADATA.tables["remedy_steps"]
    for ids in _parts(cases):
        of_case = select(remedies.c.id).where(remedies.c.case_id.in_(ids))
        met = connection.execute(
            update(steps).where(steps.c.remedy_id.in_(of_case)).values(detail=None)
        )
        _add(counts, steps.name, met.rowcount)
    return counts


def erase_person(connection: Connection, person: Person) -> dict[str, int]:
    """Erase all of a person, but for what the ledger keeps for its period."""
    counts: dict[str, int] = {}
    for part in (
        erase_chats(connection, person.conversations),
        erase_surveys(connection, person.conversations),
        erase_cases(connection, person.cases),
        _drop_mail(connection, person),
        _drop_events(connection, person),
        _blank_customers(connection, person),
    ):
        for table, count in part.items():
            _add(counts, table, count)
    return counts


def mails_to(connection: Connection, emails: Sequence[str]) -> list[str]:
    mails = METADATA.tables["mails"]
    found = select(mails.c.id).where(func.lower(mails.c.recipient).in_(_folded(emails)))
    return list(connection.scalars(found)) if emails else []


def _drop_mail(connection: Connection, person: Person) -> dict[str, int]:
    mails, requests = METADATA.tables["mails"], METADATA.tables["access_requests"]
    if not person.emails:
        return {}
    emails = _folded(person.emails)
    gone = connection.execute(delete(mails).where(func.lower(mails.c.recipient).in_(emails)))
    asked = connection.execute(delete(requests).where(func.lower(requests.c.email).in_(emails)))
    return {"mails": gone.rowcount, "access_requests": asked.rowcount}


def _drop_events(connection: Connection, person: Person) -> dict[str, int]:
    """Take out the events that name the person's cases, chats or id."""
    outbox = METADATA.tables["outbox"]
    counts: dict[str, int] = {}
    for one in (*person.cases, *person.conversations, *person.customers):
        named = cast(outbox.c.payload, Text).contains(f'"{one}"', autoescape=True)
        met = connection.execute(delete(outbox).where(or_(outbox.c.key == one, named)))
        _add(counts, "outbox", met.rowcount)
    return counts


def _blank_customers(connection: Connection, person: Person) -> dict[str, int]:
    """The demo shop's own list; a company's order system keeps its customers itself."""
    customers = METADATA.tables["customers"]
    counts: dict[str, int] = {}
    for number, one in enumerate(person.customers):
        values = {"name": MARKER, "email": f"erased-{number}-{_mark(one)}@invalid"}
        met = connection.execute(update(customers).where(customers.c.id == one).values(values))
        _add(counts, "customers", met.rowcount)
    return counts


def _mark(customer: str) -> str:
    return hashlib.sha256(customer.encode()).hexdigest()[:16]


def _blank_entries(connection: Connection, cases: Sequence[str]) -> int:
    entries, changed = METADATA.tables["case_entries"], 0
    for ids in _parts(cases):
        query = select(entries.c.id, entries.c.data).where(entries.c.case_id.in_(ids))
        for entry_id, data in connection.execute(query).all():
            clean = blanked(data)
            if clean != data:
                connection.execute(
                    update(entries).where(entries.c.id == entry_id).values(data=clean)
                )
                changed += 1
    return changed


def _carry_out(connection: Connection, kind: Kind, subjects: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for step in ERASED[kind]:
        table = METADATA.tables[step.table]
        for ids in _parts(subjects):
            mine = table.c[step.owner].in_(ids)
            if isinstance(step, Drop):
                met = connection.execute(delete(table).where(mine))
            else:
                met = connection.execute(update(table).where(mine).values(_values(table, step)))
            _add(counts, step.table, met.rowcount)
    return counts


def _values(table: Table, step: Blank) -> dict[str, Any]:
    return {
        name: _marked(table.c[name]) if value is WORDS else value
        for name, value in step.values.items()
    }


def _marked(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((column.is_(None), None), else_=MARKER)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _folded(emails: Sequence[str]) -> list[str]:
    return [email.lower() for email in emails]


def _add(counts: dict[str, int], table: str, count: int) -> None:
    counts[table] = counts.get(table, 0) + count

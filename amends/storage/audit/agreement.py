"""Whether the tables are what the audit log says of them.

    Disagreement

Each row of the ledger must have its entry, with the same digest, or belong to what the log's first
row sums up; what the log tells of must still be there; and each promise, remedy and account must
stand as it was last said to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    and_,
    cast,
    func,
    literal,
    select,
)

from amends.storage.audit.sums import STREAMED, Sum, keys
from amends.storage.audit.told import digest, plain
from amends.storage.audit.words import may
from amends.storage.repositories.base import table_of
from amends.storage.tables.audit import AuditRow
from amends.storage.tables.cases import PromiseRow
from amends.storage.tables.compensation import (
    DecisionRow,
    OfferRow,
    RemedyRow,
    RemedyStepRow,
)
from amends.storage.tables.desk_work import ApprovalRow
from amends.storage.tables.rules import RuleVersionRow
from amends.storage.tables.staff import StaffRow
from amends.values import Json

_AUDIT = table_of(AuditRow)
_SHOWN = ("amount_minor", "currency", "outcome", "what", "due_at", "rung")
"""What is said in clear of a row that differs, where the log told it."""


class Disagreement(Exception):
    """The first row that is not what the audit log says of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows never change, with the action that tells of each."""

    table: Table
    kind: str
    subject: ColumnElement[str]
    action: ColumnElement[str]


def _kept(row: Any, kind: str, action: str) -> Kept:
    table = table_of(row)
    return Kept(table, kind, table.c.id, literal(action))


_STEPS, _RULES = table_of(RemedyStepRow), table_of(RuleVersionRow)
KEPT = (
    _kept(DecisionRow, "decision", "decision.made"),
    _kept(OfferRow, "offer", "offer.made"),
    _kept(RemedyRow, "remedy", "remedy.added"),
    Kept(_STEPS, "remedy", _STEPS.c.remedy_id, literal("remedy.") + cast(_STEPS.c.step, String)),
    _kept(PromiseRow, "promise", "promise.made"),
    _kept(ApprovalRow, "approval", "approval.asked"),
    Kept(
        _RULES,
        "rules",
        cast(_RULES.c.kind, String) + literal(":") + cast(_RULES.c.version, String),
        literal("rules.laid_down"),
    ),
)


def agree(connection: Connection, began: Json) -> int:
    """Compare the tables with the log, and return how many rows were compared.

    Args:
        began: The data of the log's first row.

    Raises:
        Disagreement: names the first row that differs.
    """
    count = 0
    for kept in KEPT:
        count += _agree(connection, kept, began[kept.table.name])
        _refuse_missing(connection, kept)
    _agree_on_states(connection)
    _agree_on_accounts(connection)
    return count


def _agree(connection: Connection, kept: Kept, before_the_log: Json) -> int:
    table, columns = kept.table, before_the_log["columns"]
    told = _AUDIT.c.data.label("audit_data"), _AUDIT.c.number.label("audit_number")
    query = (
        select(*(table.c[name] for name in columns), *told)
        .outerjoin_from(table, _AUDIT, _tells_of(kept))
        .order_by(*keys(connection, table))
    )
    count, unsaid = 0, Sum()
    with _streamed(connection, query) as rows:
        for row in rows:
            count += 1
            found = digest(row, columns)
            if row["audit_number"] is None:
                unsaid.add(found)
            elif row["audit_data"].get("row") != found:
                raise Disagreement(_differs(kept, row))
    if unsaid.told(columns) != before_the_log:
        raise Disagreement(_unsaid(connection, kept, before_the_log, unsaid.told(columns)))
    return count


def _tells_of(kept: Kept) -> ColumnElement[bool]:
    return and_(
        _AUDIT.c.subject_kind == kept.kind,
        _AUDIT.c.subject_id == kept.subject,
        _AUDIT.c.action == kept.action,
    )


def _differs(kept: Kept, row: Mapping[str, Any]) -> str:
    told = row["audit_data"]
    differing = [
        f"{name} is {plain(row[name])} there, and was {told[name]}"
        for name in _SHOWN
        if name in told and name in row and plain(row[name]) != told[name]
    ]
    what = "; ".join(differing) or "what it says is not what it said"
    name, key = kept.table.name, _key(kept.table, row)
    return f"{name} {key} differs from row {row['audit_number']} of the audit log: {what}"


def _key(table: Table, row: Mapping[str, Any]) -> str:
    return "/".join(str(plain(row[column.name])) for column in table.primary_key)


def _unsaid(connection: Connection, kept: Kept, before: Json, found: Json) -> str:
    """Name a row that the log says nothing of, the latest one; it began before the log or never."""
    table = kept.table
    at = next(table.c[name] for name in ("at", "made_at", "asked_at") if name in table.c)
    query = (
        select(table)
        .outerjoin_from(table, _AUDIT, _tells_of(kept))
        .where(_AUDIT.c.number.is_(None))
        .order_by(at.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    counted = f"{found['rows']} rows of {table.name} have no entry, and the log began with "
    latest = f"; the latest is {_key(table, dict(row))}" if row else ""
    if found["rows"] == before["rows"]:
        return f"a row of {table.name} from before the log was changed or exchanged{latest}"
    return f"{counted}{before['rows']}{latest}"


def _refuse_missing(connection: Connection, kept: Kept) -> None:
    """Raise for an entry whose row is gone, unless its case was erased since."""
    table, action = kept.table, kept.action
    acted = _AUDIT.c.action.like("remedy.%") if table is _STEPS else _AUDIT.c.action == action
    query = (
        select(_AUDIT)
        .outerjoin_from(_AUDIT, table, and_(kept.subject == _AUDIT.c.subject_id, _same(kept)))
        .where(_AUDIT.c.subject_kind == kept.kind, acted, *_own(kept))
        .where(next(iter(table.primary_key)).is_(None))
        .order_by(_AUDIT.c.number)
    )
    with _streamed(connection, query) as rows:
        gone = next((row for row in rows if not _is_erased(connection, row)), None)
    if gone is not None:
        raise Disagreement(
            f"{table.name} has no row for {gone['action']} of {gone['subject_id']}, "
            f"of which row {gone['number']} of the audit log tells"
        )


def _same(kept: Kept) -> ColumnElement[bool]:
    return kept.action == _AUDIT.c.action


def _own(kept: Kept) -> Sequence[ColumnElement[bool]]:
    return (_AUDIT.c.action != "remedy.added",) if kept.table is _STEPS else ()


def _is_erased(connection: Connection, told: Mapping[str, Any]) -> bool:
    """Whether the case of an entry was erased, which the log tells of too."""
    case_id = told["data"].get("case_id") or _case_of_remedy(connection, told)
    erased = select(_AUDIT.c.number).where(
        _AUDIT.c.subject_kind == "case",
        _AUDIT.c.subject_id == case_id,
        _AUDIT.c.action == "case.erased",
    )
    return case_id is not None and connection.execute(erased).first() is not None


def _case_of_remedy(connection: Connection, told: Mapping[str, Any]) -> str | None:
    added = select(_AUDIT.c.data).where(
        _AUDIT.c.subject_kind == told["subject_kind"],
        _AUDIT.c.subject_id == told["subject_id"],
        _AUDIT.c.action == "remedy.added",
    )
    data = connection.execute(added).scalar()
    return data["case_id"] if data else None


def _agree_on_states(connection: Connection) -> None:
    remedies, promises = table_of(RemedyRow), table_of(PromiseRow)
    said = literal("remedy.") + cast(remedies.c.state, String)
    _agree_on_state(connection, remedies, "remedy", _AUDIT.c.action != "remedy.added", said)
    ended = _AUDIT.c.action != "promise.made"
    said = literal("promise.") + cast(promises.c.state, String)
    _agree_on_state(connection, promises, "promise", ended, said)


def _agree_on_state(
    connection: Connection,
    table: Table,
    kind: str,
    which: ColumnElement[bool],
    said: ColumnElement[str],
) -> None:
    last = _last(kind, which)
    query = (
        select(table.c.id, table.c.state, _AUDIT.c.action, _AUDIT.c.number)
        .join_from(last, _AUDIT, _AUDIT.c.number == last.c.number)
        .join(table, table.c.id == _AUDIT.c.subject_id)
        .where(_AUDIT.c.action != said)
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is not None:
        raise Disagreement(
            f"{table.name} {row.id} is {plain(row.state)}, and row {row.number} of the audit log "
            f"says {row.action}"
        )


def _last(kind: str, which: ColumnElement[bool]) -> Any:
    return (
        select(func.max(_AUDIT.c.number).label("number"))
        .where(_AUDIT.c.subject_kind == kind, which)
        .group_by(_AUDIT.c.subject_id)
        .subquery()
    )


def _agree_on_accounts(connection: Connection) -> None:
    """Compare what each account may do with what was last said of it."""
    staff = table_of(StaffRow)
    last = _last("staff", _AUDIT.c.action.like("staff.account_%"))
    said = select(_AUDIT).join_from(last, _AUDIT, _AUDIT.c.number == last.c.number).subquery()
    query = (
        select(staff.c.id, staff.c.role, staff.c.active, said.c.number, said.c.data)
        .outerjoin_from(staff, said, said.c.subject_id == staff.c.id)
        .order_by(staff.c.id)
    )
    for row in map(dict, connection.execute(query).mappings()):
        if row["data"] is None:
            raise Disagreement(f"the audit log says nothing of the account {row['id']}")
        if {key: row["data"].get(key) for key in ("role", "active")} != may(row):
            raise Disagreement(
                f"the account {row['id']} is {may(row)}, and row {row['number']} of the audit "
                f"log says otherwise"
            )


@contextmanager
def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Iterable[Mapping[str, Any]]]:
    result = connection.execute(query, execution_options={"yield_per": STREAMED})
    try:
        yield (dict(row) for row in result.mappings())
    finally:
        result.close()

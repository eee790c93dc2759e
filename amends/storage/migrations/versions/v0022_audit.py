"""The audit log: every business action, chained by hashes.

Its first row sums up the ledger as it is now, so that what was there before the log cannot be
changed unseen either; the next rows say what each person's account may do.
Sessions at the desk learn when they were last used, so that forgotten ones end.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from amends.audit.chain import START, chained
from amends.audit.model import BEGAN, Chained, Entry
from amends.storage.audit.sums import sum_of
from amends.storage.base import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SUMMED: dict[str, tuple[dict[str, sa.types.TypeEngine[object] | type], str]] = {
    "decisions": (
        {
            "id": sa.String,
            "case_id": sa.String,
            "at": UtcDateTime,
            "policy": sa.String,
            "version": sa.String,
            "role": sa.String,
            "rung": sa.Integer,
            "outcome": sa.String,
            "decision": sa.JSON,
        },
        "id",
    ),
    "offers": (
        {
            "id": sa.String,
            "case_id": sa.String,
            "decision_id": sa.String,
            "rung": sa.Integer,
            "made_at": UtcDateTime,
            "expires_at": UtcDateTime,
            "made_by": sa.String,
        },
        "id",
    ),
    "remedies": (
        {
            "id": sa.String,
            "offer_id": sa.String,
            "position": sa.Integer,
            "case_id": sa.String,
            "alternative": sa.Integer,
            "kind": sa.String,
            "recovery": sa.String,
            "part": sa.String,
            "amount_minor": sa.BigInteger,
            "currency": sa.String,
            "clauses": sa.JSON,
            "due_days": sa.Integer,
            "made_at": UtcDateTime,
            "expires_at": UtcDateTime,
        },
        "id",
    ),
    "remedy_steps": (
        {"remedy_id": sa.String, "step": sa.String, "at": UtcDateTime, "actor": sa.String},
        "remedy_id step",
    ),
    "promises": (
        {
            "id": sa.String,
            "case_id": sa.String,
            "what": sa.String,
            "due_at": UtcDateTime,
            "made_at": UtcDateTime,
            "made_by": sa.String,
            "remedy_id": sa.String,
        },
        "id",
    ),
    "approvals": (
        {
            "id": sa.String,
            "handoff_id": sa.String,
            "case_id": sa.String,
            "option_key": sa.String,
            "remedies": sa.JSON,
            "asked_by": sa.String,
            "asked_at": UtcDateTime,
        },
        "id",
    ),
    "rule_versions": (
        {
            "kind": sa.String,
            "version": sa.Integer,
            "text": sa.Text,
            "made_by": sa.String,
            "made_at": UtcDateTime,
        },
        "kind version",
    ),
}
"""Table to the columns that never change, and its key."""


def upgrade() -> None:
    op.add_column("staff_sessions", sa.Column("used_at", UtcDateTime(), nullable=True))
    audit = _add_table()
    for event in ("UPDATE", "DELETE"):
        _refuse(event)
    rows = chained(START, _first_entries(op.get_bind()))
    op.bulk_insert(audit, [_values(row) for row in rows])


def _add_table() -> sa.Table:
    audit = op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=96), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=128), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_counts_from_one")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_audit_has_a_hash")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    op.create_index(
        op.f("ix_audit_subject_kind_subject_id"), "audit", ["subject_kind", "subject_id"]
    )
    return audit


def _refuse(event: str) -> None:
    trigger = f"CREATE TRIGGER tr_audit_no_{event.lower()} BEFORE {event} ON audit"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()")
        return
    op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END")


def _first_entries(bind: sa.Connection) -> Sequence[Entry]:
    now = datetime.now(UTC)
    data = {}
    for name, (columns, key) in SUMMED.items():
        table = sa.Table(
            name,
            sa.MetaData(),
            *(
                sa.Column(column, kind, primary_key=column in key.split())
                for column, kind in columns.items()
            ),
        )
        data[name] = sum_of(bind, table, list(columns))
    began = Entry(now, "system", BEGAN, "audit", "audit", data)
    staff = sa.table("staff", sa.column("id"), sa.column("role"), sa.column("active", sa.Boolean))
    known = bind.execute(sa.select(staff).order_by(staff.c.id)).all()
    accounts = [
        Entry(
            now,
            "system",
            "staff.account_known",
            "staff",
            row.id,
            {"role": row.role, "active": row.active},
        )
        for row in known
    ]
    return [began, *accounts]


def _values(row: Chained) -> dict[str, object]:
    entry = row.entry
    return {
        "number": row.number,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "data": entry.data,
        "hash": row.hash,
    }

"""Notes, passing on, canned replies and requests beyond one's authority."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_passing()
    _add_notes()
    _add_listeners()
    _add_canned_replies()
    _add_approvals()
    _add_delivery_index()


CATEGORIES = (
    "'not_received', 'damaged_item', 'wrong_item', 'missing_item', 'faulty_product', "
    "'not_as_described', 'billing_error', 'unauthorised_charge', 'refund_not_received', "
    "'return_problem', 'cancellation_problem', 'service_failure', 'website_app_problem', "
    "'account_access', 'staff_conduct', 'unresponsive_support', 'price_or_policy', "
    "'stock_availability', 'facilities', 'misleading_advertising', 'privacy_data', "
    "'general_complaint'"
)
APPROVAL_STATES = "'pending', 'approved', 'refused', 'withdrawn', 'stale'"
ASKED = "id, handoff_id, case_id, option_key, remedies, asked_by, asked_at, note"


def _add_canned_replies() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("shortcut", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(f"category IN ({CATEGORIES})", name=op.f("ck_canned_replies_category")),
        sa.CheckConstraint("version > 0", name=op.f("ck_canned_replies_version_counts")),
        sa.CheckConstraint(
            "shortcut = lower(shortcut) AND shortcut <> ''",
            name=op.f("ck_canned_replies_shortcut_lower_case"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["staff.id"], name=op.f("fk_canned_replies_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_canned_replies_shortcut")),
    )


def _add_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("option_key", sa.String(length=64), nullable=False),
        sa.Column("remedies", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("offer_id", sa.String(length=64), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_approvals_{name}"))
            for name, rule in _approval_rules().items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_approvals_{column}"))
            for column, table in (
                ("handoff_id", "handoffs"),
                ("case_id", "cases"),
                ("asked_by", "staff"),
                ("decided_by", "staff"),
                ("offer_id", "offers"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_handoff_id"), "approvals", ["handoff_id"])
    op.create_index(op.f("ix_approvals_case_id_asked_at"), "approvals", ["case_id", "asked_at"])
    op.create_index(op.f("ix_approvals_decided_at"), "approvals", ["decided_at"])
    is_pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_approvals_pending",
        "approvals",
        ["asked_at"],
        sqlite_where=is_pending,
        postgresql_where=is_pending,
    )
    op.create_index(
        "uq_approvals_one_pending",
        "approvals",
        ["case_id", "option_key"],
        unique=True,
        sqlite_where=is_pending,
        postgresql_where=is_pending,
    )
    _keep_approvals()


def _approval_rules() -> dict[str, str]:
    return {
        "state": f"state IN ({APPROVAL_STATES})",
        "has_a_note": "note <> ''",
        "decided_at_a_time": "(state = 'pending') = (decided_at IS NULL)",
        "decided_by_a_person": "(decided_by IS NULL) = (decided_at IS NULL)",
        "decided_by_somebody_else": (
            "state = 'pending' OR (decided_by = asked_by) = (state = 'withdrawn')"
        ),
        "reason_why_not": "(state IN ('refused', 'stale')) = (reason IS NOT NULL)",
        "approved_is_granted": "(state = 'approved') = (offer_id IS NOT NULL)",
    }


def _keep_approvals() -> None:
    """What was asked for stays as it was, and so does what was decided on it."""
    triggers = (
        ("tr_approvals_no_update", f"UPDATE OF {ASKED}", ""),
        ("tr_approvals_decided_once", "UPDATE", "WHEN (OLD.state <> 'pending')"),
    )
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for name, event, condition in triggers:
        refuse = (
            "EXECUTE FUNCTION amends_refuse_rewrite()"
            if on_postgres
            else "BEGIN SELECT RAISE(ABORT, 'approvals is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON approvals FOR EACH ROW {condition} {refuse}"
        )


def _add_delivery_index() -> None:
    """The latest deliveries of an endpoint are listed at the desk."""
    op.create_index(
        op.f("ix_webhook_deliveries_endpoint_id_outbox_id"),
        "webhook_deliveries",
        ["endpoint_id", "outbox_id"],
    )


def _add_passing() -> None:
    """Let a chat be on its way to somebody; SQLite adds a constraint only with its column."""
    moment = (
        "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    )
    for column in (
        "passed_note TEXT",
        f"passed_at {moment} CONSTRAINT ck_handoffs_passed_on_by_its_person "
        "CHECK (passed_at IS NULL OR state = 'claimed')",
        f"passed_until {moment} CONSTRAINT ck_handoffs_passed_with_a_note "
        "CHECK ((passed_at IS NULL) = (passed_until IS NULL) "
        "AND (passed_at IS NULL) = (passed_note IS NULL))",
        "passed_to VARCHAR(64) CONSTRAINT fk_handoffs_passed_to REFERENCES staff (id) "
        "CONSTRAINT ck_handoffs_passed_to_another "
        "CHECK (passed_to IS NULL OR passed_to <> claimed_by)",
        "passed_language VARCHAR(8)",
        "passed_skill VARCHAR(64) CONSTRAINT ck_handoffs_passed_to_somebody "
        "CHECK ((passed_at IS NULL) = "
        "(passed_to IS NULL AND passed_language IS NULL AND passed_skill IS NULL))",
    ):
        op.execute(f"ALTER TABLE handoffs ADD COLUMN {column}")
    returned = sa.text("outcome = 'returned_to_bot'")
    op.create_index(
        "ix_handoffs_returned",
        "handoffs",
        ["ended_at"],
        unique=False,
        sqlite_where=returned,
        postgresql_where=returned,
    )


def _add_notes() -> None:
    op.create_table(
        "handoff_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_handoff_notes_says_something")),
        sa.CheckConstraint("after_seq >= 0", name=op.f("ck_handoff_notes_after_seq_not_negative")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff.id"], name=op.f("fk_handoff_notes_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_handoff_notes_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_notes")),
    )
    op.create_index(
        op.f("ix_handoff_notes_conversation_id_id"),
        "handoff_notes",
        ["conversation_id", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_handoff_notes_at"), "handoff_notes", ["at"], unique=False)
    _refuse_rewriting_notes()


def _refuse_rewriting_notes() -> None:
    """Notes stay as they were written; deleted they may be, for a customer's right to erasure."""
    trigger = "CREATE TRIGGER tr_handoff_notes_no_update BEFORE UPDATE ON handoff_notes"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()")
        return
    op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, 'handoff_notes is append-only'); END")


def _add_listeners() -> None:
    op.create_table(
        "handoff_listeners",
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_listeners_handoff_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_handoff_listeners_staff_id")
        ),
        sa.PrimaryKeyConstraint("handoff_id", "staff_id", name=op.f("pk_handoff_listeners")),
    )
    op.create_index(
        op.f("ix_handoff_listeners_until"), "handoff_listeners", ["until"], unique=False
    )

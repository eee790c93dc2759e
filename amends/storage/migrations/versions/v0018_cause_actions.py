"""What is done about root causes, and the history of it, which stays as it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CATEGORIES = (
    "'not_received', 'damaged_item', 'wrong_item', 'missing_item', 'faulty_product', "
    "'not_as_described', 'billing_error', 'unauthorised_charge', 'refund_not_received', "
    "'return_problem', 'cancellation_problem', 'service_failure', 'website_app_problem', "
    "'account_access', 'staff_conduct', 'unresponsive_support', 'price_or_policy', "
    "'stock_availability', 'facilities', 'misleading_advertising', 'privacy_data', "
    "'general_complaint'"
)
CAUSES = (
    "'carrier_delay', 'lost_in_transit', 'packaging', 'picking_error', 'supplier_quality', "
    "'product_information', 'payment_system', 'website_fault', 'staff_error', "
    "'policy_unclear', 'capacity', 'customer_misunderstanding', 'unknown'"
)
MEASURES = "'cases_per_week', 'satisfaction', 'cost_per_case', 'repeat_share'"
STATES = "'planned', 'under_way', 'done', 'dropped'"
KINDS = "'added', 'changed', 'moved', 'noted'"


def upgrade() -> None:
    _add_actions()
    _add_entries()
    for event in ("UPDATE", "DELETE"):
        _keep_entries(event)


def _add_actions() -> None:
    rules = {
        "cause": f"cause IN ({CAUSES})",
        "category": f"category IN ({CATEGORIES})",
        "measure": f"measure IN ({MEASURES})",
        "state": f"state IN ({STATES})",
        "version_counts": "version > 0",
        "has_a_title": "title <> ''",
        "is_about_something": "cause IS NOT NULL OR category IS NOT NULL",
        "done_on_a_day": "(state = 'done') = (done_on IS NOT NULL)",
        "done_after_its_start": "done_on >= started_on",
    }
    op.create_table(
        "cause_actions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_cause_actions_{name}"))
            for name, rule in rules.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], ["staff.id"], name=op.f(f"fk_cause_actions_{column}"))
            for column in ("owner", "made_by", "changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause_actions")),
    )


def _add_entries() -> None:
    op.create_table(
        "cause_action_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_cause_action_entries_kind")),
        sa.CheckConstraint(
            "(kind = 'noted') = (note <> '')", name=op.f("ck_cause_action_entries_noted_in_words")
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["cause_actions.id"], name=op.f("fk_cause_action_entries_action_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_cause_action_entries_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause_action_entries")),
    )
    op.create_index(
        op.f("ix_cause_action_entries_action_id_id"), "cause_action_entries", ["action_id", "id"]
    )


def _keep_entries(event: str) -> None:
    """Let the database itself refuse to rewrite what was done, as 0005 does for the ledger."""
    trigger = (
        f"CREATE TRIGGER tr_cause_action_entries_no_{event.lower()} "
        f"BEFORE {event} ON cause_action_entries"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()")
        return
    op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, 'cause_action_entries is append-only'); END")

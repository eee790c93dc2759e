"""Orders and cases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("tier", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("email", name=op.f("uq_customers_email")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("topic", "key", name=op.f("uq_outbox_topic_key")),
    )
    op.create_table(
        "orders",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("shipping_paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("return_received_on", sa.Date(), nullable=True),
        sa.Column("refund_due_minor", sa.BigInteger(), nullable=False),
        sa.Column("refund_paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("charged_minor", sa.BigInteger(), nullable=False),
        sa.Column("stock_available", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.CheckConstraint(
            "state <> 'cancelled' OR cancelled_on IS NOT NULL",
            name=op.f("ck_orders_cancelled_has_a_date"),
        ),
        sa.CheckConstraint(
            "state <> 'delivered' OR delivered_on IS NOT NULL",
            name=op.f("ck_orders_delivered_has_a_date"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR return_received_on IS NOT NULL",
            name=op.f("ck_orders_returned_has_a_date"),
        ),
        sa.CheckConstraint("charged_minor >= 0", name=op.f("ck_orders_charged_not_negative")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_orders_currency_iso")),
        sa.CheckConstraint("refund_due_minor >= 0", name=op.f("ck_orders_refund_due_not_negative")),
        sa.CheckConstraint(
            "refund_paid_minor >= 0", name=op.f("ck_orders_refund_paid_not_negative")
        ),
        sa.CheckConstraint(
            "shipping_paid_minor >= 0", name=op.f("ck_orders_shipping_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_orders_customer_id")
        ),
        sa.CheckConstraint(
            "state IN ('processing', 'shipped', 'late', 'lost', 'delivered', "
            "'cancelled', 'returned')",
            name=op.f("ck_orders_state"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_orders")),
    )
    op.create_index(
        op.f("ix_orders_customer_id_placed_at"),
        "orders",
        ["customer_id", "placed_at"],
        unique=False,
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_seq", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("next_step", sa.String(length=32), nullable=False),
        sa.Column("secondary", sa.JSON(), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("customer_id", sa.String(length=128), nullable=True),
        sa.Column("order_number", sa.String(length=32), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("what_happened", sa.Text(), nullable=True),
        sa.Column("wish", sa.String(length=32), nullable=True),
        sa.Column("wish_text", sa.Text(), nullable=True),
        sa.Column("repeat_complaint", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("owner <> ''", name=op.f("ck_cases_has_an_owner")),
        sa.CheckConstraint("opened_by_seq > 0", name=op.f("ck_cases_opened_by_a_message")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_cases_conversation_id")
        ),
        sa.CheckConstraint(
            "category IN ('not_received', 'damaged_item', 'wrong_item', "
            "'missing_item', 'faulty_product', 'not_as_described', 'billing_error', "
            "'unauthorised_charge', 'refund_not_received', 'return_problem', "
            "'cancellation_problem', 'service_failure', 'website_app_problem', "
            "'account_access', 'staff_conduct', 'unresponsive_support', "
            "'price_or_policy', 'stock_availability', 'facilities', "
            "'misleading_advertising', 'privacy_data', 'general_complaint')",
            name=op.f("ck_cases_category"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'offered', 'with_staff', 'resolved', 'withdrawn')",
            name=op.f("ck_cases_status"),
        ),
        sa.CheckConstraint(
            "next_step IN ('customer_answers', 'customer_decides', 'staff_answers', "
            "'remedy_is_issued', 'nothing')",
            name=op.f("ck_cases_next_step"),
        ),
        sa.CheckConstraint(
            "severity IN ('low', 'medium', 'high', 'critical')", name=op.f("ck_cases_severity")
        ),
        sa.CheckConstraint(
            "wish IN ('refund', 'replacement', 'apology', 'explanation', 'compensation', 'other')",
            name=op.f("ck_cases_wish"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(
        op.f("ix_cases_conversation_id_opened_at"),
        "cases",
        ["conversation_id", "opened_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cases_customer_id_opened_at"), "cases", ["customer_id", "opened_at"], unique=False
    )
    op.create_index(
        op.f("ix_cases_order_number_opened_at"),
        "cases",
        ["order_number", "opened_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cases_status_opened_at"), "cases", ["status", "opened_at"], unique=False
    )
    op.create_table(
        "order_lines",
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity_positive")),
        sa.CheckConstraint("unit_price_minor >= 0", name=op.f("ck_order_lines_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_number"], ["orders.number"], name=op.f("fk_order_lines_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", "position", name=op.f("pk_order_lines")),
    )
    op.create_table(
        "case_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_entries_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entries")),
    )
    op.create_index(
        op.f("ix_case_entries_case_id_id"), "case_entries", ["case_id", "id"], unique=False
    )

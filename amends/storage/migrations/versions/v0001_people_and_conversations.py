"""People and conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_runs",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_action_runs")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "login = lower(login) AND login <> ''", name=op.f("ck_staff_login_lower_case")
        ),
        sa.CheckConstraint(
            "role IN ('agent', 'supervisor', 'trainer', 'manager', 'admin')",
            name=op.f("ck_staff_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=128), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.String(length=128), nullable=True),
        sa.Column("staff_id", sa.String(length=64), nullable=True),
        sa.Column("last_customer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(mode = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_conversations_closed_has_a_time"),
        ),
        sa.CheckConstraint(
            "mode <> 'staff' OR staff_id IS NOT NULL",
            name=op.f("ck_conversations_staff_mode_names_a_person"),
        ),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_conversations_last_seq_not_negative")),
        sa.CheckConstraint("visit > 0", name=op.f("ck_conversations_visit_positive")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_conversations_staff_id")),
        sa.CheckConstraint(
            "mode IN ('bot', 'waiting', 'staff', 'closed')", name=op.f("ck_conversations_mode")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(
        op.f("ix_conversations_changed_at"), "conversations", ["changed_at"], unique=False
    )
    op.create_index(
        "ix_conversations_needs_score",
        "conversations",
        ["changed_at"],
        unique=False,
        sqlite_where=sa.text(
            "last_customer_at IS NOT NULL AND (scored_at IS NULL OR scored_at < changed_at)"
        ),
        postgresql_where=sa.text(
            "last_customer_at IS NOT NULL AND (scored_at IS NULL OR scored_at < changed_at)"
        ),
    )
    op.create_index(op.f("ix_conversations_staff_id"), "conversations", ["staff_id"], unique=False)
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=128), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    op.create_index(
        op.f("ix_staff_sessions_expires_at"), "staff_sessions", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], unique=False
    )
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_message_id", sa.String(length=128), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("card", sa.JSON(), nullable=True),
        sa.Column("in_reply_to", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=128), nullable=True),
        sa.Column("delivery", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'customer') = (delivery IS NOT NULL)",
            name=op.f("ck_messages_delivery_of_customers_messages"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_messages_attempts_not_negative")),
        sa.CheckConstraint("in_reply_to < seq", name=op.f("ck_messages_reply_comes_after")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_messages_seq_positive")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")
        ),
        sa.CheckConstraint(
            "role IN ('customer', 'bot', 'staff', 'system')", name=op.f("ck_messages_role")
        ),
        sa.CheckConstraint(
            "delivery IN ('pending', 'answered', 'to_staff')", name=op.f("ck_messages_delivery")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "conversation_id",
            "client_message_id",
            name=op.f("uq_messages_conversation_id_client_message_id"),
        ),
    )
    op.create_index(
        op.f("ix_messages_conversation_id_in_reply_to_seq"),
        "messages",
        ["conversation_id", "in_reply_to", "seq"],
        unique=False,
    )
    op.create_index(
        "ix_messages_due",
        "messages",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("delivery = 'pending'"),
        postgresql_where=sa.text("delivery = 'pending'"),
    )
    op.create_index(
        "ix_messages_pending",
        "messages",
        ["conversation_id", "seq"],
        unique=False,
        sqlite_where=sa.text("delivery = 'pending'"),
        postgresql_where=sa.text("delivery = 'pending'"),
    )
    op.create_table(
        "choices",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_choices_position_not_negative")),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["messages.conversation_id", "messages.seq"],
            name=op.f("fk_choices_conversation_id_seq"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "id", name=op.f("pk_choices")),
        sa.UniqueConstraint(
            "conversation_id",
            "seq",
            "position",
            name=op.f("uq_choices_conversation_id_seq_position"),
        ),
    )
    op.create_table(
        "understandings",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=True),
        sa.Column("secondary", sa.JSON(), nullable=False),
        sa.Column("sentiment", sa.Float(), nullable=False),
        sa.Column("sentiment_label", sa.String(length=8), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("waiting_hours", sa.Float(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("parse", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1", name=op.f("ck_understandings_confidence_in_range")
        ),
        sa.CheckConstraint(
            "sentiment BETWEEN -1 AND 1", name=op.f("ck_understandings_sentiment_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["messages.conversation_id", "messages.seq"],
            name=op.f("fk_understandings_conversation_id_seq"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_understandings")),
    )

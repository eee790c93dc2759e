"""Staff have skills, languages, a second factor, and a history of who changed what about them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _extend_staff()
    op.add_column(
        "staff_sessions",
        sa.Column("is_half", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _add_recovery_codes()
    _add_changes()


def _extend_staff() -> None:
    for column in (
        sa.Column("language", sa.String(length=8), nullable=False, server_default="en"),
        sa.Column("languages", sa.JSON(), nullable=False, server_default='["en"]'),
        sa.Column("skills", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("password_is_made", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
    ):
        op.add_column("staff", column)
    # SQLite adds a constraint to a table only with its column.
    moment = "TIMESTAMP WITH TIME ZONE" if _on_postgres() else "DATETIME"
    op.execute(
        f"ALTER TABLE staff ADD COLUMN totp_enabled_at {moment} "
        "CONSTRAINT ck_staff_second_factor_has_a_secret "
        "CHECK (totp_enabled_at IS NULL OR totp_secret IS NOT NULL)"
    )


def _add_recovery_codes() -> None:
    op.create_table(
        "staff_recovery_codes",
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=128), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_recovery_codes_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name=op.f("pk_staff_recovery_codes")),
    )


def _add_changes() -> None:
    op.create_table(
        "staff_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f("fk_staff_changes_actor_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_changes_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_changes")),
    )
    op.create_index(
        op.f("ix_staff_changes_staff_id_id"), "staff_changes", ["staff_id", "id"], unique=False
    )
    for event in ("UPDATE", "DELETE"):
        _keep_changes(event)


def _keep_changes(event: str) -> None:
    """Let the database itself refuse to rewrite what was done, as 0005 does for the ledger."""
    name = f"tr_staff_changes_no_{event.lower()}"
    if _on_postgres():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON staff_changes "
            "FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON staff_changes "
        "BEGIN SELECT RAISE(ABORT, 'staff_changes is append-only'); END"
    )


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"

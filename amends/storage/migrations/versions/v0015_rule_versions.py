"""Versions of the rules that are changed at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('hours', 'thresholds')", name=op.f("ck_rule_versions_kind")),
        sa.CheckConstraint("version > 0", name=op.f("ck_rule_versions_version_counts")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_rule_versions_says_something")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_rule_versions_made_by")),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_rule_versions")),
    )
    _refuse_rewriting()


def _refuse_rewriting() -> None:
    """What held once can be read for ever: versions are neither changed nor removed."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    refuse = (
        "FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()"
        if on_postgres
        else "BEGIN SELECT RAISE(ABORT, 'rule_versions is append-only'); END"
    )
    for event in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_rule_versions_no_{event} BEFORE {event.upper()} "
            f"ON rule_versions {refuse}"
        )

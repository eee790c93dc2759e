"""What was changed in the training data, by whom, and the patch of each change."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "training_changes"
STATES = "'committed', 'written', 'kept'"
REASONS = (
    "'no_git', 'no_repository', 'other_owner', 'detached', 'untracked', 'others_work', 'failed'"
)


def upgrade() -> None:
    rules = {
        "state": f"state IN ({STATES})",
        "uncommitted": f"uncommitted IN ({REASONS})",
        "has_a_reason": "why <> ''",
        "committed_as": "(state = 'committed') = (commit_hash IS NOT NULL)",
    }
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("by_email", sa.String(length=320), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.Column("patch", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("commit_hash", sa.String(length=64), nullable=True),
        sa.Column("uncommitted", sa.String(length=32), nullable=True),
        sa.Column("reverts", sa.String(length=64), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}"))
            for name, rule in rules.items()
        ),
        sa.ForeignKeyConstraint(["reverts"], [f"{TABLE}.id"], name=op.f(f"fk_{TABLE}_reverts")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_reverts"), TABLE, ["reverts"])
    op.create_index(op.f(f"ix_{TABLE}_at_id"), TABLE, ["at", "id"])
    for event in ("UPDATE", "DELETE"):
        _keep(event)


def _keep(event: str) -> None:
    """Let the database itself refuse to rewrite what was changed, as 0005 does for the ledger."""
    trigger = f"CREATE TRIGGER tr_{TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()")
        return
    op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END")

"""Trained models, their examinations and promotions, and what a candidate would have said."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KINDS = "'promote', 'rollback'"
STATES = "'waiting', 'running', 'done', 'failed', 'cancelled'"


def upgrade() -> None:
    _add_examinations()
    _add_promotions()
    _add_work()
    _add_serving()
    _add_shadows()
    _add_readings()
    op.create_index(op.f("ix_understandings_at"), "understandings", ["at"])
    for table in ("model_examinations", "model_promotions"):
        for event in ("UPDATE", "DELETE"):
            _keep(table, event)


def _add_examinations() -> None:
    op.create_table(
        "model_examinations",
        _needed("id", sa.String(length=64)),
        _needed("model", sa.String(length=128)),
        sa.Column("against", sa.String(length=128)),
        _needed("at", sa.DateTime(timezone=True)),
        _needed("by", sa.String(length=128)),
        _needed("record", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_examinations")),
    )
    op.create_index(op.f("ix_model_examinations_model_at"), "model_examinations", ["model", "at"])


def _add_promotions() -> None:
    op.create_table(
        "model_promotions",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        _needed("model", sa.String(length=128)),
        _needed("at", sa.DateTime(timezone=True)),
        _needed("by", sa.String(length=128)),
        _needed("reason", sa.Text()),
        _needed("kind", sa.String(length=32)),
        sa.Column("replaced", sa.String(length=128)),
        sa.Column("examination_id", sa.String(length=64)),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_model_promotions_kind")),
        sa.CheckConstraint("number > 0", name=op.f("ck_model_promotions_number_counts")),
        _of_examination("model_promotions"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_model_promotions")),
    )


def _add_work() -> None:
    op.create_table(
        "model_work",
        _needed("id", sa.String(length=64)),
        sa.Column("slot", sa.Integer()),
        sa.Column("model", sa.String(length=128)),
        _needed("folds", sa.Integer()),
        _needed("asked_at", sa.DateTime(timezone=True)),
        _needed("asked_by", sa.String(length=128)),
        _needed("state", sa.String(length=32)),
        sa.Column("holder", sa.String(length=64)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        _needed("attempts", sa.Integer()),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _needed("steps", sa.JSON()),
        _needed("cancel_wanted", sa.Boolean()),
        _needed("error", sa.Text()),
        sa.Column("result", sa.String(length=128)),
        sa.Column("examination_id", sa.String(length=64)),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_model_work_state")),
        sa.CheckConstraint(
            "(state IN ('waiting', 'running')) = (slot IS NOT NULL)",
            name=op.f("ck_model_work_open_has_slot"),
        ),
        sa.CheckConstraint("slot = 1", name=op.f("ck_model_work_one_slot")),
        _of_examination("model_work"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_work")),
        sa.UniqueConstraint("slot", name=op.f("uq_model_work_slot")),
    )
    op.create_index(op.f("ix_model_work_asked_at"), "model_work", ["asked_at"])


def _add_serving() -> None:
    op.create_table(
        "model_serving",
        _needed("engine", sa.String(length=255)),
        sa.Column("model", sa.String(length=128)),
        sa.Column("wanted", sa.String(length=128)),
        _needed("error", sa.Text()),
        _needed("at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("engine", name=op.f("pk_model_serving")),
    )


def _add_shadows() -> None:
    op.create_table(
        "model_shadows",
        _needed("id", sa.String(length=64)),
        sa.Column("slot", sa.Integer()),
        _needed("model", sa.String(length=128)),
        _needed("since", sa.DateTime(timezone=True)),
        _needed("by", sa.String(length=128)),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        _needed("error", sa.Text()),
        sa.CheckConstraint(
            "(until IS NULL) = (slot IS NOT NULL)", name=op.f("ck_model_shadows_open_has_slot")
        ),
        sa.CheckConstraint("slot = 1", name=op.f("ck_model_shadows_one_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_shadows")),
        sa.UniqueConstraint("slot", name=op.f("uq_model_shadows_slot")),
    )
    op.create_index(op.f("ix_model_shadows_since"), "model_shadows", ["since"])


def _add_readings() -> None:
    op.create_table(
        "shadow_readings",
        _needed("shadow_id", sa.String(length=64)),
        _needed("conversation_id", sa.String(length=64)),
        _needed("seq", sa.Integer()),
        _needed("at", sa.DateTime(timezone=True)),
        _needed("agrees", sa.Boolean()),
        _needed("live", sa.JSON()),
        _needed("shadow", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["shadow_id"], ["model_shadows.id"], name=op.f("fk_shadow_readings_shadow_id")
        ),
        sa.PrimaryKeyConstraint(
            "shadow_id", "conversation_id", "seq", name=op.f("pk_shadow_readings")
        ),
    )
    op.create_index(
        op.f("ix_shadow_readings_shadow_id_agrees_at"),
        "shadow_readings",
        ["shadow_id", "agrees", "at"],
    )


def _needed(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _of_examination(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["examination_id"], ["model_examinations.id"], name=op.f(f"fk_{table}_examination_id")
    )


def _keep(table: str, event: str) -> None:
    """Let the database itself refuse to rewrite what was found and decided, as 0005 does."""
    trigger = f"CREATE TRIGGER tr_{table}_no_{event.lower()} BEFORE {event} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION amends_refuse_rewrite()")
        return
    op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")

"""Surveys: what is asked, of whom, and the answers.

A survey now belongs to one case, and any of its answers may be missing. SQLite changes neither key
nor columns of a table in place, so the rows move to a new one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REASONS = (
    "'outcome', 'speed', 'understood', 'friendliness', 'promise_kept', 'had_to_repeat', "
    "'reached_a_person', 'other'"
)


def upgrade() -> None:
    op.execute("CREATE TABLE surveys_before AS SELECT * FROM surveys")
    op.drop_table("surveys")
    _surveys()
    op.execute(
        "INSERT INTO surveys (conversation_id, about, case_id, csat, comment, servqual, at) "
        "SELECT conversation_id, coalesce(case_id, ''), case_id, csat, comment, '{}', at "
        "FROM surveys_before"
    )
    op.drop_table("surveys_before")
    _survey_asks()
    columns = ["status", "closed_at", "id"]
    op.create_index(op.f("ix_cases_status_closed_at_id"), "cases", columns, unique=False)


def _surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("csat", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("ces", sa.Integer(), nullable=True),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column("expectation", sa.Integer(), nullable=True),
        sa.Column("servqual", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("csat BETWEEN 1 AND 5", name=op.f("ck_surveys_csat_in_range")),
        sa.CheckConstraint("ces BETWEEN 1 AND 7", name=op.f("ck_surveys_ces_in_range")),
        sa.CheckConstraint("nps BETWEEN 0 AND 10", name=op.f("ck_surveys_nps_in_range")),
        sa.CheckConstraint(
            "expectation BETWEEN 1 AND 5", name=op.f("ck_surveys_expectation_in_range")
        ),
        sa.CheckConstraint(f"reason IN ({REASONS})", name=op.f("ck_surveys_reason")),
        sa.CheckConstraint("about = coalesce(case_id, '')", name=op.f("ck_surveys_about_its_case")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_surveys_case_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_surveys_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "about", name=op.f("pk_surveys")),
    )
    op.create_index(op.f("ix_surveys_at"), "surveys", ["at"], unique=False)
    op.create_index(op.f("ix_surveys_case_id"), "surveys", ["case_id"], unique=False)


def _survey_asks() -> None:
    op.create_table(
        "survey_asks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("answered", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('widget', 'mail')", name=op.f("ck_survey_asks_channel")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_survey_asks_case_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_survey_asks_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_asks")),
    )
    for columns in (["asked_at"], ["conversation_id", "asked_at"], ["case_id", "asked_at"]):
        name = op.f(f"ix_survey_asks_{'_'.join(columns)}")
        op.create_index(name, "survey_asks", columns, unique=False)

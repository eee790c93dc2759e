"""What is done about causes of complaints; triggers keep its history as it is."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from amends.cases.model import Category
from amends.cases.root_causes import RootCause
from amends.insights.actions import ActionState, EntryKind, Measure
from amends.storage.base import Base, CategoryWord, RunningId, category_shape, closed_set


class CauseActionRow(Base):
    __tablename__ = "cause_actions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(Text)
    cause: Mapped[RootCause | None] = mapped_column(closed_set(RootCause, "cause"))
    category: Mapped[Category | None] = mapped_column(CategoryWord)
    owner: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date] = mapped_column(Date)
    measure: Mapped[Measure] = mapped_column(closed_set(Measure, "measure"))
    state: Mapped[ActionState] = mapped_column(closed_set(ActionState, "state"))
    started_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column()
    made_at: Mapped[datetime] = mapped_column()
    made_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column()
    changed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        category_shape(),
        CheckConstraint("version > 0", "version_counts"),
        CheckConstraint("title <> ''", "has_a_title"),
        CheckConstraint("cause IS NOT NULL OR category IS NOT NULL", "is_about_something"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", "done_on_a_day"),
        CheckConstraint("done_on >= started_on", "done_after_its_start"),
    )


class CauseActionEntryRow(Base):
    __tablename__ = "cause_action_entries"

    id: Mapped[int] = mapped_column(RunningId, primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("cause_actions.id"))
    at: Mapped[datetime] = mapped_column()
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[EntryKind] = mapped_column(closed_set(EntryKind, "kind"))
    before: Mapped[dict[str, str]] = mapped_column()
    after: Mapped[dict[str, str]] = mapped_column()
    note: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("(kind = 'noted') = (note <> '')", "noted_in_words"),
        Index(None, "action_id", "id"),
    )
